"""Zigbee2MQTT: who is meant by a topic, what a report says, and what must never get through."""

from __future__ import annotations

from typing import Any

import pytest

from device_adapters.adapter import DeviceHint, Known, Rejected
from device_adapters.bridges import zigbee2mqtt
from device_adapters.signals import Availability, Battery, Button, Contact, Fall, Link, Motion, Panic, Provisioning
from tests.device_adapters.reading import NOW, kinds, read

IEEE = "0x00158d0001aa0001"


def z2m(topic: str, payload: object, **how: Any) -> list[Any]:
    return read("zigbee2mqtt", topic, payload, **how)


def test_the_ieee_address_of_the_topic_is_the_identity() -> None:
    [motion] = z2m("0x00158D0001AA0001", {"occupancy": True})
    assert (motion.device, motion.name) == (IEEE, "")


def test_the_ieee_address_in_the_payload_comes_next() -> None:
    [motion] = z2m("客厅/人体 1", {"occupancy": True, "device": {"ieeeAddr": "0x00158D0001AA0001"}})
    assert (motion.device, motion.name) == (IEEE, "客厅/人体 1")


def test_the_registry_s_names_come_last() -> None:
    known = Known(names={"客厅/人体 1": IEEE})
    [motion] = z2m("客厅/人体 1", {"occupancy": True}, known=known)
    assert (motion.device, motion.name) == (IEEE, "客厅/人体 1")


def test_a_friendly_name_alone_is_no_identity() -> None:
    [panic] = z2m("床头 按钮", {"action": "emergency"})
    assert (panic.device, panic.name) == ("", "床头 按钮")


def test_an_address_hidden_in_a_word_is_no_identity() -> None:
    [motion] = z2m("x0x00158d0001aa00019", {"occupancy": True})
    assert motion.device == ""


@pytest.mark.parametrize("action", ["emergency", "sos", "panic", "SOS", "panic_left", "1_emergency"])
def test_actions_that_say_so_are_panics(action: str) -> None:
    [panic] = z2m(IEEE, {"action": action})
    assert isinstance(panic, Panic)
    assert (panic.state, panic.subtype) == ("active", action.lower())


@pytest.mark.parametrize("action", ["single", "hold", "panicked", "arm_all_zones", "off"])
def test_other_actions_are_buttons_until_provisioning_says_otherwise(action: str) -> None:
    [button] = z2m(IEEE, {"action": action})
    assert isinstance(button, Button)
    assert button.action == action
    [panic] = z2m(IEEE, {"action": action}, known=Known(devices={IEEE: DeviceHint(role="panic")}))
    assert isinstance(panic, Panic)
    assert (panic.device, panic.subtype) == (IEEE, action)


def test_a_model_that_calls_itself_sos_is_a_panic_button() -> None:
    [panic] = z2m(IEEE, {"action": "single"}, known=Known(devices={IEEE: DeviceHint(model="TS0215A_sos")}))
    assert isinstance(panic, Panic)


def test_one_press_of_three_messages_is_one_panic_and_one_echo() -> None:
    first = z2m(IEEE, {"action": "emergency", "battery": None, "linkquality": 90})
    reset = z2m(IEEE, {"action": "", "battery": None, "linkquality": 90})
    [copy] = z2m(f"{IEEE}/action", "emergency")
    assert kinds(first) == ["panic", "link"]
    assert kinds(reset) == ["link"]
    assert isinstance(copy, Panic)
    assert (copy.echo, copy.device) == (True, IEEE)
    assert not first[0].echo


@pytest.mark.parametrize("nothing", ["", "null", '""'])
def test_an_empty_copy_says_nothing(nothing: str) -> None:
    assert z2m(f"{IEEE}/action", nothing) == []


def test_a_device_may_be_called_action() -> None:
    [motion] = z2m("hall/action", {"occupancy": True})
    assert (motion.name, kinds([motion])) == ("hall/action", ["motion"])


def test_a_registered_name_may_look_like_a_command() -> None:
    assert z2m("hall/set", {"action": "emergency"}) == []
    [panic] = z2m("hall/set", {"action": "emergency"}, known=Known(names={"hall/set": IEEE}))
    assert (type(panic), panic.device) == (Panic, IEEE)


def test_two_equal_presses_are_two() -> None:
    assert z2m(IEEE, {"action": "emergency"}) == z2m(IEEE, {"action": "emergency"}) != []


