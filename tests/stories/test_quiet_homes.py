"""A home that is quiet for longer than its limit becomes an incident, then and not before, and says why."""

from datetime import timedelta

from service import Service

from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome
from nuanhu.town.homes import Home


async def keep_alive(service: Service, home: Home) -> None:
    """All motion sensors and doors of the home report that they are there, without anybody moving."""
    for fitted in home.fitted:
        await service.alive(home, fitted.device)


async def pass_hours(service: Service, home: Home, hours: float) -> None:
    """Time passes with every device alive."""
    for _ in range(int(hours)):
        await service.pass_time(hours=1)
        await keep_alive(service, home)
        await service.settled()
    await service.pass_time(hours=hours % 1)


async def test_a_quiet_home_rings_when_its_limit_has_passed(service: Service) -> None:
    home = service.home()
    await service.move(home)
    view = await service.gateway.desk.household(home.household)
    assert view is not None
    assert view.rhythm is not None
    limit_h = view.rhythm.limit_s / 3600
    await pass_hours(service, home, limit_h - 0.1)
    assert await service.queue() == []
    await service.pass_time(hours=0.2)
    row = await service.row_of(home)
    alarm = row.alarms[0]
    assert alarm.kind is AlarmKind.INACTIVITY
    assert alarm.limit_s == view.rhythm.limit_s
    assert alarm.quiet_since is not None
    assert service.clock.now() - alarm.quiet_since >= timedelta(seconds=alarm.limit_s)


async def test_it_rings_once_for_a_silence_and_notes_that_somebody_moved_again(service: Service) -> None:
    home = service.home()
    await service.move(home)
    await pass_hours(service, home, 11)
    row = await service.row_of(home)
    await service.move(home)
    assert (await service.row_of(home)).alarm_count == 1
    kinds = [entry.kind for entry in (await service.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.ACTIVITY]


async def test_after_somebody_was_found_well_the_silence_begins_anew(service: Service) -> None:
    home = service.home()
    await service.move(home)
    await pass_hours(service, home, 11)
    row = await service.row_of(home)
    await service.claim(row)
    await service.close(row, Outcome.WAS_WELL)
    await service.pass_time(minutes=30)
    assert await service.queue() == []


async def test_a_dead_hub_is_a_home_that_cannot_be_seen_not_a_quiet_person(service: Service) -> None:
    home = service.home()
    await service.move(home)
    await service.pass_time(hours=13)
    await service.pass_time(hours=13)
    kinds = {alarm.kind for alarm in (await service.row_of(home)).alarms}
    assert AlarmKind.UNSEEN in kinds


async def test_time_without_a_gateway_is_no_evidence(service: Service) -> None:
    home = service.home()
    await service.move(home)
    await service.pass_time(seconds=30)
    await service.close_gateway()
    service.clock.advance(timedelta(hours=20))
    await service.open_gateway()
    await service.barrier()
    assert await service.queue() == []


async def test_a_device_that_misses_its_check_in_is_a_fault_until_it_speaks(service: Service) -> None:
    home = service.home()
    hub = service.device(home, "hub")
    await service.event(home, "hub", "test")
    await service.pass_time(seconds=hub.check_in_s - 1)
    assert not [f for f in await service.gateway.desk.faults() if f.device == hub.id]
    await service.pass_time(seconds=2)
    faults = [f for f in await service.gateway.desk.faults() if f.device == hub.id]
    assert [f.kind for f in faults] == [FaultKind.MISSED_CHECK_IN]
    await service.event(home, "hub", "test")
    assert not [f for f in await service.gateway.desk.faults() if f.device == hub.id]
