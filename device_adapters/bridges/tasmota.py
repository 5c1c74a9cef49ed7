"""Tasmota: ``tele/<device>/…``, ``stat/<device>/…``, or with the prefix after the device.

Source: Tasmota's documentation. A switch input is what the installer wired to it: the role in the registry says what,
and a motion sensor where it says nothing. Its Zigbee bridge reports devices of its own in ``ZbReceived``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import CALLERS, Adapter, DeviceHint, Known, Message, Rejected
from device_adapters.bridges.plain_values import LEVELS, is_on, motion
from device_adapters.signals import AnySignal, Availability, Battery, Button, Heartbeat, Link, Motion, Panic
from device_adapters.values import as_written, device_time, number, percent_of, read_object, text, whole

_ANYTHING = msgspec.json.Decoder()
_KINDS = frozenset({"tele", "stat"})
_SWITCH = re.compile(r"switch(\d{1,2})\Z", re.IGNORECASE)
_BUTTON = re.compile(r"button(\d{1,2})\Z", re.IGNORECASE)
_FIRST_LETTERS = frozenset("SsBbZ")
_NO_HINT = DeviceHint()

_LEVEL_OF_ROLE = {"door": "contact", "presence": "presence", "smoke": "smoke", "gas": "gas"} | dict.fromkeys(
    CALLERS, "button"
)


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one message; what is about relays, energy and the weather is a sign of life.

    Raises:
        Rejected: Not JSON where Tasmota publishes JSON.
    """
    del prefix  # the kind of message may stand before or after the device, and so in the prefix
    found = _parts(message.topic)
    if found is None or not message.payload:
        return []
    device, what = found
    said: dict[str, Any] = {"device": device, "arrived_at": message.arrived_at, "retained": message.retained}
    hint = known.devices.get(device, _NO_HINT)
    if what == "LWT":
        return [Availability(state=_online(message.payload), **said)]
    switch, button = _SWITCH.match(what), _BUTTON.match(what)
    if switch is not None:
        return _one_switch(message.payload, hint, said)
    if button is not None:
        return _pressed(int(button[1]), _json(message.payload), said)
    if what in {"SENSOR", "STATUS8", "STATUS10", "RESULT"}:
        return _report(_json(message.payload), known, message, said, periodic=what != "RESULT")
    if what == "ZbReceived":
        return _behind_bridge(_json(message.payload), known, said) or [Heartbeat(**said)]
    return [Heartbeat(**said)] if what in {"STATE", "STATUS", "STATUS11", "INFO1", "INFO2", "INFO3"} else []


def _parts(topic: str) -> tuple[str, str] | None:
    """Device and last level; the kind of message stands before or after the device."""
    levels = topic.split("/")
    at = next((n for n, level in enumerate(levels) if level in _KINDS), None)
    if at is None or at == len(levels) - 1:
        return None
    middle = levels[at + 1 : -1]
    device = "/".join(middle) if middle else levels[at - 1] if at > 0 else ""
    return (device, levels[-1]) if device else None


def _online(payload: bytes) -> Any:
    word = payload.decode("ascii", "replace").strip().lower()
    if word not in ("online", "offline"):
        raise Rejected("LWT is neither Online nor Offline")
    return word


def _json(payload: bytes) -> dict[str, Any]:
    body = read_object(_ANYTHING, payload)
    if not isinstance(body, dict):
        raise Rejected("not a JSON object")
    return body


def _one_switch(payload: bytes, hint: DeviceHint, said: dict[str, Any]) -> list[AnySignal]:
    """``stat/<device>/SWITCH1``: a change, as an object or as plain text."""
    value: object = payload.decode("utf-8", "replace")
    if payload.lstrip().startswith(b"{"):
        body = _json(payload)
        value = body.get("STATE", body.get("Action"))
    return _switch(value, hint, said, periodic=False) or [Heartbeat(**said)]


def _switch(value: object, hint: DeviceHint, said: dict[str, Any], *, periodic: bool) -> list[AnySignal]:
    on = is_on(value)
    if on is None:
        return []
    level = _LEVEL_OF_ROLE.get(hint.role, "motion")
    if level == "button":
        return [Button(action="press", **said)] if on and not periodic else []
    if level == "motion":
        return [Motion(state="detected" if on else "clear", level=True, periodic=periodic, **said)]
    return [LEVELS[level](on, said)]


def _report(
    body: dict[str, Any], known: Known, message: Message, said: dict[str, Any], *, periodic: bool
) -> list[AnySignal]:
    hint = known.devices.get(said["device"], _NO_HINT)
    inner = body.get("StatusSNS", body)
    body = inner if isinstance(inner, dict) else {}
    if "Time" in body:
        said = said | {
            "occurred_at": as_written(body["Time"]),
            "device_time": device_time(body["Time"], message.arrived_at),
        }
    signals: list[AnySignal] = []
    for name, value in body.items():
        if name[:1] not in _FIRST_LETTERS:
            continue
        switch, button = _SWITCH.match(name), _BUTTON.match(name)
        if switch is not None:
            action = value.get("Action") if isinstance(value, dict) else value
            signals.extend(_switch(action, hint, said, periodic=periodic))
        elif button is not None and isinstance(value, dict):
            signals.extend(_pressed(int(button[1]), value, said))
        elif name == "ZbReceived" and isinstance(value, dict):
            signals.extend(_behind_bridge(value, known, said))
    return signals or [Heartbeat(**said)]


_PRESSES = {"single", "double", "triple", "quad", "penta", "hold"}


