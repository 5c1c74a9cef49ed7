"""What a device says of its own trouble, or in a way that nobody can read; and when that is over.

A device in trouble says so again and again, but not one says that it is well again: so its fault ends by what it does
not say any more.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alerting.decisions import AnyDecision, FaultCleared, FaultOpened
from alerting.equipment_terms import DAY, HOUR
from alerting.homes.device_memory import FAULTY, TROUBLE_ONE, UNREAD_MOST, UNREAD_ONE, DeviceMemory, Told, turned
from alerting.model import FaultKind
from device_adapters.signals import AnySignal, Availability, Fault, Provisioning

NOT_READ = frozenset({"unread", "no_codec", "no_key", "malformed"})
"""Codes of faults that mean: what it said could not be read, or not all of it."""
READ_AGAIN = UNREAD_MOST
"""So many messages in a row that are read whole end it: one odd frame is no lasting fault."""
WELL_AFTER_H = 7 * DAY // HOUR
"""What a device has not said of itself for so long, while it is heard, is over."""


def said(id_: str, device: DeviceMemory, signal: Fault, now_s: int) -> Told:
    """A device, or its network, reports trouble."""
    if signal.code in NOT_READ:
        detail = f"unread|{signal.text}" if signal.code == "unread" and signal.text else signal.code
        unread = turned(id_, FaultKind.UNREADABLE, was=device.unread, now=True, detail=detail)
        return {"flags": device.flags + (READ_AGAIN - device.unread) * UNREAD_ONE}, unread
    flags = device.flagged(FAULTY, on=True) + (now_s // HOUR - device.trouble_h) * TROUBLE_ONE
    return {"flags": flags}, [FaultOpened(device=id_, kind=FaultKind.DEVICE, detail=signal.code)]


def read(
    id_: str, device: DeviceMemory, signals: Sequence[AnySignal], now_s: int
) -> tuple[DeviceMemory, list[AnyDecision]]:
    """After a whole message of the device: it may be the one with which its trouble is over."""
    if not (device.unread or device.flags & FAULTY) or not any(_is_word(signal) for signal in signals):
        return device, []
    if any(isinstance(signal, Fault) for signal in signals):
        return device, []
    flags, now_h = device.flags, now_s // HOUR
    over: list[AnyDecision] = []
    if device.unread:
        flags -= UNREAD_ONE
        over += turned(id_, FaultKind.UNREADABLE, was=True, now=device.unread > 1)
    if device.flags & FAULTY and not device.trouble_h:  # remembered from before this was kept
        flags += now_h * TROUBLE_ONE
    elif device.flags & FAULTY and now_h - device.trouble_h >= WELL_AFTER_H:
        flags = (flags & ~FAULTY) - device.trouble_h * TROUBLE_ONE
        over.append(FaultCleared(device=id_, kind=FaultKind.DEVICE))
    return (msgspec.structs.replace(device, flags=flags) if flags != device.flags else device), over


def _is_word(signal: AnySignal) -> bool:
    return not (signal.retained or isinstance(signal, Availability | Provisioning))
