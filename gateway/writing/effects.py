"""What has to be done after a commit, beside what is in the store."""

from __future__ import annotations

import msgspec

from alerting.decisions import (
    AbsenceBegun,
    AbsenceChanged,
    AnyDecision,
    FloodChanged,
    IncidentChanged,
    Noted,
    ProtectionChanged,
    Rang,
    Registered,
    RegistryChange,
    Slept,
    StepAnnounced,
    StepEnded,
    Wake,
)
from alerting.floods import Flood
from alerting.model import Aggregate, Entry, Incident
from gateway.store.values import ms


class Effects(msgspec.Struct):
    """Gathered while a batch is judged; carried out when it is durable."""

    changed: dict[str, Incident] = {}
    entries: list[Entry] = []
    rung: set[str] = set()
    receipts: list[tuple[str, str, str]] = []
    """(bridge prefix, device, event id) of our own protocol."""
    faults: bool = False
    blind: bool = False
    follow_ups: bool = False
    steps: list[tuple[str, StepAnnounced | StepEnded]] = []
    """(household, what began or ended) of test mode."""
    protection: list[tuple[str, tuple[str, ...]]] = []
    """(household, what it lacks from now on)."""
    away: list[tuple[str, AbsenceBegun | AbsenceChanged]] = []
    """(household, what is known of its absence)."""
    canary: str = ""
    """Event id of the trial press that was heard."""
    quarantined: int = 0
    flood: Flood | None = None
    """How flood mode stands now, where that has changed."""
    registered: list[RegistryChange] = []
    """What is registered otherwise than before."""
    wakes: list[tuple[int, str, str]] = []
    """(due in epoch milliseconds, aggregate, key); due 0: not at all any more."""

    def add(self, aggregate: Aggregate, key: str, decision: AnyDecision) -> None:
        """What a decision leads to."""
        if isinstance(decision, IncidentChanged):
            self.changed[decision.incident.id] = decision.incident
        elif isinstance(decision, Noted):
            self.entries.append(decision.entry)
        elif isinstance(decision, Rang):
            self.rung.add(decision.incident)
        elif isinstance(decision, Registered):
            self.registered += decision.changes
        elif isinstance(decision, StepAnnounced | StepEnded):
            self.steps.append((key, decision))
        elif isinstance(decision, ProtectionChanged):
            self.protection.append((key, decision.lacks))
        elif isinstance(decision, AbsenceBegun | AbsenceChanged):
            self.away.append((key, decision))
        elif isinstance(decision, Wake | Slept):
            due_ms = ms(decision.at) if isinstance(decision, Wake) else 0
            self.wakes.append((due_ms, aggregate.value, key))
        elif isinstance(decision, FloodChanged):
            self.flood = decision.flood
