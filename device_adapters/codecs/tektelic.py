"""Tektelic room sensors: channel-type-value frames, big-endian, on port 10; the ports beside it are configuration.

Source: Tektelic's technical reference. Which state of the reed switch is an open door depends on how it is mounted and
configured, and is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from device_adapters.codecs.frames import Channels, Codec, unsigned_be, walk_channels
from device_adapters.signals import Alarm, AnySignal, Battery, DeviceInfo, Motion

_REPORTS = 10


def _flag(off: AnySignal, on: AnySignal) -> Callable[[bytes], Iterable[AnySignal]]:
    return lambda value: (on if value[0] else off,)


def _battery(volts_each: float) -> Callable[[bytes], Iterable[AnySignal]]:
    return lambda value: (Battery(volts=round(unsigned_be(value) * volts_each, 3)),)


_CHANNELS: Channels = {
    bytes.fromhex(key): entry
    for key, entry in {
        "00 BA": (2, _battery(0.001)),
        "00 FF": (2, _battery(0.01)),
        "01 00": (1, None),  # reed switch
        "02 00": (1, None),  # light
        "03 67": (2, None),  # temperature
        "04 68": (1, None),  # humidity
        "05 02": (2, None),  # acceleration
        "07 71": (6, None),
        "08 04": (2, None),  # reed count
        "09 00": (
            1,
            _flag(
                Alarm(alarm_type="water_leak", state="clear", level=True),
                Alarm(alarm_type="water_leak", state="active", level=True),
            ),
        ),
        "0A 00": (1, _flag(Motion(state="clear", level=True), Motion(state="detected", level=True))),
        "0B 67": (2, None),  # temperature of the board
        "0C 00": (1, None),  # impact
        "0D 04": (2, None),  # motion count
        "0E 00": (1, None),  # external connector
        "0F 04": (2, None),
        "10 02": (1, None),  # light intensity
        "11 02": (2, None),
    }.items()
}


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    return walk_channels(_CHANNELS, frame) if f_port == _REPORTS else [DeviceInfo(code="configuration")]


CODECS = (
    Codec(
        vendor="Tektelic",
        model="Smart Room Sensor, Smart Room Sensor PIR, Home Sensor",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("motion", "alarm", "battery"),
    ),
)
