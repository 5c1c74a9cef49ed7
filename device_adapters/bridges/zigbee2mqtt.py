"""Zigbee2MQTT, 1.x and 2.x, publishing JSON.

A press comes up to three times: the state with the action, the state with an empty action, and a text copy on
``<name>/action``. The copy is marked as an echo; a keypad's code (a PIN) is never read at all.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Availability,
    Battery,
    Button,
    Contact,
    Fall,
    Heartbeat,
    Link,
    Motion,
    Panic,
    Presence,
    Provisioning,
    Tamper,
    Test,
)
from device_adapters.values import as_written, device_time, number, read_object, text, whole

_IEEE = re.compile(r"(?<![^/])0x[0-9a-f]{16}(?![^/])", re.IGNORECASE)
"""As a whole level of a topic."""

PANIC_WORDS = frozenset({"emergency", "sos", "panic"})

_ALARMS = ("smoke", "gas", "carbon_monoxide", "water_leak")

_MOST_PERCENT = 100
_MOST_HALF_PERCENT = 200
_LONGEST_NAME = 256
_BATTERY_MV = (1_000, 20_000)
"""Outside of it a ``voltage`` is not a battery's: mains plugs report volts under the same name."""


class _State(msgspec.Struct):
    """The properties we read. Of any type: one odd property must not cost the others."""

    action: Any = None
    click: Any = None
    sos: Any = None
    occupancy: Any = None
    presence: Any = None
    presence_event: Any = None
    contact: Any = None
    tamper: Any = None
    fall_down_status: Any = None
    smoke: Any = None
    gas: Any = None
    carbon_monoxide: Any = None
    water_leak: Any = None
    test: Any = None
    battery: Any = None
    battery_low: Any = None
    voltage: Any = None
    linkquality: Any = None
    last_seen: Any = None
    device: Any = None


class _BridgeDevice(msgspec.Struct):
    ieee_address: Any = None
    friendly_name: Any = None
    type: Any = None


class _BridgeEvent(msgspec.Struct):
    type: Any = None
    data: Any = None


_ATTRIBUTES = frozenset(_State.__struct_fields__) - {"action", "click", "device", "last_seen", "test"}

_STATE = msgspec.json.Decoder(_State)
_DEVICES = msgspec.json.Decoder(list[_BridgeDevice])
_EVENT = msgspec.json.Decoder(_BridgeEvent)
_ANYTHING = msgspec.json.Decoder()

