"""A page that failed, or was declined, pulls the next one forward: the climb does not wait for its timetable.

First the person's next channel; when they have none left, the next person; when the step has nobody left, the next
step. Pulling makes things earlier and nothing later: the rest of the timetable follows as much sooner, and whoever has
just failed is called again no later than without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged, Noted, Rang
from alerting.duty.escalation import climb, onward, plan_of, step_at, step_due, steps_before_top
from alerting.duty.plan import Plan
from alerting.duty.reach import Person
from alerting.events import PageTold, PageTried
from alerting.model import CallToCome, Entry, EntryKind, Incident, Ladder
from alerting.policy import Policy

Result = tuple[Incident, list[AnyDecision]]


class Lost(msgspec.Struct, frozen=True):
    """A page that has not reached whom it was for.

    Attributes:
        person: Id of who was paged.
        name: What people call them.
        channel: Channel; empty for a duty telephone.
        round: Round of the ladder that led to it.
        step: Step in that round.
        declined: They said that they cannot; all their channels have done what they could.
        for_good: It is not tried again.
    """

    person: str
    name: str
    channel: str
    round: int
    step: int
    declined: bool
    for_good: bool


def lost_by(event: PageTried | PageTold) -> Lost | None:
    """The page that an event says has not reached its person; None when it says something else."""
    if isinstance(event, PageTried):
        if not event.error or not event.round:
            return None
        return Lost(event.person, event.to, event.channel, event.round, event.step, False, event.gave_up)
    if event.what not in {"failed", "declined"} or not event.round:
        return None
    name = event.name or event.to
    return Lost(event.to, name, event.channel, event.round, event.step, event.what == "declined", True)


def pulled(incident: Incident, event: PageTried | PageTold, home: str, now: datetime, policy: Policy) -> Result:
    """What is done at once because of a page that failed or was declined.

    Args:
        incident: As it stands, the event noted.
        event: What became of a page; says twice the same without a consequence.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: Plans, roster, people and telephones.

    Returns:
        The incident afterwards, and the decisions: none when nothing is to be done.
    """
    lost, plan, ladder = lost_by(event), plan_of(incident, policy), incident.ladder
    if lost is None or plan is None or ladder.since is None or incident.id != event.incident:
        return incident, []
    if lost.round != ladder.round or _is_called_since(incident.key, ladder, plan, lost, now, policy):
        return incident, []
    person = policy.chain(incident.key).person(lost.person)
    if not lost.declined and person is not None:
        channel = _following(person, lost.channel)
        if channel is not None:
            call = next((c for c in ladder.calls if (c.person, c.channel) == (lost.person, channel)), None)
            if call is None:  # used already: what becomes of that one counts
                return incident, []
            ladder = _sooner(ladder, [call], call.at - now)
            return _pull(incident, ladder, f"{lost.name}|{channel}", home, now, policy)
    if not lost.for_good or lost.person in ladder.out:
        return incident, []
    return _without(incident, lost, plan, home, now, policy)


def others_now(incident: Incident, person: str, name: str, home: str, now: datetime, policy: Policy) -> Result:
    """Whoever had it (id, name) has given it back: whose turn comes next is called now, or else the next step is taken.

    While others of the latest step may still answer, no step is taken. Arguments and result as for ``pulled``.
    """
    plan, ladder = plan_of(incident, policy), incident.ladder
    if plan is None or ladder.since is None:
        return incident, []
    lost = Lost(person, name, "", ladder.round, ladder.step, declined=True, for_good=True)
    if person not in ladder.out:
        return _without(incident, lost, plan, home, now, policy)
    return _next_step(incident, ladder, plan, lost, home, now, policy)


def _following(person: Person, channel: str) -> str | None:
    """The channel of a person that comes after this one; None when it is their last."""
    order = [line.channel for line in person.lines]
    return next(iter(order[order.index(channel) + 1 :]), None) if channel in order else None


def _without(incident: Incident, lost: Lost, plan: Plan, home: str, now: datetime, policy: Policy) -> Result:
    """Somebody has no channel left: whose turn comes next is called now."""
    kept = tuple(c for c in incident.ladder.calls if c.person != lost.person or c.step > lost.step)
    ladder = msgspec.structs.replace(incident.ladder, calls=kept, out=(*incident.ladder.out, lost.person))
    chain = policy.chain(incident.key)
    for call in ladder.calls:
        person = chain.person(call.person)
        theirs = [c for c in ladder.calls if (c.person, c.step) == (call.person, lost.step)]
        if call.step == lost.step and person is not None and len(theirs) == len(person.lines):  # not called yet
            return _pull(
                incident, _sooner(ladder, theirs, call.at - now), f"{lost.name}||{person.name}", home, now, policy
            )
    return _next_step(incident, ladder, plan, lost, home, now, policy)


def _next_step(
    incident: Incident, ladder: Ladder, plan: Plan, lost: Lost, home: str, now: datetime, policy: Policy
) -> Result:
    """When nobody of the latest step is left: the next step that calls somebody else is taken now."""
    kept = msgspec.structs.replace(incident, ladder=ladder, changed_at=max(now, incident.changed_at))
    changed: list[AnyDecision] = [IncidentChanged(incident=kept)]
    called = _latest_called(incident.key, ladder, plan, now, policy)
    if any(id_ not in ladder.out for id_ in called) or onward(ladder, plan) != ladder:
        return kept, changed
    due = _next_due(incident.key, ladder, plan, now, policy)
    if due is None:  # everybody has failed: only the desk is left
        return kept, [*changed, Rang(incident=incident.id, priority=incident.priority)]
    ahead_s = max(0.0, (due - now).total_seconds())
    ladder = msgspec.structs.replace(ladder, ahead_s=ladder.ahead_s + ahead_s)
    return _pull(incident, ladder, f"{lost.name}||", home, now, policy, ahead_s)


def _is_called_since(key: str, ladder: Ladder, plan: Plan, lost: Lost, now: datetime, policy: Policy) -> bool:
    """Whether a later step has called the same person again: what becomes of that call counts."""
    last = min(ladder.step, steps_before_top(ladder, plan) + 1)
    return any(lost.person in _called_by(key, ladder, step, plan, now, policy) for step in range(lost.step, last))


def _called_by(key: str, ladder: Ladder, taken: int, plan: Plan, now: datetime, policy: Policy) -> tuple[str, ...]:
    """Ids of whom the step calls that comes after so many."""
    at = msgspec.structs.replace(ladder, step=taken)
    return tuple(person.id for person in step_at(key, at, plan, now, policy).people)


def _latest_called(key: str, ladder: Ladder, plan: Plan, now: datetime, policy: Policy) -> tuple[str, ...]:
    """Ids of whom the latest step has called that calls anybody; empty when none has yet."""
    for taken in range(min(ladder.step, steps_before_top(ladder, plan) + 1) - 1, -1, -1):
        called = _called_by(key, ladder, taken, plan, now, policy)
        if called:
            return called
    return ()


def _next_due(key: str, ladder: Ladder, plan: Plan, now: datetime, policy: Policy) -> datetime | None:
    """When the next step is due that calls somebody who has not just failed; None when there is no such step."""
    for step in range(ladder.step, steps_before_top(ladder, plan) + 1):
        if any(id_ not in ladder.out for id_ in _called_by(key, ladder, step, plan, now, policy)):
            return step_due(msgspec.structs.replace(ladder, step=step), plan, policy)
    return None


def _sooner(ladder: Ladder, calls: list[CallToCome], by: timedelta) -> Ladder:
    """These calls come sooner by so much; the others as they were."""
    if by <= timedelta():
        return ladder
    moved = [msgspec.structs.replace(c, at=c.at - by) if c in calls else c for c in ladder.calls]
    return msgspec.structs.replace(ladder, calls=tuple(sorted(moved, key=lambda call: call.at)))


def _pull(
    incident: Incident, ladder: Ladder, text: str, home: str, now: datetime, policy: Policy, pulled_s: float = 0
) -> Result:
    """Say so, and do whatever is due by now."""
    line = Noted(entry=Entry(incident=incident.id, at=now, kind=EntryKind.PULLED_FORWARD, text=text))
    sooner = msgspec.structs.replace(incident, ladder=ladder)
    climbed, decisions = climb(sooner, home, now, policy, pulled_s)
    return climbed, [IncidentChanged(incident=sooner), line, *decisions]
