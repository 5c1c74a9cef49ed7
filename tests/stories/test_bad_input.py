"""What cannot be used is set aside with the reason; none of it stops or delays the next message."""

import pytest
from centre import P1, Centre

from alerting.homes.state import HouseholdState, Memory
from alerting.model import AlarmKind, FaultKind

BAD = {
    "malformed": ("nuanhu/1/{bridge}/up/sos/event", b'{"id": '),
    "oversized": ("nuanhu/1/{bridge}/up/sos/event", b'{"id":"' + b"x" * 70_000 + b'"}'),
    "not UTF-8": ("nuanhu/1/{bridge}/up/sos/event", b'{"id":"\xff\xfe"}'),
    "deeply nested": ("nuanhu/1/{bridge}/up/sos/event", b"[" * 20_000 + b"]" * 20_000),
    "unknown topic below a known bridge": ("nuanhu/1/{bridge}/up/what/is/this", b"{}"),
    "unknown device": ("nuanhu/1/{bridge}/up/nobody/status", b'{"boot":"b","seq":1,"at":null}'),
}


@pytest.mark.parametrize("kind", BAD)
async def test_bad_messages_are_quarantined_and_the_next_press_rings(centre: Centre, kind: str) -> None:
    home = centre.home()
    topic, payload = BAD[kind]
    await centre.say(home.bridge.id, topic.format(bridge=home.bridge.id), payload)
    await centre.press(home)
    assert (await centre.row_of(home)).priority is P1
    view = await centre.gateway.desk.quarantine()
    assert view.total == 1
    assert view.rows[0].reason
    assert view.rows[0].bridge == home.bridge.id


async def test_an_unknown_topic_is_quarantined(centre: Centre) -> None:
    await centre.say("stranger", "weather/roof", {"wind": 3})
    view = await centre.gateway.desk.quarantine()
    assert [row.topic for row in view.rows] == ["weather/roof"]
    assert centre.changes[-1].counters is not None
    assert centre.changes[-1].counters.quarantined == 1


async def test_a_panic_of_an_unknown_device_rings_as_unregistered(centre: Centre) -> None:
    home = centre.zigbee_home
    topic = f"{home.bridge.prefix}/0x00124b00deadbeef"
    await centre.say(home.bridge.id, topic, {"action": "emergency"})
    rows = await centre.queue()
    assert len(rows) == 1
    assert (rows[0].household, rows[0].priority) == ("", P1)
    assert rows[0].alarms[0].detail == "unregistered"
    view = await centre.incident(rows[0].incident)
    assert "0x00124b00deadbeef" in view.stray
    assert (await centre.claim(rows[0])).done
    assert (await centre.close(rows[0])).done


async def test_a_panic_below_no_known_bridge_rings_too(centre: Centre) -> None:
    await centre.say("stranger", "nuanhu/1/not-registered/up/sos/event", _panic())
    assert [row.alarms[0].kind for row in await centre.queue()] == [AlarmKind.PANIC]


async def test_a_bridge_cannot_speak_for_another_ones_devices(centre: Centre) -> None:
    """The inner id of another home, said by this bridge, is an unknown device of this bridge."""
    mine, other = centre.zigbee_home, centre.home("zigbee2mqtt", 1)
    stolen = centre.device(other, "panic").inner
    await centre.say(mine.bridge.id, f"{mine.bridge.prefix}/{stolen}", {"action": "emergency"})
    rows = await centre.queue()
    assert [row.household for row in rows] == [""]


async def test_one_bad_home_does_not_stop_the_city(centre: Centre) -> None:
    bad, neighbour = centre.home(nth=0), centre.home(nth=1)
    centre.gateway.judge.states.put_back(
        bad.household, Memory(HouseholdState(key=bad.household))
    )  # its devices are gone
    await centre.press(bad, settle=False)
    await centre.press(neighbour)
    assert (await centre.row_of(neighbour)).priority is P1
    failed = [row for row in await centre.queue() if row.alarms[0].kind is AlarmKind.RULE_FAILED]
    assert len(failed) == 1
    assert bad.household in failed[0].key
    faults = [f for f in await centre.gateway.desk.faults() if f.kind is FaultKind.NOT_JUDGED]
    assert [f.household for f in faults] == [bad.household]


def _panic() -> dict[str, object]:
    return {"id": "x1", "boot": "b", "seq": 1, "at": None, "kind": "panic", "buffered": False}
