"""Abeeway trackers, generation 3: a head of four bytes, or of six where the frame was stored before sending.

Source: Abeeway's reference guide and driver. The short time of the head is seconds of half a day and is not used; a
stored frame carries whole Unix seconds.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least, battery_percent, place, signed_be, unsigned_be
from device_adapters.signals import Alarm, AnySignal, Battery, DeviceInfo, Fault, Heartbeat, Movement, Panic, Tamper

_HEAD, _STORED_HEAD = 4, 6
_SOS, _SEVERAL_FRAMES, _STORED = 0x40, 0x80, 0x80
_UNKNOWN_LEVEL = 127
_GNSS = 10
_SOLVED = (0, 3)


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, _HEAD)
    stored = bool(frame[1] & _STORED)
    body = frame[_STORED_HEAD if stored else _HEAD :]
    if frame[0] & _SEVERAL_FRAMES:
        body = body[1:]
    read = _READ.get(frame[0] >> 3 & 0x07)
    if read is None:
        raise Rejected(f"no such message: type {frame[0] >> 3 & 0x07}")
    signals = _or_only_the_call(read, body, calls=bool(frame[0] & _SOS))
    if frame[0] & _SOS and not any(isinstance(signal, Panic) for signal in signals):
        signals.insert(0, Panic(ongoing=True, subtype="sos"))
    if stored:
        at_least(frame, _STORED_HEAD)
        when = unsigned_be(frame[2:6])
        signals = [replace(signal, buffered=True, occurred_at=when) for signal in signals]
    return signals + _battery(frame[1] & 0x7F)


def _or_only_the_call(read: Callable[[bytes], list[AnySignal]], body: bytes, *, calls: bool) -> list[AnySignal]:
    """What follows the head; when it was cut off, a call for help in the head rings all the same."""
    try:
        return read(body)
    except Rejected:
        if not calls:
            raise
        return []


def _battery(value: int) -> list[AnySignal]:
    if value == 0:
        return [Battery(state="charging")]
    return battery_percent(value) if value != _UNKNOWN_LEVEL else []


def _notification(body: bytes) -> list[AnySignal]:
    at_least(body, 1)
    if body[0] == 0x01:
        at_least(body, 5)
        return [Battery(volts=unsigned_be(body[3:5]) / 1000, low=True)]
    if body[0] == 0x03:  # noqa: PLR2004 - the case was opened or closed
        at_least(body, 2)
        return [Tamper(state="active" if body[1] & 0x01 else "clear", subtype="case")]
    if body[0] == 0x00:
        return [Heartbeat(), *_firmware(body)]
    said = _NOTIFICATIONS.get(body[0])
    return [] if said is None else [said]


def _firmware(body: bytes) -> list[AnySignal]:
    """The status page 0 tells the version."""
    if len(body) < 6 or body[2] & 0x07:  # noqa: PLR2004
        return []
    return [DeviceInfo(firmware=f"{body[3]}.{body[4]}.{body[5]}")]


_NOTIFICATIONS: dict[int, AnySignal] = {
    0x04: Heartbeat(),
    0x05: Fault(code="shutdown"),
    0x10: Panic(subtype="sos"),
    0x11: Panic(state="clear", subtype="sos"),
    0x30: Movement(state="start"),
    0x31: Movement(state="end"),
    0x32: Alarm(alarm_type="shock"),
}


def _position(body: bytes) -> list[AnySignal]:
    at_least(body, 4)
    if body[0] & 0x1F != _GNSS or body[0] >> 5 & 0x03 not in _SOLVED:
        return []
    at_least(body, 20)
    accuracy_m = float(body[18]) if body[18] <= 250 else None  # noqa: PLR2004 - above are classes
    return [place(signed_be(body[4:8]) / 1e7, signed_be(body[8:12]) / 1e7, accuracy_m=accuracy_m)]


def _alive(_body: bytes) -> list[AnySignal]:
    return [Heartbeat()]


_READ: dict[int, Callable[[bytes], list[AnySignal]]] = {
    1: _notification,
    2: _position,
    3: _alive,  # query
    4: _alive,  # response
    5: _alive,  # telemetry
}

CODECS = (
    Codec(
        vendor="Abeeway",
        model="Asset Tracker 3",
        decode=_decode,
        urgent=True,
        says=("panic", "alarm", "movement", "tamper", "location", "battery", "fault"),
    ),
)
