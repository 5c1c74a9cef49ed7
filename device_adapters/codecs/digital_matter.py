"""Digital Matter trackers: a format a port, little-endian.

Source: Digital Matter's payload decoders. A man-down flag exists in frames of port 4 alone.
"""

from __future__ import annotations

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least, place, signed, unsigned
from device_adapters.signals import AnySignal, Battery, DeviceInfo, Fall

_FULL, _ACKNOWLEDGED, _STATISTICS, _SHORT = 1, 2, 3, 4


def _oyster(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port in {_ACKNOWLEDGED, _STATISTICS}:
        return []
    if f_port == _FULL:
        at_least(frame, 11)
        where = place(signed(frame[:4]) / 1e7, signed(frame[4:8]) / 1e7, fix=not frame[8] & 0x02)
        return [Battery(volts=round(frame[10] * 0.025, 2)), where]
    if f_port == _SHORT:
        at_least(frame, 9)
        flags = frame[8]
        where = place(signed(frame[:3]) * 256 / 1e7, signed(frame[3:6]) * 256 / 1e7, fix=not flags & 0x02)
        fallen: list[AnySignal] = [Fall(level=True, subtype="man_down")] if flags & 0x04 else []
        return [*fallen, Battery(volts=round(frame[7] * 0.025, 2)), where]
    raise Rejected(f"no such port: {f_port}")


_G62_FULL, _G62_FIRST = 1, 2
_G62_OTHERS = (3, 4, 5)


def _g62(f_port: int, frame: bytes) -> list[AnySignal]:
    """Flags are in the lowest four bits of either coordinate."""
    if f_port in _G62_OTHERS:
        return []
    if f_port not in {_G62_FULL, _G62_FIRST}:
        raise Rejected(f"no such port: {f_port}")
    at_least(frame, 17 if f_port == _G62_FULL else 11)
    lat, lon = (_without_flags(frame[at : at + 4]) / 1e7 for at in (0, 4))
    accuracy_m = float(frame[16]) if f_port == _G62_FULL else None
    return [Battery(volts=round(frame[10] * 0.02, 3)), place(lat, lon, accuracy_m=accuracy_m)]


def _without_flags(value: bytes) -> int:
    return signed(bytes((value[0] & 0xF0,)) + value[1:])


def _sensornode(f_port: int, frame: bytes) -> list[AnySignal]:
    """The older Oyster: the same full frame, and its first start on port 0."""
    if not f_port:
        return [DeviceInfo(code=f"hello_{unsigned(frame[:2])}")]
    return _oyster(f_port, frame)


CODECS = (
    Codec(
        vendor="Digital Matter",
        model="Oyster3",
        also=("Yabby3", "Oyster3/Yabby3", "Yabby Edge"),
        decode=_oyster,
        urgent=True,
        says=("fall", "location", "battery"),
    ),
    Codec(vendor="Digital Matter", model="Oyster", decode=_sensornode, also=("Yabby",), urgent=True,
          says=("fall", "location", "battery")),
    Codec(vendor="Digital Matter", model="G62", decode=_g62, says=("location", "battery")),
)  # fmt: skip
