"""Every adapter against mutations of what it reads: nothing comes out but signals or a refusal, and no call is late."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from device_adapters import catalogue
from device_adapters.adapter import DeviceHint, Known, Message, Rejected
from device_adapters.signals import SIGNAL_CLASSES, Alarm, AnySignal, Battery, Button, Fall, Location, Panic
from tests.device_adapters.reading import NOW

SAMPLES: list[tuple[str, dict[str, Any]]] = [
    (file.stem, sample)
    for file in sorted((Path(__file__).parent / "samples").glob("*.json"))
    for sample in json.loads(file.read_text(encoding="utf-8"))
]

ODD = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 255, 101, 202.5, 1e300, 2**63, -(2**63), 1e-9),
        *("", "ON", "true", "on", "0", "-5", "sos", "x" * 70, "\ud7ff", "\x00", "NaN"),
        *("2026-01-05T08:00:00Z", "1980-01-06T00:00:00Z"),
        *([], {}, [[]], {"a": 1}, ["sos"]),
    ]
)
"""What stands where something else should."""


def _places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


def _with(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = dict(body) if isinstance(body, dict) else list(body)
    changed[path[0]] = _with(body[path[0]], path[1:], value)
    return changed


def _bytes(payload: Any) -> bytes:
    return payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, str, bytes, str]:
    """Make, topic, payload and role: a sample, its body changed in places, or its bytes cut, or of another's topic."""
    make, sample = draw(st.sampled_from(SAMPLES))
    payload = sample["payload"]
    if not isinstance(payload, str):
        for _ in range(draw(st.integers(0, 3))):
            path = draw(st.sampled_from(_places(payload)))
            payload = _with(payload, path, draw(ODD))
    raw = _bytes(payload)
    if draw(st.booleans()) and draw(st.booleans()):
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=3)) + raw[at + draw(st.integers(0, 3)) :]
    topic = sample["topic"]
    if draw(st.integers(0, 9)) == 0:
        topic = draw(st.sampled_from([s["topic"] for m, s in SAMPLES if m == make]))
    return make, topic, raw, draw(st.sampled_from(["", "panic", "door"]))


class AnyDevice(dict[str, DeviceHint]):
    """A registry that knows the same of whatever device speaks."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.hint = DeviceHint(vendor="Milesight", model="WS101", role=role, key="00" * 16)

    def get(self, _device: str, _default: Any = None) -> Any:
        return self.hint


def read(make: str, topic: str, payload: bytes, role: str) -> list[AnySignal]:
    adapter = catalogue.ADAPTERS[make]
    found = catalogue.adapter_for_topic(topic)
    assert found is not None
    assert found[0] is adapter
    known = Known(devices=AnyDevice(role), names={})
    return catalogue.decode(Message(topic, payload, NOW), adapter, found[1], known)


@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(message=messages())
@example(("tasmota", "tasmota/tele/a/SENSOR", b'{"ZbReceived":{"":{"Name":1}}}', ""))
@example(("shelly", "shellies/shellyx-A0/events/rpc", b'{"method":"NotifyEvent","params":{"events":{"a":1}}}', ""))
@example(("ble", "ble/a", b'[{"mac":"A4C138FFEE04","rawData":"ff"}]', "panic"))
def test_nothing_comes_out_of_any_adapter_but_signals_or_a_refusal(message: tuple[str, str, bytes, str]) -> None:
    try:
        signals = read(*message)
    except Rejected as refused:
        signals, reason = [], str(refused)
    else:
        reason = "none"
    assert reason
    assert "cannot read it" not in reason, "an adapter broke, and the catalogue caught it"
    for signal in signals:
        assert type(signal) in SIGNAL_CLASSES
        assert signal.arrived_at == NOW
        assert isinstance(signal.device, str)
        assert msgspec.json.decode(msgspec.json.encode(signal), type=AnySignal) == signal
        if isinstance(signal, Battery) and signal.percent is not None:
            assert 0 <= signal.percent <= 100
        if isinstance(signal, Location) and signal.valid:
            assert abs(signal.lat) <= 90
            assert abs(signal.lon) <= 180


@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(message=messages())
def test_whatever_rings_overtakes_in_every_make(message: tuple[str, str, bytes, str]) -> None:
    make, topic, payload, _ = message
    try:
        signals = read(make, topic, payload, "")
    except Rejected:
        return
    calls = [
        s for s in signals if isinstance(s, (Panic, Button, Fall, Alarm)) and getattr(s, "state", "active") == "active"
    ]
    if calls:
        assert catalogue.can_be_urgent(topic, payload, catalogue.ADAPTERS[make])


@pytest.mark.parametrize("make", sorted(catalogue.ADAPTERS))
def test_a_retained_message_stays_marked_in_every_make(make: str) -> None:
    sample = next(s for m, s in SAMPLES if m == make and s["signals"])
    adapter = catalogue.ADAPTERS[make]
    found = catalogue.adapter_for_topic(sample["topic"])
    assert found is not None
    hints: dict[str, str] = sample.get("device", {})
    devices = AnyDevice("")
    devices.hint = DeviceHint(**hints)
    message = Message(sample["topic"], _bytes(sample["payload"]), NOW, retained=True)
    assert all(s.retained for s in catalogue.decode(message, adapter, found[1], Known(devices=devices)))
