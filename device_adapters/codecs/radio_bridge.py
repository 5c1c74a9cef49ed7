"""Radio Bridge: protocol version and counter, kind of event, the event. Any port.

Source: Radio Bridge's packet format. The counter has four bits and is no event id.
"""

from __future__ import annotations

from device_adapters.codecs.frames import Codec, at_least
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Contact, DeviceInfo, Tamper

_RESET, _SUPERVISORY, _TAMPER, _DOOR, _BUTTON, _CONTACT, _WATER = 0x00, 0x01, 0x02, 0x03, 0x06, 0x07, 0x08
_PRESSES = {0: "press", 2: "long"}
_BOTH = 0x12


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 3)
    event, state = frame[1], frame[2]
    if event == _RESET:
        return [DeviceInfo(code="power_on")]
    if event == _SUPERVISORY:
        at_least(frame, 5)
        return [Battery(volts=(frame[4] >> 4) + (frame[4] & 0x0F) / 10, low=True if state & 0x02 else None)]
    if event == _TAMPER:
        return [Tamper(state="clear" if state else "active")]
    if event in {_DOOR, _CONTACT}:
        return [Contact(state="open" if state else "closed", level=True)]
    if event == _WATER:
        return [Alarm(alarm_type="water_leak", state="clear" if state else "active", level=True)]
    return _press(frame) if event == _BUTTON else []


def _press(frame: bytes) -> list[AnySignal]:
    """Which key, then pressed, released or held. A release is no second press; a state that is not known is a press."""
    at_least(frame, 4)
    if frame[3] == 1:
        return []
    action = "both" if frame[2] == _BOTH else _PRESSES.get(frame[3], "press")
    return [Button(action=action, button=frame[2] if frame[2] in {1, 2} else None)]


CODECS = (
    Codec(
        vendor="Radio Bridge",
        model="RBS301, RBS304, RBS305, RBS306",
        also=("RadioBridge",),
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("button", "contact", "alarm", "tamper", "battery"),
    ),
)
