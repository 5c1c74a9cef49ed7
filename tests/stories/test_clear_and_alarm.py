"""A "clear" and an alarm race each other: whichever comes first, the alarm rings, and stays until somebody ends it."""

import pytest
from centre import Centre

from alerting.model import AlarmKind, IncidentState


async def both(centre: Centre, *states: str) -> None:
    """A smoke alarm and a "clear" in one breath, in this order, before anything is judged."""
    home = centre.home()
    for state in states:
        await centre.event(home, "hub", "smoke", state=state, settle=False)
    await centre.settled()


@pytest.mark.parametrize("order", [("active", "clear"), ("clear", "active")], ids=["alarm first", "clear first"])
async def test_the_alarm_rings_in_either_order(centre: Centre, order: tuple[str, str]) -> None:
    await both(centre, *order)
    row = await centre.row_of(centre.home())
    assert (row.state, row.unacknowledged) == (IncidentState.OPEN, True)
    assert [alarm.kind for alarm in row.alarms] == [AlarmKind.SMOKE]
    assert centre.rang == [row.incident]


async def test_a_clear_ends_nothing_that_nobody_has_looked_at(centre: Centre) -> None:
    home = centre.home()
    await both(centre, "active")
    await centre.pass_time(seconds=20)
    await both(centre, "clear")
    row = await centre.row_of(home)
    assert (row.state, row.unacknowledged) == (IncidentState.OPEN, True)
    await centre.pass_time(seconds=71)
    await centre.until(centre.pages, "the duty telephone to be called all the same")


async def test_a_press_in_the_breath_in_which_the_incident_is_closed_rings(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    await centre.press(home, settle=False)
    await centre.close(row)
    await centre.settled()
    again = await centre.row_of(home)
    assert again.unacknowledged, "either it was closed before the press, or the press blocks the closing"
    assert centre.rang[-1] == again.incident