def test_an_sos_level_is_active_or_clear() -> None:
    assert [s.state for s in z2m(IEEE, {"sos": True})] == ["active"]
    assert [(s.state, s.level) for s in z2m(IEEE, {"sos": False})] == [("clear", True)]
    assert kinds(z2m(IEEE, {"sos": None})) == ["heartbeat"]
    assert kinds(z2m(IEEE, {"sos": True, "action": "emergency"})) == ["panic"]


def test_states_that_may_be_cached_are_marked_as_levels() -> None:
    motion, contact = z2m(IEEE, {"occupancy": True, "contact": False})
    assert motion == Motion(state="detected", level=True, device=IEEE, arrived_at=NOW)
    assert contact == Contact(state="open", level=True, device=IEEE, arrived_at=NOW)


def test_an_odd_property_does_not_cost_the_others() -> None:
    odd = {
        "action": "emergency",
        "battery": "full",
        "linkquality": [1],
        "occupancy": "yes",
        "sos": {},
        "last_seen": {"a": 1},
        "fall_down_status": ["fall"],
        "presence_event": {},
        "device": 5,
        "voltage": 10**30,
    }
    assert kinds(z2m(IEEE, odd)) == ["panic"]


@pytest.mark.parametrize(
    ("report", "battery"),
    [
        ({"battery": 100, "voltage": 3045}, {"percent": 100}),
        ({"battery": 60.5}, {"percent": 60.5}),
        ({"battery": 180}, {"percent": 90}),
        ({"voltage": 2950}, {"volts": 2.95}),
        ({"battery": None, "voltage": 2950}, {"volts": 2.95}),
        ({"battery_low": True}, {"low": True}),
    ],
)
def test_the_battery_is_stated_once_a_signal(report: dict[str, object], battery: dict[str, object]) -> None:
    assert z2m(IEEE, report) == [Battery(device=IEEE, arrived_at=NOW, **battery)]


@pytest.mark.parametrize("report", [{"voltage": 230}, {"battery": -1}, {"battery": 255}, {"battery": True}])
def test_what_no_battery_says_is_not_a_battery(report: dict[str, object]) -> None:
    assert kinds(z2m(IEEE, report)) == ["heartbeat"]


def test_percent_and_low_flag_are_two_statements() -> None:
    assert [(s.percent, s.low) for s in z2m(IEEE, {"battery": 9, "battery_low": True})] == [(9, None), (None, True)]


def test_link_quality_is_no_dbm() -> None:
    assert z2m(IEEE, {"linkquality": 17}) == [Link(lqi=17, device=IEEE, arrived_at=NOW)]
    assert kinds(z2m(IEEE, {"linkquality": 300})) == ["heartbeat"]


@pytest.mark.parametrize("kind", ["smoke", "gas", "carbon_monoxide", "water_leak"])
def test_alarms_have_two_states(kind: str) -> None:
    assert [(s.alarm_type, s.state, s.level) for s in z2m(IEEE, {kind: True})] == [(kind, "active", True)]
    assert [s.state for s in z2m(IEEE, {kind: False})] == ["clear"]


def test_a_test_is_said_beside_the_alarm_and_does_not_silence_it() -> None:
    assert kinds(z2m(IEEE, {"smoke": True, "test": True})) == ["alarm", "test"]


def test_a_radar_s_fall() -> None:
    [fall, presence] = z2m(IEEE, {"fall_down_status": "fall", "presence": True})
    assert isinstance(fall, Fall)
    assert (fall.state, presence.state) == ("active", "detected")
    assert kinds(z2m(IEEE, {"fall_down_status": "maybe_fall"})) == ["heartbeat"]
    assert [s.state for s in z2m(IEEE, {"fall_down_status": "none"})] == ["clear"]


def test_a_report_of_nothing_we_know_is_a_sign_of_life() -> None:
    assert kinds(z2m(IEEE, {"illuminance": 381, "update": {"state": "idle"}})) == ["heartbeat"]
    assert kinds(z2m(IEEE, {"no_occupancy_since": 60})) == ["heartbeat"]


@pytest.mark.parametrize(
    ("last_seen", "time"),
    [
        ("2026-01-05T07:59:00.000Z", "2026-01-05T07:59:00+00:00"),
        ("2026-01-05T15:59:00+08:00", "2026-01-05T07:59:00+00:00"),
        (1_767_599_940_000, "2026-01-05T07:59:00+00:00"),
        (None, None),
        ("disable", None),
        ("1970-01-01T00:00:00Z", None),
        (10**30, None),
    ],
)
def test_last_seen_in_all_its_formats(last_seen: object, time: str | None) -> None:
    [motion] = z2m(IEEE, {"occupancy": True, "last_seen": last_seen})
    assert (motion.device_time.isoformat() if motion.device_time else None) == time
    assert motion.occurred_at == (None if last_seen in (None, 10**30) else last_seen)


