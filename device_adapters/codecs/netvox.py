"""Netvox: version, device type, kind of report, battery in tenths of a volt with the low flag in the highest bit.

Source: Netvox's application commands. The device type is in the frame, so that one codec reads every model; of types
that are not in the table only the battery is read. A periodic report of an emergency button has the alarm byte 0.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.codecs.frames import Codec, at_least, unsigned_be
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Button,
    Contact,
    DeviceInfo,
    Motion,
    Panic,
    Presence,
    Tamper,
)

_STATUS_PORT = 6
_CONFIGURATION_PORTS = (7, 13)
_ABOUT_ITSELF = 0
_LOW = 0x80


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port in _CONFIGURATION_PORTS:
        return [DeviceInfo(code="configuration")]
    if f_port != _STATUS_PORT:
        return []
    at_least(frame, 5)
    if frame[2] == _ABOUT_ITSELF:
        return [DeviceInfo(firmware=f"{frame[3] / 10:.1f}")]
    battery = Battery(volts=(frame[3] & 0x7F) / 10, low=True if frame[3] & _LOW else None)
    read = _STATUS.get(frame[1])
    return [*([] if read is None else read(frame)), battery]


def _emergency(frame: bytes) -> list[AnySignal]:
    return [Panic(subtype="emergency")] if frame[4] else []


def _doorbell(frame: bytes) -> list[AnySignal]:
    return [Button(action="press")] if frame[4] else []


def _keys(frame: bytes) -> list[AnySignal]:
    return [Button(action="press", button=key + 1) for key, pressed in enumerate(frame[4:7]) if pressed]


def _door(frame: bytes) -> list[AnySignal]:
    return [Contact(state="open" if frame[4] else "closed", level=True)]


def _occupancy(frame: bytes) -> list[AnySignal]:
    at_least(frame, 10)
    return [
        Motion(state="detected" if frame[8] else "clear", level=True),
        Tamper(state="active" if frame[9] else "clear"),
    ]


def _room(frame: bytes) -> list[AnySignal]:
    """Two fields of bits: what the device is fitted with, and the states. Its contacts' polarity is not documented.

    A press rings in every frame that has its bit: by default the device does not report the release.
    """
    if frame[2] != _STATES:
        return []
    at_least(frame, 8)
    fitted, on = unsigned_be(frame[4:6]), unsigned_be(frame[6:8])
    signals: list[AnySignal] = [Panic(subtype="emergency")] if on & _PRESSED else []
    signals += [state[bool(on & bit)] for part, bit, state in _PARTS if fitted & part]
    return signals


_STATES = 0x01
_PRESSED = 1 << 1
_PARTS: tuple[tuple[int, int, tuple[AnySignal, AnySignal]], ...] = (
    (1 << 2, 1 << 0, (Motion(state="clear", level=True), Motion(state="detected", level=True))),
    (
        1 << 11,
        1 << 8,
        (
            Alarm(alarm_type="water_leak", state="clear", level=True),
            Alarm(alarm_type="water_leak", state="active", level=True),
        ),
    ),
    (1 << 12, 1 << 9, (Presence(state="clear"), Presence(state="detected"))),
)
"""Bit of the fitted part, bit of its state, off and on: infrared, water probe, seat."""


def _alarm(alarm_type: str, probes: int = 1) -> Callable[[bytes], list[AnySignal]]:
    """One byte a probe; any of them is enough."""
    active, clear = (
        (Alarm(alarm_type=alarm_type, state="active", level=True),),
        (Alarm(alarm_type=alarm_type, state="clear", level=True),),
    )
    return lambda frame: list(active if any(frame[4 : 4 + probes]) else clear)


_STATUS: dict[int, Callable[[bytes], list[AnySignal]]] = {
    0x02: _door,  # R311A
    0x03: _occupancy,  # RB11E
    0x06: _alarm("water_leak", probes=2),  # R311W
    0x0A: _alarm("smoke"),  # RA02A
    0x10: _emergency,  # RB02I
    0x11: _alarm("carbon_monoxide"),  # RA02C
    0x12: _alarm("water_leak"),  # R718WB
    0x1D: _door,  # R718F
    0x31: _emergency,  # R718T
    0x32: _alarm("water_leak"),  # R718WA
    0x4D: _emergency,  # R312A
    0x55: _doorbell,  # R312
    0x7D: _door,  # R730F
    0xA6: _keys,  # RB02B
    0xA7: _keys,  # RB02C
    0xD2: _room,  # R315
    0xD7: _alarm("smoke"),  # RA02G
}

CODECS = (
    Codec(
        vendor="Netvox",
        model="R312A, R718T, RB02I, R312, RB02B, RB02C, R315, RB11E, R311A, R718F, R730F, RA02A, RA02C, RA02G, R311W, "
        "R718WA, R718WB",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("panic", "button", "motion", "presence", "contact", "tamper", "alarm", "battery"),
    ),
)
