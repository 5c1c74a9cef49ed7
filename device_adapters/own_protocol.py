"""Our own documented protocol, gateway's side: docs/protocol.md.

The one make whose devices number their events and repeat each until the gateway's receipt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from device_adapters.adapter import WELL, Adapter, Known, Message, Rejected
from device_adapters.own_messages import (
    DEVICE_NAME,
    KINDS,
    ROOT,
    STATES,
    Boot,
    EventBody,
    EventKind,
    OnlineBody,
    Prompt,
    Receipt,
    Sequence,
    StatusBody,
    Token,
    decode_prompt,
    decode_receipt,
    down_filter,
    encode_event,
    encode_online,
    encode_prompt,
    encode_receipt,
    encode_status,
    event_topic,
    online_topic,
    status_topic,
)
from device_adapters.signals import (
    Alarm,
    AnySignal,
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
from device_adapters.values import as_written, device_time, read_object

__all__ = [
    "ADAPTER",
    "CALLS_FOR_HELP",
    "KINDS",
    "ROOT",
    "STATES",
    "EventKind",
    "Prompt",
    "Receipt",
    "decode",
    "decode_prompt",
    "decode_receipt",
    "down_filter",
    "encode_event",
    "encode_online",
    "encode_prompt",
    "encode_receipt",
    "encode_status",
    "event_topic",
    "online_topic",
    "status_topic",
    "urgent",
]

CALLS_FOR_HELP = ("panic", "fall", "smoke", "gas", "medical")
"""A message of these kinds rings even when the rest of it is wrong."""

_EVENT = msgspec.json.Decoder(EventBody)
_STATUS = msgspec.json.Decoder(StatusBody)
_ONLINE = msgspec.json.Decoder(OnlineBody)
_ANYTHING = msgspec.json.Decoder()
_NO_BODY = EventBody(id="-", boot="-", seq=0, kind="panic")

_BUILD: dict[str, Callable[[Any, EventBody, dict[str, Any]], AnySignal]] = {
    "panic": lambda state, _, said: Panic(state=state, **said),
    "motion": lambda state, _, said: Motion(state=state, **said),
    "presence": lambda state, _, said: Presence(state=state, **said),
    "contact": lambda state, _, said: Contact(state=state, **said),
    "fall": lambda state, _, said: Fall(state=state, **said),
    "smoke": lambda state, _, said: Alarm(alarm_type="smoke", state=state, **said),
    "gas": lambda state, _, said: Alarm(alarm_type="gas", state=state, **said),
    "medical": lambda state, _, said: Alarm(alarm_type="medical", state=state, **said),
    "well": lambda _state, body, said: Button(action=WELL, button=body.button, **said),
    "button": lambda state, body, said: Button(action=state, button=body.button, **said),
    "tamper": lambda state, _, said: Tamper(state=state, **said),
    "test": lambda _state, _, said: Test(**said),
    "fault": lambda _state, body, said: Fault(code=body.code or "device", **said),
}


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one message below ``prefix``; the gateway's own ``down`` topics say nothing.

    Raises:
        Rejected: A topic or a body that the protocol does not have.
    """
    del known  # our devices say who and what they are
    match message.topic[len(prefix) + 1 :].split("/"):
        case ["up", device, "event"] if DEVICE_NAME.fullmatch(device):
            return _event(message, device)
        case ["up", device, "status"] if DEVICE_NAME.fullmatch(device):
            return _status(message, device)
        case ["up", "online"]:
            return _online(message)
        case ["down", *_]:
            return []
    raise Rejected("no such topic in the protocol")


def _event(message: Message, device: str) -> list[AnySignal]:
    try:
        body = read_object(_EVENT, message.payload)
        state = _state(body)
    except Rejected as reason:
        return _salvage(message, device, str(reason))
    at = device_time(body.at, message.arrived_at)
    said = _said(message, device, body.boot, body.seq, at, body.at)
    if body.buffered:
        said["buffered"] = True
    signal = _BUILD[body.kind](state, body, {**said, "event_id": body.id})
    if body.battery_percent is None and body.battery_mv is None and body.rssi_dbm is None:
        return [signal]
    return [signal, *_health(body, said)]


def _state(body: EventBody) -> str | None:
    """The state, the kind's first one where there is none."""
    states = STATES.get(body.kind)
    if states is None or body.state is None:
        return states[0] if states else None
    if body.state not in states:
        raise Rejected(f"kind {body.kind} has the states {', '.join(states)} and no other")
    return body.state


def _salvage(message: Message, device: str, reason: str) -> list[AnySignal]:
    """A call for help rings, however wrong the rest of its message is; a fault says what is wrong.

    Raises:
        Rejected: The message does not name a call for help, or is no JSON object at all.
    """
    try:
        body = _ANYTHING.decode(message.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Rejected(reason) from None
    kind = body.get("kind") if isinstance(body, dict) else None
    if kind not in CALLS_FOR_HELP:
        raise Rejected(reason)
    boot, seq = _valid(body.get("boot"), Boot), _valid(body.get("seq"), Sequence)
    if boot is None or seq is None:
        boot = seq = None
    at = device_time(body.get("at"), message.arrived_at)
    said = _said(message, device, boot, seq, at, body.get("at"))
    if body.get("buffered") is True:
        said["buffered"] = True
    state = "clear" if body.get("state") == "clear" else "active"
    fault = Fault(code="malformed", text=reason, **said)
    said["event_id"] = _valid(body.get("id"), Token)
    return [_BUILD[kind](state, _NO_BODY, said), fault]


def _valid(value: object, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def _status(message: Message, device: str) -> list[AnySignal]:
    body = read_object(_STATUS, message.payload)
    at = device_time(body.at, message.arrived_at)
    said = _said(message, device, body.boot, body.seq, at, body.at)
    signals: list[AnySignal] = [Heartbeat(**said), *_health(body, said)]
    if body.firmware is not None:
        signals.append(DeviceInfo(firmware=body.firmware, **said))
    return signals


def _online(message: Message) -> list[AnySignal]:
    if not message.payload:
        return []  # a retained message was taken back
    state = read_object(_ONLINE, message.payload).state
    return [Availability(state=state, scope="gateway", arrived_at=message.arrived_at, retained=message.retained)]


def _said(message: Message, device: str, boot: Any, seq: Any, at: Any, written: object) -> dict[str, Any]:
    return {
        "device": device,
        "device_time": at,
        "occurred_at": as_written(written),
        "arrived_at": message.arrived_at,
        "boot": boot,
        "seq": seq,
        "retained": message.retained,
    }


def _health(body: EventBody | StatusBody, said: dict[str, Any]) -> list[AnySignal]:
    signals: list[AnySignal] = []
    if body.battery_percent is not None:
        signals.append(Battery(percent=body.battery_percent, **said))
    if body.battery_mv is not None:
        signals.append(Battery(volts=body.battery_mv / 1000, **said))
    if body.rssi_dbm is not None:
        signals.append(Link(rssi_dbm=body.rssi_dbm, **said))
    return signals


_CALM = re.compile(rb'"kind"\s*:\s*"(?:motion|presence|contact|tamper|test|fault)"')


def urgent(topic: str, payload: bytes) -> bool:
    """Every event can be a call for help, save those that name a kind which is none."""
    return topic.endswith("/event") and _CALM.search(payload) is None


ADAPTER = Adapter(
    name="nuanhu", title="Nuanhu protocol 1", default_prefix=ROOT, decode=decode, urgent=urgent, receipts=True
)
