"""The verdict: the town's own ledger against the alarms in the store. Neither side knows of the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from gateway.store.rung import RungAlarm
from nuanhu.crash_test.report import ClassCount
from nuanhu.town.ledger import Press

RECEIPTED, QOS1, QOS0 = "receipted", "qos1", "qos0"
CLOCKS_DIFFER = timedelta(seconds=0.25)
"""The town's clock and the gateway's, both anchored to the host's at their start."""


class Verdict(msgspec.Struct, kw_only=True):
    """What became of every press.

    Attributes:
        by_class: Counts by class of device.
        lost: Presses of receipted devices without an alarm.
        doubled: Alarms beyond the first for one event id.
        lost_presses: The presses that were lost, of all classes.
        doubled_ids: (bridge, device, event id) of events with several alarms.
    """

    by_class: dict[str, ClassCount]
    lost: int = 0
    doubled: int = 0
    lost_presses: list[Press] = []
    doubled_ids: list[tuple[str, str, str]] = []


def judge(presses: Sequence[Press], alarms: Sequence[RungAlarm], class_of: Mapping[str, str]) -> Verdict:
    """Find the alarm of every press.

    A press of our own protocol is found by its event id. A vendor's press is found by its place in time: an alarm
    belongs to the device's latest press before it, so presses of one device must lie further apart than an outage.

    Args:
        presses: The ledger's, of all classes.
        alarms: All that are in the store.
        class_of: Class of each household's button.
    """
    found = Verdict(by_class={name: ClassCount() for name in (RECEIPTED, QOS1, QOS0)})
    rung = _by_id(presses, alarms) | _by_time(presses, alarms)
    for n, press in enumerate(presses):
        count = found.by_class[class_of[press.household]]
        count.sent += 1
        count.doubled += max(0, rung[n] - 1)
        if rung[n] == 0:
            count.lost += 1
            found.lost_presses.append(press)
    of_one_event = Counter((a.bridge, a.inner, a.event_id) for a in alarms if a.event_id)
    found.doubled_ids = [event for event, times in of_one_event.items() if times > 1]
    found.doubled = sum(of_one_event.values()) - len(of_one_event)
    found.lost = found.by_class[RECEIPTED].lost
    return found


def _by_id(presses: Sequence[Press], alarms: Sequence[RungAlarm]) -> dict[int, int]:
    """Number of alarms of every press that has an event id, by its place in the ledger."""
    of_one_event = Counter((a.bridge, a.inner, a.event_id) for a in alarms)
    return {n: of_one_event[p.bridge, p.inner, p.event_id] for n, p in enumerate(presses) if p.event_id}


def _by_time(presses: Sequence[Press], alarms: Sequence[RungAlarm]) -> dict[int, int]:
    """The same for presses without one, by device and time."""
    rung = {n: 0 for n, press in enumerate(presses) if not press.event_id}
    of_device: dict[str, list[int]] = defaultdict(list)
    for n in rung:
        of_device[presses[n].device].append(n)
    for alarm in alarms:
        before = [n for n in of_device.get(alarm.device, ()) if presses[n].at <= alarm.at + CLOCKS_DIFFER]
        if before:
            rung[before[-1]] += 1
    return rung
