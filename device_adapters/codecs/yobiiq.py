"""Yobiiq SD-1001 smoke detector: channel, type, value; a single byte answers a command.

Source: Yobiiq's codec.
"""

from __future__ import annotations

from collections.abc import Iterable

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, Read, battery_percent, said_of
from device_adapters.signals import Alarm, AnySignal, Battery, DeviceInfo, Fault, Test


def _battery(value: bytes) -> Iterable[AnySignal]:
    return battery_percent(value[0])


def _low(value: bytes) -> Iterable[AnySignal]:
    return (Battery(low=bool(value[0])),)


def _broken(value: bytes) -> Iterable[AnySignal]:
    return (Fault(code="device"),) if value[0] else ()


def _smoke(value: bytes) -> Iterable[AnySignal]:
    return (Alarm(alarm_type="smoke", state="active" if value[0] else "clear", level=True),)


def _elsewhere(value: bytes) -> Iterable[AnySignal]:
    """Another detector of the home, joined to this one."""
    return (Alarm(alarm_type="smoke", level=True),) if value[0] else ()


def _tested(value: bytes) -> Iterable[AnySignal]:
    return (Test(),) if value[0] else ()


def _firmware(value: bytes) -> Iterable[AnySignal]:
    return (DeviceInfo(firmware=f"{value[0]:x}.{value[1]:x}"),)


_CHANNELS: dict[int, tuple[int, Read | None]] = {
    0x01: (1, _battery),
    0x02: (1, None),  # mains
    0x03: (1, _low),
    0x04: (1, _broken),
    0x05: (1, _smoke),
    0x06: (1, _elsewhere),
    0x07: (1, _tested),
}
_ABOUT_ITSELF: dict[int, tuple[int, Read | None]] = {
    0x09: (2, None),
    0x0A: (2, _firmware),
    0x0B: (1, None),
    0x0F: (1, None),
    0x16: (5, None),
}
_ITSELF = 0xFF
_CALLS = (b"\x05", b"\x06")


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    if len(frame) == 1:
        return []
    signals: list[AnySignal] = []
    at = 0
    while at + 1 < len(frame):
        entry = _ABOUT_ITSELF.get(frame[at + 1]) if frame[at] == _ITSELF else _CHANNELS.get(frame[at])
        if entry is None or at + 2 + entry[0] > len(frame):
            break
        length, read = entry
        if read is not None:
            signals.extend(read(frame[at + 2 : at + 2 + length]))
        at += 2 + length
    if at == 0 and frame and frame[:1] not in _CALLS:
        raise Rejected(f"unknown or cut-off channel {frame[0]:02X} at the start of the frame")
    return signals + said_of([frame[at:]] if at < len(frame) else [], _CALLS)


CODECS = (
    Codec(
        vendor="Yobiiq",
        model="SD-1001",
        decode=_decode,
        urgent=True,
        says=("alarm", "test", "battery", "fault"),
    ),
)
