"""Aqara gateways' local reports, as bridged to ``aqara/report``: the values are JSON in a string.

Source: the gateway's local protocol. An hourly heartbeat carries the voltage; below 2.8 V the cell is low.
"""

from __future__ import annotations

from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.bridges.plain_values import LEVELS, as_number
from device_adapters.signals import AnySignal, Battery, Button, Contact, Heartbeat, Motion
from device_adapters.values import read_object, text

_LOW_MV = 2_800
_SANE_MV = (1_000, 20_000)


class _Report(msgspec.Struct):
    cmd: Any = None
    model: Any = None
    sid: Any = None
    data: Any = None


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
    values = _values(report.data)
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
    for n in (0, 1):
        action = _PRESSES.get(text(values.get(f"channel_{n}")))
        if action is not None:
            signals.append(Button(action=action, button=n, **said))
    if model in {"smoke", "natgas"} and as_number(values.get("alarm")) is not None:
        kind = "smoke" if model == "smoke" else "gas"
        signals.append(LEVELS[kind](as_number(values["alarm"]) == 1, said))
    return signals + _battery(values, said)


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
