"""The one door: limits, what is stamped on every signal, and that nothing but signals or a refusal comes out."""

from __future__ import annotations

import contextlib
import json
import re
import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from device_adapters import catalogue
from device_adapters.adapter import NOTHING_KNOWN, Adapter, DeviceHint, Known, Message, Rejected
from device_adapters.bridges import zigbee2mqtt
from device_adapters.network_servers import chirpstack
from device_adapters.own_messages import EventBody, StatusBody
from device_adapters.signals import SIGNAL_CLASSES, Alarm, AnySignal, Button, Fall, Heartbeat, Motion, Panic
from tests.device_adapters.reading import NOW, PREFIXES, kinds, read

IEEE = "0x00158d0001aa0001"
PIN = "73519"
URGENT_TOPICS = {
    "nuanhu": "up/S/event",
    "zigbee2mqtt": IEEE,
    "chirpstack": f"a/device/{IEEE[2:]}/event/up",
    "the-things-stack": "a@town/devices/x/up",
}
"""Where a call for help comes in, below the prefix."""


def adapter_of(says: Any) -> Adapter:
    return Adapter(name="made-up", title="", default_prefix="made-up", decode=says, urgent=lambda _t, _p: True)


def through(says: Any, *, known: Known = NOTHING_KNOWN, retained: bool = False) -> list[AnySignal]:
    message = Message("made-up/x", b"{}", NOW, retained=retained)
    return catalogue.decode(message, adapter_of(says), "made-up", known)


def test_signals_of_a_careless_adapter_are_stamped() -> None:
    motion = Motion(state="detected", device_time=NOW + timedelta(days=9), occurred_at=5)
    [stamped] = through(lambda _m, _p, _k: [motion], retained=True)
    assert stamped == Motion(state="detected", arrived_at=NOW, retained=True, occurred_at=5)


def test_signals_of_a_careful_adapter_are_not_built_again() -> None:
    careful = Motion(state="detected", arrived_at=NOW, device_time=NOW)
    assert through(lambda _m, _p, _k: [careful])[0] is careful


def test_provisioning_s_role_is_applied_to_every_make() -> None:
    known = Known(devices={"d": DeviceHint(role="panic")})
    [panic, other] = through(
        lambda _m, _p, _k: [Button(action="a", device="d"), Button(action="a", device="e")], known=known
    )
    assert isinstance(panic, Panic)
    assert isinstance(other, Button)


@pytest.mark.parametrize("error", [ValueError(PIN), KeyError(PIN), RecursionError(PIN), AssertionError(PIN)])
def test_an_adapter_that_breaks_is_a_refusal_without_the_payload(error: Exception) -> None:
    def breaks(*_: Any) -> list[AnySignal]:
        raise error

    with pytest.raises(Rejected) as refused:
        through(breaks)
    assert str(refused.value) == f"made-up cannot read it ({type(error).__name__})"


def test_a_reason_is_one_line_of_sensible_length() -> None:
    def breaks(*_: Any) -> list[AnySignal]:
        raise Rejected("a\nb" + "c" * 1000)

    with pytest.raises(Rejected) as refused:
        through(breaks)
    assert str(refused.value).startswith("a bccc")
    assert len(str(refused.value)) == 200


def test_a_message_of_more_than_64_kib_is_refused_and_of_64_kib_is_read() -> None:
    body = b'{"occupancy":true,"x":"%s"}'
    fits = body % (b"y" * (65_536 - len(body) + 2))
    assert kinds(read("zigbee2mqtt", IEEE, fits)) == ["motion"]
    with pytest.raises(Rejected, match="larger than 65,536 bytes"):
        read("zigbee2mqtt", IEEE, fits + b" ")


def test_a_hub_s_inventory_may_have_a_mebibyte() -> None:
    devices = [{"ieee_address": f"0x{n:016x}", "friendly_name": f"d{n}", "x": "y" * 200} for n in range(3_500)]
    payload = msgspec.json.encode(devices)
    assert 900_000 < len(payload) < 1_048_576
    [inventory] = read("zigbee2mqtt", "bridge/devices", payload)
    assert len(inventory.names) == 3_500
    with pytest.raises(Rejected, match="larger"):
        read("zigbee2mqtt", "bridge/devices", payload + b" " * 200_000)
    with pytest.raises(Rejected, match="larger"):
        read("zigbee2mqtt", "a/bridge/devices", payload)


@pytest.mark.parametrize("payload", [b'{"occupancy":true,"x":"\xff"}', b"\xff\xfe{\x00}\x00", b'\xc3{"action":"sos"}'])
def test_what_is_not_utf_8_is_refused(payload: bytes) -> None:
    with pytest.raises(Rejected, match="not UTF-8"):
        read("zigbee2mqtt", IEEE, payload)


