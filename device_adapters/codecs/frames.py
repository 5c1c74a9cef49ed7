"""Radio frames: what a codec is, and the walk through channel-type-value frames.

A codec turns the bytes of one make and model into signals *without identity*: who said it and when it arrived is
known only to the network server's adapter, which adds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from device_adapters.adapter import Rejected
from device_adapters.signals import Alarm, AnySignal, Battery, Fault, Location
from device_adapters.values import valid_place

DecodeFrame = Callable[[int, bytes], list[AnySignal]]
"""(LoRaWAN port, frame) -> signals without identity; raises ``Rejected``."""

Read = Callable[[bytes], Iterable[AnySignal]]
"""The value bytes of one channel -> what they say."""

Channels = Mapping[bytes, tuple[int, Read | None]]
"""Channel and type (2 bytes) -> (length of the value in bytes, reader; None = known and of no interest)."""


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """How one model writes its frames.

    Attributes:
        vendor: Maker, as on the label.
        model: Model name, as on the label.
        decode: Pure. A stored reading has ``buffered`` and ``occurred_at`` set; ``device_time`` is left to the caller.
        urgent: A frame can be a call for help: a press that provisioning may have made a panic, a fall.
        also: Other names of the same model, or of the maker where the codec reads all of its models.
        every_model: The frames say of themselves what they are: the codec reads every model of the maker.
        says: Kinds of signal that a frame can carry, besides device information, signs of life and what is unread.
        interval_s: How often it says something by itself, as it leaves the maker, seconds; 0: as its class of device.
    """

    vendor: str
    model: str
    decode: DecodeFrame
    urgent: bool = False
    also: tuple[str, ...] = ()
    every_model: bool = False
    says: tuple[str, ...] = ()
    interval_s: int = 0


_MOST_SHOWN = 24


def unread(part: bytes) -> Fault:
    """What is said of a part of a frame that cannot be read: its bytes, so that somebody can look into it."""
    return Fault(code="unread", text=part[:_MOST_SHOWN].hex() + ("…" if len(part) > _MOST_SHOWN else ""))


HIDDEN_CALL = Alarm(alarm_type="unread")
"""Said beside it of a part that may well be a call for help: it rings as uncertain.

An event and no state: each may be another call."""


def next_call(frame: bytes, at: int, calls: Iterable[bytes]) -> int:
    """Where a call for help begins at or after ``at``, by its first bytes; the frame's end without one."""
    return min((found for call in calls if (found := frame.find(call, at)) >= 0), default=len(frame))


def may_be_call(part: bytes, calls: Iterable[bytes]) -> bool:
    """Whether an unread part begins like a call: its channel (but not the maker's own, FF) or its type, or cut off."""
    return any(part[:1] == call[:1] != _ITS_OWN or part[1:2] == call[1:2] != b"" for call in calls)


_ITS_OWN = b"\xff"


def said_of(lost: Iterable[bytes], calls: tuple[bytes, ...] = ()) -> list[AnySignal]:
    """What is said of the parts of a frame that could not be read: nothing in a frame goes without a trace."""
    parts = list(lost)
    if not parts:
        return []
    said = unread(b"".join(parts))
    return [HIDDEN_CALL, said] if any(may_be_call(part, calls) for part in parts) else [said]


def walk_channels(channels: Channels, frame: bytes, calls: tuple[bytes, ...] = ()) -> list[AnySignal]:
    """Read a channel-type-value frame from the front.

    An unknown channel ends the walk, because its length is unknown too: what was read before it stands, and the rest
    is said to be unread. Of a model that can call, the walk goes on at the next of its ``calls``, and an unread part
    that begins like one of them rings.

    Raises:
        Rejected: Not one channel could be read.
    """
    signals: list[AnySignal] = []
    lost: list[bytes] = []
    at = 0
    while at < len(frame):
        entry = channels.get(frame[at : at + 2])
        if entry is None or at + 2 + entry[0] > len(frame):
            ahead = next_call(frame, at + 1, calls)
            if at == 0 and ahead == len(frame) and not may_be_call(frame, calls):
                raise Rejected(f"unknown or cut-off channel {frame[:2].hex(' ').upper()} at the start of the frame")
            lost.append(frame[at:ahead])
            at = ahead
            continue
        length, read = entry
        if read is not None:
            signals.extend(read(frame[at + 2 : at + 2 + length]))
        at += 2 + length
    return signals + said_of(lost, calls)


def walk_ids(lengths: Mapping[int, tuple[int, Read | None]], frame: bytes) -> list[AnySignal]:
    """The same for frames whose channel is one byte alone."""
    signals: list[AnySignal] = []
    at = 0
    while at < len(frame):
        entry = lengths.get(frame[at])
        if entry is None or at + 1 + entry[0] > len(frame):
            break
        length, read = entry
        if read is not None:
            signals.extend(read(frame[at + 1 : at + 1 + length]))
        at += 1 + length
    if at == 0 and frame:
        raise Rejected(f"unknown or cut-off channel {frame[0]:02X} at the start of the frame")
    return signals + said_of([frame[at:]] if at < len(frame) else [])


def states(off: AnySignal, on: AnySignal) -> Read:
    """A reader of one byte: 0 says ``off``, 1 says ``on``, anything else (switched off, broken) says nothing."""
    said = ((off,), (on,))
    return lambda value: said[value[0]] if value[0] < len(said) else ()


def unsigned(value: bytes) -> int:
    """Little-endian, without sign."""
    return int.from_bytes(value, "little")


def signed(value: bytes) -> int:
    """Little-endian, two's complement."""
    return int.from_bytes(value, "little", signed=True)


def unsigned_be(value: bytes) -> int:
    """Big-endian, without sign."""
    return int.from_bytes(value, "big")


def signed_be(value: bytes) -> int:
    """Big-endian, two's complement."""
    return int.from_bytes(value, "big", signed=True)


def at_least(frame: bytes, length: int) -> None:
    """Refuse a frame that was cut off.

    Raises:
        Rejected: Shorter than ``length`` bytes.
    """
    if len(frame) < length:
        raise Rejected(f"a frame of {len(frame)} bytes where the format has {length}")


def place(lat: float, lon: float, *, fix: bool = True, accuracy_m: float | None = None) -> Location:
    """A tracker's own position; not valid without a fix or when the degrees cannot be."""
    valid = fix and valid_place(lat, lon)
    return Location(lat=lat, lon=lon, valid=valid, source="gnss", accuracy_m=accuracy_m)


def battery_percent(value: int) -> list[AnySignal]:
    """A percentage; anything above 100 says nothing."""
    return [Battery(percent=float(value))] if value <= _MOST_PERCENT else []


_MOST_PERCENT = 100
