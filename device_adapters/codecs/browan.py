"""Browan TABS: one port a kind of sensor; status, battery, board temperature, time since the last change, counter.

Source: Browan's reference manuals.
"""

from __future__ import annotations

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Contact, Motion

_DOOR, _MOTION, _CLIMATE, _LIGHT, _SOUND, _WATER, _BUTTON = 100, 102, 103, 104, 105, 106, 147


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 3)
    status = frame[0]
    signals: list[AnySignal]
    if f_port == _DOOR:
        signals = [Contact(state="open" if status & 0x01 else "closed", level=True)]
    elif f_port == _MOTION:
        signals = [Motion(state="detected" if status & 0x01 else "clear", level=True)]
    elif f_port == _BUTTON:
        signals = [Button(action="press", button=number) for number in (1, 2) if status & number]
    elif f_port == _WATER:
        signals = [Alarm(alarm_type="water_leak", state="active" if status & 0x01 else "clear", level=True)]
    elif f_port in {_CLIMATE, _LIGHT, _SOUND}:
        signals = []
    else:
        raise Rejected(f"no such port: {f_port}")
    return [*signals, Battery(volts=(25 + (frame[1] & 0x0F)) / 10)]


CODECS = (
    Codec(
        vendor="Browan",
        model="TBMS100, TBDW100, TBPB100, TBWL100, TBHV110, TBHH100",
        also=("Browan TABS", "TABS"),
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("motion", "contact", "button", "alarm", "battery"),
        interval_s=3600,
    ),
)
