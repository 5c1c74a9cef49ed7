"""What a command does to an incident, as one cell of the table of ``alerting.incidents.life``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from alerting.incidents.conditions import Asked
from alerting.model import EntryKind, Incident, IncidentState

OPEN, CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED, CLOSED = IncidentState
RUNNING = (OPEN, CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED)
AT_WORK = (CLAIMED, VERIFYING, DISPATCHED, ON_SCENE)


class Step(msgspec.Struct, frozen=True):
    """What a command does.

    Attributes:
        to: The state afterwards.
        fields: What else changes.
        text: Of the line in the timeline.
        kind: Of that line, where it is not the rule's.
        before: A line that comes before it: kind and who.
        rings: It sounds also where it rings already.
    """

    to: IncidentState
    fields: Mapping[str, object] = {}
    text: str = ""
    kind: EntryKind | None = None
    before: tuple[EntryKind, str] | None = None
    rings: bool = False


Guard = Callable[[Incident, Asked], str]
Act = Callable[[Incident, Asked], Step | None]


class Rule(msgspec.Struct, frozen=True):
    """One cell of the table.

    Attributes:
        to: Where it may lead.
        entry: Its line in the timeline.
        guards: Conditions, in order: each says the word of the refusal, or nothing.
        act: What it does; None when it changes nothing.
    """

    to: tuple[IncidentState, ...]
    entry: EntryKind
    guards: tuple[Guard, ...]
    act: Act


def stands(incident: Incident) -> IncidentState:
    """Where an incident stands that is not resolved, by what is known of it."""
    if incident.responder:
        return ON_SCENE if incident.arrived else DISPATCHED
    if not incident.claimed_by:
        return OPEN
    return VERIFYING if incident.verified else CLAIMED


STAYS: tuple[IncidentState, ...] = ()
"""Leads nowhere else."""
