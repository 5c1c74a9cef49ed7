"""A home that is quiet for longer than its limit becomes an incident, then and not before, and says why."""

from datetime import timedelta

from centre import Centre

from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome
from nuanhu.town.homes import Home


async def keep_alive(centre: Centre, home: Home) -> None:
    """All motion sensors and doors of the home report that they are there, without anybody moving."""
    for fitted in home.fitted:
        await centre.alive(home, fitted.device)


async def pass_hours(centre: Centre, home: Home, hours: float) -> None:
    """Time passes with every device alive."""
    for _ in range(int(hours)):
        await centre.pass_time(hours=1)
        await keep_alive(centre, home)
        await centre.settled()
    await centre.pass_time(hours=hours % 1)


async def test_a_quiet_home_rings_when_its_limit_has_passed(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    view = await centre.gateway.desk.household(home.household)
    assert view is not None
    assert view.rhythm is not None
    limit_h = view.rhythm.limit_s / 3600
    await pass_hours(centre, home, limit_h - 0.1)
    assert await centre.queue() == []
    await centre.pass_time(hours=0.2)
    row = await centre.row_of(home)
    alarm = row.alarms[0]
    assert alarm.kind is AlarmKind.INACTIVITY
    assert alarm.limit_s == view.rhythm.limit_s
    assert alarm.quiet_since is not None
    assert centre.clock.now() - alarm.quiet_since >= timedelta(seconds=alarm.limit_s)


async def test_it_rings_once_for_a_silence_and_notes_that_somebody_moved_again(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    await pass_hours(centre, home, 11)
    row = await centre.row_of(home)
    await centre.move(home)
    assert (await centre.row_of(home)).alarm_count == 1
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    told = [kind for kind in kinds if kind is not EntryKind.UNCLAIMED]  # nobody takes it: it rings again by its plan
    assert told == [EntryKind.ALARM, EntryKind.ACTIVITY]


async def test_after_somebody_was_found_well_the_silence_begins_anew(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    await pass_hours(centre, home, 11)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.close(row, Outcome.WAS_WELL)
    await centre.pass_time(minutes=30)
    assert await centre.queue() == []


async def test_a_dead_hub_is_a_home_that_cannot_be_seen_not_a_quiet_person(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    for _ in range(3):
        await centre.pass_time(hours=13)
    kinds = {alarm.kind for alarm in (await centre.row_of(home)).alarms}
    assert AlarmKind.UNSEEN in kinds


async def test_time_without_a_gateway_is_no_evidence(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    await centre.pass_time(seconds=30)
    await centre.close_gateway()
    centre.clock.advance(timedelta(hours=20))
    await centre.open_gateway()
    await centre.barrier()
    assert await centre.queue() == []


async def test_a_device_that_misses_its_check_in_is_a_fault_until_it_speaks(centre: Centre) -> None:
    home = centre.home()
    hub = centre.device(home, "hub")
    await centre.event(home, "hub", "test")
    await centre.pass_time(seconds=home.by_id[hub.id].silent_s - 1)
    assert not [f for f in await centre.gateway.desk.faults() if f.device == hub.id]
    await centre.pass_time(seconds=2)
    faults = [f for f in await centre.gateway.desk.faults() if f.device == hub.id]
    assert [f.kind for f in faults] == [FaultKind.MISSED_CHECK_IN]
    await centre.event(home, "hub", "test")
    assert not [f for f in await centre.gateway.desk.faults() if f.device == hub.id]
