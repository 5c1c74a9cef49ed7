"""MClimate: a keep-alive of fixed length; answers to commands stand before it in the same frame.

Source: MClimate's device documentation.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, DecodeFrame, at_least
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Motion, Tamper, Test

_PRESSES = {1: "single", 2: "double", 3: "triple"}


def _keep_alive(marks: tuple[int, ...], length: int, read: Callable[[bytes], list[AnySignal]]) -> DecodeFrame:
    """Reads the keep-alive, which is the end of the frame whatever stands before it."""

    def decode(_f_port: int, frame: bytes) -> list[AnySignal]:
        if len(frame) < length:
            raise Rejected(f"a frame of {len(frame)} bytes where the keep-alive has {length}")
        last = frame[-length:]
        return read(last) if last[0] in marks or len(frame) == length else []

    return decode


def _motion(*, occupied: bool, battery: int) -> list[AnySignal]:
    volts = round((battery * 2200 / 255 + 1600) / 1000, 2)
    return [Motion(state="detected" if occupied else "clear", level=True), Battery(volts=volts)]


def _eye(last: bytes) -> list[AnySignal]:
    return _motion(occupied=bool(last[1] & 0x04), battery=last[4])


def _small_eye(last: bytes) -> list[AnySignal]:
    return _motion(occupied=bool(last[7] & 0x01), battery=last[6])


def _battery(value: int) -> Battery:
    return Battery(volts=round((value * 8 + 1600) / 1000, 1))


def _button(last: bytes) -> list[AnySignal]:
    """The last byte counts the presses that followed each other; 0 is a sign of life."""
    presses = last[4]
    if presses == 0:
        return [_battery(last[1])]
    return [Button(action=_PRESSES.get(presses, f"press_{presses}"), press_counter=presses), _battery(last[1])]


def _only_battery(last: bytes) -> list[AnySignal]:
    """Open/close sensor: the maker does not say which state of the switch is open."""
    return [_battery(last[1])]


_TEST_PRESSED = 1


def _flood(_f_port: int, frame: bytes) -> list[AnySignal]:
    """Reason in the upper three bits, housing open, flood; battery."""
    at_least(frame, 2)
    said: list[AnySignal] = [Test()] if frame[0] >> 5 == _TEST_PRESSED else []
    return [
        *said,
        Alarm(alarm_type="water_leak", state="active" if frame[0] & 0x02 else "clear", level=True),
        Tamper(state="active" if frame[0] & 0x08 else "clear"),
        Battery(volts=frame[1] * 16 / 1000),
    ]


_EYE = ("motion", "battery")

CODECS = (
    Codec(vendor="MClimate", model="HT-PIR-Lite", decode=_keep_alive((0x51,), 6, _eye), says=_EYE,
          also=("HT PIR Lite",)),
    Codec(vendor="MClimate", model="CO2-PIR-Lite", decode=_keep_alive((0x51,), 8, _eye), says=_EYE,
          also=("CO2 PIR Lite",)),
    Codec(vendor="MClimate", model="PIR Mini", decode=_keep_alive((0x01,), 10, _small_eye), says=_EYE,
          also=("PIR-Mini",)),
    Codec(vendor="MClimate", model="Multipurpose Button", decode=_keep_alive((0x01,), 5, _button), urgent=True,
          also=("MC Button", "MC-Button"), says=("button", "battery")),
    Codec(vendor="MClimate", model="Open/Close Sensor", decode=_keep_alive((0x01, 0x20, 0x21), 8, _only_battery),
          also=("Open-Close Sensor", "Open/Close"), says=("battery",)),
    Codec(vendor="MClimate", model="Flood Sensor", decode=_flood, urgent=True, also=("Flood-Sensor",),
          says=("alarm", "tamper", "test", "battery")),
)  # fmt: skip
