"""Elsys (ERS, EMS, ELT, ERS Eye, ERS Desk): type and value, big-endian; the types are the same in all models.

Source: Elsys' payload description.
"""

from __future__ import annotations

from collections.abc import Iterable

from device_adapters.codecs.frames import Codec, Read, place, walk_ids
from device_adapters.signals import Alarm, AnySignal, Battery, Motion, Movement, Presence

_EMPTY, _PENDING, _OCCUPIED = 0, 1, 2


def _motion(value: bytes) -> Iterable[AnySignal]:
    """How often the eye saw something since the last report."""
    return (Motion(state="detected" if value[0] else "clear", level=True),)


def _millivolts(value: bytes) -> Iterable[AnySignal]:
    return (Battery(volts=int.from_bytes(value, "big") / 1000),)


def _moved(value: bytes) -> Iterable[AnySignal]:
    return (Movement(state="moved"),) if value[0] else ()


def _occupancy(value: bytes) -> Iterable[AnySignal]:
    """Pending: somebody moved, and is not yet felt to stay."""
    if value[0] == _EMPTY:
        return (Presence(state="clear"),)
    if value[0] == _PENDING:
        return (Presence(state="detected", subtype="pending"),)
    return (Presence(state="detected"),) if value[0] == _OCCUPIED else ()


def _leak(value: bytes) -> Iterable[AnySignal]:
    return (Alarm(alarm_type="water_leak", state="active" if value[0] else "clear", level=True),)


def _gps(value: bytes) -> Iterable[AnySignal]:
    lat, lon = (int.from_bytes(part, "little", signed=True) / 10_000 for part in (value[:3], value[3:]))
    return (place(lat, lon),)


_TYPES: dict[int, tuple[int, Read | None]] = {
    0x01: (2, None),  # temperature
    0x02: (1, None),  # humidity
    0x03: (3, None),  # acceleration
    0x04: (2, None),  # light
    0x05: (1, _motion),
    0x06: (2, None),  # CO2
    0x07: (2, _millivolts),
    0x08: (2, None),  # analogue 1
    0x09: (6, _gps),
    0x0A: (2, None),  # pulses
    0x0B: (4, None),
    0x0C: (2, None),  # external temperature
    0x0D: (1, None),  # external digital
    0x0E: (2, None),  # distance
    0x0F: (1, _moved),
    0x10: (4, None),  # infrared temperatures
    0x11: (1, _occupancy),
    0x12: (1, _leak),
    0x13: (65, None),  # grid of temperatures
    0x14: (4, None),  # pressure
    0x15: (2, None),  # sound
    0x16: (2, None),  # pulses 2
    0x17: (4, None),
    0x18: (2, None),  # analogue 2
    0x19: (2, None),  # external temperature 2
    0x1A: (1, None),  # external digital 2
    0x1B: (4, None),  # analogue in microvolts
    0x1C: (2, None),  # organic compounds
    0x3D: (4, None),
}


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    return [] if frame[:1] == _SETTINGS else walk_ids(_TYPES, frame)


_SETTINGS = b"\x3e"

CODECS = (
    Codec(
        vendor="Elsys",
        model="ERS, ERS Eye, ERS Desk, EMS, ELT",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("motion", "presence", "movement", "alarm", "location", "battery"),
    ),
)