def _pressed(number_of: int, body: dict[str, Any], said: dict[str, Any]) -> list[AnySignal]:
    action = text(body.get("Action")).lower()
    return [Button(action=action, button=number_of, **said)] if action in _PRESSES else []


def _behind_bridge(value: dict[str, Any], known: Known, said: dict[str, Any]) -> list[AnySignal]:
    """Devices by their short addresses, or one alone where the bridge is set to leave the address out."""
    heard = [(short, one) for short, one in value.items() if isinstance(one, dict)]
    if not heard and ("Device" in value or "IEEEAddr" in value):
        heard = [("", value)]
    return [signal for short, one in heard for signal in _zigbee(short, one, known, said)]


_ZIGBEE_LEVELS = {
    "Contact": "contact",
    "Fire": "smoke",
    "CO": "carbon_monoxide",
    "Water": "water_leak",
    "PersonalAlarm": "panic",
    "Panic": "panic",
    "Movement": "vibration",
}
_ZONES = {
    13: "motion",
    21: "contact",
    40: "smoke",
    42: "water_leak",
    43: "carbon_monoxide",
    44: "panic",
    45: "vibration",
    271: "panic",
    277: "panic",
}
"""Zigbee's types of security zone: a device that is told by its type alone. Remotes and key fobs have a panic key."""
_ZONE_OF_ROLE = {
    "motion": "motion",
    "presence": "presence",
    "door": "contact",
    "smoke": "smoke",
    "gas": "gas",
    "water": "water_leak",
    "fall": "fall",
} | dict.fromkeys(CALLERS, "panic")
"""What a zone is that does not tell its type: most reports of a change leave it out."""
_CALL_COMMANDS = {"0501!02": "emergency", "0501!03": "fire", "0501!04": "panic"}
"""Commands of alarm keypads and SOS buttons, which the bridge hands on by number."""
_SCENE_COMMAND, _SCENES = "0006!FD", {"00": "single", "01": "double", "02": "hold"}
_IN_ALARM = 0x03
_MOST_PERCENT = 100


def _zigbee(short: str, one: dict[str, Any], known: Known, said: dict[str, Any]) -> list[AnySignal]:
    """A device behind the bridge: by its IEEE address where it is told, else by its short one."""
    said = said | {
        "device": text(one.get("IEEEAddr")).lower() or text(one.get("Device")).lower() or short.lower(),
        "name": text(one.get("Name")),
    }
    hint = known.devices.get(said["device"], _NO_HINT)
    signals = _zigbee_presses(one, hint, said)
    for key, level in _ZIGBEE_LEVELS.items():
        on = is_on(one.get(key))
        if on is not None:
            signals.append(LEVELS[level](on, said))
    seen = is_on(one.get("Occupancy"))
    if seen is not None:
        signals.append(motion(seen, said))
    zone = whole(one.get("ZoneStatus", one.get("ZoneStatusChange")), 0xFFFF)
    if zone is not None:
        kind = _ZONES.get(whole(one.get("ZoneType"), 0xFFFF) or 0) or _ZONE_OF_ROLE.get(hint.role)
        if kind is not None and not signals:
            signals.append(LEVELS[kind](bool(zone & _IN_ALARM), said))
        signals.append(LEVELS["tamper"](bool(zone & 0x04), said))
        signals.append(Battery(low=bool(zone & 0x08), **said))
    volts, percent = number(one.get("BatteryVoltage")), percent_of(one.get("BatteryPercentage"))
    if volts is not None and 0 < volts < 20:  # noqa: PLR2004
        signals.append(Battery(volts=volts, **said))
    if percent is not None:
        signals.append(Battery(percent=percent, **said))
    lqi = whole(one.get("LinkQuality"), 255)
    if lqi is not None:
        signals.append(Link(lqi=lqi, **said))
    return signals or [Heartbeat(**said)]


def _zigbee_presses(one: dict[str, Any], hint: DeviceHint, said: dict[str, Any]) -> list[AnySignal]:
    """Calls by command, keys by word or number; a key that switches says so only by its role in the registry."""
    called = next((word for command, word in _CALL_COMMANDS.items() if command in one), "")
    if called:
        return [Panic(subtype=called, **said)]
    action = text(one.get("Click")) or text(one.get("Action")) or _SCENES.get(text(one.get(_SCENE_COMMAND)), "")
    if not action and _SCENE_COMMAND in one:
        action = "press"
    if not action and hint.role in _SWITCHING_ROLES and "Power" in one:
        action = "press"
    return [Button(action=action.lower(), **said)] if action else []


_SWITCHING_ROLES = CALLERS | {"button"}


_CALLS = (
    b'"Action"',
    b'"Click"',
    b'"PersonalAlarm"',
    b'"Panic"',
    b'"ZoneType"',
    b'"Fire"',
    b'"CO"',
    b'"Water"',
    b'"0501!0',
    b'"0006!FD"',
    b'"ZoneStatus',
    b'"Power"',
    b"\\u",
)
_SWITCH_TOPIC = re.compile(r"/(?:SWITCH|BUTTON)\d", re.IGNORECASE)


def urgent(topic: str, payload: bytes) -> bool:
    """A press, a change of a switch that may be a pull cord, an alarm behind the Zigbee bridge."""
    if _SWITCH_TOPIC.search(topic) or any(word in payload for word in _CALLS):
        return True
    return topic.endswith(("/RESULT", "/ZbReceived")) or (
        b"witch" in payload and topic.endswith(("/SENSOR", "/STATUS8", "/STATUS10"))
    )


ADAPTER = Adapter(name="tasmota", title="Tasmota", default_prefix="tasmota", decode=decode, urgent=urgent)
