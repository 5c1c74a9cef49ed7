"""The hub of a home: without it nothing of the home comes through, whatever its sensors and buttons do."""

from __future__ import annotations

from collections.abc import Mapping

from alerting.equipment_terms import CLASSES
from alerting.homes.device_memory import GONE, NEVER_HEARD, UNARMED, DeviceMemory

_USUAL = CLASSES["hub"]


def grace_s(silent_s: int) -> int:
    """How much longer than its time a hub may be silent before its home counts as cut off: as long again, seconds.

    A few heartbeats that were lost are a fault and no incident.
    """
    return silent_s


def gone(devices: Mapping[str, DeviceMemory]) -> str:
    """The hub without which the home is cut off; empty when one is heard, or there is none.

    Every hub is silent beyond its time and the grace, and no device of the home has been heard since its last word and
    the interval to its next one: one that speaks has a way of its own. A hub that is not armed, or was never heard, is
    none yet.
    """
    hubs = {id_: d for id_, d in devices.items() if d.role == "hub" and not d.flags & (UNARMED | NEVER_HEARD)}
    if not hubs or any(hub.missed != GONE for hub in hubs.values()):
        return ""
    latest = max(hubs, key=lambda id_: hubs[id_].seen_s)
    until_s = hubs[latest].seen_s + hubs[latest].check_in_s * _USUAL.interval_s // _USUAL.silent_s
    return "" if any(d.seen_s > until_s for d in devices.values()) else latest
