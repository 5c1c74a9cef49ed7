"""Whose key is it; keys of devices without a home."""

from __future__ import annotations

from alerting.areas.member import is_area
from alerting.budget.city import CITY
from alerting.care.duty import CARE, ROUND
from alerting.commands import DESK
from alerting.dispatch.told import JOBS
from alerting.duty import editions
from alerting.duty.drill import is_drill
from alerting.enrolment.command import REGISTRY
from alerting.model import Aggregate
from device_adapters.signals import AnySignal
from gateway.store.keys import bounded
from gateway.writing.directory import Directory

STRAY = "~"
"""First character of the key of a device without a home."""

FAILED = f"{STRAY}failed{STRAY}"
"""Beginning of the key under which rings what the rules could not judge, or the store not take."""

AUDIT = f"{STRAY}audit{STRAY}"
"""Beginning of the key under which rings what a check of the auditor has found."""

NO_CALLS_FOR_HELP = frozenset({Aggregate.CARE, Aggregate.RESPONDER, Aggregate.DRILL})
"""What is owed, what somebody is doing, and what is practised: should one begin anew, it does not ring."""


def aggregate_of(key: str) -> Aggregate:
    """Whose key it is."""
    if key in {DESK, editions.KEY}:
        return Aggregate.DESK
    if key == REGISTRY:
        return Aggregate.REGISTRY
    if is_area(key):
        return Aggregate.AREA
    if key == CITY:
        return Aggregate.CITY
    if key.startswith((CARE, ROUND, JOBS)):
        return Aggregate.CARE if key.startswith(CARE) else Aggregate.RESPONDER
    if is_drill(key):
        return Aggregate.DRILL
    return Aggregate.DEVICE if key.startswith(STRAY) else Aggregate.HOUSEHOLD


def stray_key(bridge: str, signal: AnySignal) -> str:
    """The key of a device by its bridge and what it calls itself there."""
    return bounded(f"{STRAY}{bridge or 'unknown'}{STRAY}{signal.device or signal.name}".replace("/", "_"))


def stray_of(key: str, directory: Directory) -> tuple[str, ...]:
    """What the bridge of a device without a home is called, and the device's own id; nothing for our own checks."""
    if not key.startswith(STRAY) or key.startswith(AUDIT):
        return ()
    name, _, inner = key.removeprefix(FAILED).removeprefix(STRAY).partition(STRAY)
    bridge = directory.bridges.get(name)
    return (bridge.title or bridge.id if bridge is not None else name, inner)
