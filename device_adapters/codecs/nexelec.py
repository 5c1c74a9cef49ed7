"""Nexelec room sensors (FEEL+, RISE+, WAVE+, MOVE+, SIGN+, SENSE+, ATMO+): product, kind of message, bit fields.

Source: Nexelec's technical guides.
"""

from __future__ import annotations

from device_adapters.codecs.frames import Codec, at_least
from device_adapters.signals import AnySignal, Battery, Button, Presence, Tamper

_PERIODIC, _STATUS, _PRESENCE = 0x01, 0x05, 0x08
_MAINS, _BROKEN = 1022, 1023
_TORN_OFF = (1, 2)


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 2)
    if frame[1] == _PRESENCE:
        at_least(frame, 3)
        return [_presence(bool(frame[2] & 0x80))]
    if frame[1] == _PERIODIC:
        at_least(frame, 15)
        pressed: list[AnySignal] = [Button(action="short")] if frame[9] & 0x20 else []
        return [*pressed, _presence(bool(frame[14] & 0x20))]
    if frame[1] == _STATUS:
        at_least(frame, 10)
        return [*_battery(frame), Tamper(state="active" if frame[9] >> 6 in _TORN_OFF else "clear")]
    return []


def _presence(felt: bool) -> Presence:
    return Presence(state="detected" if felt else "clear")


def _battery(frame: bytes) -> list[AnySignal]:
    """Steps of 5 mV in ten bits."""
    steps = (frame[4] << 4 | frame[5] >> 4) & 0x3FF
    return [] if steps in {_MAINS, _BROKEN} else [Battery(volts=steps * 5 / 1000)]


CODECS = (
    Codec(
        vendor="Nexelec",
        model="FEEL+, RISE+, WAVE+, MOVE+, SIGN+, SENSE+, ATMO+",
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("presence", "button", "tamper", "battery"),
    ),
)
