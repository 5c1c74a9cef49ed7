"""Memory is not what the store says: which of the two counts from now on.

An incident that is open in one of them is open: somebody closes it again rather than nobody ever sees it. Where both
have it the newer one counts. It is an event of the incident, so the journal has it and replay is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from alerting.areas.area import AreaState
from alerting.audit import Check, Finding
from alerting.events import IncidentMended
from alerting.homes.state import Memory
from alerting.model import Aggregate, Incident
from alerting.stray import StrayState
from gateway.writing import refused
from gateway.writing.judge import Judge
from gateway.writing.stray_keys import aggregate_of

Stored = Memory | StrayState | AreaState
Read = Callable[[Aggregate, str], Stored | None]
"""The state of an aggregate as the store has it."""


def lost(finding: Finding, read: Read) -> Stored | None:
    """What the store has of an aggregate whose open incident memory does not know; else nothing. In any thread."""
    if finding.check != Check.MEMORY or finding.word != "not_in_memory":
        return None
    state = read(aggregate_of(finding.key), finding.key)
    running = state.hot.open if isinstance(state, Memory) else state.open if state is not None else None
    return state if running is not None and running.id == finding.incident else None


def mend(judge: Judge, finding: Finding, stored: Incident | None, state: Stored | None, at: datetime) -> None:
    """Both have the same again, where that is safe. In the writer's thread, between two commits.

    Args:
        judge: Holds what is in memory.
        finding: What the auditor has found.
        stored: The open incident as the store has it; None: not at all, or its row cannot be read.
        state: What ``lost`` has found.
        at: Now.
    """
    incident = finding.incident or finding.about
    key = finding.key or incident.rpartition("-")[0]
    running = judge.states.open_of(key)
    if key in judge.states.before or (running is not None and running.id != incident):
        return  # it is being judged just now; or another one runs there: people must look
    if running is None and state is not None:
        refused.put_back(judge, key, state)
        running = judge.states.open_of(key)
    both = [it for it in (stored, running) if it is not None]
    if both:
        newest = max(both, key=lambda it: (it.changed_at, it.unacknowledged))
        judge.judge(aggregate_of(key), key, IncidentMended(incident=newest, finding=finding.text), at)
    if key in judge.homes_to_enrol():  # what was lost may have been written over since
        judge.enrol_all(at, only=[key])
