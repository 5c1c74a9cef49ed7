"""The hub of a home: without it nothing behind it comes through, whatever those sensors and buttons do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alerting.equipment_terms import CLASSES
from alerting.events import DeviceFacts
from alerting.homes.device_memory import GONE, NEVER_HEARD, UNARMED, DeviceMemory

Behind = dict[str, tuple[str, ...]]
"""Ids of the devices that are heard only through a hub, by the hub's id."""

_USUAL = CLASSES["hub"]


def grace_s(silent_s: int) -> int:
    """How much longer than its time a hub may be silent before its home counts as cut off: as long again, seconds.

    A few heartbeats that were lost are a fault and no incident.
    """
    return silent_s


def behind_of(facts: Iterable[DeviceFacts]) -> Behind:
    """What is behind which hub; empty where all is behind the only one: then whatever speaks shows that it lives."""
    others = [it for it in facts if it.role != "hub"]
    hubs = sorted({it.hub for it in others if it.hub})
    if len(hubs) == 1 and all(it.hub for it in others):
        return {}
    return {hub: tuple(it.id for it in others if it.hub == hub) for hub in hubs}


def cut_off(devices: Mapping[str, DeviceMemory], behind: Behind) -> dict[str, str]:
    """Devices from which nothing comes through because their hub is dead, with that hub.

    None of a hub behind which any has been heard since its last word and the interval to its next one: it lives.
    """
    cut: dict[str, str] = {}
    for id_, ids in behind.items():
        hub, fitted = devices.get(id_), [it for it in ids if it in devices]
        if hub is not None and _is_dead(hub) and not any(_has_spoken(devices[it], hub) for it in fitted):
            cut |= dict.fromkeys(fitted, id_)
    return cut


def gone(devices: Mapping[str, DeviceMemory], behind: Behind) -> str:
    """The hub without which the home is cut off; empty when one is heard, or there is none.

    Every hub is dead, and so is all that is behind it: nothing of the home has been heard since its last word and the
    interval to its next one, and nothing has a way of its own. Where it is not known what is behind a hub, whatever
    speaks has a way of its own.
    """
    hubs = {id_: d for id_, d in devices.items() if d.role == "hub" and _is_one(d)}
    if not hubs or not all(map(_is_dead, hubs.values())):
        return ""
    latest = max(hubs, key=lambda id_: hubs[id_].seen_s)
    if behind:
        cut = cut_off(devices, behind)
        return latest if all(id_ in cut or d.role == "hub" for id_, d in devices.items()) else ""
    return "" if any(_has_spoken(d, hubs[latest]) for d in devices.values()) else latest


def _is_one(hub: DeviceMemory) -> bool:
    """What is not armed, or was never heard, is no hub yet."""
    return not hub.flags & (UNARMED | NEVER_HEARD)


def _is_dead(hub: DeviceMemory) -> bool:
    """Silent beyond its time and the grace; or beyond its time, and offline: that is no lost heartbeat."""
    return _is_one(hub) and (hub.missed == GONE or bool(hub.missed and hub.offline))


def _has_spoken(device: DeviceMemory, hub: DeviceMemory) -> bool:
    """Whether the device has been heard since the hub's last word and the interval to its next one."""
    until_s = hub.seen_s + hub.check_in_s * _USUAL.interval_s // _USUAL.silent_s
    return device.seen_s > until_s and not device.flags & NEVER_HEARD
