"""A sensor whose "motion stopped" was lost does not keep a home awake: silence counts from the last movement."""

from centre import Centre

from alerting.model import AlarmKind
from tests.stories.test_quiet_homes import pass_hours


async def limit_h(centre: Centre) -> float:
    view = await centre.gateway.desk.household(centre.home().household)
    assert view is not None
    assert view.rhythm is not None
    return view.rhythm.limit_s / 3600


async def test_without_the_word_that_it_stopped_the_home_rings_at_its_limit(centre: Centre) -> None:
    home = centre.home()
    await centre.event(home, "motion", "motion", state="detected")  # "clear" never comes
    hours = await limit_h(centre)
    await pass_hours(centre, home, hours - 0.1)
    assert await centre.queue() == []
    await centre.pass_time(hours=0.2)
    assert [alarm.kind for alarm in (await centre.row_of(home)).alarms] == [AlarmKind.INACTIVITY]


async def test_the_word_that_it_stopped_is_no_movement(centre: Centre) -> None:
    home = centre.home()
    await centre.event(home, "motion", "motion", state="detected")
    hours = await limit_h(centre)
    await centre.pass_time(minutes=59)
    await centre.event(home, "motion", "motion", state="clear")
    await pass_hours(centre, home, hours - 1)
    await centre.pass_time(minutes=2)
    assert [alarm.kind for alarm in (await centre.row_of(home)).alarms] == [AlarmKind.INACTIVITY]
