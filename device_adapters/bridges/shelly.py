"""Shelly, first generation (``shellies/<id>/…``) and later ones (``<id>/events/rpc``, ``<id>/status/<component>``).

Source: Shelly's API documentation. The first generation publishes its last input again and again, so that its counter
tells a press from a repeat; a counter begins anew after a loss of power, and so tells it for a day. ``btn_down`` and
``btn_up`` are edges of one press, not presses. What is wired to an input of the first generation has its state
(``input/0``) and, set as a button, its event as well: of a button that calls, the event is a copy of the state's press.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from device_adapters.adapter import CALLERS, Adapter, Known, Message, Rejected
from device_adapters.bridges.plain_values import LEVELS, alarm, contact, motion
from device_adapters.signals import (
    AnySignal,
    Availability,
    Battery,
    Button,
    DeviceInfo,
    Heartbeat,
    Link,
    Provisioning,
    Tamper,
    Test,
)
from device_adapters.values import as_written, device_time, number, percent_of, read_object, text, whole

_ANYTHING = msgspec.json.Decoder()
_RPC = re.compile(r"(?:(?P<id>[^/]+)/)?events/rpc\Z")
_STATUS = re.compile(r"(?:(?P<id>[^/]+)/)?status/(?P<component>[a-z0-9_]+(?::\d+)?)\Z")
_ONLINE = re.compile(r"(?:(?P<id>[^/]+)/)?online\Z")
_GENERATION_1 = re.compile(r"(?P<id>shelly[a-z0-9]+-[0-9A-Fa-f]+)/(?P<what>.+)\Z")

_INPUT_1 = re.compile(r"input/\d\Z")
_NO_STATE = "shellybutton1-"
"""A button on a battery: it has events alone."""
_PRESSES_1 = {"S": "short", "SS": "double", "SSS": "triple", "L": "long", "SL": "short_long", "LS": "long_short"}
_PRESSES_2 = {"single_push": "single", "double_push": "double", "triple_push": "triple", "long_push": "long"}


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one message of either generation; commands and what is about switching say nothing.

    Raises:
        Rejected: Not what Shelly publishes under that topic.
    """
    rest = message.topic[len(prefix) + 1 :]
    if not message.payload:
        return []
    if rest == "announce" or rest.endswith("/announce"):
        return _announced(message)
    first = _GENERATION_1.match(rest)
    if first is not None and not _later(first["what"]):
        return _generation_1(message, first["id"], first["what"], known)
    own = prefix.rpartition("/")[2]
    for pattern, read in _LATER:
        found = pattern.match(rest)
        if found is not None:
            return read(message, found.groupdict().get("id") or own, found, known)
    return []


def _later(what: str) -> bool:
    return what == "events/rpc" or what.startswith("status/")


def _said(message: Message, device: str, time: object = None) -> dict[str, Any]:
    return {
        "device": device,
        "arrived_at": message.arrived_at,
        "retained": message.retained,
        "device_time": device_time(time, message.arrived_at),
        "occurred_at": as_written(time),
    }


def _announced(message: Message) -> list[AnySignal]:
    body = _object(message)
    said = _said(message, text(body.get("id")))
    return [DeviceInfo(model=text(body.get("model")) or None, firmware=text(body.get("fw_ver")) or None, **said)]


def _object(message: Message) -> dict[str, Any]:
    body = read_object(_ANYTHING, message.payload)
    if not isinstance(body, dict):
        raise Rejected("not a JSON object")
    return body


def _word(message: Message) -> str:
    return message.payload.decode("ascii", "replace").strip().strip('"').lower()


def _generation_1(message: Message, device: str, what: str, known: Known) -> list[AnySignal]:
    said = _said(message, device)
    if _INPUT_1.match(what):
        return _wired({"0": False, "1": True}.get(_word(message)), said, _role(device, known)) or [Heartbeat(**said)]
    if what == "online":
        return [Availability(state="online" if _word(message) == "true" else "offline", **said)]
    if what.startswith("input_event/"):
        is_copy = _role(device, known) in CALLERS and not device.startswith(_NO_STATE)
        return _input_1(message, device, what.rpartition("/")[2], is_copy=is_copy)
    if what == "status":
        return _status_1(message, device)
    if what.startswith("sensor/"):
        return _sensor_1(what.removeprefix("sensor/"), _word(message), said)
    return []


def _input_1(message: Message, device: str, channel: str, *, is_copy: bool) -> list[AnySignal]:
    body = _object(message)
    said = _said(message, device) | {"echo": is_copy}
    action = _PRESSES_1.get(text(body.get("event")))
    if action is None:
        return [Heartbeat(**said)]
    counter = whole(body.get("event_cnt"), 2**31)
    if counter is not None:
        day = "" if is_copy else f"@{message.arrived_at:%Y-%m-%d}"  # a copy that is said again calls on no other day
        said["event_id"] = f"{channel}/{counter}/{action}{day}"
    button = int(channel) if channel.isdecimal() and len(channel) < 3 else None  # noqa: PLR2004
    return [Button(action=action, button=button, press_counter=counter, **said)]


