"""A device's own clock decides nothing: local time without a zone, or hours off, moves no alarm and no timer."""

from datetime import timedelta

import pytest
from centre import Centre

from alerting.model import AlarmKind

HOURS_OFF = 8


@pytest.mark.parametrize("zone", ["", "+00:00"], ids=["without a zone", "local time called UTC"])
async def test_a_press_that_says_local_time_rings_now_and_climbs_by_the_service_s_clock(
    centre: Centre, zone: str
) -> None:
    home, now = centre.zigbee_home, centre.clock.now()
    local = (now + timedelta(hours=HOURS_OFF)).replace(tzinfo=None).isoformat()
    button = centre.device(home, "panic").inner
    payload = {"action": "emergency", "last_seen": f"{local}{zone}"}
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/{button}", payload)
    row = await centre.row_of(home)
    (alarm,) = row.alarms
    assert (alarm.kind, alarm.at, alarm.late_s) == (AlarmKind.PANIC, now, 0)
    await centre.pass_time(seconds=89)
    assert centre.carried() == []
    await centre.pass_time(seconds=2)
    await centre.until(centre.carried, "the duty telephone at 90 s of the service's clock")
    assert len(centre.carried()) == 1


async def test_every_moment_of_an_incident_has_its_zone(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=120)
    view = await centre.gateway.desk.incident((await centre.row_of(home)).incident)
    assert view is not None
    moments = [view.row.opened_at, view.row.rang_at, *(entry.at for entry in view.timeline)]
    assert all(moment.utcoffset() == timedelta() for moment in moments)
