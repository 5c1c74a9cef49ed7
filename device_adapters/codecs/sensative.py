"""Sensative Strips, port 1: a history number, then type and value, big-endian.

Source: Sensative's payload description.
"""

from __future__ import annotations

from collections.abc import Iterable

from device_adapters.codecs.frames import Codec, Read, at_least, battery_percent, states, walk_ids
from device_adapters.signals import Alarm, AnySignal, Contact, Heartbeat, Presence, Tamper

_LIVE = 1

_DOOR = states(Contact(state="open", level=True), Contact(state="closed", level=True))
_TAMPER = states(Tamper(state="clear"), Tamper(state="active"))
_PRESENCE = states(Presence(state="clear"), Presence(state="detected"))
_FLOOD = states(Alarm(alarm_type="water_leak", state="clear", level=True), Alarm(alarm_type="water_leak", level=True))


def _alive(_value: bytes) -> Iterable[AnySignal]:
    return (Heartbeat(),)


def _battery(value: bytes) -> Iterable[AnySignal]:
    return battery_percent(value[0])


def _door_first(value: bytes) -> Iterable[AnySignal]:
    return _DOOR(value[:1])


_TYPES: dict[int, tuple[int, Read | None]] = {
    0x00: (0, _alive),
    0x01: (1, _battery),
    0x02: (2, None),  # temperature
    0x03: (1, None),
    0x04: (2, None),
    0x05: (1, None),
    0x06: (1, None),  # humidity
    0x07: (2, None),  # light
    0x08: (2, None),
    0x09: (1, _DOOR),
    0x0A: (1, None),  # door alarm: configured by the owner
    0x0B: (1, _TAMPER),
    0x0C: (1, _TAMPER),
    0x0D: (1, None),  # how wet
    0x0E: (1, _FLOOD),
    0x0F: (1, None),
    0x10: (1, None),
    0x11: (2, None),
    0x12: (1, _PRESENCE),
    0x13: (2, None),
    0x14: (2, None),
    0x15: (1, None),
    0x16: (1, None),
    0x50: (3, None),
    0x51: (3, None),
    0x52: (3, _door_first),
    0x6E: (8, _alive),
    0x70: (2, None),
    0x71: (2, None),
    0x72: (2, None),
}


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port != _LIVE:
        return []
    at_least(frame, 3)
    return walk_ids(_TYPES, frame[2:])


CODECS = (
    Codec(
        vendor="Sensative",
        model="Strips",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("presence", "contact", "tamper", "alarm", "battery"),
    ),
)
