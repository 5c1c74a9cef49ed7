"""Seeed SenseCAP trackers (T1000, T1110), port 5: parts one after the other, each an id and a body of known length.

Source: Seeed's decoders. The event status is a bit field of what happened; Unix seconds are inside.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, battery_percent, place, said_of, signed_be, unsigned_be
from device_adapters.signals import Alarm, AnySignal, Button, Heartbeat, Movement, Panic

_PORT = 5

_HAPPENED: tuple[tuple[int, AnySignal], ...] = (
    (0, Movement(state="start")),
    (1, Movement(state="end")),
    (2, Movement(state="motionless")),
    (3, Alarm(alarm_type="shock")),
    (6, Panic(subtype="sos")),
    (7, Button(action="press")),
)


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port != _PORT:
        return []
    signals: list[AnySignal] = []
    at = 0
    while at < len(frame):
        part = _PARTS.get(frame[at])
        length = _length(frame, at)
        if part is None or length is None or at + 1 + length > len(frame):
            break
        signals.extend(part[1](frame[at + 1 : at + 1 + length]))
        at += 1 + length
    if at == 0 and frame and frame[:1] not in _CALLS:
        raise Rejected(f"unknown or cut-off part {frame[0]:02X} at the start of the frame")
    return signals + said_of([frame[at:]] if at < len(frame) else [], _CALLS)


def _length(frame: bytes, at: int) -> int | None:
    """Length of the part's body; two kinds carry it themselves."""
    if frame[at] in {_FRAGMENT, _FRAGMENT_1110}:
        return 4 + frame[at + 4] if at + 4 < len(frame) else None
    if frame[at] == _MEASUREMENTS:
        return max(frame[at + 1] - 1, 1) if at + 1 < len(frame) else None
    part = _PARTS.get(frame[at])
    return None if part is None else part[0]


def _events(bits: bytes, when: bytes) -> list[AnySignal]:
    happened = unsigned_be(bits)
    at = unsigned_be(when)
    return [replace(signal, occurred_at=at) for bit, signal in _HAPPENED if happened >> bit & 1]


def _battery_at(index: int) -> Callable[[bytes], list[AnySignal]]:
    """Status, motion number, time, then whatever; the battery where it stands."""
    return lambda body: _events(body[:3], body[4:8]) + battery_percent(body[index])


def _place_at(battery: int) -> Callable[[bytes], list[AnySignal]]:
    def read(body: bytes) -> list[AnySignal]:
        fix = place(signed_be(body[12:16]) / 1e6, signed_be(body[8:12]) / 1e6)
        at = unsigned_be(body[4:8])
        return [*_events(body[:3], body[4:8]), replace(fix, occurred_at=at), *battery_percent(body[battery])]

    return read


def _started(body: bytes) -> list[AnySignal]:
    return [*battery_percent(body[0]), Heartbeat()]


def _positioning(body: bytes) -> list[AnySignal]:
    return _events(body[1:4], body[4:8]) + (battery_percent(body[12]) if len(body) > 12 else [])  # noqa: PLR2004


def _event_first(body: bytes) -> list[AnySignal]:
    return _events(body[:3], body[4:8])


def _measured(body: bytes) -> list[AnySignal]:
    return _events(body[:3], body[3:7])


def _nothing(_body: bytes) -> list[AnySignal]:
    return []


_FRAGMENT, _FRAGMENT_1110, _MEASUREMENTS = 0x0E, 0x12, 0x17

_PARTS: dict[int, tuple[int, Callable[[bytes], list[AnySignal]]]] = {
    0x01: (46, _started),
    0x02: (15, _started),
    0x03: (31, _nothing),
    0x04: (9, _nothing),
    0x05: (4, _started),
    0x06: (21, _place_at(20)),
    0x07: (41, _battery_at(40)),
    0x08: (34, _battery_at(33)),
    0x09: (17, _place_at(16)),
    0x0A: (37, _battery_at(36)),
    0x0B: (30, _battery_at(29)),
    0x0C: (0, _nothing),
    0x0D: (4, _nothing),
    _FRAGMENT: (0, _nothing),
    0x0F: (16, _battery_at(12)),
    0x10: (12, _battery_at(8)),
    0x11: (13, _positioning),
    _FRAGMENT_1110: (0, _nothing),
    0x13: (11, _event_first),
    0x14: (36, _event_first),
    0x15: (29, _event_first),
    0x16: (8, _positioning),
    _MEASUREMENTS: (0, _nothing),
    0x18: (27, _measured),
}
_CALLS = tuple(bytes([id_]) for id_, (_, read) in _PARTS.items() if read not in (_started, _nothing))
"""Parts that tell what happened, and so a call."""

CODECS = (
    Codec(
        vendor="Seeed SenseCAP",
        model="T1000",
        also=("T1000-A", "T1000-B", "T1000-AB", "T1000-E", "T1110"),
        decode=_decode,
        urgent=True,
        says=("panic", "button", "alarm", "movement", "location", "battery"),
    ),
)
