"""Abeeway trackers, generation 2 (Micro, Compact, Smart Badge), ports 17 and 18: one status head, many kinds of frame.

Source: Abeeway's reference guide and driver. Every frame repeats the SOS flag until the end of the call; only the event
is the press. Generation 3 is in ``abeeway3``.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least, battery_percent, place, signed_be
from device_adapters.signals import Alarm, AnySignal, Battery, DeviceInfo, Fault, Heartbeat, Movement, Panic

_PORT_WITH_PERCENT = 18
_UNKNOWN_LEVEL = 255
_SOS = 0x10
_HEAD = 5

_FRAME_PENDING, _TEXT = 0x00, 0x0D
_POSITION, _EVENT, _LONG_POSITION = 0x03, 0x0A, 0x0E
_SHOCK = 3
_GNSS_FIX = 0
_SOS_START, _SOS_END = 7, 8

_EVENTS: dict[int, AnySignal] = {
    1: Movement(state="start"),
    2: Movement(state="end"),
    _SOS_START: Panic(subtype="sos"),
    _SOS_END: Panic(state="clear", subtype="sos"),
}

_SHUTDOWN = {
    0: "user action",
    1: "low battery",
    2: "asked by downlink",
    3: "asked over Bluetooth",
    4: "Bluetooth connected",
}


def _decode(f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 2)
    kind = frame[0]
    if kind in {_FRAME_PENDING, _TEXT}:
        return []
    read = _READ.get(kind)
    if read is None:
        raise Rejected(f"no such frame: type {kind:02X}")
    at_least(frame, _HEAD)
    signals = _or_only_the_call(read, frame, calls=bool(frame[1] & _SOS))
    if frame[1] & _SOS and not any(isinstance(signal, Panic) for signal in signals):
        signals.insert(0, Panic(ongoing=True, subtype="sos"))
    return signals + _battery(f_port, frame[2])


def _or_only_the_call(read: Callable[[bytes], list[AnySignal]], body: bytes, *, calls: bool) -> list[AnySignal]:
    """What follows the head; when it was cut off, a call for help in the head rings all the same."""
    try:
        return read(body)
    except Rejected:
        if not calls:
            raise
        return []


def _battery(f_port: int, value: int) -> list[AnySignal]:
    """Percent on port 18, volts on the older 17; 0 is a battery on charge, of which the level is not known."""
    if f_port == _PORT_WITH_PERCENT:
        if value == 0:
            return [Battery(state="charging")]
        return battery_percent(value) if value != _UNKNOWN_LEVEL else []
    if value == 0:
        return [Battery(volts=0.0, state="charging")]
    return [Battery(volts=round(2.8 + (value - 1) * 1.4 / 253, 2))]


def _event(frame: bytes) -> list[AnySignal]:
    at_least(frame, _HEAD + 1)
    event = _EVENTS.get(frame[5])
    return [] if event is None else [event]


def _position(frame: bytes) -> list[AnySignal]:
    """Three bytes a coordinate: the lowest one is left out."""
    if frame[4] & 0x0F != _GNSS_FIX:
        return []
    at_least(frame, 13)
    lat, lon = signed_be(frame[6:9] + b"\0") / 1e7, signed_be(frame[9:12] + b"\0") / 1e7
    return [place(lat, lon, accuracy_m=round(frame[12] * 1000 / 255, 2))]


def _long_position(frame: bytes) -> list[AnySignal]:
    if frame[4] & 0x0F != _GNSS_FIX:
        return []
    at_least(frame, 19)
    in_metres = not frame[7] & 0x02
    accuracy_m = round(frame[18] * 1000 / 255, 2) if in_metres else None
    return [place(signed_be(frame[8:12]) / 1e7, signed_be(frame[12:16]) / 1e7, accuracy_m=accuracy_m)]


def _various(frame: bytes) -> list[AnySignal]:
    """Activity counters, configuration, shocks, Bluetooth address."""
    at_least(frame, _HEAD + 1)
    return [Alarm(alarm_type="shock")] if frame[5] & 0x07 == _SHOCK else [Heartbeat()]


def _heartbeat(frame: bytes) -> list[AnySignal]:
    signals: list[AnySignal] = [Heartbeat()]
    if len(frame) >= 9:  # noqa: PLR2004 - older firmware does not tell its version
        signals.append(DeviceInfo(firmware=f"{frame[6]}.{frame[7]}.{frame[8]}"))
    return signals


def _shutdown(frame: bytes) -> list[AnySignal]:
    return [Fault(code="shutdown", text=_SHUTDOWN.get(frame[5]) if len(frame) > _HEAD else None)]


def _alive(_frame: bytes) -> list[AnySignal]:
    return [Heartbeat()]


_READ: dict[int, Callable[[bytes], list[AnySignal]]] = {
    _POSITION: _position,
    0x04: _alive,  # energy or health
    0x05: _heartbeat,
    0x07: _various,
    0x09: _shutdown,
    _EVENT: _event,
    0x0B: _alive,  # scan collection
    0x0C: _alive,  # proximity
    _LONG_POSITION: _long_position,
    0x0F: _alive,  # for the maker's support
}

CODECS = (
    Codec(
        vendor="Abeeway",
        model="Asset Tracker 2",
        also=("Micro Tracker", "Compact Tracker", "Industrial Tracker", "Smart Badge", "Geolocation Module"),
        decode=_decode,
        urgent=True,
        says=("panic", "alarm", "movement", "location", "battery", "fault"),
    ),
)
