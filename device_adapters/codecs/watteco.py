"""Watteco: reports in the manner of the Zigbee Cluster Library, port 125.

Source: Watteco's application layer description. Batches of compressed past samples say that the device lives; what is
in them is not unpacked.
"""

from __future__ import annotations

from device_adapters.codecs.frames import Codec, at_least, unsigned_be
from device_adapters.signals import AnySignal, Battery, DeviceInfo, Heartbeat, Motion, Tamper

_READ_ANSWER, _REPORT, _ALARM_REPORT = 0x01, 0x0A, 0x8A
_BASIC, _BINARY_INPUT, _POWER, _OCCUPANCY = 0x0000, 0x000F, 0x0050, 0x0406
_FIRMWARE, _PRESENT_VALUE, _NODE_POWER = 0x0002, 0x0055, 0x0006
_SOURCES = 5
_BATTERIES = (1, 2)
"""Of the power sources' bits: rechargeable, disposable."""


def _frame(frame: bytes, *, case: bool) -> list[AnySignal]:
    """One attribute: control, command, cluster, attribute, (status), type, value."""
    if not frame or not frame[0] & 0x01:
        return [Heartbeat()]
    at_least(frame, 8)
    if frame[1] not in {_READ_ANSWER, _REPORT, _ALARM_REPORT}:
        return [Heartbeat()]
    value = frame[8:] if frame[1] == _READ_ANSWER else frame[7:]
    cluster, attribute = unsigned_be(frame[2:4]), unsigned_be(frame[4:6])
    if not value:
        return [Heartbeat()]
    if (cluster, attribute) == (_OCCUPANCY, 0):
        return [Motion(state="detected" if value[0] & 0x01 else "clear", level=True)]
    if (cluster, attribute) == (_BINARY_INPUT, _PRESENT_VALUE) and case:
        return [Tamper(state="active" if value[0] else "clear", subtype="case")]
    if (cluster, attribute) == (_POWER, _NODE_POWER):
        return _power(value)
    if (cluster, attribute) == (_BASIC, _FIRMWARE) and len(value) > 3:  # noqa: PLR2004
        return [DeviceInfo(firmware=f"{value[1]}.{value[2]}.{value[3]}")]
    return [Heartbeat()]


def _power(value: bytes) -> list[AnySignal]:
    """Length, mode, the sources as bits, a voltage for each of them, the source in use."""
    at_least(value, 3)
    sources, at = value[2], 3
    signals: list[AnySignal] = []
    for bit in range(_SOURCES):
        if sources >> bit & 1:
            if bit in _BATTERIES and len(value) >= at + 2:
                signals.append(Battery(volts=unsigned_be(value[at : at + 2]) / 1000))
            at += 2
    return signals


def _with_case(_f_port: int, frame: bytes) -> list[AnySignal]:
    return _frame(frame, case=True)


def _any(_f_port: int, frame: bytes) -> list[AnySignal]:
    return _frame(frame, case=False)


CODECS = (
    Codec(vendor="Watteco", model="MoveO", also=("Move'O",), decode=_with_case, says=("motion", "tamper", "battery")),
    Codec(vendor="Watteco", model="Vaqao+", also=("Vaqao", "Vaqa'O", "Vaqa'O+"), decode=_with_case,
          says=("motion", "tamper", "battery")),
    Codec(vendor="Watteco", model="other models", every_model=True, decode=_any, says=("motion", "battery")),
)  # fmt: skip