def nested(levels: int) -> bytes:
    return b'{"occupancy":true,"x":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def test_32_levels_are_read_and_33_refused() -> None:
    assert kinds(read("zigbee2mqtt", IEEE, nested(32))) == ["motion"]
    with pytest.raises(Rejected, match="nested deeper than 32 levels"):
        read("zigbee2mqtt", IEEE, nested(33))


def test_many_brackets_beside_each_other_or_in_text_are_not_deep() -> None:
    wide = b'{"occupancy":true,"x":[' + b"[]," * 5_000 + b"1]}"
    assert kinds(read("zigbee2mqtt", IEEE, wide)) == ["motion"]
    words = b'{"occupancy":true,"x":"' + b'[{\\"' * 5_000 + b'"}'
    assert kinds(read("zigbee2mqtt", IEEE, words)) == ["motion"]


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 65_536,
        b'{"a":' * 13_000,
        b'\\"' * 32_000 + b"[" * 40,
        b"[" * 31 + b'"\\' * 32_000,
        b'[{"' * 20_000,
        b'"' * 60_000 + b"[" * 40,
        b'{"action"' + b" " * 65_000,
        b'"action_code"' * 4_000 + b" " * 10_000,
        b'"0501!00' * 8_000,
        b'"0501!00' + b"\\" * 65_000,
        b'{"battery":' + b"9" * 60_000 + b"}",
        b'{"kind":"panic","seq":' + b"9" * 4_000 + b"}",
        b"\\" * 60_000 + b"u00",
        b"\\u0061" * 10_000,
    ],
)
@pytest.mark.parametrize("make", URGENT_TOPICS)
def test_hostile_payloads_take_no_time(make: str, payload: bytes) -> None:
    began = time.process_time()
    topic = URGENT_TOPICS[make]
    with contextlib.suppress(Rejected):
        read(make, topic, payload)
    catalogue.can_be_urgent(f"{PREFIXES[make]}/{topic}", payload, catalogue.ADAPTERS[make])
    catalogue.without_secrets(topic, payload)
    assert time.process_time() - began < 0.5


def test_a_topic_outside_the_bridge_s_prefix_is_refused() -> None:
    for topic in ("zigbee2mqtt2/a", "zigbee2mqtt", "other/zigbee2mqtt/a", ""):
        message = Message(topic, b'{"occupancy":true}', NOW)
        with pytest.raises(Rejected, match="not below the bridge's prefix"):
            catalogue.decode(message, catalogue.ADAPTERS["zigbee2mqtt"], "zigbee2mqtt", NOTHING_KNOWN)


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("zigbee2mqtt/a/b", ("zigbee2mqtt", "zigbee2mqtt")),
        ("application/1/device/2/event/up", ("chirpstack", "application")),
        ("nuanhu/1/hub-07/up/online", ("nuanhu", "nuanhu/1/hub-07")),
        ("nuanhu/1/hub-07", None),
        ("nuanhu/2/hub-07/up/online", None),
        ("nuanhu/1//up/online", None),
        ("zigbee2mqtt", None),
        ("zigbee2mqttx/a", None),
        ("tele/x/STATE", None),
    ],
)
def test_factory_prefixes_name_the_make(topic: str, found: tuple[str, str] | None) -> None:
    answer = catalogue.adapter_for_topic(topic)
    assert (None if answer is None else (answer[0].name, answer[1])) == found


def test_strange_topics_are_urgent_when_their_words_are() -> None:
    assert catalogue.can_be_urgent("x/y", b'{"event":"SOS"}', None)
    assert not catalogue.can_be_urgent("x/y", b'{"temperature":21}', None)
    assert catalogue.can_be_urgent("zigbee2mqtt/a", b'{"action":"single"}', None)
    assert not catalogue.can_be_urgent("zigbee2mqtt/a", b'{"occupancy":true}', None)


KEYPAD = {"action": "emergency", "action_code": PIN, "action_zone": 0, "battery": 80, "users": {"1": {"pin_code": PIN}}}


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("keypad", KEYPAD),
        ("keypad", {**KEYPAD, "action": "disarm", "action_code": int(PIN)}),
        ("keypad/action", "disarm"),
        ("keypad/action_code", PIN),
        ("keypad/set", KEYPAD),
        ("bridge/logging", {"message": f"payload '{json.dumps(KEYPAD)}'"}),
        ("bridge/event", {"type": "device_announce", "data": KEYPAD}),
        ("keypad", json.dumps(KEYPAD)[:-9]),
        ("keypad", json.dumps(KEYPAD)[:40]),
        ("keypad/action_zone", json.dumps(PIN)),
    ],
)
def test_a_keypad_s_pin_comes_out_nowhere(topic: str, payload: Any) -> None:
    raw = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
    try:
        said = repr(read("zigbee2mqtt", topic, raw))
    except Rejected as refused:
        said = str(refused)
    assert PIN not in said
    if topic != "keypad/action_zone":
        assert PIN.encode() not in catalogue.without_secrets(topic, raw)


