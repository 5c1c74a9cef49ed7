"""The assessment on the pages: filled in, proposed, decided with a reason; who is due, in one's own area alone."""

from __future__ import annotations

import re

import msgspec
from centre import Centre

from alerting.assessment.criteria import TABLE
from alerting.casefile import Household, Resident, Role
from alerting.enrolment.commands import SaveHousehold
from alerting.model import RiskTier
from dashboard.assessment_words import CRITERIA
from tests.dashboard.visitor import Visitor, arrived, press


def file_of(centre: Centre, key: str) -> Household:
    return centre.gateway.directory.households[key]


def keeper(centre: Centre, area: str = "", login: str = "zhao") -> Visitor:
    return arrived(centre, login, Role.SUPERVISOR, area=area)


def due(page: str) -> set[str]:
    return set(re.findall(r'<tr data-household="([^"]+)"', page))


def test_every_criterion_has_words() -> None:
    assert set(CRITERIA) == TABLE.codes


async def test_the_points_propose_a_label_and_the_supervisor_decides_it(centre: Centre) -> None:
    key = centre.home().household
    browser, path = keeper(centre), f"/households/{key}/assess"
    await browser.go(path)
    met = ["bedridden", "no_carer", "severe_disability", "lives_alone"]
    page = await press(browser, path, "look", met=met)
    assert "<strong>紧急干预</strong> · 救助库" in page
    assert "60 分，达到 60 分" in page
    assert re.findall(r'value="(\w+)" checked', page) == met, "what was ticked stays"
    assert file_of(centre, key).assessment is None, "nothing is saved yet"
    page = await press(browser, path, "save", met=met)
    assert browser.status == 303
    done = file_of(centre, key).assessment
    assert done is not None
    assert (done.by, done.total, done.tier) == ("zhao", 60, RiskTier.URGENT)
    assert file_of(centre, key).tier is RiskTier.URGENT
    memory = centre.gateway.judge.states.memory_of(key)
    assert memory.hot.tier is RiskTier.URGENT, "the rules watch it by its new label"
    for told in (
        "紧急干预",
        "救助库",
        "吃饭、穿衣、如厕全靠他人",
        "应评估",
        "敏感度权重",
        "无活动报警级别",
        "必备设备",
    ):
        assert told in page, told
    await browser.go(f"/households/{key}/history")
    assert "符合的指标" in browser.page
    assert "60 分 · 紧急干预 · 救助库" in browser.page


async def test_another_label_needs_a_reason_and_what_was_ticked_stays(centre: Centre) -> None:
    key = centre.home().household
    browser, path = keeper(centre), f"/households/{key}/assess"
    before = file_of(centre, key)
    await browser.go(path)
    page = await press(browser, path, "save", met=["lives_alone"], tier="covered")
    assert browser.status == 409
    assert "请写明理由" in page
    assert file_of(centre, key) == before
    page = await press(browser, path, "save", met=["lives_alone"], tier="covered", why="街道研判")
    assert "核定不同的理由：街道研判" in page
    assert file_of(centre, key).tier is RiskTier.COVERED


async def test_what_is_so_in_a_household_is_masked_with_the_rest(centre: Centre) -> None:
    key = centre.home().household
    browser, path = keeper(centre), f"/households/{key}/assess"
    await browser.go(path)
    await press(browser, path, "save", met=["abuse"])
    other = arrived(centre, "wang", Role.OPERATOR)
    await other.go(f"/households/{key}")
    assert "紧急干预" in other.page
    assert "受忽视或虐待" not in other.page
    assert "/assess" not in other.page, "an operator does not assess"
    assert (await other.web.get(path)).status_code == 403


async def test_who_is_due_is_listed_by_place_and_leaves_the_list_when_assessed(centre: Centre) -> None:
    key = centre.home().household
    town = file_of(centre, key).area.rpartition(".")[0]
    browser = keeper(centre, town)
    await browser.go("/assessments")
    homes = centre.gateway.directory.households
    assert due(browser.page) == {k for k, it in homes.items() if it.area.startswith(f"{town}.")}
    assert "从未评估" in browser.page
    await browser.go(f"/households/{key}/assess")
    await press(browser, f"/households/{key}/assess", "save", met=["bereaved"])
    await browser.go("/assessments")
    assert key not in due(browser.page)
    await centre.pass_time(days=364)
    await browser.go("/assessments")
    assert key not in due(browser.page)
    browser = keeper(centre, town)
    await browser.go("/assessments?ahead=1")
    assert key in due(browser.page)


async def test_what_somebody_finds_or_a_change_in_the_family_puts_it_on_the_list_at_once(centre: Centre) -> None:
    key = centre.home().household
    browser = keeper(centre)
    for act in ("finding", "family"):
        await browser.go(f"/households/{key}/assess")
        await press(browser, f"/households/{key}/assess", "save", met=["lives_alone"])
        await browser.go("/assessments")
        assert key not in due(browser.page)
        if act == "finding":
            await browser.go(f"/households/{key}")
            await browser.send(f"/households/{key}/reassess", note="走访发现已卧床")
            assert "走访或警情中发现: 走访发现已卧床" in browser.page
        else:
            home = file_of(centre, key)
            more = msgspec.structs.replace(home, residents=(*home.residents, Resident(name="李乙", birth_year=1950)))
            assert (await centre.ask(SaveHousehold(household=more, by="zhao"))).done
        await browser.go("/assessments")
        assert key in due(browser.page)
        assert ("走访或警情中发现" if act == "finding" else "家庭情况变化") in browser.page


async def test_nobody_assesses_a_home_of_another_town(centre: Centre) -> None:
    homes = centre.gateway.directory.households
    mine = file_of(centre, centre.home().household)
    town = mine.area.rpartition(".")[0]
    theirs = next(it for it in homes.values() if not it.area.startswith(f"{town}."))
    browser = keeper(centre, town)
    await browser.go(f"/households/{mine.key}/assess")
    form = browser.form(f"/households/{mine.key}/assess")
    for path in ("assess", "reassess"):
        answer = await browser.post(f"/households/{theirs.key}/{path}", **form, button="save", note="x")
        assert answer.status_code == 404
    assert (await browser.web.get(f"/households/{theirs.key}/assess")).status_code == 404
    await browser.go(f"/assessments?area={theirs.area}")
    assert theirs.key not in due(browser.page)
    assert homes[theirs.key] == theirs
