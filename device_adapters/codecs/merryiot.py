"""MerryIoT: one port a model; flags, battery, temperature, humidity, time, counter.

Source: MerryIoT's reference manuals. Frames of version 4 are a byte longer, for the temperature.
"""

from __future__ import annotations

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Contact, DeviceInfo, Motion, Tamper

_DOOR, _MOTION, _WATER, _AIR, _ABOUT_ITSELF = 120, 122, 126, 127, 204
_LENGTH = {_DOOR: 9, _MOTION: 9, _WATER: 4, _AIR: 6}


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port == _ABOUT_ITSELF:
        return [DeviceInfo(code="configuration")]
    if f_port not in _LENGTH:
        raise Rejected(f"no such port: {f_port}")
    at_least(frame, _LENGTH[f_port])
    flags = frame[0]
    signals: list[AnySignal] = []
    if f_port == _DOOR:
        signals.append(Contact(state="open" if flags & 0x01 else "closed", level=True))
    elif f_port == _MOTION:
        signals.append(Motion(state="detected" if flags & 0x01 else "clear", level=True))
    elif f_port == _WATER:
        signals.append(Alarm(alarm_type="water_leak", state="active" if flags & 0x01 else "clear", level=True))
    if flags & 0x02:
        signals.append(Button(action="press"))
    if f_port != _AIR:
        signals.append(Tamper(state="active" if flags & 0x04 else "clear"))
    if f_port == _DOOR and flags & 0x08:
        signals.append(Tamper(state="active", subtype="tilt"))
    return [*signals, Battery(volts=(21 + (frame[1] & 0x0F)) / 10)]


CODECS = (
    Codec(
        vendor="MerryIoT",
        model="MS10, DW10, WL10, CD10",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("motion", "contact", "button", "tamper", "alarm", "battery"),
    ),
)
