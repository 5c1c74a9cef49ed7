"""Winext home sensors (button, eye, door, water, smoke, radar): a reserved byte, then types and values on port 210.

Source: the maker's payload tables. The SOS button says so in a type of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least, battery_percent, next_call, said_of, unsigned_be
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Contact,
    DeviceInfo,
    Heartbeat,
    Motion,
    Panic,
    Presence,
    Tamper,
    Test,
)

_REPORTS = 210
_FIRST = 1
_SOS = b"\x14\x01"

Said = Callable[[bytes], tuple[AnySignal, ...]]


def _two(off: AnySignal, on: AnySignal) -> Said:
    return lambda value: (on if value[0] else off,)


def _when_set(signal: AnySignal) -> Said:
    return lambda value: (signal,) if value[0] else ()


def _alarm(alarm_type: str) -> Said:
    return _two(Alarm(alarm_type=alarm_type, state="clear", level=True), Alarm(alarm_type=alarm_type, level=True))


def _percent(value: bytes) -> tuple[AnySignal, ...]:
    return tuple(battery_percent(value[0]))


_TAMPER = _two(Tamper(state="clear"), Tamper(state="active"))
_LOW = _two(Battery(low=False), Battery(low=True))
_DOOR = _two(Contact(state="closed", level=True), Contact(state="open", level=True))
_FELT = _two(Presence(state="clear"), Presence(state="detected"))

_TYPES: dict[int, tuple[int, Said | None]] = {
    0x01: (1, None),  # model
    0x03: (1, _TAMPER),
    0x04: (2, lambda value: (Battery(volts=unsigned_be(value) / 1000),)),
    0x05: (1, _LOW),
    0x10: (2, None),  # temperature
    0x11: (1, None),
    0x12: (2, None),  # humidity
    0x13: (1, None),
    0x14: (1, _when_set(Panic(subtype="sos"))),
    0x17: (1, _two(Motion(state="clear", level=True), Motion(state="detected", level=True))),
    0x18: (1, _DOOR),
    0x21: (1, _alarm("water_leak")),
    0x24: (1, _DOOR),
    0x31: (1, _alarm("smoke")),
    0x6D: (1, None),  # heartbeat or report
    0x73: (2, None),  # minutes of the leak
    0x76: (1, _DOOR),
    0x77: (1, _TAMPER),
    0x7D: (1, _LOW),
    0x82: (1, _when_set(Test())),
    0x84: (1, _alarm("smoke")),
    0x85: (1, _alarm("water_leak")),
    0x93: (1, _percent),
    0xB8: (1, _LOW),
    0xBD: (1, _FELT),
    0xBE: (1, _FELT),
}


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port != _REPORTS:
        return [DeviceInfo(code="configuration")]
    at_least(frame, 3)
    signals: list[AnySignal] = []
    at = _FIRST
    lost: list[bytes] = []
    while at < len(frame):
        length, read = _TYPES.get(frame[at], (0, None))
        if not length or at + 1 + length > len(frame):
            ahead = next_call(frame, at + 1, (_SOS,))
            if at == _FIRST and ahead == len(frame) and frame[at] != _SOS[0]:
                raise Rejected(f"unknown or cut-off type {frame[_FIRST]:02X} at the start of the frame")
            lost.append(frame[at:ahead])
            at = ahead
            continue
        if read is not None:
            signals.extend(read(frame[at + 1 : at + 1 + length]))
        at += 1 + length
    return (signals or [Heartbeat()]) + said_of(lost, (_SOS[:1],))


CODECS = (
    Codec(
        vendor="Winext",
        model="AN-301",
        also=("AN301", "AN-204", "AN204", "AN-303", "AN303", "AN-304", "AN304", "AN-305", "AN305", "AN-306", "AN306",
              "JTY-AN-503A"),
        decode=_decode,
        urgent=True,
        says=("panic", "motion", "presence", "contact", "alarm", "tamper", "test", "battery"),
    ),
)  # fmt: skip
