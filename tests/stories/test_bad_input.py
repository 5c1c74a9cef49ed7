"""What cannot be used is set aside with the reason; none of it stops or delays the next message."""

import pytest
from service import P1, Service

from alerting.household import HouseholdState, Memory
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
async def test_bad_messages_are_quarantined_and_the_next_press_rings(service: Service, kind: str) -> None:
    home = service.home()
    topic, payload = BAD[kind]
    await service.say(home.bridge.id, topic.format(bridge=home.bridge.id), payload)
    await service.press(home)
    assert (await service.row_of(home)).priority is P1
    view = await service.gateway.desk.quarantine()
    assert view.total == 1
    assert view.rows[0].reason
    assert view.rows[0].bridge == home.bridge.id


async def test_an_unknown_topic_is_quarantined(service: Service) -> None:
    await service.say("stranger", "weather/roof", {"wind": 3})
    view = await service.gateway.desk.quarantine()
    assert [row.topic for row in view.rows] == ["weather/roof"]
    assert service.changes[-1].counters is not None
    assert service.changes[-1].counters.quarantined == 1


async def test_a_panic_of_an_unknown_device_rings_as_unregistered(service: Service) -> None:
    home = service.zigbee_home
    topic = f"{home.bridge.prefix}/0x00124b00deadbeef"
    await service.say(home.bridge.id, topic, {"action": "emergency"})
    rows = await service.queue()
    assert len(rows) == 1
    assert (rows[0].household, rows[0].priority) == ("", P1)
    assert rows[0].alarms[0].detail == "unregistered"
    view = await service.incident(rows[0].incident)
    assert "0x00124b00deadbeef" in view.stray
    assert (await service.claim(rows[0])).done
    assert (await service.close(rows[0])).done


async def test_a_panic_below_no_known_bridge_rings_too(service: Service) -> None:
    await service.say("stranger", "nuanhu/1/not-registered/up/sos/event", _panic())
    assert [row.alarms[0].kind for row in await service.queue()] == [AlarmKind.PANIC]


async def test_a_bridge_cannot_speak_for_another_ones_devices(service: Service) -> None:
    """The inner id of another home, said by this bridge, is an unknown device of this bridge."""
    mine, other = service.zigbee_home, service.home("zigbee2mqtt", 1)
    stolen = service.device(other, "panic").inner
    await service.say(mine.bridge.id, f"{mine.bridge.prefix}/{stolen}", {"action": "emergency"})
    rows = await service.queue()
    assert [row.household for row in rows] == [""]


async def test_one_bad_home_does_not_stop_the_city(service: Service) -> None:
    bad, neighbour = service.home(nth=0), service.home(nth=1)
    service.gateway.judge.forget(bad.household, Memory(HouseholdState(key=bad.household)))  # its devices are gone
    await service.press(bad, settle=False)
    await service.press(neighbour)
    assert (await service.row_of(neighbour)).priority is P1
    failed = [row for row in await service.queue() if row.alarms[0].kind is AlarmKind.RULE_FAILED]
    assert len(failed) == 1
    assert bad.household in failed[0].key
    faults = [f for f in await service.gateway.desk.faults() if f.kind is FaultKind.NOT_JUDGED]
    assert [f.household for f in faults] == [bad.household]


def _panic() -> dict[str, object]:
    return {"id": "x1", "boot": "b", "seq": 1, "at": None, "kind": "panic", "buffered": False}
