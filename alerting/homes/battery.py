"""What a device says of its battery: low, empty soon, or a new one."""

from __future__ import annotations

import math

import msgspec

from alerting.decisions import AnyDecision, BatteryReplaced
from alerting.homes import cell
from alerting.homes.device_memory import ENDS, NEW_CELL, DeviceMemory, Told, turned
from alerting.model import FaultKind
from alerting.policy import Policy
from device_adapters.signals import Battery


def said(id_: str, device: DeviceMemory, signal: Battery, now_s: int, policy: Policy) -> Told:
    """A device's own flag, or its percentage, opens the fault; only the same kind of statement clears it.

    Many makes send both in each report: a flag that never says low does not contradict a low percentage, nor the
    other way round. For the forecast the voltage of a 3-V cell is as good as a percentage; it opens no fault itself.
    """
    if signal.retained or signal.buffered:
        return {}, []
    to: dict[str, object] = {}
    if signal.volts is not None:
        to["volts"] = signal.volts
    limit = policy.battery_low_percent
    was_percent_low = 0 <= device.percent <= limit
    percent_low, flag_low = was_percent_low, bool(device.low) and not was_percent_low
    percent = signal.percent
    if percent is not None:
        percent_low = percent <= limit
        to["percent"] = math.ceil(percent)  # as low as it was, in two characters less
    elif device.percent < 0 and signal.volts is not None:
        percent = cell.percent_of(signal.volts)
    if signal.low is not None:
        flag_low = signal.low
    faults: list[AnyDecision] = []
    kept = msgspec.structs.replace(device, **to, low=int(percent_low or flag_low))
    if percent is not None:
        kept, faults = _lasting(id_, kept, percent, now_s, policy)
    to |= {"low": kept.low, "trace": kept.trace, "flags": kept.flags}
    left = cell.days_left(kept.trace, now_s)
    detail = f"{'' if percent is None else round(percent)}|{'' if left is None else left}"
    return to, [*turned(id_, FaultKind.BATTERY_LOW, was=device.low, now=kept.low, detail=detail), *faults]


def _lasting(
    id_: str, device: DeviceMemory, percent: float, now_s: int, policy: Policy
) -> tuple[DeviceMemory, list[AnyDecision]]:
    """How long the battery will last; or that it is a new one, once two reports in a row say so."""
    decisions: list[AnyDecision] = []
    flags, trace = device.flagged(NEW_CELL, on=False), device.trace
    if not cell.looks_new(trace, percent):
        trace = cell.noted(trace, percent, now_s)
    elif device.flags & NEW_CELL:
        trace = cell.begun(trace, percent, now_s)
        decisions.append(BatteryReplaced(device=id_, percent=percent, lasted_days=_lasted_days(device, now_s)))
    else:
        flags |= NEW_CELL
    left, ends_days = cell.days_left(trace, now_s), policy.equipment.battery_ends_days
    ended = bool(flags & ENDS)
    ends = left is not None and not device.low and left <= (ends_days * 3 // 2 if ended else ends_days)
    flags = flags | ENDS if ends else flags & ~ENDS
    decisions += turned(id_, FaultKind.BATTERY_ENDS, was=ended, now=ends, detail=f"{round(percent)}|{left}")
    return msgspec.structs.replace(device, flags=flags, trace=trace), decisions


def _lasted_days(device: DeviceMemory, now_s: int) -> int:
    return now_s // 86_400 - cell.since_day(device.trace, now_s)
