"""How a device is supervised, as screens show it."""

from __future__ import annotations

from datetime import date, timedelta

from alerting.homes import cell, check_ins, supervision
from alerting.homes.device_memory import NEVER_HEARD, STUCK, WEAK, DeviceMemory
from alerting.policy import Policy
from alerting.silence.inactivity import moment
from gateway.equipment.contract import DeviceHealth

EPOCH = date(1970, 1, 1)


def health_of(device: DeviceMemory, now_s: int, policy: Policy) -> DeviceHealth:
    """How a device stands with its check-in and its battery."""
    state, late_s = supervision.stands(device, now_s, policy)
    silent_after_s = supervision.silent_after_s(device, policy)
    own_pause_s = check_ins.longest_pause_s(device.trace) if silent_after_s < device.check_in_s else 0
    since_day = cell.since_day(device.trace, now_s)
    return DeviceHealth(
        check_in=state.value,
        late_at=moment(late_s),
        silent_after_s=silent_after_s,
        own_pause_s=own_pause_s,
        battery_days=cell.days_left(device.trace, now_s),
        battery_since=EPOCH + timedelta(days=since_day) if since_day else None,
        weak_link=bool(device.flags & WEAK),
        stuck=bool(device.flags & STUCK),
        never_seen=bool(device.flags & NEVER_HEARD),
    )