def _status_1(message: Message, device: str) -> list[AnySignal]:
    """Motion sensor."""
    body = _object(message)
    said = _said(message, device)
    signals: list[AnySignal] = []
    if isinstance(body.get("motion"), bool):
        signals.append(motion(body["motion"], _said(message, device, body.get("timestamp"))))
    if isinstance(body.get("vibration"), bool):
        signals.append(Tamper(state="active" if body["vibration"] else "clear", subtype="vibration", **said))
    percent = percent_of(body.get("bat"))
    if percent is not None:
        signals.append(Battery(percent=percent, **said))
    return signals or [Heartbeat(**said)]


def _sensor_1(what: str, word: str, said: dict[str, Any]) -> list[AnySignal]:
    """One value a topic: door, flood, smoke, gas."""
    on = word in {"true", "1", "open"}
    if what == "state" and word in {"open", "close", "closed"}:
        return [contact(on, said)]
    if what in {"flood", "smoke"} and word in {"true", "false"}:
        return [alarm("water_leak" if what == "flood" else "smoke", on, said)]
    if what == "gas":
        return [Test(**said)] if word == "test" else [alarm("gas", word in {"mild", "heavy"}, said)]
    if what == "motion" and word in {"true", "false", "0", "1"}:
        return [motion(on, said)]
    if what == "vibration" and word in {"true", "false", "0", "1"}:
        return [Tamper(state="active" if on else "clear", subtype="vibration", **said)]
    if what == "battery":
        percent = percent_of(int(word)) if word.isdecimal() and len(word) < 4 else None  # noqa: PLR2004
        return [Heartbeat(**said)] if percent is None else [Battery(percent=percent, **said)]
    return [Heartbeat(**said)]


def _online(message: Message, device: str, _found: re.Match[str], _known: Known) -> list[AnySignal]:
    word = _word(message)
    if word not in {"true", "false"}:
        raise Rejected("online is neither true nor false")
    return [Availability(state="online" if word == "true" else "offline", **_said(message, device))]


def _rpc(message: Message, device: str, _found: re.Match[str], known: Known) -> list[AnySignal]:
    body = _object(message)
    params = body.get("params")
    if not isinstance(params, dict):
        return []
    device = text(body.get("src")) or device
    method = text(body.get("method"))
    if method == "NotifyEvent":
        events = params.get("events")
        found = [e for e in events if isinstance(e, dict)] if isinstance(events, list) else []
        signals = [signal for event in found for signal in _event(message, device, event)]
        return signals or [Heartbeat(**_said(message, device))]
    if method in {"NotifyStatus", "NotifyFullStatus"}:
        said = _said(message, device, params.get("ts"))
        parts = [(name, value) for name, value in params.items() if isinstance(value, dict)]
        read = [signal for name, value in parts for signal in _component(name, value, said, _role(device, known))]
        return read or [Heartbeat(**said)]
    return []


def _event(message: Message, device: str, event: dict[str, Any]) -> list[AnySignal]:
    component, what = text(event.get("component")), text(event.get("event"))
    said = _said(message, device, event.get("ts"))
    if what == "shelly-blu" and isinstance(event.get("data"), dict):
        return _blu(message, event["data"])
    kind, _, number_of = component.partition(":")
    if kind in _ALARM_OF and what in {"alarm", "alarm_off"}:
        return [alarm(_ALARM_OF[kind], what == "alarm", said)]
    if kind in _ALARM_OF and what == "alarm_test":
        return [Test(**said)]
    action = _PRESSES_2.get(what)
    if action is None:
        return []
    if kind == "bthomedevice":
        said["device"] = f"{device}/{component}"
        number_of = str(event.get("idx", "")) or number_of
    if event.get("ts") is not None:
        said["event_id"] = f"{component}/{number_of}/{what}/{event['ts']}"
    button = int(number_of) if number_of.isdecimal() and len(number_of) < 4 else None  # noqa: PLR2004
    return [Button(action=action, button=button, **said)]


_ALARM_OF = {"smoke": "smoke", "flood": "water_leak"}
_BLU_PRESSES = {1: "press", 2: "double", 3: "triple", 4: "long"}
_SAME_EVENT_S = 600