_PROVISIONING = frozenset({"device_joined", "device_announce", "device_interview", "device_leave"})


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one message below the base topic ``prefix``.

    Commands to devices, groups' settings and the bridge's own chatter say nothing.

    Raises:
        Rejected: Neither a JSON object nor one of the few texts that Zigbee2MQTT publishes.
    """
    rest = message.topic[len(prefix) + 1 :]
    if rest.startswith("bridge/"):
        return _bridge(message, rest[7:])
    if not message.payload:
        return []  # a retained message was taken back
    name, _, last = rest.rpartition("/")
    if name and rest not in known.names:
        if _is_command(rest):
            return []
        if last == "availability":
            return [Availability(state=_online(message.payload), **_said(message, name, known))]
        if last in {"action", "click"} and not message.payload.lstrip().startswith(b"{"):
            return _action_copy(message, name, known)
        if last in {"action_code", "pin_code"}:
            return []
        if last in _ATTRIBUTES and not message.payload.lstrip().startswith(b"{"):
            return _attribute(message, name, last, known)
    return _device(message, rest, known)


def _attribute(message: Message, name: str, attribute: str, known: Known) -> list[AnySignal]:
    """One property on a topic of its own, as Zigbee2MQTT publishes when it is set to ``output: attribute``."""
    try:
        value = _ANYTHING.decode(message.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = message.payload.decode("utf-8", "replace").strip()
    state = _State(**{attribute: value})
    said = _said(message, name, known)
    signals: list[AnySignal] = []
    _people(state, said, signals)
    _equipment(state, said, signals)
    return signals or [Heartbeat(**said)]


def _is_command(rest: str) -> bool:
    last_two = rest.split("/")[-2:]
    return any(part in {"set", "get"} for part in last_two)


def _said(message: Message, name: str, known: Known, state: _State | None = None) -> dict[str, Any]:
    """Who said it and when; the friendly name is no identity."""
    ieee = ""
    found = _IEEE.search(name)
    if found is not None:
        ieee = found[0].lower()
    elif state is not None and isinstance(state.device, dict):
        ieee = _ieee(state.device.get("ieeeAddr"))
    said: dict[str, Any] = {
        "device": ieee or known.names.get(name, ""),
        "name": "" if found is not None and found[0] == name else name,
        "arrived_at": message.arrived_at,
        "retained": message.retained,
    }
    if state is not None and state.last_seen is not None:
        said["device_time"] = device_time(state.last_seen, message.arrived_at)
        said["occurred_at"] = as_written(state.last_seen)
    return said


def _ieee(value: object) -> str:
    return value.lower() if isinstance(value, str) and _IEEE.fullmatch(value) else ""


def _device(message: Message, name: str, known: Known) -> list[AnySignal]:
    state = read_object(_STATE, message.payload)
    said = _said(message, name, known, state)
    signals: list[AnySignal] = []
    _people(state, said, signals)
    _equipment(state, said, signals)
    return signals or [Heartbeat(**said)]


def _people(state: _State, said: dict[str, Any], signals: list[AnySignal]) -> None:
    """What the report says of people: presses and alarms first, then motion, presence and doors."""
    if state.action or state.click:
        signals.extend(_press(state.action or state.click, said))
    if isinstance(state.sos, bool) and not any(isinstance(s, Panic) for s in signals):
        signals.append(Panic(state="active" if state.sos else "clear", subtype="sos", level=True, **said))
    if state.fall_down_status is not None:
        signals.extend(_fall(state.fall_down_status, said))
    for alarm_type in _ALARMS:
        raised = getattr(state, alarm_type)
        if isinstance(raised, bool):
            signals.append(Alarm(alarm_type=alarm_type, state="active" if raised else "clear", level=True, **said))
    if state.test is True:
        signals.append(Test(**said))
    if isinstance(state.occupancy, bool):
        signals.append(Motion(state="detected" if state.occupancy else "clear", level=True, **said))
    if isinstance(state.presence, bool):
        subtype = text(state.presence_event) or None
        signals.append(Presence(state="detected" if state.presence else "clear", subtype=subtype, **said))
    if isinstance(state.contact, bool):
        signals.append(Contact(state="closed" if state.contact else "open", level=True, **said))


def _press(action: object, said: dict[str, Any]) -> list[AnySignal]:
    word = text(action) if isinstance(action, str) else str(whole(action, 1_000) or "")
    if not word:
        return []
    if not PANIC_WORDS.isdisjoint(word.lower().split("_")):
        return [Panic(subtype=word.lower(), **said)]
    return [Button(action=word, **said)]


def _fall(verdict: object, said: dict[str, Any]) -> list[AnySignal]:
    """``maybe_fall`` says nothing yet: the radar makes up its mind within minutes."""
    if verdict == "fall":
        return [Fall(level=True, **said)]
    return [Fall(state="clear", level=True, **said)] if verdict == "none" else []


def _equipment(state: _State, said: dict[str, Any], signals: list[AnySignal]) -> None:
    """What the report says of the device itself."""
    if isinstance(state.tamper, bool):
        signals.append(Tamper(state="active" if state.tamper else "clear", **said))
    percent = number(state.battery)
    if percent is not None and 0 <= percent <= _MOST_HALF_PERCENT:
        # Zigbee counts in half percent, and some converters forget to halve.
        signals.append(Battery(percent=percent if percent <= _MOST_PERCENT else percent / 2, **said))
    elif state.voltage is not None:
        millivolts = number(state.voltage)
        if millivolts is not None and _BATTERY_MV[0] <= millivolts <= _BATTERY_MV[1]:
            signals.append(Battery(volts=millivolts / 1000, **said))
    if isinstance(state.battery_low, bool):
        signals.append(Battery(low=state.battery_low, **said))
    if state.linkquality is not None:
        lqi = whole(state.linkquality, 255)
        if lqi is not None:
            signals.append(Link(lqi=lqi, **said))


def _action_copy(message: Message, name: str, known: Known) -> list[AnySignal]:
    """The text copy of an action that the state message carried already."""
    try:
        word = message.payload.decode().strip().strip('"')
    except UnicodeDecodeError:
        raise Rejected("an action that is not UTF-8") from None
    if word == "null":
        return []
    return _press(word, {**_said(message, name, known), "echo": True})


def _online(payload: bytes) -> Any:
    """``online`` or ``offline``, as JSON (2.x) or plain text (1.x)."""
    word: object = payload.decode("ascii", "replace").strip()
    if payload.lstrip().startswith((b"{", b'"')):
        word = read_object(_ANYTHING, payload)
        word = word.get("state") if isinstance(word, dict) else word
    if word not in ("online", "offline"):
        raise Rejected("availability is neither online nor offline")
    return word


def _is_name(name: object) -> bool:
    """Whether a friendly name can be learnt. A longer one is not cut: another device may be called by its beginning."""
    return isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME


def _bridge(message: Message, topic: str) -> list[AnySignal]:
    said: dict[str, Any] = {"arrived_at": message.arrived_at, "retained": message.retained}
    if not message.payload:
        return []
    if topic == "state":
        return [Availability(state=_online(message.payload), scope="gateway", **said)]
    if topic == "devices":
        devices = read_object(_DEVICES, message.payload)
        names = {
            d.friendly_name: _ieee(d.ieee_address)
            for d in devices
            if d.type != "Coordinator" and _is_name(d.friendly_name) and _ieee(d.ieee_address)
        }
        return [Provisioning(code="devices", names=names, **said)]
    if topic == "event":
        event = read_object(_EVENT, message.payload)
        if isinstance(event.type, str) and event.type in _PROVISIONING:
            data = event.data if isinstance(event.data, dict) else {}
            device, name = _ieee(data.get("ieee_address")), text(data.get("friendly_name"), _LONGEST_NAME)
            return [Provisioning(code=event.type, device=device, name=name, **said)]
    return []


_CALL = re.compile(
    rb'"(?:(?:action|click)"\s*+:\s*+(?:[^"n\s]|"[^"])'
    rb'|(?:sos|smoke|gas|carbon_monoxide|water_leak)"\s*+:\s*+true|fall_down_status"\s*+:\s*+"[^n])|\\u'
)
_CALL_WORDS = (
    *(b'action"', b'click"', b'sos"', b'smoke"', b'gas"', b'carbon_monoxide"', b'water_leak"', b'fall_down_status"'),
    b"\\u",
)
"""Without one of them there is no need to look closer, and no payload makes that look expensive."""


_CALL_TOPICS = ("/action", "/sos", "/smoke", "/gas", "/carbon_monoxide", "/water_leak", "/fall_down_status")


def urgent(topic: str, payload: bytes) -> bool:
    """A press of any button, a fall, smoke or gas. Reports whose action is empty are not."""
    if "/bridge/" in topic:
        return False
    if topic.endswith(_CALL_TOPICS):
        return True
    return any(word in payload for word in _CALL_WORDS) and _CALL.search(payload) is not None


ADAPTER = Adapter(name="zigbee2mqtt", title="Zigbee2MQTT", default_prefix="zigbee2mqtt", decode=decode, urgent=urgent)
