"""Our own protocol, both ends of the wire: messages to send, and what a device reads. docs/protocol.md.

Used by simulated devices (up), by the gateway (down) and by tests.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal, get_args

import msgspec

from device_adapters.adapter import Rejected
from device_adapters.values import read_object

ROOT = "nuanhu/1"
"""Topic prefix of all bridges; the 1 is the protocol's version."""

EventKind = Literal[
    "panic",
    "motion",
    "presence",
    "contact",
    "fall",
    "smoke",
    "gas",
    "medical",
    "well",
    "button",
    "tamper",
    "test",
    "fault",
]
KINDS: tuple[str, ...] = get_args(EventKind)

_SWITCH = ("active", "clear")
STATES: dict[str, tuple[str, ...]] = {
    "panic": _SWITCH,
    "fall": _SWITCH,
    "smoke": _SWITCH,
    "gas": _SWITCH,
    "medical": _SWITCH,
    "tamper": _SWITCH,
    "motion": ("detected", "clear"),
    "presence": ("detected", "clear"),
    "contact": ("open", "closed"),
    "button": ("press", "double", "triple", "long", "release"),
}
"""States of a kind; where the message has none the first one is meant. Kinds that are not here have no state."""

DEVICE_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")

Token = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\A[!-~]+\Z")]
Boot = Annotated[str, msgspec.Meta(min_length=1, max_length=16, pattern=r"\A[!-~]+\Z")]
Sequence = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Millivolts = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Decibel = Annotated[float, msgspec.Meta(ge=-200, le=30)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class EventBody(msgspec.Struct, frozen=True, kw_only=True):
    """``up/<device>/event`` on the wire."""

    id: Token
    boot: Boot
    seq: Sequence
    at: str | None = None
    kind: EventKind
    state: str | None = None
    buffered: bool | None = False
    button: Annotated[int, msgspec.Meta(ge=1, le=64)] | None = None
    code: ShortText | None = None
    battery_percent: Percent | None = None
    battery_mv: Millivolts | None = None
    rssi_dbm: Decibel | None = None


class StatusBody(msgspec.Struct, frozen=True, kw_only=True):
    """``up/<device>/status`` on the wire."""

    boot: Boot
    seq: Sequence
    at: str | None = None
    battery_percent: Percent | None = None
    battery_mv: Millivolts | None = None
    rssi_dbm: Decibel | None = None
    firmware: ShortText | None = None


class OnlineBody(msgspec.Struct, frozen=True):
    """``up/online`` on the wire."""

    state: Literal["online", "offline"]


_ENCODER = msgspec.json.Encoder()

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway has event ``id`` of ``device`` and will not forget it. ``at`` is aware UTC."""

    device: str
    id: str
    at: datetime


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway asks whoever is at ``device``; an answer after ``until`` (aware UTC) is not waited for."""

    device: str
    id: str
    ask: str
    until: datetime


class _ReceiptBody(msgspec.Struct, frozen=True):
    id: Token
    at: Moment


class _PromptBody(msgspec.Struct, frozen=True):
    id: Token
    ask: str
    until: Moment


_RECEIPT = msgspec.json.Decoder(_ReceiptBody)
_PROMPT = msgspec.json.Decoder(_PromptBody)


def event_topic(prefix: str, device: str) -> str:
    """Where a device says that something happened."""
    return f"{prefix}/up/{device}/event"


def status_topic(prefix: str, device: str) -> str:
    """Where a device says how it is."""
    return f"{prefix}/up/{device}/status"


def online_topic(prefix: str) -> str:
    """Where a bridge says that it is there, and the broker that it is not."""
    return f"{prefix}/up/online"


def down_filter(prefix: str, device: str = "+") -> str:
    """What a device (or, with ``+``, a bridge for all of its devices) subscribes to."""
    return f"{prefix}/down/{device}/+"


def encode_event(
    prefix: str,
    device: str,
    *,
    event_id: str,
    boot: str,
    seq: int,
    kind: EventKind,
    at: datetime | None = None,
    state: str | None = None,
    buffered: bool = False,
    button: int | None = None,
    code: str | None = None,
    battery_percent: float | None = None,
    battery_mv: int | None = None,
    rssi_dbm: float | None = None,
) -> tuple[str, bytes]:
    """Topic and payload of one event.

    Args:
        prefix: Topic prefix of the bridge.
        device: Device's name below it.
        event_id: 1-64 visible ASCII characters, never used again by this device.
        boot: 1-16 visible ASCII characters, new at every start of the device.
        seq: Counts the messages of this boot from 0.
        kind: What happened.
        at: The device's clock, aware; None when it has none.
        state: Where the kind has one.
        buffered: The device stored it before sending.
        button: Number of the key, from 1.
        code: The device's word for a fault.
        battery_percent: 0-100.
        battery_mv: Battery voltage.
        rssi_dbm: Signal strength.
    """
    body = EventBody(
        id=event_id,
        boot=boot,
        seq=seq,
        at=_written(at),
        kind=kind,
        state=state,
        buffered=buffered,
        button=button,
        code=code,
        battery_percent=battery_percent,
        battery_mv=battery_mv,
        rssi_dbm=rssi_dbm,
    )
    return event_topic(prefix, device), _without_nulls(body)


def encode_status(
    prefix: str,
    device: str,
    *,
    boot: str,
    seq: int,
    at: datetime | None = None,
    battery_percent: float | None = None,
    battery_mv: int | None = None,
    rssi_dbm: float | None = None,
    firmware: str | None = None,
) -> tuple[str, bytes]:
    """Topic and payload of one regular sign of life; units as for ``encode_event``."""
    body = StatusBody(
        boot=boot,
        seq=seq,
        at=_written(at),
        battery_percent=battery_percent,
        battery_mv=battery_mv,
        rssi_dbm=rssi_dbm,
        firmware=firmware,
    )
    return status_topic(prefix, device), _without_nulls(body)


def encode_online(prefix: str, *, online: bool) -> tuple[str, bytes]:
    """Topic and payload of the bridge's own state, to be retained; ``online=False`` is the last will."""
    return online_topic(prefix), _ENCODER.encode(OnlineBody("online" if online else "offline"))


def encode_receipt(prefix: str, device: str, event_id: str, at: datetime) -> tuple[str, bytes]:
    """Topic and payload of the gateway's receipt; ``at`` is when the event was committed, aware."""
    return f"{prefix}/down/{device}/receipt", _ENCODER.encode({"id": event_id, "at": _written(at)})


def encode_prompt(prefix: str, device: str, prompt_id: str, until: datetime) -> tuple[str, bytes]:
    """Topic and payload of the question "are you well?", to be answered before ``until``, aware."""
    body = {"id": prompt_id, "ask": "well", "until": _written(until)}
    return f"{prefix}/down/{device}/prompt", _ENCODER.encode(body)


def decode_receipt(topic: str, payload: bytes) -> Receipt:
    """What a device reads from its receipt topic.

    Raises:
        Rejected: Not a receipt.
    """
    body = read_object(_RECEIPT, payload)
    return Receipt(device=_addressed(topic, "receipt"), id=body.id, at=body.at)


def decode_prompt(topic: str, payload: bytes) -> Prompt:
    """What a device reads from its prompt topic.

    Raises:
        Rejected: Not a prompt.
    """
    body = read_object(_PROMPT, payload)
    return Prompt(device=_addressed(topic, "prompt"), id=body.id, ask=body.ask, until=body.until)


def _addressed(topic: str, last: str) -> str:
    parts = topic.split("/")
    if len(parts) < 4 or parts[-3] != "down" or parts[-1] != last or not DEVICE_NAME.fullmatch(parts[-2]):  # noqa: PLR2004
        raise Rejected(f"not the topic of a {last}")
    return parts[-2]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _without_nulls(body: EventBody | StatusBody) -> bytes:
    """``at`` is always there, null when there is no clock; other fields only when they say something."""
    fields = {
        name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not None or name == "at"
    }
    return _ENCODER.encode(fields)
