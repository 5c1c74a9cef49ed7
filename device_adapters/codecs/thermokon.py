"""Thermokon LRW: an id of one byte, or of two from 0x80 on, then the value, big-endian.

Source: Thermokon's payload description. Which state of a reed contact is open depends on how it was mounted.
"""

from __future__ import annotations

from collections.abc import Iterable

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, Read, said_of, unsigned_be
from device_adapters.signals import AnySignal, Battery, Motion


def _occupancy(value: bytes) -> Iterable[AnySignal]:
    """The lowest bit is the state, the others count."""
    return (Motion(state="detected" if value[0] & 0x01 else "clear", level=True),)


def _coarse(value: bytes) -> Iterable[AnySignal]:
    return (Battery(volts=value[0] * 20 / 1000),)


def _fine(value: bytes) -> Iterable[AnySignal]:
    return (Battery(volts=unsigned_be(value) / 1000),)


_READ: dict[int, Read] = {0x41: _occupancy, 0x9410: _occupancy, 0x54: _coarse, 0x8540: _fine}
_ONE_BYTE = frozenset(
    {0x01, 0x11, 0x41, 0x50, 0x54, 0x63, 0x8415, 0x8550, 0x9410, 0x9500, 0x9550, 0xC103, 0xC120, 0xC134}
    | set(range(0xC135, 0xC13A))
)
_TWO_BYTES = frozenset(
    {0x00, 0x10, 0x12, 0x13, 0x30, 0x31, 0x32, 0x40, 0x51, 0x8540, 0x9100, 0x9140, 0x9510, 0x9630, 0xA100, 0xC000}
    | {0xC100, 0xC105, 0xC106, 0xC108, 0xC10A, 0xC10B, 0xC121, 0xC123, 0xC125, 0xC127, 0xC129, 0xC12B, 0xC12D}
    | {0xC194, 0xC19C, 0xC1A4, 0xC1AC, 0xC230}
)
_LONG_ID = 0x80


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    signals: list[AnySignal] = []
    at = 0
    while at < len(frame):
        width = 2 if frame[at] >= _LONG_ID else 1
        id_ = unsigned_be(frame[at : at + width])
        length = 1 if id_ in _ONE_BYTE else 2 if id_ in _TWO_BYTES else 0
        if not length or at + width + length > len(frame):
            break
        if id_ in _READ:
            signals.extend(_READ[id_](frame[at + width : at + width + length]))
        at += width + length
    if at == 0 and frame:
        raise Rejected(f"unknown or cut-off id {frame[0]:02X} at the start of the frame")
    return signals + said_of([frame[at:]] if at < len(frame) else [])


CODECS = (
    Codec(vendor="Thermokon", model="LRW", every_model=True, decode=_decode, says=("motion", "battery")),
)  # fmt: skip
