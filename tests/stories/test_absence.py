"""Away until then: a silence does not ring meanwhile, whoever moves there re-arms the home, and a press rings."""

from datetime import timedelta

import msgspec
from centre import Centre

from alerting.commands import BeginAbsence, ChangeAbsence, EndAbsence
from alerting.homes.away import AwayKind, SaidBy
from alerting.model import Aggregate, AlarmKind, EntryKind, Priority
from gateway.absence.asked import AbsenceRow
from nuanhu.town.homes import Home
from tests.stories.test_asked_first import known, pass_hours
from tests.stories.test_replayed import replayed


async def away(
    centre: Centre,
    home: Home,
    hours: float,
    kind: AwayKind = AwayKind.HOSPITAL,
    said_by: SaidBy = SaidBy.OPERATOR,
) -> str:
    until = centre.clock.now() + timedelta(hours=hours)
    begin = BeginAbsence(
        key=home.household, by="zuoxi1", kind=kind, until=until, who="女儿", reason="骨折住院", said_by=said_by
    )
    return (await centre.ask(begin)).refused


async def the_one(centre: Centre) -> AbsenceRow:
    (row,) = await centre.gateway.desk.absences()
    return row


async def calm(centre: Centre, home: Home) -> bool:
    return not any(row.household == home.household for row in await centre.queue())


async def to_look_at(centre: Centre) -> int:
    return (await centre.gateway.desk.snapshot()).counters.absences


async def test_it_is_quiet_until_its_end_also_over_a_restart_and_then_the_limit_counts(centre: Centre) -> None:
    home = await known(centre)
    assert await away(centre, home, 12) == ""
    row = await the_one(centre)
    assert (row.key, row.stage, row.who, row.reason) == (home.household, "away", "女儿", "骨折住院")
    await pass_hours(centre, home, 7)
    await centre.close_gateway()
    await centre.open_gateway()
    assert (await the_one(centre)).stage == "away"
    await pass_hours(centre, home, 2)
    assert ((await the_one(centre)).stage, await to_look_at(centre)) == ("ends_soon", 1), (
        "whoever entered it is reminded"
    )
    await pass_hours(centre, home, 6)
    assert await calm(centre, home)
    assert (await centre.gateway.desk.absences(), await to_look_at(centre)) == ([], 0)
    (past,) = await centre.gateway.desk.absences_past(home.household)
    assert (past.how, past.by_name) == ("time", centre.gateway.directory.name_of("zuoxi1"))
    await pass_hours(centre, home, 1)
    assert (await centre.row_of(home)).alarms[0].kind is AlarmKind.INACTIVITY
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def test_the_first_movement_re_arms_the_home_the_desk_is_told_and_can_say_away_still(centre: Centre) -> None:
    home = await known(centre)
    await away(centre, home, 90)
    await pass_hours(centre, home, 3)
    await centre.move(home)
    moved = await the_one(centre)
    assert (moved.stage, moved.moved_at, await to_look_at(centre)) == ("moved", centre.clock.now(), 1)
    again = await centre.ask(ChangeAbsence(key=home.household, by="zuoxi2", until=moved.until))
    assert again.done
    assert await to_look_at(centre) == 0
    await pass_hours(centre, home, 6)
    assert await calm(centre, home)
    await centre.move(home)
    await pass_hours(centre, home, 4)
    assert (await centre.row_of(home)).alarms[0].kind is AlarmKind.INACTIVITY, "nobody has said so this time"
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def test_a_press_rings_as_always_and_ends_the_absence(centre: Centre) -> None:
    home = await known(centre)
    await away(centre, home, 90)
    await centre.press(home)
    row = await centre.row_of(home)
    assert (row.priority, row.alarms[0].kind) == (Priority.P1, AlarmKind.PANIC)
    assert row.incident in centre.rang
    assert (await the_one(centre)).stage == "moved"


async def test_noted_on_an_incident_it_closes_nothing_and_stands_in_the_timeline(centre: Centre) -> None:
    home = await known(centre)
    await pass_hours(centre, home, 4)
    row = await centre.row_of(home)
    await centre.claim(row)
    before = (await centre.incident(row.incident)).incident
    assert await away(centre, home, 90) == ""
    after = await centre.incident(row.incident)
    assert msgspec.structs.replace(after.incident, changed_at=before.changed_at) == before
    assert after.timeline[-1].kind is EntryKind.ABSENCE
    assert (await the_one(centre)).open_incident == row.incident


async def test_said_to_be_back_the_silence_counts_from_then(centre: Centre) -> None:
    home = await known(centre)
    await away(centre, home, 90)
    await pass_hours(centre, home, 6)
    assert (await centre.ask(EndAbsence(key=home.household, by="zuoxi1"))).done
    await pass_hours(centre, home, 3)
    assert await calm(centre, home)
    await pass_hours(centre, home, 1)
    assert (await centre.row_of(home)).alarms[0].kind is AlarmKind.INACTIVITY


async def test_what_family_tells_is_seen_by_the_desk_until_it_is_confirmed_and_rings_after_a_day(
    centre: Centre,
) -> None:
    home = await known(centre)
    assert await away(centre, home, 90 * 24 - 1, said_by=SaidBy.RELATIVE) == ""
    row = await the_one(centre)
    assert (row.stage, await to_look_at(centre)) == ("to_confirm", 1)
    assert (await centre.ask(ChangeAbsence(key=home.household, by="zuoxi2", until=row.until))).done
    assert ((await the_one(centre)).stage, await to_look_at(centre)) == ("away", 0)
    assert (await centre.ask(EndAbsence(key=home.household, by="zuoxi1"))).done
    await away(centre, home, 90 * 24 - 1, said_by=SaidBy.RELATIVE)
    await pass_hours(centre, home, 29)
    assert (await centre.row_of(home)).alarms[0].kind is AlarmKind.INACTIVITY
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def test_when_a_movement_ended_it_stays_on_record(centre: Centre) -> None:
    home = await known(centre)
    await away(centre, home, 90)
    await pass_hours(centre, home, 3)
    await centre.move(home)
    moved_at = centre.clock.now()
    await pass_hours(centre, home, 1)
    assert (await centre.ask(EndAbsence(key=home.household, by="zuoxi1"))).done
    (past,) = await centre.gateway.desk.absences_past(home.household)
    assert (past.how, past.ended_at) == ("motion", moved_at)