HEX_PIN = "".join(f"{ord(digit):02X}" for digit in PIN)
ARMING = {"ZbReceived": {"0x6F2C": {"Device": "0x6F2C", "0501!00": f"0004{HEX_PIN}00", "LinkQuality": 90}}}


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(ARMING),
        json.dumps(ARMING).replace("0501!00", "0501!001"),
        json.dumps(ARMING).replace("!", "\\u0021"),
        json.dumps({"log": json.dumps(ARMING)}),
        json.dumps(ARMING)[: json.dumps(ARMING).index(HEX_PIN) + 4],
    ],
)
def test_nor_does_a_pin_that_tasmota_hands_on_in_hexadecimal(raw: str) -> None:
    with contextlib.suppress(Rejected):
        assert HEX_PIN not in repr(read("tasmota", "tele/bridge/SENSOR", raw.encode()))
    kept = catalogue.without_secrets("tele/bridge/SENSOR", raw.encode())
    assert HEX_PIN[:4].encode() not in kept
    assert b"0x6F2C" in kept
    assert catalogue.without_secrets("stat/bridge/LOGGING", raw.encode()) == b"", "its log repeats whatever it hears"


def test_taking_a_pin_out_leaves_the_rest_as_it_was() -> None:
    raw = b'{"action":"disarm", "action_code" : "7,3}5", "battery":80,"action_zone":0}'
    assert catalogue.without_secrets("k", raw) == raw.replace(b"7,3}5", b"-")
    assert catalogue.without_secrets("k", b'{"action_code":735,"battery":80}') == b'{"action_code":null,"battery":80}'
    assert catalogue.without_secrets("k", b'{"action":"single"}') == b'{"action":"single"}'


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"action\u005fcode":"7351"}',
        rb'{"\u0061ction_code":"7351"}',
        rb'{"action_code":"73\u00351"}',
        rb'{"message":"{\"action\\u005Fcode\":\"7351\"}"}',
    ],
)
def test_a_key_that_is_written_in_escapes_hides_no_pin(raw: bytes) -> None:
    assert not re.search(rb"7|3|1", catalogue.without_secrets("k", raw))


def test_escapes_that_hide_nothing_stay_as_they_were() -> None:
    raw = rb'{"text":"\u0061\u4f60"}'
    assert catalogue.without_secrets("k", raw) == raw


def test_more_codes_than_a_keypad_has_users_are_left_out_with_all_that_follows() -> None:
    listed = b",".join(b'{"pin_code":"%04d"}' % (n + 1_000) for n in range(3_000))
    kept = catalogue.without_secrets("k", b"[" + listed + b"]")
    assert kept.startswith(b'[{"pin_code":"-"},{"pin_code":"-"}')
    assert kept.count(b"_code") == 400, "so that no payload makes the look expensive"
    assert not re.search(rb"\d", kept)
    users = b",".join(b'{"pin_code":"%04d"}' % (n + 1_000) for n in range(250))
    assert catalogue.without_secrets("k", users).count(b'"-"') == 250


