"""Is this home protected? A pure function of what is known of it: yes, or the reasons why not.

A home is protected while somebody in it can call for help, it can be seen whether they move, and a press would come
through: at least one caller and one eye, and every hub of its own, each armed, heard within its time and with a battery
that is not low; its test press not overdue; and no time unconfirmed in which signals may have been missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alerting.homes import testing
from alerting.homes.blindness import Blind
from alerting.homes.lacks import Lack
from alerting.homes.supervision import SEES_LIFE, DeviceMemory
from alerting.homes.testing import CALLERS, Tests
from alerting.policy import Policy


def lacking(
    devices: Mapping[str, DeviceMemory], tests: Tests, blind: Blind, now_s: int, policy: Policy
) -> tuple[str, ...]:
    """Why a home is not protected at this second; empty when it is. Sorted, so that equal reasons are equal."""
    lacks: set[str] = set()
    lacks |= _of_kind(devices, CALLERS, Lack.NO_CALLER)
    lacks |= _of_kind(devices, SEES_LIFE, Lack.NO_EYE)
    lacks |= {flaw for id_, device in devices.items() if device.role == "hub" for flaw in _flaws(id_, device)}
    if testing.is_overdue(tests, now_s, policy):
        lacks.add(Lack.TEST_OVERDUE.value)
    if blind.since_s:
        lacks.add(Lack.BLIND.value)
    return tuple(sorted(lacks))


def _of_kind(devices: Mapping[str, DeviceMemory], roles: Iterable[str], missing: Lack) -> set[str]:
    """What is wrong with all devices of these roles; nothing when one of them is in order."""
    flaws = [_flaws(id_, device) for id_, device in devices.items() if device.role in roles]
    if not flaws:
        return {missing.value}
    return set() if not all(flaws) else {flaw for of_one in flaws for flaw in of_one}


def _flaws(id_: str, device: DeviceMemory) -> list[str]:
    found = {
        Lack.NOT_ARMED: not device.is_armed,
        Lack.UNHEARD: device.missed,
        Lack.OFFLINE: device.offline,
        Lack.BATTERY: device.low,
    }
    return [f"{lack.value}|{id_}" for lack, is_so in found.items() if is_so]
