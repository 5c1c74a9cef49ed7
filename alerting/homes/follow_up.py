"""The follow-up call that a home is owed after an incident: planned with its closing, due, late, done, or louder.

It never touches an open incident, and rings no console: what nobody manages to do becomes an incident of its own.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

import msgspec

from alerting.commands import RecordFollowUp
from alerting.decisions import Answered, AnyDecision, FollowUpChanged, Noted
from alerting.incidents.afterwards import CallResult, FollowUpEnd, first_call, next_call
from alerting.model import Entry, EntryKind, Incident
from alerting.policy import Policy
from alerting.silence.inactivity import moment


class Stage(IntEnum):
    """How far it has come."""

    PLANNED = 0
    DUE = 1
    LATE = 2
    WAITS = 3
    """The home has an incident running: it is that one's matter until it is closed."""


class FollowUp(msgspec.Struct, frozen=True, array_like=True):
    """A call that is owed: hot state, so short. Moments are UTC epoch seconds.

    Attributes:
        incident: The incident after which; empty: none is owed.
        planned_s: When it was planned.
        due_s: When to call, or call again.
        tries: Calls that nobody answered.
        stage: How far it has come.
    """

    incident: str = ""
    planned_s: int = 0
    due_s: int = 0
    tries: int = 0
    stage: Stage = Stage.PLANNED


NOTHING_OWED = FollowUp()

Result = tuple[FollowUp, list[AnyDecision]]


def due_s(it: FollowUp, policy: Policy) -> int:
    """When something is to be done about it, UTC epoch seconds; 0 when nothing is."""
    if not it.incident or it.stage is Stage.WAITS:
        return 0
    terms = policy.follow_up
    after_s = {Stage.PLANNED: 0, Stage.DUE: terms.late_s, Stage.LATE: terms.raise_s}[it.stage]
    return it.due_s + after_s


def planned(it: FollowUp, closed: Incident, now: datetime, policy: Policy) -> Result:
    """What is owed after this incident was closed.

    If its outcome asks for no call, one that had waited for it comes back, unless somebody has spoken to a person.
    """
    assert closed.outcome is not None, "closed with an outcome"
    days = policy.follow_up.wanted_in_days(closed.outcome, closed.priority)
    if days:
        _, ended = _ended(it, FollowUpEnd.INCIDENT, now)
        due = first_call(now, days, policy.follow_up, policy.utc_offset_s)
        fresh = FollowUp(closed.id, int(now.timestamp()), int(due.timestamp()))
        line = Entry(incident=closed.id, at=now, kind=EntryKind.FOLLOW_UP_PLANNED, text=due.isoformat())
        return fresh, [*ended, changed(fresh), Noted(entry=line)]
    if it.stage is not Stage.WAITS:
        return it, []
    if closed.contact:
        return _ended(it, FollowUpEnd.INCIDENT, now)
    due_again_s = max(it.due_s, int(next_call(now, policy.follow_up, policy.utc_offset_s).timestamp()))
    back = msgspec.structs.replace(it, stage=Stage.PLANNED, due_s=due_again_s)
    return back, [changed(back)]


def began(it: FollowUp) -> Result:
    """The home has a new incident: nobody telephones beside it."""
    if not it.incident or it.stage is Stage.WAITS:
        return it, []
    waits = msgspec.structs.replace(it, stage=Stage.WAITS)
    return waits, [changed(waits)]


def taken_up(it: FollowUp, incident: Incident, now: datetime) -> Result:
    """A closed incident is worked on again: what was owed after it is decided anew with its closing."""
    return _ended(it, FollowUpEnd.TAKEN_UP, now) if it.incident == incident.id else began(it)


def called(it: FollowUp, command: RecordFollowUp, now: datetime, policy: Policy) -> Result:
    """A call was made. Nobody answered: again later, as often as the terms say; then nothing is owed, and it rings.

    Returns:
        What is owed afterwards, and the decisions, of which the last is the answer. With tries used up the follow-up
        is over (``is_used_up``).
    """
    if not it.incident or it.incident != command.incident:
        return it, [Answered(incident=command.incident, refused="no_follow_up")]
    if it.stage is Stage.WAITS:
        return it, [Answered(incident=command.incident, refused="incident_running")]
    text = f"{command.result}|{command.text}" if command.text else str(command.result)
    line = Noted(entry=Entry(incident=it.incident, at=now, kind=EntryKind.FOLLOW_UP_CALLED, by=command.by, text=text))
    answer = Answered(incident=it.incident)
    if command.result is CallResult.NO_ANSWER:
        tries = it.tries + 1
        if tries >= policy.follow_up.tries:
            last = msgspec.structs.replace(it, tries=tries)
            over, ended = _ended(last, FollowUpEnd.RAISED, now, command)
            return over, [line, *ended, answer]
        due = next_call(now, policy.follow_up, policy.utc_offset_s)
        later = FollowUp(it.incident, it.planned_s, int(due.timestamp()), tries)
        return later, [line, changed(later, command), answer]
    over, ended = _ended(it, FollowUpEnd(command.result), now, command)
    return over, [line, *ended, answer]


def time_passed(it: FollowUp, now: datetime, policy: Policy) -> Result:
    """It has become due, or late; or nobody has called for so long that it is over, and rings (``is_used_up``)."""
    decisions: list[AnyDecision] = []
    while 0 < due_s(it, policy) <= now.timestamp():
        if it.stage is Stage.LATE:
            over, ended = _ended(it, FollowUpEnd.RAISED, now)
            return over, [*decisions, *ended]
        it = msgspec.structs.replace(it, stage=Stage(it.stage + 1))
        decisions = [changed(it)]
    return it, decisions


def is_used_up(decisions: list[AnyDecision]) -> bool:
    """Whether a follow-up has just ended without anybody having been spoken to, so that it must ring."""
    return any(isinstance(d, FollowUpChanged) and d.ended is FollowUpEnd.RAISED for d in decisions)


def changed(it: FollowUp, command: RecordFollowUp | None = None, ended: FollowUpEnd | None = None) -> FollowUpChanged:
    """The decision that says how it stands."""
    return FollowUpChanged(
        incident=it.incident,
        planned_at=moment(it.planned_s),
        due_at=moment(it.due_s),
        tries=it.tries,
        stage=it.stage.name.lower(),
        ended=ended,
        by=command.by if command else "",
        text=command.text if command else "",
    )


def _ended(it: FollowUp, how: FollowUpEnd, now: datetime, command: RecordFollowUp | None = None) -> Result:
    if not it.incident:
        return it, []
    decisions: list[AnyDecision] = [changed(it, command, how)]
    if command is None:
        line = Entry(incident=it.incident, at=now, kind=EntryKind.FOLLOW_UP_ENDED, text=how.value)
        decisions.append(Noted(entry=line))
    return NOTHING_OWED, decisions
