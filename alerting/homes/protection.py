"""Is this home protected? A pure function of what is known of it: yes, or the reasons why not.

A home is protected while it has all that it must have by its tier or case (as a rule at least one caller, by which
somebody can call for help, and one eye, which shows whether they move), and every hub of its own, each armed, heard
within its time and with a battery that is not low; its test press not overdue; and no time unconfirmed in which signals
may have been missed.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alerting.equipment_terms import CALLER, EYE
from alerting.homes import hubs, testing
from alerting.homes.device_memory import GONE, NEVER_HEARD, SEES_LIFE, DeviceMemory
from alerting.homes.lacks import Lack
from alerting.homes.state import HouseholdState
from alerting.policy import Policy
from device_adapters.adapter import CALLERS

GROUPED = {CALLER: (CALLERS, Lack.NO_CALLER.value), EYE: (SEES_LIFE, Lack.NO_EYE.value)}
"""Roles of which one is enough, and the word where there is none."""


def lacking(hot: HouseholdState, now_s: int, policy: Policy) -> tuple[str, ...]:
    """Why a home is not protected at this second; empty when it is. Sorted, so that equal reasons are equal."""
    devices, lacks = hot.devices, set[str]()
    for needed in policy.equipment.required_in(hot.tier, hot.key):
        roles, missing = GROUPED.get(needed, (frozenset({needed}), f"{Lack.NO_ROLE.value}|{needed}"))
        lacks |= _of_kind(devices, roles, missing)
    lacks |= {flaw for id_, device in devices.items() if device.role == "hub" for flaw in _flaws(id_, device)}
    if testing.is_overdue(hot.tests, now_s, policy):
        lacks.add(Lack.TEST_OVERDUE.value)
    if hot.blind.since_s:
        lacks.add(Lack.BLIND.value)
    return tuple(sorted(lacks))


def _of_kind(devices: Mapping[str, DeviceMemory], roles: frozenset[str], missing: str) -> set[str]:
    """What is wrong with all devices of these roles; nothing when one of them is in order."""
    flaws = [_flaws(id_, device) for id_, device in devices.items() if device.role in roles]
    if not flaws:
        return {missing}
    return set() if not all(flaws) else {flaw for of_one in flaws for flaw in of_one}


def why_mute(hot: HouseholdState) -> str:
    """Why nobody in the home can call for help; empty when somebody can, or when there never was anything to call with.

    What is not armed yet, or was never heard, is no means to call yet; one whose silence is short still is. One that is
    heard only through a hub that is dead is none, unless the whole home is cut off by it: its own incident says that a
    press does not come through either. Each reason is a ``Lack`` and the device.
    """
    callers = {
        id_: device if device.missed == GONE else msgspec.structs.replace(device, missed=0)
        for id_, device in hot.devices.items()
        if device.role in CALLERS and device.is_armed and not (device.missed and device.flags & NEVER_HEARD)
    }
    says_so = not hot.mute and bool(hubs.gone(hot.devices, hot.behind))
    cut = {} if says_so else hubs.cut_off(hot.devices, hot.behind)
    flaws = [
        [*_flaws(id_, device), *([f"{Lack.HUB_DEAD.value}|{id_}"] if id_ in cut else [])]
        for id_, device in callers.items()
    ]
    return " ".join(flaw for of_one in flaws for flaw in of_one) if flaws and all(flaws) else ""


def _flaws(id_: str, device: DeviceMemory) -> list[str]:
    found = {
        Lack.NOT_ARMED: not device.is_armed,
        Lack.UNHEARD: device.missed and not device.flags & NEVER_HEARD,
        Lack.NEVER_SEEN: device.missed and device.flags & NEVER_HEARD,
        Lack.OFFLINE: device.offline,
        Lack.BATTERY: device.low,
    }
    return [f"{lack.value}|{id_}" for lack, is_so in found.items() if is_so]
