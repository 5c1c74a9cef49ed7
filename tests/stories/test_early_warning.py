"""An early warning is pushed, visited and answered: the village is told at once, and what nobody answers climbs."""

import re
from datetime import UTC, date, datetime, timedelta

from centre import Centre

from alerting.assessment.record import DueWhy
from alerting.care.commands import AnswerWarning, PushWarning
from alerting.care.duty import CareKind, CareResult, CareStage, care_key
from alerting.care.warning import WarningAnswer, WarningCode
from alerting.casefile import Role
from alerting.enrolment.commands import AssessHome
from alerting.model import Aggregate, RiskTier
from gateway.care.warnings_asked import WarningRow
from gateway.desk.contract import Answer
from nuanhu.town.homes import Home
from tests.dashboard.visitor import arrived
from tests.other_system import connected
from tests.stories.test_replayed import replayed
from tests.stories.test_weekly_care import is_told, people, record, reminded, until

HIGHER = {RiskTier.WATCH: RiskTier.CARE, RiskTier.CARE: RiskTier.COVERED, RiskTier.COVERED: RiskTier.URGENT}


async def push(centre: Centre, home: Home, once: str = "") -> Answer:
    """The insurance office tells of a large bill."""
    warning = PushWarning(
        key=care_key(home.household),
        by="minzheng",
        code=WarningCode.MEDICAL_COST,
        source="医保局",
        text="住院自付三万元",
        on=date(2026, 1, 3),
    )
    return await centre.ask(warning, once=once)


async def the_one(centre: Centre) -> WarningRow:
    (row,) = await centre.gateway.desk.warnings_open()
    return row


def tier(centre: Centre, home: Home) -> RiskTier:
    return centre.gateway.directory.households[home.household].tier


def not_urgent(centre: Centre) -> Home:
    return next(it for it in centre.plan.homes if tier(centre, it) in HIGHER)


async def test_pushed_visited_answered(centre: Centre) -> None:
    home = not_urgent(centre)
    village, _ = people(centre, home)
    before = tier(centre, home)
    assert (await push(centre, home)).done
    row = await the_one(centre)
    assert (row.code, row.source, row.text, row.on) == ("medical_cost", "医保局", "住院自付三万元", date(2026, 1, 3))
    assert row.due_at == datetime(2026, 1, 8, 10, tzinfo=UTC), "the third working day, 18:00"
    await centre.barrier()
    assert tier(centre, home) is HIGHER[before]
    assert centre.gateway.judge.memory_of(home.household).hot.tier is HIGHER[before], "alarms are judged by it"
    review = centre.gateway.directory.households[home.household].review
    assert review is not None
    assert review.why is DueWhy.WARNED
    await centre.pass_time(hours=1, minutes=31)
    await is_told(centre, village)
    assert "预警待反馈 1 件" in next(text for name, text in reminded(centre) if name == village.name)
    assert (await record(centre, home, CareKind.VISIT, CareResult.NEEDS)).done
    assert (await the_one(centre)).answer is None, "a visit alone answers nothing"
    answer = AnswerWarning(
        key=care_key(home.household), by="li", number=row.number, answer=WarningAnswer.HELPED, text="已申请临时救助"
    )
    assert (await centre.ask(answer)).done
    assert (await centre.ask(answer)).refused == "no_warning"
    assert list(await centre.gateway.desk.warnings_open()) == []
    (done,) = await centre.gateway.desk.warnings_answered("", centre.clock.now() - timedelta(days=1))
    assert (done.answer, done.answer_text, done.answered_by, done.ended) == ("helped", "已申请临时救助", "li", "done")
    (count,) = await centre.gateway.desk.warning_counts("", centre.clock.now() - timedelta(days=1), centre.clock.now())
    assert (count.came, count.answered, count.in_time) == (1, 1, 1)
    assessed = AssessHome(household=home.household, by="zhuguan", met=(), tier=before, why="已落实帮扶")
    assert (await centre.ask(assessed)).done
    await centre.barrier()
    assert tier(centre, home) is before, "assessed anew, the label is what was decided"
    assert {Aggregate.CARE, Aggregate.HOUSEHOLD} <= replayed(centre)


async def test_what_nobody_answers_climbs_to_the_town_and_the_supervisor(centre: Centre) -> None:
    home = not_urgent(centre)
    _, town = people(centre, home)
    await push(centre, home)
    await until(centre, 9, 9)
    assert (await the_one(centre)).stage is CareStage.DEPUTY
    assert town.name not in [name for name, _ in reminded(centre)]
    await until(centre, 12, 9)
    await is_told(centre, town)
    await until(centre, 13, 9)
    assert (await the_one(centre)).stage is CareStage.SUPERVISOR
    overview = await arrived(centre, "chief", Role.SUPERVISOR).go("/overview")
    assert len(re.findall(r'href="/warnings\?area=[\d.]+">1</a>', overview)) == 1, "late in one town, and in no other"


async def test_the_label_is_raised_once_and_the_same_push_counts_once(centre: Centre) -> None:
    home = next(it for it in centre.plan.homes if tier(centre, it) in {RiskTier.WATCH, RiskTier.CARE})
    before = tier(centre, home)
    assert (await push(centre, home, once="医保-17")).done
    assert (await push(centre, home, once="医保-17")).done
    assert len(await centre.gateway.desk.warnings_open()) == 1
    assert (await push(centre, home)).done
    await centre.barrier()
    assert len(await centre.gateway.desk.warnings_open()) == 2
    assert tier(centre, home) is HIGHER[before]


async def test_another_system_pushes_it_in_its_own_area_and_reads_the_answer(centre: Centre) -> None:
    home = centre.home()
    area = centre.gateway.directory.households[home.household].area
    town = await connected(centre, area=area)
    given = {"id": "YB-1", "household": home.household, "code": "medical_cost", "source": "医保局", "on": "2026-01-03"}
    for _ in range(2):
        answer = await town.web.post("/warnings", json=given)
        assert (answer.status_code, answer.json()["number"]) == (201, 1), "the same id is one warning"
    row = await the_one(centre)
    assert (row.by, row.source) == ("peer:city", "医保局")
    assert (await town.get("/warnings"))["warnings"][0]["answer"] is None
    said = AnswerWarning(key=care_key(home.household), by="li", number=1, answer=WarningAnswer.NO_NEED, text="已报销")
    assert (await centre.ask(said)).done
    (told,) = (await town.get("/warnings"))["warnings"]
    assert (told["answer"], told["answer_text"], told["stage"]) == ("no_need", "已报销", "reminded")
    homes = centre.gateway.directory.households.values()
    elsewhere = next(it.area for it in homes if it.area.rpartition(".")[0] != area.rpartition(".")[0])
    far = await connected(centre, area=elsewhere, id_="other")
    assert (await far.web.post("/warnings", json={**given, "id": "YB-2"})).status_code == 404
    assert (await far.get("/warnings"))["warnings"] == []
    reader = await connected(centre, writes=False, id_="reader")
    assert (await reader.web.post("/warnings", json=given)).status_code == 403
    for wrong in ({"code": "flood"}, {"on": "2099-01-01"}, {"source": ""}, {"colour": "red"}):
        answer = await town.web.post("/warnings", json={**given, "id": "YB-3", **wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:nuanhu:problem:bad_warning"), wrong