@pytest.mark.parametrize("payload", [{"state": "offline"}, "offline", '"offline"'])
def test_availability_of_both_ages(payload: object) -> None:
    known = Known(names={"Flur": IEEE})
    assert z2m("Flur/availability", payload, known=known, retained=True) == [
        Availability(state="offline", device=IEEE, name="Flur", arrived_at=NOW, retained=True)
    ]
    assert z2m("bridge/state", payload) == [Availability(state="offline", scope="gateway", arrived_at=NOW)]


def test_the_inventory_gives_the_names() -> None:
    devices = [
        {"ieee_address": "0x00158D0001AA0009", "friendly_name": "Coordinator", "type": "Coordinator"},
        {"ieee_address": "0x00158D0001AA0001", "friendly_name": "厨房/门", "type": "EndDevice", "definition": {"x": 1}},
        {"ieee_address": "odd", "friendly_name": "odd"},
        {"friendly_name": 5},
    ]
    assert z2m("bridge/devices", devices, retained=True) == [
        Provisioning(code="devices", names={"厨房/门": IEEE}, arrived_at=NOW, retained=True)
    ]


def test_a_name_that_is_too_long_is_nobody_s() -> None:
    devices = [
        {"ieee_address": IEEE, "friendly_name": "a" * 256},
        {"ieee_address": "0x00158D0001AA0002", "friendly_name": "a" * 257},
    ]
    [inventory] = z2m("bridge/devices", devices, retained=True)
    assert inventory.names == {"a" * 256: IEEE}


@pytest.mark.parametrize("event", ["device_joined", "device_announce", "device_interview", "device_leave"])
def test_the_bridge_s_events(event: str) -> None:
    body = {"type": event, "data": {"ieee_address": IEEE, "friendly_name": "x", "status": "started"}}
    assert z2m("bridge/event", body) == [Provisioning(code=event, device=IEEE, name="x", arrived_at=NOW)]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("bridge/logging", {"level": "info", "message": "emergency"}),
        ("bridge/info", {"version": "2.1.0"}),
        ("bridge/groups", []),
        ("bridge/event", {"type": "something_new", "data": {}}),
        ("bridge/event", {"type": ["device_leave"]}),
        ("bridge/request/permit_join", {"value": True}),
        ("bridge/devices", ""),
        (f"{IEEE}/set", {"action": "emergency"}),
        (f"{IEEE}/get", {"state": ""}),
        (f"{IEEE}/left/set", {"state": "ON"}),
        (f"{IEEE}/set/state", "ON"),
        (IEEE, ""),
    ],
)
def test_what_is_not_said_by_a_device_says_nothing(topic: str, payload: object) -> None:
    assert z2m(topic, payload) == []


@pytest.mark.parametrize("payload", ["ON", "[]", "true", "{", '{"action": "emergency"', "online"])
def test_what_is_no_report_is_refused(payload: str) -> None:
    with pytest.raises(Rejected):
        z2m(IEEE, payload)


def test_a_retained_press_is_still_a_press_and_says_so() -> None:
    [panic] = z2m(IEEE, {"action": "emergency"}, retained=True)
    assert isinstance(panic, Panic)
    assert panic.retained


@pytest.mark.parametrize(
    ("topic", "payload", "urgent"),
    [
        ("zigbee2mqtt/a", b'{"action":"single"}', True),
        ("zigbee2mqtt/a", b'{"battery":1, "action" : "emergency"}', True),
        ("zigbee2mqtt/a", b'{"action":5}', True),
        ("zigbee2mqtt/a", b'{"\\u0061ction":"emergency"}', True),
        ("zigbee2mqtt/a/action", b"emergency", True),
        ("zigbee2mqtt/a", b'{"sos":true}', True),
        ("zigbee2mqtt/a", b'{"smoke": true}', True),
        ("zigbee2mqtt/a", b'{"fall_down_status":"fall"}', True),
        ("zigbee2mqtt/a", b'{"action":"","occupancy":true}', False),
        ("zigbee2mqtt/a", b'{"action":null,"sos":false,"smoke":false}', False),
        ("zigbee2mqtt/a", b'{"occupancy":true,"illuminance":5}', False),
        ("zigbee2mqtt/bridge/logging", b'{"message":"emergency"}', False),
    ],
)
def test_what_can_be_a_call_for_help_overtakes(topic: str, payload: bytes, urgent: bool) -> None:
    assert zigbee2mqtt.urgent(topic, payload) is urgent
