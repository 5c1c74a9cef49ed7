"""Aqara gateways' local reports, as bridged to ``aqara/report``: the values are JSON in a string.

Source: the gateway's local protocol; its second version has a list of parameters instead. An hourly heartbeat carries
the voltage; below 2.8 V the cell is low.
"""

from __future__ import annotations

from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.bridges.plain_values import LEVELS, as_number
from device_adapters.signals import AnySignal, Battery, Button, Contact, Heartbeat, Motion, Test
from device_adapters.values import read_object, text

_KEYS = (("channel_0", 0), ("channel_1", 1), ("button_1", 1), ("button_2", 2), ("dual_channel", None))
_SELF_TEST = 2
_LOW_MV = 2_800
_SANE_MV = (1_000, 20_000)


class _Report(msgspec.Struct):
    cmd: Any = None
    model: Any = None
    sid: Any = None
    data: Any = None
    params: Any = None


_REPORT = msgspec.json.Decoder(_Report)
_ANYTHING = msgspec.json.Decoder()

_PRESSES = {
    "click": "single",
    "double_click": "double",
    "long_click_press": "hold",
    "long_click_release": "release",
    "long_click": "hold",
    "both_click": "both",
    "shake": "shake",
}
_STATES: dict[str, tuple[str, bool]] = {
    "leak": ("water_leak", True),
    "no_leak": ("water_leak", False),
    "vibrate": ("vibration", True),
    "tilt": ("vibration", True),
    "free_fall": ("vibration", True),
}


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one report or heartbeat. The device is the ``sid`` that the gateway gave it.

    Raises:
        Rejected: Not the gateway's JSON.
    """
    del prefix, known
    if not message.payload:
        return []
    report = read_object(_REPORT, message.payload)
    if report.cmd not in ("report", "heartbeat", "read_ack"):
        return []
    said: dict[str, Any] = {
        "device": text(report.sid),
        "arrived_at": message.arrived_at,
        "retained": message.retained,
    }
    values = _values(report.data) if report.params is None else _parameters(report.params)
    model = text(report.model)
    signals: list[AnySignal] = [Heartbeat(**said)] if "status" not in values else []
    signals.extend(_said_of(model, values, said))
    return signals or [Heartbeat(**said)]


def _values(data: object) -> dict[str, Any]:
    if isinstance(data, str):
        try:
            data = _ANYTHING.decode(data.encode())
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            raise Rejected("data is not JSON in a string") from None
    return data if isinstance(data, dict) else {}


_STATUS_WORDS = frozenset({"motion_status", "window_status", "wleak_status", "button_0"})
"""Each is the ``status`` of the first version."""


def _parameters(params: object) -> dict[str, Any]:
    """Values of the protocol's second version: a list of objects, each value with a name of its own."""
    values: dict[str, Any] = {}
    for part in params if isinstance(params, list) else [params]:
        for key, value in part.items() if isinstance(part, dict) else ():
            values["status" if key in _STATUS_WORDS else "voltage" if key == "battery_voltage" else key] = value
    if values.get("status") == "normal":
        values["status"] = "no_leak"
    return values


def _said_of(model: str, values: dict[str, Any], said: dict[str, Any]) -> list[AnySignal]:
    status = text(values.get("status"))
    signals: list[AnySignal] = []
    if status == "motion":
        signals.append(Motion(state="detected", **said))
    if "no_motion" in values:
        signals.append(Motion(state="clear", level=True, **said))
    if status in {"open", "close"}:
        signals.append(Contact(state="open" if status == "open" else "closed", **said))
    if "no_close" in values:
        signals.append(Contact(state="open", level=True, **said))
    if status in _STATES:
        level, on = _STATES[status]
        signals.append(LEVELS[level](on, said))
    if status in _PRESSES:
        signals.append(Button(action=_PRESSES[status], **said))
    for key, n in _KEYS:
        action = _PRESSES.get(text(values.get(key)))
        if action is not None:
            signals.append(Button(action=action, button=n, **said))
    return signals + _fire(model, values, said) + _battery(values, said)


def _fire(model: str, values: dict[str, Any], said: dict[str, Any]) -> list[AnySignal]:
    kind = "smoke" if "smoke" in model else "gas" if "natgas" in model else ""
    raised = as_number(values.get("alarm")) if kind else None
    if raised is None:
        return []
    return [Test(**said)] if raised == _SELF_TEST else [LEVELS[kind](raised == 1, said)]


def _battery(values: dict[str, Any], said: dict[str, Any]) -> list[AnySignal]:
    millivolts = as_number(values.get("voltage"))
    if millivolts is None or not _SANE_MV[0] <= millivolts <= _SANE_MV[1]:
        return []
    return [Battery(volts=millivolts / 1000, low=True if millivolts < _LOW_MV else None, **said)]


_CALLS = (b"click", b"shake", b"leak", b"alarm", b"\\u")


def urgent(_topic: str, payload: bytes) -> bool:
    """A press, smoke, gas, water."""
    return any(word in payload for word in _CALLS)


ADAPTER = Adapter(
    name="aqara", title="Aqara gateway, local reports", default_prefix="aqara", decode=decode, urgent=urgent
)
