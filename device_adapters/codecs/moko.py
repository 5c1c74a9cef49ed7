"""MOKO Smart trackers: LW001-BG PRO, and the badges LW004-PB and LW006 with an SOS key.

Source: MOKO's payload decoders. Every frame of a badge repeats what goes on: SOS, an alert by key, man down.
"""

from __future__ import annotations

from msgspec.structs import replace

from device_adapters.adapter import Rejected
from device_adapters.codecs.frames import Codec, at_least, battery_percent, place, signed_be, unsigned_be
from device_adapters.signals import AnySignal, Battery, Fall, Fault, Heartbeat, Movement, Panic, Tamper

_LOW, _TORN_OFF, _IDLE = 0x04, 0x08, 0x10
_HEARTBEAT, _FIX, _SHUTDOWN, _EVENT, _PLAIN_FIX = 1, 2, 4, 8, 12
_GPS = 2


def _lw001(f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 3)
    flags = frame[0]
    signals: list[AnySignal] = [Fall(level=True, subtype="man_down")] if flags & _IDLE else []
    signals.append(Tamper(state="active" if flags & _TORN_OFF else "clear"))
    tenths = 22 + (frame[2 if f_port != _PLAIN_FIX else 1] >> 4 & 0x0F)
    signals.append(Battery(volts=tenths / 10, low=True if flags & _LOW else None))
    if f_port == _HEARTBEAT:
        signals.append(Heartbeat())
    elif f_port == _FIX and len(frame) >= 21 and frame[3] == _GPS:  # noqa: PLR2004
        signals.append(place(signed_be(frame[13:17]) / 1e7, signed_be(frame[17:21]) / 1e7))
    elif f_port == _PLAIN_FIX and len(frame) >= 10:  # noqa: PLR2004
        signals.append(place(signed_be(frame[2:6]) / 1e7, signed_be(frame[6:10]) / 1e7))
    elif f_port == _SHUTDOWN:
        signals.append(Fault(code="shutdown"))
    elif f_port == _EVENT and len(frame) > 3 and frame[3] in _MOVED:  # noqa: PLR2004
        signals.append(_MOVED[frame[3]])
    return signals


_MOVED = {0: Movement(state="start"), 2: Movement(state="end")}

_SOS, _SOS_OVER = Panic(subtype="sos"), Panic(state="clear", subtype="sos")
_ALERTED, _ALERT_OVER = Panic(subtype="alert"), Panic(state="clear", subtype="alert")
_DOWN, _UP_AGAIN = Fall(subtype="man_down"), Fall(state="clear", subtype="man_down")
_STARTED, _STOPPED = Movement(state="start"), Movement(state="end")

_EVENTS_004: dict[int, AnySignal] = {
    0: _STARTED, 2: _STOPPED, 3: _SOS, 4: _SOS_OVER, 5: _ALERTED, 6: _ALERT_OVER, 7: _DOWN, 8: _UP_AGAIN,
}  # fmt: skip
_EVENTS_006: dict[int, AnySignal] = {
    0: _STARTED, 2: _STOPPED, 3: _DOWN, 4: _UP_AGAIN, 5: _SOS, 6: _SOS_OVER, 7: _ALERTED, 8: _ALERT_OVER,
}  # fmt: skip

_GOES_ON_004: dict[int, AnySignal] = {
    2: Fall(level=True, subtype="man_down"),
    3: Panic(ongoing=True, subtype="alert"),
    4: Panic(ongoing=True, subtype="sos"),
}
_GOES_ON_006 = {1: _GOES_ON_004[2], 3: _GOES_ON_004[3], 4: _GOES_ON_004[4]}


def _going_on(states: dict[int, AnySignal], state: int) -> list[AnySignal]:
    return [states[state]] if state in states else []


def _charge(value: int) -> list[AnySignal]:
    return battery_percent(value & 0x7F)


def _lw004(f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 2)
    if f_port == 1:
        at_least(frame, 7)
        happened = _EVENTS_004.get(frame[6])
        when = unsigned_be(frame[2:6])
        return [*([] if happened is None else [replace(happened, occurred_at=when)]), *_charge(frame[0])]
    if f_port not in range(2, 14):
        raise Rejected(f"no such port: {f_port}")
    with_place = f_port in {6, 10}
    signals = _going_on(_GOES_ON_004, frame[1] >> 2 & 0x07 if with_place else frame[1] & 0x0F) + _charge(frame[0])
    if with_place:
        at_least(frame, 11)
        signals.append(place(signed_be(frame[7:11]) / 1e7, signed_be(frame[3:7]) / 1e7))
    elif f_port == 3:  # noqa: PLR2004
        signals.append(Fault(code="shutdown"))
    else:
        signals.append(Heartbeat())
    return signals


_STATE_AT_006 = {1: 5, 2: 8, 3: 8, 4: 8, 9: 3}
"""Port -> where the state is."""


def _lw006(f_port: int, frame: bytes) -> list[AnySignal]:
    if f_port == 5:  # noqa: PLR2004
        at_least(frame, 7)
        happened = _EVENTS_006.get(frame[6])
        when = unsigned_be(frame[1:5])
        return [*([] if happened is None else [replace(happened, occurred_at=when)]), *_charge(frame[0])]
    if f_port == 6:  # noqa: PLR2004
        at_least(frame, 10)
        return [place(signed_be(frame[2:6]) / 1e7, signed_be(frame[6:10]) / 1e7)]
    if f_port == 7:  # noqa: PLR2004
        return _stored_006(frame)
    if f_port == 8:  # noqa: PLR2004
        at_least(frame, 6)
        signals = _going_on(_GOES_ON_006, frame[4] & 0x0F) + _charge(frame[0])
        if frame[3] & 0x0F == 3 and len(frame) >= 14:  # noqa: PLR2004
            signals.append(place(signed_be(frame[6:10]) / 1e7, signed_be(frame[10:14]) / 1e7))
        return signals
    if f_port not in _STATE_AT_006:
        raise Rejected(f"no such port: {f_port}")
    at_least(frame, _STATE_AT_006[f_port] + 1)
    also = Fault(code="shutdown") if f_port == 2 else Heartbeat()  # noqa: PLR2004
    return [*_going_on(_GOES_ON_006, frame[_STATE_AT_006[f_port]]), *_charge(frame[0]), also]


def _stored_006(frame: bytes) -> list[AnySignal]:
    """A frame of another port that was stored: length, time, zone, port, frame."""
    if len(frame) < 8 or frame[6] == 7:  # noqa: PLR2004
        return []
    when = unsigned_be(frame[1:5])
    return [replace(signal, buffered=True, occurred_at=when) for signal in _lw006(frame[6], frame[7:])]


_BADGE = ("panic", "fall", "movement", "location", "battery", "fault")

CODECS = (
    Codec(vendor="MOKO", model="LW001-BG PRO", also=("LW001-BGPRO", "LW001-BG"), decode=_lw001, urgent=True,
          says=("fall", "tamper", "movement", "location", "battery", "fault")),
    Codec(vendor="MOKO", model="LW004-PB", also=("LW004", "LW004-CT"), decode=_lw004, urgent=True, says=_BADGE),
    Codec(vendor="MOKO", model="LW006", also=("LW006-SB",), decode=_lw006, urgent=True, says=_BADGE),
)  # fmt: skip
