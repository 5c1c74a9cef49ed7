"""Dragino sensors and trackers: a format a model, big-endian.

Source: Dragino's user manuals. The alarm flag of the trackers and of the push button is a person's press.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, DecodeFrame, at_least, place, signed_be, unsigned_be
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Contact, DeviceInfo, Motion, Movement, Panic

_ABOUT_ITSELF = 5
_14_BITS = 0x3FFF


def _about_itself(frame: bytes) -> list[AnySignal]:
    at_least(frame, 7)
    firmware = f"{frame[1] & 0x0F}.{frame[2] >> 4}.{frame[2] & 0x0F}"
    return [DeviceInfo(firmware=firmware), Battery(volts=unsigned_be(frame[5:7]) / 1000)]


def _door_or_leak(_f_port: int, frame: bytes) -> list[AnySignal]:
    """LDS, LWL: what the one board is used for is its mode."""
    at_least(frame, 3)
    signals: list[AnySignal] = []
    if frame[2] in {1, 3}:
        signals.append(Contact(state="open" if frame[0] & 0x80 else "closed", level=True))
    if frame[2] in {2, 3}:
        signals.append(Alarm(alarm_type="water_leak", state="active" if frame[0] & 0x40 else "clear", level=True))
    return [*signals, Battery(volts=(unsigned_be(frame[:2]) & _14_BITS) / 1000)]


def _on_port_10(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port != 10:  # noqa: PLR2004
        raise Rejected(f"no such port: {f_port}")
    return _door_or_leak(f_port, frame)


_RECORD = 11


def _door(on: int, *, stored: bool = False, at: int | None = None) -> AnySignal:
    return Contact(state="open" if on else "closed", level=True, buffered=stored, occurred_at=at)


def _leak(on: int, *, stored: bool = False, at: int | None = None) -> AnySignal:
    state: Literal["active", "clear"] = "active" if on else "clear"
    return Alarm(alarm_type="water_leak", state=state, level=True, buffered=stored, occurred_at=at)


def _with_log(state: Callable[..., AnySignal]) -> DecodeFrame:
    """Status with a time; port 3 has records of the same shape that were stored."""

    def decode(f_port: int, frame: bytes) -> list[AnySignal]:
        if f_port == _ABOUT_ITSELF:
            return _about_itself(frame)
        if f_port not in {2, 3}:
            return []
        at_least(frame, _RECORD)
        stored = f_port == 3  # noqa: PLR2004
        ends = range(_RECORD, len(frame) + 1, _RECORD) if stored else (_RECORD,)
        signals = [
            state(frame[end - _RECORD] & 0x01, stored=stored, at=unsigned_be(frame[end - 4 : end])) for end in ends
        ]
        if not stored and len(frame) >= 18:  # noqa: PLR2004 - a second door
            signals.append(state(frame[11] & 0x01))
        return signals

    return decode


_NO_VOLTAGE, _INTERRUPT, _PIR = 9, 4, 14


def _climate(f_port: int, frame: bytes, *, eye: bool = False) -> list[AnySignal]:
    """LHT65: temperature and humidity, with a plug whose kind is in byte 6; answers to a poll are stored records."""
    if f_port == _ABOUT_ITSELF:
        return _about_itself(frame)
    at_least(frame, 9)
    plug = frame[6] & 0x0F
    if frame[6] & 0x40 and len(frame) > _RECORD:
        return []
    signals: list[AnySignal] = []
    if plug == _PIR or (eye and plug == _INTERRUPT):
        signals.append(Motion(state="detected" if frame[7] else "clear", level=True))
    if plug != _NO_VOLTAGE:
        signals.append(Battery(volts=(unsigned_be(frame[:2]) & _14_BITS) / 1000))
    return signals


def _climate_with_eye(f_port: int, frame: bytes) -> list[AnySignal]:
    return _climate(f_port, frame, eye=True)


def _status(first: int, second: int) -> list[AnySignal]:
    """Alarm flag and battery in 14 bits."""
    battery = Battery(volts=((first & 0x3F) << 8 | second) / 1000)
    return [Panic(level=True, subtype="alarm"), battery] if first & 0x40 else [battery]


_FRAME_WITHOUT_PLACE = {7: 0, 8: 7, 6: 24}
"""Port -> where the status is."""


def _tracker(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port == _ABOUT_ITSELF:
        return _about_itself(frame)
    if f_port in _FRAME_WITHOUT_PLACE:
        at = _FRAME_WITHOUT_PLACE[f_port]
        at_least(frame, at + 2)
        return _status(frame[at], frame[at + 1])
    if f_port not in {2, 3, 4}:
        raise Rejected(f"no such port: {f_port}")
    at_least(frame, 10)
    found: list[AnySignal] = [place(signed_be(frame[:4]) / 1e6, signed_be(frame[4:8]) / 1e6)]
    if f_port == 4:  # noqa: PLR2004 - a stored place, with the device's own calendar
        return found
    if len(frame) > 10 and frame[10] & 0x10:  # noqa: PLR2004
        found.append(Movement(state="start"))
    return [*_status(frame[8], frame[9]), *found]


def _gps_button(_f_port: int, frame: bytes) -> list[AnySignal]:
    """LGT-92."""
    at_least(frame, 10)
    where = place(signed_be(frame[:4]) / 1e6, signed_be(frame[4:8]) / 1e6)
    return [*_status(frame[8], frame[9]), where]


def _beacon_button(_f_port: int, frame: bytes) -> list[AnySignal]:
    """LBT1."""
    at_least(frame, 5)
    battery = Battery(volts=unsigned_be(frame[:2]) / 1000)
    return [Panic(level=True, subtype="alarm"), battery] if frame[2] >> 4 else [battery]


def _push_button(f_port: int, frame: bytes) -> list[AnySignal]:
    """PB01: a general-purpose button; provisioning says whether it calls."""
    if f_port == _ABOUT_ITSELF:
        return _about_itself(frame)
    if f_port == 3:  # noqa: PLR2004 - stored records of temperature and presses
        at_least(frame, _RECORD)
        records = (frame[at : at + _RECORD] for at in range(0, len(frame) - _RECORD + 1, _RECORD))
        return [
            Button(action="press", buffered=True, occurred_at=unsigned_be(record[7:11]))
            for record in records
            if record[6] & 0x01
        ]
    at_least(frame, 4)
    battery = Battery(volts=unsigned_be(frame[:2]) / 1000)
    return [Button(action="press"), battery] if frame[3] & 0x01 else [battery]


_DAY_S = 86_400


def _codec(
    model: str, decode: DecodeFrame, *also: str, says: tuple[str, ...], urgent: bool = False, interval_s: int = 0
) -> Codec:
    return Codec(
        vendor="Dragino", model=model, decode=decode, also=also, says=says, urgent=urgent, interval_s=interval_s
    )


_BATTERY_V = (1.8, 4.3)


def _other(f_port: int, frame: bytes) -> list[AnySignal]:
    """A model that is not in the table: every report begins with the battery, beside up to two flags."""
    if f_port == _ABOUT_ITSELF:
        return _about_itself(frame)
    if f_port != 2:  # noqa: PLR2004
        return []
    at_least(frame, 2)
    volts = (unsigned_be(frame[:2]) & _14_BITS) / 1000
    return [Battery(volts=volts)] if _BATTERY_V[0] <= volts <= _BATTERY_V[1] else []


_DOOR = ("contact", "battery")
_ON_10 = ("contact", "alarm", "battery")

CODECS = (
    _codec("LDS02", _on_port_10, "LDS01", says=_ON_10, urgent=True, interval_s=_DAY_S),
    _codec("LWL02", _on_port_10, "LWL01", says=_ON_10, urgent=True, interval_s=_DAY_S),
    _codec("LDS03A", _with_log(_door), "DS03A-LB", "DS03A", says=_DOOR),
    _codec("LWL03A", _with_log(_leak), "WL03A-LB", "LWL04-LB", "LWL04", says=("alarm", "battery"), urgent=True),
    _codec("LHT65N-PIR", _climate_with_eye, says=("motion", "battery")),
    _codec("LHT65N", _climate, "LHT65", says=("motion", "battery")),
    _codec("TrackerD", _tracker, says=("panic", "movement", "location", "battery"), urgent=True),
    _codec("LGT-92", _gps_button, "LGT92", says=("panic", "location", "battery"), urgent=True),
    _codec("LBT1", _beacon_button, says=("panic", "battery"), urgent=True),
    Codec(vendor="Dragino", model="other models", every_model=True, decode=_other, says=("battery",)),
    _codec("PB01-L", _push_button, "PB01", says=("button", "battery"), urgent=True),
)
