"""How far an incident has really come: each station of its path as done, left out, now, or still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from alerting.model import Entry, EntryKind, Incident, IncidentState

STATIONS = (
    IncidentState.OPEN,
    IncidentState.CLAIMED,
    IncidentState.VERIFYING,
    IncidentState.DISPATCHED,
    IncidentState.ON_SCENE,
    IncidentState.RESOLVED,
    IncidentState.CLOSED,
)
ASKED = frozenset({EntryKind.CALLED, EntryKind.PROMPTED})
RANG = frozenset({EntryKind.ALARM, EntryKind.PRESSED_AGAIN, EntryKind.RAISED, EntryKind.GREW, EntryKind.REOPENED})
"""After these nothing is resolved any more."""


SOMEBODY_ELSE = frozenset(
    {
        EntryKind.CLAIMED,
        EntryKind.PAGE_ACCEPTED,
        EntryKind.DISPATCHED,
        EntryKind.ARRIVED,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
    }
)
"""After these nobody is looked for any more in the place of who gave it back."""


class GaveBack(msgspec.Struct, frozen=True):
    """Who cannot go any more, and why; the reason may be empty."""

    name: str
    why: str


class Station(msgspec.Struct, frozen=True):
    """One station of the path.

    Attributes:
        state: Its state.
        how: ``done``, ``skipped``, ``now`` or ``ahead``.
    """

    state: IncidentState
    how: str


def path_of(incident: Incident, timeline: Sequence[Entry]) -> tuple[Station, ...]:
    """The stations in order. What was not done is never shown as done.

    Args:
        incident: As it stands.
        timeline: Its lines, oldest first.
    """
    here = STATIONS.index(incident.state)
    happened = _happened(incident, timeline)
    return tuple(Station(state, _how(n - here, happened[state])) for n, state in enumerate(STATIONS))


def _how(beyond: int, happened: bool) -> str:
    if beyond == 0:
        return "now"
    if beyond > 0:
        return "ahead"
    return "done" if happened else "skipped"


def _happened(incident: Incident, timeline: Sequence[Entry]) -> dict[IncidentState, bool]:
    over = incident.state is IncidentState.CLOSED
    last = max((n for n, entry in enumerate(timeline) if entry.kind in RANG), default=-1)
    return {
        IncidentState.OPEN: True,
        IncidentState.CLAIMED: any(entry.kind is EntryKind.CLAIMED for entry in timeline)
        if over
        else bool(incident.claimed_by),
        IncidentState.VERIFYING: incident.verified or any(entry.kind in ASKED for entry in timeline),
        IncidentState.DISPATCHED: bool(incident.responder),
        IncidentState.ON_SCENE: incident.arrived,
        IncidentState.RESOLVED: any(entry.kind is EntryKind.RESOLVED for entry in timeline[last + 1 :]),
        IncidentState.CLOSED: over,
    }


def gave_back(timeline: Sequence[Entry], names: Mapping[str, str]) -> GaveBack | None:
    """Who has given the incident back, while nobody else has taken it since; None when nobody has.

    Args:
        timeline: Its lines, oldest first.
        names: What people are called, by id.
    """
    for entry in reversed(timeline):
        if entry.kind in SOMEBODY_ELSE:
            return None
        if entry.kind is EntryKind.JOB_DECLINED:
            responder, _, why = entry.text.partition("|")
            return GaveBack(names.get(responder, responder), why)
        if entry.kind is EntryKind.GIVEN_BACK:
            _, name, why = (*entry.text.split("|", 2), "", "")[:3]
            return GaveBack(name, why)
    return None


def cannot_go(timeline: Sequence[Entry]) -> frozenset[str]:
    """Responders who have said of this incident that they cannot go."""
    declined = (it.text.partition("|")[0] for it in timeline if it.kind is EntryKind.JOB_DECLINED)
    returned = (it.by.partition(":")[2] for it in timeline if it.kind is EntryKind.GIVEN_BACK)
    return frozenset((*declined, *returned))
