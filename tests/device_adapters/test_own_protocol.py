"""Our own protocol: what is written is read, what is wrong is refused, and a call for help rings whatever is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from device_adapters import own_protocol
from device_adapters.adapter import DeviceHint, Known, Rejected
from device_adapters.own_protocol import KINDS, STATES
from device_adapters.signals import (
    Alarm,
    Availability,
    Battery,
    Button,
    Contact,
    DeviceInfo,
    Fall,
    Fault,
    Heartbeat,
    Link,
    Motion,
    Panic,
    Presence,
    Tamper,
    Test,
)
from tests.device_adapters.reading import NOW, kinds, read

PREFIX = "nuanhu/1/hub-07"
GOOD = {"id": "SN1-a-1", "boot": "a", "seq": 1, "at": "2026-01-05T07:59:58Z", "kind": "panic"}


def sent(**event: Any) -> list[Any]:
    topic, payload = own_protocol.encode_event(PREFIX, "SN1", **{"event_id": "e-1", "boot": "a", "seq": 7} | event)
    assert topic.startswith(f"{PREFIX}/")
    return read("nuanhu", topic.removeprefix(f"{PREFIX}/"), payload)


def test_a_press_carries_who_when_and_which() -> None:
    at = NOW - timedelta(seconds=2)
    [panic] = sent(kind="panic", at=at)
    assert panic == Panic(
        device="SN1",
        device_time=at,
        occurred_at="2026-01-05T07:59:58.000Z",
        arrived_at=NOW,
        event_id="e-1",
        boot="a",
        seq=7,
    )


EXPECTED = {
    "panic": Panic,
    "motion": Motion,
    "presence": Presence,
    "contact": Contact,
    "fall": Fall,
    "smoke": Alarm,
    "gas": Alarm,
    "medical": Alarm,
    "well": Button,
    "button": Button,
    "tamper": Tamper,
    "test": Test,
    "fault": Fault,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_and_state_comes_back_as_what_it_is(kind: str) -> None:
    for state in STATES.get(kind, (None,)):
        [signal] = sent(kind=kind, state=state)
        assert type(signal) is EXPECTED[kind]
        said = getattr(signal, "action", None) if kind == "button" else getattr(signal, "state", None)
        assert said == state
        if isinstance(signal, Alarm):
            assert signal.alarm_type == kind


def test_well_is_a_button_of_its_own_and_never_a_panic_whatever_the_role() -> None:
    known = Known(devices={"SN1": DeviceHint(role="panic")})
    body = {**GOOD, "kind": "well"}
    [well] = read("nuanhu", "up/SN1/event", body, known=known)
    assert isinstance(well, Button)
    assert well.action == "well"
    [press] = read("nuanhu", "up/SN1/event", {**body, "kind": "button"}, known=known)
    assert isinstance(press, Panic)


def test_motion_is_an_edge() -> None:
    [motion] = sent(kind="motion")
    assert (motion.state, motion.level) == ("detected", False)


def test_only_the_event_itself_has_the_event_id() -> None:
    signals = sent(kind="motion", battery_percent=81.5, battery_mv=2900, rssi_dbm=-70, buffered=True)
    assert kinds(signals) == ["motion", "battery", "battery", "link"]
    assert [s.event_id for s in signals] == ["e-1", None, None, None]
    assert {(s.boot, s.seq, s.buffered, s.device) for s in signals} == {("a", 7, True, "SN1")}
    assert (signals[1].percent, signals[2].volts, signals[3].rssi_dbm) == (81.5, 2.9, -70)


def test_a_status_is_a_sign_of_life_with_what_the_device_knows_of_itself() -> None:
    topic, payload = own_protocol.encode_status(
        PREFIX, "PIR:9", boot="b", seq=0, battery_percent=50, rssi_dbm=-60.5, firmware="1.4"
    )
    signals = read("nuanhu", topic.removeprefix(f"{PREFIX}/"), payload)
    said = {"device": "PIR:9", "boot": "b", "seq": 0, "arrived_at": NOW}
    assert signals == [
        Heartbeat(**said),
        Battery(percent=50, **said),
        Link(rssi_dbm=-60.5, **said),
        DeviceInfo(firmware="1.4", **said),
    ]


@pytest.mark.parametrize("online", [True, False])
def test_the_bridge_s_last_will_is_about_the_gateway_of_the_home(online: bool) -> None:
    topic, payload = own_protocol.encode_online(PREFIX, online=online)
    [signal] = read("nuanhu", topic.removeprefix(f"{PREFIX}/"), payload, retained=True)
    assert signal == Availability(
        state="online" if online else "offline", scope="gateway", arrived_at=NOW, retained=True
    )


def test_receipts_and_prompts_are_read_by_devices_and_mean_nothing_to_the_gateway() -> None:
    at = datetime(2026, 1, 5, 9, 0, 0, 250_000, tzinfo=UTC)
    topic, payload = own_protocol.encode_receipt(PREFIX, "SN1", "e-1", at)
    receipt = own_protocol.decode_receipt(topic, payload)
    assert (receipt.device, receipt.id, receipt.at) == ("SN1", "e-1", at)
    assert read("nuanhu", topic.removeprefix(f"{PREFIX}/"), payload) == []
    topic, payload = own_protocol.encode_prompt(PREFIX, "SN1", "q-1", at)
    prompt = own_protocol.decode_prompt(topic, payload)
    assert (prompt.device, prompt.id, prompt.ask, prompt.until) == ("SN1", "q-1", "well", at)
    assert read("nuanhu", topic.removeprefix(f"{PREFIX}/"), payload) == []
    with pytest.raises(Rejected, match="not the topic of a receipt"):
        own_protocol.decode_receipt(f"{PREFIX}/down/SN1/prompt", b'{"id":"e","at":"2026-01-05T08:00:00Z"}')
    with pytest.raises(Rejected):
        own_protocol.decode_prompt(topic, b'{"id":"e"}')


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "explosion"}, "unknown value - at `$.kind`"),
        ({"kind": "motion", "state": "open"}, "kind motion has the states detected, clear and no other"),
        ({"kind": "motion", "seq": -1}, "Expected `int` >= 0 - at `$.seq`"),
        ({"kind": "motion", "seq": "7"}, "Expected `int`, got `str` - at `$.seq`"),
        ({"kind": "motion", "boot": ""}, "at `$.boot`"),
        ({"kind": "motion", "id": "x" * 65}, "at `$.id`"),
        ({"kind": "motion", "id": "a b"}, "at `$.id`"),
        ({"kind": "motion", "id": "a\n"}, "at `$.id`"),
        ({"kind": "motion", "battery_percent": 101}, "at `$.battery_percent`"),
        ({"kind": "motion", "at": 1_767_600_000}, "at `$.at`"),
        ({"kind": "motion", "buffered": "yes"}, "at `$.buffered`"),
    ],
)
def test_what_is_wrong_is_refused_with_one_clear_line(change: dict[str, object], reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        read("nuanhu", "up/SN1/event", {**GOOD, **change})
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", own_protocol.CALLS_FOR_HELP)
@pytest.mark.parametrize(
    "change",
    [
        {"battery_percent": 255},
        {"rssi_dbm": "strong"},
        {"seq": "7"},
        {"boot": None},
        {"id": 17},
        {"state": "pressed"},
        {"at": 5},
    ],
)
def test_a_call_for_help_rings_however_wrong_the_rest_is(kind: str, change: dict[str, object]) -> None:
    call, fault = read("nuanhu", "up/SN1/event", {**GOOD, "kind": kind, **change})
    assert type(call) is EXPECTED[kind]
    assert call.state == "active"
    assert call.device == "SN1"
    assert call.event_id == (None if "id" in change else "SN1-a-1")
    assert (fault.code, fault.event_id) == ("malformed", None)
    assert fault.text


def test_a_salvaged_panic_that_says_clear_does_not_ring() -> None:
    call, _ = read("nuanhu", "up/SN1/event", {**GOOD, "state": "clear", "rssi_dbm": "strong"})
    assert call.state == "clear"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1980-01-06T00:00:00Z", None),
        ("2026-01-07T08:00:00Z", None),
        ("yesterday", None),
        ("2026-01-05T08:00:00", None),
    ],
)
def test_a_wrong_clock_never_costs_a_press(written: str, kept: None) -> None:
    [panic] = read("nuanhu", "up/SN1/event", {**GOOD, "at": written})
    assert panic.device_time is kept
    assert panic.occurred_at == written


@pytest.mark.parametrize(
    "topic", ["up/SN1/alarm", "up/SN1", "up", "up//event", "up/a b/event", "side/SN1/event", "up/SN1/event/x"]
)
def test_topics_that_the_protocol_does_not_have_are_refused(topic: str) -> None:
    with pytest.raises(Rejected, match="no such topic"):
        read("nuanhu", topic, GOOD)


def test_fields_of_a_later_edition_are_ignored() -> None:
    [panic] = read("nuanhu", "up/SN1/event", {**GOOD, "mood": {"deep": [1, 2]}})
    assert isinstance(panic, Panic)


def test_what_can_be_a_call_for_help_overtakes() -> None:
    def urgent(**event: object) -> bool:
        topic, payload = own_protocol.encode_event(PREFIX, "S", **{"event_id": "e", "boot": "a", "seq": 7} | event)
        return own_protocol.urgent(topic, payload)

    calm = {"motion", "presence", "contact", "tamper", "test", "fault"}
    assert {kind for kind in KINDS if not urgent(kind=kind)} == calm
    assert not own_protocol.urgent(*own_protocol.encode_status(PREFIX, "S", boot="a", seq=1))
    assert own_protocol.urgent(f"{PREFIX}/up/S/event", b"no JSON at all")
