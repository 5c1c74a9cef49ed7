"""The clock of a silence runs from the last movement: neither a restart nor a sign of life sets it back."""

from centre import Centre

from alerting.model import AlarmKind
from tests.stories.test_lost_motion_stopped import limit_h
from tests.stories.test_quiet_homes import keep_alive, pass_hours


async def rings_at_its_limit(centre: Centre) -> None:
    """Six minutes before the limit of a silence that began at 08:00: it rings at its second, and not before."""
    moved_at = centre.clock.now()
    await centre.pass_time(seconds=359)
    assert await centre.queue() == []
    await centre.pass_time(seconds=2)
    (alarm,) = (await centre.row_of(centre.home())).alarms
    assert alarm.kind is AlarmKind.INACTIVITY
    assert alarm.quiet_since is not None
    assert (moved_at - alarm.quiet_since).total_seconds() == alarm.limit_s - 360


async def test_a_restart_in_the_middle_does_not_begin_it_anew(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    hours = await limit_h(centre)
    await pass_hours(centre, home, hours - 2)
    await centre.close_gateway()
    await centre.open_gateway()
    await keep_alive(centre, home)
    await centre.settled()
    await pass_hours(centre, home, 1.9)
    await rings_at_its_limit(centre)


async def test_signs_of_life_of_devices_do_not_put_it_off(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    await pass_hours(centre, home, await limit_h(centre) - 0.1)  # every device says each hour that it is there
    await rings_at_its_limit(centre)
