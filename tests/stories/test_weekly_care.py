"""A home is owed a visit and a call a week: a missed one climbs to the town; what was seen counts for its silence."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from centre import Centre
from on_both_stores import only_sqlite

from alerting.care.commands import RecordCare, TakeBackCare
from alerting.care.duty import CareKind, CareResult, CareStage, care_key
from alerting.casefile import Responder, Role
from alerting.commands import BeginAbsence, SaveRoster
from alerting.duty.roster import Absence
from alerting.homes.away import AwayKind
from alerting.model import Aggregate, AlarmKind, EntryKind
from gateway.care.asked import CareRow
from gateway.desk.contract import Answer
from nuanhu.town.homes import Home
from tests.dashboard.visitor import arrived
from tests.stories.test_asked_first import known, pass_hours
from tests.stories.test_fail_towards_ringing import away, locked
from tests.stories.test_replayed import replayed

VISIT, CALL = CareKind.VISIT, CareKind.CALL


async def owed(centre: Centre, home: Home) -> dict[CareKind, CareRow]:
    rows = await centre.gateway.desk.care_of([home.household])
    assert len({it.kind for it in rows}) == len(rows), "one of each kind"
    return {it.kind: it for it in rows}


async def until(centre: Centre, day: int, hour: int) -> None:
    """Time passes until this local hour of a day of January 2026, and for what has to settle then."""
    then = datetime(2026, 1, day, hour, tzinfo=UTC) - timedelta(hours=8)
    await centre.pass_time(seconds=(then - centre.clock.now()).total_seconds())
    for _ in range(5):
        await centre.pass_time(minutes=10)


async def record(centre: Centre, home: Home, kind: CareKind, result: CareResult, **more: Any) -> Answer:
    fields = {"key": care_key(home.household), "kind": kind, "result": result, "by": "xiangying1"} | more
    return await centre.ask(RecordCare(**fields))


def reminded(centre: Centre) -> list[tuple[str, str]]:
    """(name, text) of the reminders that persons got so far."""
    file = centre.folder / "persons.jsonl"
    lines = [msgspec.json.decode(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [(line["to"], line["text"]) for line in lines if "走访提醒" in line["text"]]


async def is_told(centre: Centre, someone: Responder) -> None:
    await centre.until(lambda: someone.name in [name for name, _ in reminded(centre)], f"a reminder to {someone.name}")


def people(centre: Centre, home: Home) -> tuple[Responder, Responder]:
    """Who answers for a home: of the village, of the town."""
    books = centre.gateway.directory
    file = books.households[home.household]
    return books.responders[file.village_responder], books.responders[file.town_responder]


async def test_a_missed_weekly_visit_climbs_to_the_town_and_then_stands_first_for_the_supervisor(
    centre: Centre,
) -> None:
    home = centre.home()
    village, town = people(centre, home)
    first = (await owed(centre, home))[VISIT]
    assert (first.stage, first.who) == (CareStage.OWED, village.name)
    await until(centre, 9, 9)
    await is_told(centre, village)
    told = [name for name, _ in reminded(centre)]
    assert town.name not in told
    assert told.count(village.name) == 1, "one message for all their homes"
    assert (await record(centre, home, CALL, CareResult.WELL)).done
    await until(centre, 11, 18)
    assert (await owed(centre, home))[VISIT].stage is CareStage.REMINDED
    await until(centre, 12, 9)
    late = [it for it in await centre.gateway.desk.care_owed(late=True) if it.home == home.household]
    assert [(it.kind, it.stage >= CareStage.DEPUTY) for it in late] == [(VISIT, True)], "the call was made"
    await until(centre, 13, 9)
    await is_told(centre, town)
    await until(centre, 14, 9)
    (row,) = [it for it in await centre.gateway.desk.care_owed(stage=CareStage.SUPERVISOR) if it.home == home.household]
    assert set(row.told_names) >= {village.name, town.name}
    overview = await arrived(centre, "chief", Role.SUPERVISOR).go("/overview")
    late = re.findall(rf'href="/care\?area={re.escape(town.area)}">(\d+)</a>', overview)
    owed_late = await centre.gateway.desk.care_owed(town.area, late=True)
    assert [int(n) for n in late] == [n for kind in (VISIT, CALL) if (n := sum(it.kind is kind for it in owed_late))]
    assert late
    assert (await record(centre, home, VISIT, CareResult.WELL)).done
    assert VISIT not in await owed(centre, home), "it stands for the new week too"
    (count,) = [
        it
        for it in await centre.gateway.desk.care_counts(village.area, centre.clock.now() - timedelta(days=9))
        if it.kind is VISIT and it.area == centre.gateway.directory.households[home.household].area
    ]
    assert (count.done, count.done_late) == (1, 1)
    assert {Aggregate.CARE, Aggregate.RESPONDER} <= replayed(centre)


async def test_who_is_on_leave_is_not_reminded_and_the_deputy_is(centre: Centre) -> None:
    home = centre.home()
    village, _ = people(centre, home)
    responders = centre.gateway.directory.responders.values()
    deputy = next(it for it in responders if it.duty == "village" and it.id != village.id)
    editions = centre.gateway.judge.policy.editions
    now = centre.clock.now()
    off = Absence(person=f"responder:{village.id}", since=now, until=now + timedelta(days=30))
    deputies = {off.person: f"responder:{deputy.id}"}
    roster = msgspec.structs.replace(editions.roster, absences=(off,), deputies=deputies)
    assert home.household not in [it.key for it in await centre.gateway.desk.homes_in_care_of(deputy.id)]
    assert (await centre.ask(SaveRoster(key="@desk", roster=roster, based_on=editions.roster_number, by="guanli"))).done
    assert (await owed(centre, home))[VISIT].who == deputy.name
    assert home.household in [it.key for it in await centre.gateway.desk.homes_in_care_of(deputy.id)]
    await until(centre, 9, 9)
    await is_told(centre, deputy)
    assert village.name not in [name for name, _ in reminded(centre)]


async def test_a_visit_counts_for_the_silence_closes_no_incident_and_can_be_taken_back(centre: Centre) -> None:
    home = await known(centre)
    await pass_hours(centre, home, 4)
    row = await centre.row_of(home)
    assert row.alarms[0].kind is AlarmKind.INACTIVITY
    silent_since = centre.gateway.judge.memory_of(home.household).hot.quiet.active_s
    answer = await record(centre, home, VISIT, CareResult.WELL, text="在院子里")
    assert answer.done
    quiet = centre.gateway.judge.memory_of(home.household).hot.quiet
    assert (quiet.active_s, quiet.alarmed) == (int(centre.clock.now().timestamp()), False)
    view = await centre.incident(row.incident)
    assert view.incident.closed_at is None
    assert view.timeline[-1].kind is EntryKind.CARE
    await centre.pass_time(minutes=9)
    back = TakeBackCare(key=care_key(home.household), number=int(answer.made), by="xiangying1")
    assert (await centre.ask(msgspec.structs.replace(back, by="zuoxi1"))).refused == "not_recorder"
    assert (await centre.ask(back)).done
    quiet = centre.gateway.judge.memory_of(home.household).hot.quiet
    assert (quiet.active_s, quiet.alarmed) == (silent_since, True)
    assert VISIT in await owed(centre, home)
    (given,) = await centre.gateway.desk.care_given(home.household)
    assert given.struck_at is not None
    assert {Aggregate.HOUSEHOLD, Aggregate.CARE} <= replayed(centre)


async def test_nobody_opened_is_a_try_and_no_evidence(centre: Centre) -> None:
    home = await known(centre)
    await pass_hours(centre, home, 2)
    before = centre.gateway.judge.memory_of(home.household).hot.quiet
    assert (await record(centre, home, VISIT, CareResult.NOBODY)).done
    assert centre.gateway.judge.memory_of(home.household).hot.quiet == before
    assert (await owed(centre, home))[VISIT].tries == 1


async def test_what_waited_on_a_telephone_counts_from_its_own_moment(centre: Centre) -> None:
    home = await known(centre)
    await pass_hours(centre, home, 3)
    then = centre.clock.now() - timedelta(hours=1)
    assert (await record(centre, home, CALL, CareResult.WELL, at=then)).done
    assert centre.gateway.judge.memory_of(home.household).hot.quiet.active_s == int(then.timestamp())
    await centre.move(home)
    moved = centre.gateway.judge.memory_of(home.household).hot.quiet.active_s
    assert (await record(centre, home, VISIT, CareResult.WELL, at=then)).done
    assert centre.gateway.judge.memory_of(home.household).hot.quiet.active_s == moved, "what is newer counts"
    assert (await record(centre, home, CALL, CareResult.WELL, at=then - timedelta(days=8))).refused == "bad_moment"


async def test_seen_at_home_ends_an_absence_spoken_on_the_telephone_only_where_they_say_so(centre: Centre) -> None:
    home = await known(centre)
    until_then = centre.clock.now() + timedelta(days=5)
    begin = BeginAbsence(key=home.household, by="zuoxi1", kind=AwayKind.HOSPITAL, until=until_then, who="女儿")
    assert (await centre.ask(begin)).done
    await centre.pass_time(hours=1)
    await record(centre, home, CALL, CareResult.WELL)
    assert [it.key for it in await centre.gateway.desk.absences()] == [home.household]
    await record(centre, home, VISIT, CareResult.WELL, is_home=True)
    assert list(await centre.gateway.desk.absences()) == []


async def test_what_is_owed_survives_a_restart(centre: Centre) -> None:
    home = centre.home()
    before = await owed(centre, home)
    await centre.close_gateway()
    centre.clock.advance(timedelta(days=4, hours=2))
    await centre.open_gateway()
    await centre.pass_time(minutes=50)
    after = await owed(centre, home)
    assert {kind: it.number for kind, it in after.items()} == {kind: it.number for kind, it in before.items()}
    assert {it.stage for it in after.values()} == {CareStage.REMINDED}


@only_sqlite
async def test_what_the_store_cannot_take_just_now_the_telephone_keeps(centre: Centre) -> None:
    home = centre.home()
    file = centre.gateway.directory.households[home.household]
    phone = arrived(centre, "li", Role.RESPONDER, area=file.area, responder=file.village_responder)
    await phone.go("/rounds")
    fields = {**phone.form(f"/care/{home.household}/record"), "kind": "visit", "result": "well"}
    tap = {"path": f"/care/{home.household}/record", "headers": {"accept": "application/json"}, **fields}
    async with away(centre, locked):
        await centre.press(home, settle=False)
        await centre.until(lambda: centre.gateway.writer.unrecorded.since is not None, "the store to be away")
        assert (await phone.post(**tap)).status_code == 503, "to be sent again"
    assert (await phone.post(**tap)).status_code == 200
    assert (await phone.post(**tap)).status_code == 200
    assert len(await centre.gateway.desk.care_given(home.household)) == 1