def _blu(message: Message, heard: dict[str, Any]) -> list[AnySignal]:
    """An advert that a script on a Shelly decoded; copies share the packet number."""
    said = _said(message, text(heard.get("address")).replace(":", "").lower())
    packet = whole(heard.get("pid"), 255)
    once: dict[str, Any] = {}
    if packet is not None:
        once = {"event_id": f"{packet:02x}@{int(message.arrived_at.timestamp()) // _SAME_EVENT_S}"}
    signals: list[AnySignal] = []
    keys = heard.get("button")
    for n, key in enumerate(keys if isinstance(keys, list) else [keys], start=1):
        action = _BLU_PRESSES.get(key) if isinstance(key, int) else None
        if action is not None:
            own = said | ({"event_id": f"{once['event_id']}/{n}"} if once else {})
            signals.append(Button(action=action, button=n, **own))
    if isinstance(heard.get("motion"), (bool, int)):
        signals.append(motion(bool(heard["motion"]), said | once))
    if isinstance(heard.get("window"), (bool, int)):
        signals.append(contact(bool(heard["window"]), said | once))
    percent = percent_of(heard.get("battery"))
    if percent is not None:
        signals.append(Battery(percent=percent, **said))
    strength = number(heard.get("rssi"))
    if strength is not None:
        signals.append(Link(rssi_dbm=strength, **said))
    return signals or [Heartbeat(**said)]


def _status(message: Message, device: str, found: re.Match[str], known: Known) -> list[AnySignal]:
    said = _said(message, device)
    return _component(found["component"], _object(message), said, _role(device, known)) or [Heartbeat(**said)]


def _role(device: str, known: Known) -> str:
    hint = known.devices.get(device)
    return "" if hint is None else hint.role


_LEVEL_OF_ROLE = {"motion": "motion", "presence": "presence", "door": "contact", "smoke": "smoke", "gas": "gas"}
_LEVEL_OF_ROLE |= dict.fromkeys(CALLERS, "panic")
"""What is wired to an input that is set as a switch: the registry alone knows. Set as a button, it has no state."""


_LEVELS = {
    "smoke": ("alarm", "smoke"),
    "flood": ("alarm", "water_leak"),
    "motion": ("motion", "motion"),
    "presencezone": ("state", "presence"),
    "sys": ("tamper", "tamper"),
}
"""Component -> the value that is a level, and of what."""


def _wired(state: object, said: dict[str, Any], role: str) -> list[AnySignal]:
    level = _LEVEL_OF_ROLE.get(role)
    return [LEVELS[level](state, said)] if level is not None and isinstance(state, bool) else []


def _component(name: str, value: dict[str, Any], said: dict[str, Any], role: str) -> list[AnySignal]:
    kind, _, number_of = name.partition(":")
    signals: list[AnySignal] = []
    if kind == "devicepower" and isinstance(value.get("battery"), dict):
        percent = percent_of(value["battery"].get("percent"))
        if percent is not None:
            signals.append(Battery(percent=percent, **said))
    elif kind in _LEVELS and isinstance(value.get(_LEVELS[kind][0]), bool):
        key, level = _LEVELS[kind]
        signals.append(LEVELS[level](value[key], said))
    elif kind == "input":
        signals += _wired(value.get("state"), said, role)
    elif kind == "bthomedevice":
        inner = said | {"device": f"{said['device']}/{kind}:{number_of}"}
        percent, strength = percent_of(value.get("battery")), number(value.get("rssi"))
        signals += [] if percent is None else [Battery(percent=percent, **inner)]
        signals += [] if strength is None else [Link(rssi_dbm=strength, **inner)]
    elif kind == "wifi":
        strength = number(value.get("rssi"))
        signals += [] if strength is None else [Link(rssi_dbm=strength, **said)]
    elif kind == "mqtt" and value.get("connected") is True:
        signals.append(Provisioning(code="connected", **said))
    return signals


_Read = Callable[[Message, str, re.Match[str], Known], list[AnySignal]]
_LATER: tuple[tuple[re.Pattern[str], _Read], ...] = ((_RPC, _rpc), (_STATUS, _status), (_ONLINE, _online))

_CALLS = (b"_push", b'"shelly-blu"', b'"alarm', b'"input:', b"\\u")
_ALARM_TOPIC = re.compile(r"/sensor/(?:flood|smoke|gas)\Z|/status/input:")


def urgent(topic: str, payload: bytes) -> bool:
    """A press of any input, a change of one that may be a pull cord; smoke, gas, water."""
    by_topic = "/input_event/" in topic or _ALARM_TOPIC.search(topic) is not None
    if "/input/" in topic and payload.strip() != b"0":  # it is said again every half a minute
        return True
    return by_topic or any(word in payload for word in _CALLS)


ADAPTER = Adapter(
    name="shelly", title="Shelly Gen1, Gen2 and later", default_prefix="shellies", decode=decode, urgent=urgent
)
