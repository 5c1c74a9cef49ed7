"""How one incident went: the moments that figures are made of, taken from its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from alerting.dispatch.job import Stage
from alerting.model import Aggregate, AlarmKind, Entry, EntryKind, Incident, Outcome, Priority

TAKEN = frozenset({EntryKind.CLAIMED, EntryKind.PAGE_ACCEPTED})
NOBODY_RANG = frozenset({AlarmKind.MANUAL, AlarmKind.FOLLOW_UP, AlarmKind.AUDIT})
"""What an operator opened, or the system about itself: no call of a household waits for an answer."""
FALSE = frozenset({Outcome.ACCIDENTAL, Outcome.WAS_WELL, Outcome.EQUIPMENT, Outcome.NOT_AT_HOME})
"""Outcomes of which nobody needed help."""
THERE = frozenset({EntryKind.ARRIVED, EntryKind.JOB_INSIDE, EntryKind.JOB_SAFE})


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, as far as figures need it. Moments are UTC; None: it did not come to that.

    Attributes:
        incident: Its id.
        home: Case number; empty without a household.
        kind: Of its first alarm.
        device: Registry id of the device that raised that; empty where none did.
        area: The household's; empty without one.
        priority: Highest.
        rang_at: When it rang first.
        waits: A household's call that somebody is to answer: P1 or P2, not opened by hand.
        answered_at: When somebody first took it, at the desk or called by telephone.
        answered_by: Login or name of whoever it was.
        decided_at: When somebody was first sent.
        accepted_at: When one of those who were sent first said that they go.
        there_at: When one of them was first at the door.
        inside_at: When one of them was first inside.
        closed_at: When it was closed.
        outcome: What it was.
        went: Who has gone, or goes (responder id), each with the worker whom a grid platform has named.
    """

    incident: str
    area: str
    priority: Priority
    rang_at: datetime
    waits: bool
    home: str = ""
    kind: AlarmKind | None = None
    device: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    there_at: datetime | None = None
    inside_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    went: tuple[tuple[str, str], ...] = ()

    @property
    def is_drill(self) -> bool:
        """Whether it was a test: no figure counts it."""
        return self.outcome is Outcome.TEST

    @property
    def was_false(self) -> bool:
        """Whether nobody had needed help."""
        return self.outcome in FALSE


def course_of(incident: Incident, area: str, timeline: Sequence[Entry]) -> Course:
    """How an incident went.

    Args:
        incident: As it stands.
        area: Area of its household; empty without one.
        timeline: Its lines, oldest first.
    """
    rang_at = next((it.at for it in timeline if it.kind is EntryKind.ALARM), incident.opened_at)
    taken = next((it for it in timeline if it.kind in TAKEN), None)
    kinds = {alarm.kind for alarm in incident.alarms}
    sent = _first(timeline, (EntryKind.DISPATCHED,))
    after = [it for it in timeline if sent is not None and it.at >= sent]
    return Course(
        incident=incident.id,
        area=area,
        home=incident.key if incident.aggregate is Aggregate.HOUSEHOLD else "",
        kind=incident.alarms[0].kind if incident.alarms else None,
        device=incident.alarms[0].device if incident.alarms else "",
        priority=incident.priority,
        rang_at=rang_at,
        waits=incident.priority <= Priority.P2 and not kinds <= NOBODY_RANG,
        answered_at=taken.at if taken is not None else None,
        answered_by=_who(taken) if taken is not None else "",
        decided_at=sent,
        accepted_at=_first(after, (EntryKind.JOB_ACCEPTED, EntryKind.JOB_EN_ROUTE, *THERE)),
        there_at=_first(after, THERE),
        inside_at=_first(after, (EntryKind.JOB_INSIDE,)),
        closed_at=incident.closed_at,
        outcome=incident.outcome,
        went=tuple(
            (it.responder, it.worker.name if it.worker is not None else "")
            for it in incident.jobs
            if it.is_taken or it.stage is Stage.HANDED_OVER
        ),
    )


def _first(timeline: Iterable[Entry], kinds: Iterable[EntryKind]) -> datetime | None:
    wanted = frozenset(kinds)
    return next((it.at for it in timeline if it.kind in wanted), None)


def _who(taken: Entry) -> str:
    return taken.by or taken.text.partition("|")[2]
