"""From a journal row to points: one for each signal, the same ones whenever the row is read again.

Tags come from the registry alone, so that no device can make the number of series grow; what it said is in fields.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from alerting.events import SignalHeard
from device_adapters.signals import AnySignal, Signal, kind_of
from gateway.store.tail import JournalRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MILLISECOND = timedelta(milliseconds=1)
OF_A_KIND = 20
MOST_TEXT = 200

ON_OFF = {"active": 1.0, "detected": 1.0, "open": 1.0, "online": 1.0, "clear": 0.0, "closed": 0.0, "offline": 0.0}
"""States with two sides, as the number a chart can draw: the field ``active``."""

COMMON = frozenset(Signal.__struct_fields__)
SAID_WHEN_SO = ("level", "periodic", "ongoing", "buffered", "retained", "echo")
SIGNAL_TAG = b'{"event":"signal"'

_heard = msgspec.json.Decoder(SignalHeard)


class Point(msgspec.Struct, frozen=True):
    """One point: what is measured, of whom, its values, and when (UTC epoch nanoseconds)."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, float | str]
    time_ns: int


def points_of(row: JournalRow, room_of: Callable[[str], str]) -> list[Point]:
    """The points of a row; none for anything but a judged signal.

    Args:
        row: As committed.
        room_of: Room of a registered device by its id; empty when it has none.

    Raises:
        msgspec.MsgspecError: The row cannot be read.
    """
    if not row.judged or not row.event.startswith(SIGNAL_TAG):
        return []
    heard = _heard.decode(row.event)
    arrived_at = heard.signal.arrived_at or EPOCH + row.at_ms * MILLISECOND
    arrived_ns = (arrived_at - EPOCH) // MICROSECOND * 1000
    whose = {"household": row.key, "device": heard.device_id, "room": room_of(heard.device_id)}
    points: list[Point] = []
    counted: dict[str, int] = {}
    for signal in (heard.signal, *heard.more):
        kind = kind_of(signal)
        nth = counted[kind] = counted.get(kind, -1) + 1
        tags = {"bridge": signal.bridge} | (whose if heard.device_id else {})
        fields = fields_of(signal)
        if not heard.device_id:
            fields["device"] = printable(signal.device or signal.name)
        # Below the microsecond stands the number of the row: two signals are two points, one read twice is one.
        time_ns = arrived_ns + (row.seq * OF_A_KIND + nth) % 1000
        points.append(Point(kind, {name: word for name, word in tags.items() if word}, fields, time_ns))
    return points


def fields_of(signal: AnySignal) -> dict[str, float | str]:
    """What a signal said: numbers (yes and no as 1 and 0) and texts; never empty."""
    fields: dict[str, float | str] = {}
    for name in type(signal).__struct_fields__:
        if name not in COMMON:
            _add(fields, name, getattr(signal, name))
    if not any(isinstance(value, float) for value in fields.values()):
        fields["heard"] = 1.0
    for name in ("buffered", "retained", "echo"):
        _add(fields, name, getattr(signal, name))
    if signal.device_time is not None:
        fields["device_time_ms"] = float((signal.device_time - EPOCH) // MILLISECOND)
    return fields


def _add(fields: dict[str, float | str], name: str, value: object) -> None:
    if isinstance(value, str):
        if name == "state" and value in ON_OFF:
            fields["active"] = ON_OFF[value]
        else:
            fields[name] = printable(value)
    elif isinstance(value, bool | int | float) and math.isfinite(value) and (value or name not in SAID_WHEN_SO):
        fields[name] = float(value)


def printable(text: str) -> str:
    """A device's text on one line and of bounded length: a line of the protocol is a line."""
    return "".join(ch if ch.isprintable() else " " for ch in text[:MOST_TEXT])