@pytest.mark.parametrize("cut", range(len(b'{"action":"disarm","action_code":"7351')))
def test_a_payload_that_is_cut_anywhere_keeps_no_digit_of_a_pin(cut: int) -> None:
    assert not re.search(rb"\d", catalogue.without_secrets("k", b'{"action":"disarm","action_code":"7351'[:cut]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    sorted(
        {
            *zigbee2mqtt._State.__struct_fields__,
            *EventBody.__struct_fields__,
            *StatusBody.__struct_fields__,
            *chirpstack._Up.__struct_encode_fields__,
            *chirpstack._Other.__struct_encode_fields__,
        }
    )
)
WORDS = st.sampled_from(
    ["panic", "emergency", "online", "motion", "WS101", "/y4B", "2026-01-05T08:00:00Z", "device_leave", "clear", "a"]
)
VALUES = JSON | WORDS | st.fixed_dictionaries({"deviceProfileName": WORDS, "tags": JSON})
BODIES = st.dictionaries(FIELDS, VALUES, max_size=8).map(msgspec.json.encode) | JSON.map(msgspec.json.encode)
PAYLOADS = st.binary(max_size=64) | BODIES | st.tuples(BODIES, st.integers(0, 40)).map(lambda cut: cut[0][: cut[1]])
WORDS_OF_TOPICS = ["up", "down", "event", "status", "online", "bridge", "devices", "state", "availability", "action"]
LEVELS = st.sampled_from(
    [*WORDS_OF_TOPICS, "set", "device", "join", "log", "command", "S1", IEEE, IEEE[2:], "厨房", ""]
)
TOPICS = st.lists(LEVELS | st.text(max_size=6), min_size=1, max_size=6).map("/".join) | st.sampled_from(
    ["up/S1/event", "up/S1/status", "up/online", "bridge/devices", "bridge/event", "x/availability", IEEE]
    + [f"a/device/{IEEE[2:]}/event/{event}" for event in ("up", "join", "status", "log", "location")]
)


@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(make=st.sampled_from(sorted(PREFIXES)), topic=TOPICS, payload=PAYLOADS, retained=st.booleans())
@example("zigbee2mqtt", IEEE, b'{"battery":1e400}', False)
@example("zigbee2mqtt", IEEE, b'{"linkquality":1e300}', False)
@example("nuanhu", "up/S1/event", b'{"kind":"panic","id":"\\ud800"}', False)
@example("nuanhu", "up/S1/event", b'{"kind":["panic"]}', False)
@example("chirpstack", f"a/device/{IEEE[2:]}/event/up", b'{"data":"\xc3\xa9","deviceInfo":{"tags":[]}}', False)
def test_nothing_comes_out_but_signals_or_a_refusal(make: str, topic: str, payload: bytes, retained: bool) -> None:
    known = Known(devices={IEEE: DeviceHint(model="WS101", role="panic")}, names={"厨房": IEEE})
    try:
        signals = read(make, topic, payload, known=known, retained=retained)
    except Rejected as refused:
        signals, reason = [], str(refused)
    else:
        reason = "none"
    assert reason
    assert "\n" not in reason
    for signal in signals:
        assert type(signal) in SIGNAL_CLASSES
        assert (signal.bridge, signal.arrived_at, signal.retained) == ("", NOW, retained)
        assert signal.device_time is None or signal.device_time <= NOW + timedelta(days=1)
        assert msgspec.json.decode(msgspec.json.encode(signal), type=AnySignal) == signal


@settings(max_examples=300, deadline=None)
@given(topic=st.text(max_size=30) | TOPICS, payload=PAYLOADS, make=st.sampled_from([None, *PREFIXES]))
def test_the_cheap_look_never_fails(topic: str, payload: bytes, make: str | None) -> None:
    adapter = None if make is None else catalogue.ADAPTERS[make]
    assert catalogue.can_be_urgent(topic, payload, adapter) in (True, False)


@settings(max_examples=300, deadline=None)
@given(make=st.sampled_from(sorted(PREFIXES)), topic=TOPICS, payload=BODIES)
@example("zigbee2mqtt", IEEE, b'{"action" :"nothing"}')
@example("zigbee2mqtt", IEEE, b'{"action":1}')
@example("zigbee2mqtt", IEEE, b'{"click":"single"}')
@example("zigbee2mqtt", IEEE, b'{"\\u0073os":true}')
@example("zigbee2mqtt", IEEE, b'{"water_leak":\n true}')
@example("zigbee2mqtt", "a/action", b"single")
@example("nuanhu", "up/S1/event", b'{"kind":"panic"}')
@example("nuanhu", "up/S1/event", b'{"id":"e","boot":"b","seq":0,"kind":"button"}')
@example("nuanhu", "up/S1/event", b'{"kind":"\\u0070anic"}')
@example("chirpstack", f"a/device/{IEEE[2:]}/event/up", b'{"data":"/y4B","deviceInfo":{"deviceProfileName":"WS101"}}')
@example("chirpstack", f"a/device/{IEEE[2:]}/event/up", b'{"data":"/y4B","deviceInfo":{"tags":{"model":"WS101"}}}')
@example(
    "chirpstack", f"a/device/{IEEE[2:]}/event/up", b'{"data":"A/gEAAAAAAA=","deviceInfo":{"deviceProfileName":"VS373"}}'
)
def test_whatever_rings_was_seen_as_urgent(make: str, topic: str, payload: bytes) -> None:
    try:
        signals = read(make, topic, payload)
    except Rejected:
        return
    rings = any(
        isinstance(s, (Panic, Button, Fall, Alarm)) and getattr(s, "state", "active") == "active" for s in signals
    )
    if rings:
        assert catalogue.can_be_urgent(f"{PREFIXES[make]}/{topic}", payload, catalogue.ADAPTERS[make])


def test_a_heartbeat_is_not_urgent() -> None:
    assert [type(s) for s in read("zigbee2mqtt", IEEE, {"illuminance": 5})] == [Heartbeat]
