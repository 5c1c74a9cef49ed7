"""One responder and their one job: an aggregate of its own, so that two incidents at once do not both reckon with them.

The first that they accept is theirs; every other that has asked them hears so at once, and asks somebody else.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision
from alerting.dispatch.told import JOBS, IncidentTold, JobOffered, JobOver, JobTaken, TakenElsewhere
from alerting.events import AnyEvent, TimePassed


class Engagement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one responder is asked to do, and does.

    Attributes:
        key: ``@job@`` and the responder's id.
        incident: The incident where they have accepted; empty: none.
        since: Since when, UTC.
        offers: (incident, key of its aggregate) of what they are asked to do.
    """

    key: str
    incident: str = ""
    since: datetime | None = None
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def responder(self) -> str:
        """Their id."""
        return self.key.removeprefix(JOBS)


Judged = tuple[Engagement, list[AnyDecision]]


def step(state: Engagement, event: AnyEvent, now: datetime) -> Judged:
    """What one event does to a responder's jobs.

    Args:
        state: Before.
        event: What happened.
        now: Service time, aware UTC.

    Returns:
        State after, and what the incidents are told.
    """
    if isinstance(event, JobOffered):
        if state.incident not in {"", event.incident}:
            return state, [_elsewhere(state, event.incident, event.key)]
        others = tuple(it for it in state.offers if it[0] != event.incident)
        return msgspec.structs.replace(state, offers=(*others, (event.incident, event.key))), []
    if isinstance(event, JobTaken):
        return _taken(state, event, now)
    if isinstance(event, JobOver):
        offers = tuple(it for it in state.offers if it[0] != event.incident)
        state = msgspec.structs.replace(state, offers=offers)
        return (
            msgspec.structs.replace(state, incident="", since=None) if state.incident == event.incident else state
        ), []
    if isinstance(event, TimePassed):
        return state, []
    raise TypeError(f"a responder's jobs cannot judge {type(event).__name__}")


def _taken(state: Engagement, event: JobTaken, now: datetime) -> Judged:
    if state.incident == event.incident:
        return state, []
    if state.incident:  # they have said yes twice: the first counts
        return state, [_elsewhere(state, event.incident, event.key)]
    others = [it for it in state.offers if it[0] != event.incident]
    state = msgspec.structs.replace(state, incident=event.incident, since=now, offers=())
    return state, [_elsewhere(state, incident, key) for incident, key in others]


def _elsewhere(state: Engagement, incident: str, key: str) -> IncidentTold:
    return IncidentTold(key=key, event=TakenElsewhere(incident=incident, responder=state.responder, by=state.incident))
