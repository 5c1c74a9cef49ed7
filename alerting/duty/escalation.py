"""How an incident climbs that nobody takes: by its plan, to consoles, people on duty, and in the end to everybody.

A claim ends it; an accepted page makes it pause for a while; delivery stops nothing.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import msgspec

from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted, PageAsked, Rang
from alerting.duty.page import page_about
from alerting.duty.plan import Plan
from alerting.duty.reach import Person
from alerting.duty.roster import next_working_day
from alerting.events import PageAccepted, PageTried
from alerting.model import CallToCome, Entry, EntryKind, EscalationLevel, Incident, Ladder, Priority
from alerting.policy import Policy

Result = tuple[Incident, list[AnyDecision]]

TO_CONSOLES = (EscalationLevel.RING, EscalationLevel.SUPERVISOR)


MOST_DECLINED = 6
"""So many who have declined lately are remembered."""


class Taken(msgspec.Struct, frozen=True):
    """One step as it was taken: how high that is, whom it calls, whether it goes to the consoles."""

    step: int
    level: EscalationLevel
    people: tuple[Person, ...]
    rings: bool
    in_turn: bool = False
    round: int = 0
    planned: datetime | None = None
    """By the timetable, where it was pulled forward: then whoever has just failed is called."""


def begun(ladder: Ladder, at: datetime) -> Ladder:
    """A new round: from now on nobody has the incident. Whoever has said that they go may be on the way still."""
    going = ladder.accepted_by or ladder.on_the_way
    return Ladder(round=ladder.round + 1, since=at, declined=ladder.declined, on_the_way=going)


def without(ladder: Ladder, person: str) -> Ladder:
    """This person (id) is not on the way."""
    return msgspec.structs.replace(ladder, on_the_way="") if ladder.on_the_way == person else ladder


def ended(ladder: Ladder) -> Ladder:
    """Somebody has taken the incident: no step, no call and no acceptance is due any more."""
    return Ladder(round=ladder.round, on_the_way=ladder.accepted_by or ladder.on_the_way)


def declined(ladder: Ladder, person: str, round_: int, step: int) -> Ladder:
    """Somebody (id) cannot come: what is still on its way to them, of this step and those before, is not sent."""
    upto = (round_, step) if round_ else (ladder.round, ladder.step)
    others = tuple(it for it in ladder.declined if it[0] != person)
    return msgspec.structs.replace(ladder, declined=(*others, (person, *upto))[-MOST_DECLINED:])


def rang_again(incident: Incident, at: datetime, priority: Priority) -> Ladder:
    """The ladder after one more alarm that rings.

    While one round is climbing it is finished first, and the next one counts from this alarm: somebody who presses
    again and again must not put off the telephone. A higher priority begins at once, by its own, shorter times; and
    an acceptance of what was known before does not hold for it.
    """
    ladder = incident.ladder
    if ladder.since is None or priority < incident.priority:
        return begun(ladder, at)
    return msgspec.structs.replace(ladder, again=max(at, ladder.again or at))


def is_waiting(ladder: Ladder) -> bool:
    """Whether nobody has the incident for good: it climbs, or an acceptance of it will expire."""
    return ladder.since is not None or ladder.accepted_until is not None


def is_accepted_by(incident: Incident, person: str) -> bool:
    """Whether this person (id) takes care of it just now."""
    return incident.ladder.accepted_until is not None and incident.ladder.accepted_by == person


def plan_of(incident: Incident, policy: Policy) -> Plan | None:
    """The plan of this climb: the one that fitted when it began."""
    began = incident.ladder.since or incident.ladder.accepted_until or incident.rang_at
    return policy.plan_for(incident.priority, incident.key, began)


def due(incident: Incident, policy: Policy) -> datetime | None:
    """When the next step or call is to be made, or an acceptance expires; None when there is none."""
    ladder = incident.ladder
    if ladder.accepted_until is not None:
        return ladder.accepted_until
    plan = plan_of(incident, policy)
    if ladder.since is None or plan is None:
        return None
    higher = onward(ladder, plan)
    moments = [step_due(higher, plan, policy), *(call.at for call in higher.calls)]
    return min((moment for moment in moments if moment is not None), default=None)


def due_s(incident: Incident | None, policy: Policy) -> float:
    """The first full millisecond at which the next step is due, UTC epoch seconds; 0 when there is none."""
    moment = due(incident, policy) if incident is not None else None
    return math.ceil(moment.timestamp() * 1000) / 1000 if moment is not None else 0


def onward(ladder: Ladder, plan: Plan) -> Ladder:
    """All steps are taken, and an alarm rang meanwhile: the next round, counted from it, nearer to everybody."""
    if ladder.since is not None and ladder.again is not None and ladder.step >= len(plan.steps):
        passes = ladder.passes + ladder.step // len(plan.steps)
        return msgspec.structs.replace(begun(ladder, ladder.again), passes=min(passes, plan.rounds), calls=ladder.calls)
    return ladder


def steps_before_top(ladder: Ladder, plan: Plan) -> int:
    """So many steps are taken in this round before everybody is called."""
    return max(1, plan.rounds - ladder.passes) * len(plan.steps)


def _began(ladder: Ladder, plan: Plan, policy: Policy) -> datetime:
    """From when the steps of this round count."""
    assert ladder.since is not None, "only what nobody has taken climbs"
    began = next_working_day(policy.editions.roster, ladder.since) if plan.next_working_day else ladder.since
    return began - timedelta(seconds=ladder.ahead_s)


def _top_due(ladder: Ladder, plan: Plan, policy: Policy) -> datetime:
    """When everybody is called for the first time in this round, or the consoles ring when nobody is."""
    passes = steps_before_top(ladder, plan) // len(plan.steps)
    wait_s = plan.last_wait_s if plan.everybody else plan.again_s
    return _began(ladder, plan, policy) + timedelta(seconds=passes * plan.pass_s + wait_s)


def step_due(ladder: Ladder, plan: Plan, policy: Policy) -> datetime | None:
    """When the next step of a climb is due; None when there is none."""
    if ladder.since is None:
        return None
    before_top = steps_before_top(ladder, plan)
    if ladder.step < before_top:
        passed, n = divmod(ladder.step, len(plan.steps))
        after_s = passed * plan.pass_s + plan.steps[n].after_s
        return _began(ladder, plan, policy) + timedelta(seconds=after_s)
    if not plan.again_s:
        return None
    return _top_due(ladder, plan, policy) + timedelta(seconds=plan.again_s * (ladder.step - before_top))


def climb(incident: Incident, home: str, now: datetime, policy: Policy, pulled_s: float = 0) -> Result:
    """Take every step that is due by now, each once in its round however late it is, and make every call.

    A step that calls nobody because there is nobody is skipped at once. What falls due together calls each person
    once on each channel.

    Args:
        incident: As it stands.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: Plans, roster, people and telephones.
        pulled_s: By so much the timetable was pulled forward just now, because pages failed: whoever's did is called
            by such a step at its own time, not again at once.

    Returns:
        The incident afterwards, and the decisions: none when nothing was due.
    """
    lines: list[AnyDecision] = []
    if incident.ladder.accepted_until is not None:
        if incident.ladder.accepted_until > now:
            return incident, []
        incident, lines = _expired(incident, now, policy)
    plan = plan_of(incident, policy)
    if plan is None or incident.ladder.since is None:
        return _changed(incident, now, lines)
    ladder, taken = _steps_taken(incident, plan, now, policy, pulled_s)
    ladder = _within_again(ladder, plan, now, policy)
    ladder, pages = _calls_made(ladder, taken, incident, home, now, policy)
    if ladder == incident.ladder:
        return _changed(incident, now, lines)
    climbed = msgspec.structs.replace(incident, ladder=ladder, changed_at=max(now, incident.changed_at))
    lines += [Noted(entry=_line(incident.id, step, now)) for step in taken]
    rings = [Rang(incident=incident.id, priority=incident.priority)] if taken else []
    return climbed, [IncidentChanged(incident=climbed), *lines, *pages, *rings]


def _changed(incident: Incident, now: datetime, decisions: list[AnyDecision]) -> Result:
    """The incident as it is now, before what led to it; nothing when nothing has changed."""
    if not decisions:
        return incident, []
    changed = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    return changed, [IncidentChanged(incident=changed), *decisions]


def _steps_taken(
    incident: Incident, plan: Plan, now: datetime, policy: Policy, pulled_s: float
) -> tuple[Ladder, list[Taken]]:
    ladder, taken, skipped = incident.ladder, list[Taken](), False
    while True:
        ladder = onward(ladder, plan)
        moment = step_due(ladder, plan, policy)
        if moment is None or (moment > now and not skipped):
            return ladder, taken
        planned = moment + timedelta(seconds=pulled_s) if pulled_s else None
        this = msgspec.structs.replace(step_at(incident.key, ladder, plan, now, policy), planned=planned)
        after = msgspec.structs.replace(_after(ladder, plan, now, policy), level=this.level)
        assert after.step > ladder.step, "each step is taken once in its round"
        ladder = after
        taken.append(this)
        skipped = not this.rings and not this.people and bool(this.step % len(plan.steps))


def _within_again(ladder: Ladder, plan: Plan, now: datetime, policy: Policy) -> Ladder:
    """Never longer than one interval to the next repeat: those made at a shorter one do not count at a longer one."""
    moment = step_due(ladder, plan, policy)
    if moment is None or ladder.step <= steps_before_top(ladder, plan):
        return ladder
    too_long_s = (moment - now).total_seconds() - plan.again_s
    return msgspec.structs.replace(ladder, ahead_s=ladder.ahead_s + too_long_s) if too_long_s > 0 else ladder


def step_at(key: str, ladder: Ladder, plan: Plan, now: datetime, policy: Policy) -> Taken:
    """Whom the step calls that comes next."""
    chain = policy.chain(key)
    if ladder.step >= steps_before_top(ladder, plan):
        people = chain.everybody(plan) if plan.everybody else ()
        level = EscalationLevel.EVERYBODY if people else ladder.level or EscalationLevel.RING
        return Taken(ladder.step + 1, level, people, rings=True, round=ladder.round)
    step = plan.steps[ladder.step % len(plan.steps)]
    return Taken(ladder.step + 1, step.level, chain.called_by(step, now), step.rings, step.in_turn, ladder.round)


def _after(ladder: Ladder, plan: Plan, now: datetime, policy: Policy) -> Ladder:
    """One step further; of passes and repeats that were missed, as during an outage, only the last is made up for."""
    step, top = ladder.step + 1, steps_before_top(ladder, plan)
    late_s = (now - _top_due(ladder, plan, policy)).total_seconds()
    if len(plan.steps) <= step <= top and late_s >= 0:
        step = top
    if step > top and late_s >= 0:
        step = max(step, top + 1 + int(late_s // plan.again_s))
    return msgspec.structs.replace(ladder, step=step)


def _line(incident: str, taken: Taken, now: datetime) -> Entry:
    """What the timeline says of a step."""
    names = "、".join(person.name for person in taken.people)
    if not names and (taken.level is EscalationLevel.RING or (taken.rings and taken.level not in TO_CONSOLES)):
        return Entry(incident=incident, at=now, kind=EntryKind.UNCLAIMED)
    text = f"{taken.level}|{names}" if names or taken.level not in TO_CONSOLES else str(taken.level)
    return Entry(incident=incident, at=now, kind=EntryKind.ESCALATED, text=text)


def _calls_made(
    ladder: Ladder, taken: list[Taken], incident: Incident, home: str, now: datetime, policy: Policy
) -> tuple[Ladder, list[PageAsked]]:
    """The pages that are due by now, and the ladder with those still to come."""
    now_due = {(call.person, call.channel): call for call in ladder.calls if call.at <= now}
    to_come = {(call.person, call.channel): call for call in ladder.calls if call.at > now}
    for step in taken:
        after_s = 0
        for person in step.people:
            begins = max(now, step.planned or now) if person.id in ladder.out else now
            for line in person.lines:
                at, whom = begins + timedelta(seconds=after_s + line.after_s), (person.id, line.channel)
                call = CallToCome(at, *whom, step.step, step.level, step.round)
                if at <= now:
                    now_due[whom] = call
                elif whom not in to_come or at < to_come[whom].at:
                    to_come[whom] = call
            after_s += person.next_s if step.in_turn else 0
    chain = policy.chain(incident.key)
    pages: list[PageAsked] = []
    for call in now_due.values():
        person_now = chain.person(call.person)
        if person_now is not None and any(line.channel == call.channel for line in person_now.lines):
            page = _page(incident, ladder, call, person_now, now, policy)
            pages.append(msgspec.structs.replace(page, home=home))
    later = tuple(sorted(to_come.values(), key=lambda call: call.at))
    out = tuple(id_ for id_ in ladder.out if all(page.to != id_ for page in pages))
    return msgspec.structs.replace(ladder, calls=later, out=out), pages


def _page(incident: Incident, ladder: Ladder, call: CallToCome, to: Person, now: datetime, policy: Policy) -> PageAsked:
    assert ladder.since is not None, "only what nobody has taken climbs"
    at = (call.round or ladder.round, call.step)
    page = page_about(incident, to, call.channel, now, policy, since=ladder.since, at=at, level=call.level)
    return page if call.channel else msgspec.structs.replace(page, name="")


def accepted(
    incident: Incident | None, by: str, now: datetime, policy: Policy, *, how: str = ""
) -> tuple[Incident | None, list[AnyDecision]]:
    """Somebody who was paged takes care of it: the climb pauses until that expires. The first counts.

    Args:
        incident: As it stands; None when it is closed.
        by: Id of the person.
        now: Service time, aware UTC.
        policy: How long it holds, and who is known.
        how: ``link``, ``key`` or ``console``.

    Returns:
        The incident afterwards and the decisions, of which the last is the answer: who was too late is told whom
        they are behind.
    """
    if incident is None:
        return None, [Answered(refused="no_incident")]
    ladder, person = incident.ladder, policy.chain(incident.key).person(by)
    if person is None:
        return incident, [Answered(incident=incident.id, refused="unknown_person")]
    if ladder.accepted_until is not None and ladder.accepted_by == by:
        return incident, [Answered(incident=incident.id)]  # said twice
    ahead = ladder.accepted_by if ladder.accepted_until is not None else incident.claimed_by
    text = f"{how}|{person.name}"
    if ladder.since is None:
        late = Entry(incident=incident.id, at=now, kind=EntryKind.ACCEPTED_LATE, by=by, text=text)
        word = "accepted_by_other" if ladder.accepted_until is not None else "held_by_other"
        word = "nobody_needed" if ladder.accepted_until is not None and not ahead else word
        after, decisions = _changed(incident, now, [Noted(entry=late)])
        return after, [*decisions, Answered(incident=incident.id, refused=word, held_by=ahead)]
    plan = plan_of(incident, policy)
    until = now + timedelta(seconds=plan.accept_s if plan is not None else policy.accept_s[incident.priority])
    going: dict[str, object] = {"accepted_by": by, "accepted_at": now, "accepted_until": until, "on_the_way": ""}
    paused = msgspec.structs.replace(ended(ladder), **going)
    entry = Entry(incident=incident.id, at=now, kind=EntryKind.PAGE_ACCEPTED, by=by, text=text)
    after, decisions = _changed(msgspec.structs.replace(incident, ladder=paused), now, [Noted(entry=entry)])
    return after, [*decisions, Answered(incident=incident.id)]


def told_accepted(
    incident: Incident | None, event: PageAccepted, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    """As ``accepted``, for the incident that the event names; one that is closed has nobody to accept it."""
    if incident is None or incident.id != event.incident:
        return incident, [Answered(incident=event.incident, refused="no_incident")]
    if event.elsewhere:
        return incident, [Answered(incident=incident.id, refused="on_other_job", held_by=event.elsewhere)]
    return accepted(incident, event.by, now, policy, how=event.how)


def _expired(incident: Incident, now: datetime, policy: Policy) -> Result:
    """Whoever accepted has not come: it climbs anew, counted from then, and rings."""
    ladder = incident.ladder
    assert ladder.accepted_until is not None, "only an acceptance expires"
    known = policy.editions.people.persons.get(ladder.accepted_by)
    name = known.name if known is not None else ladder.accepted_by
    kind = EntryKind.ACCEPTANCE_EXPIRED
    entry = Entry(incident=incident.id, at=now, kind=kind, by=ladder.accepted_by, text=name)
    climbs = without(begun(ladder, ladder.accepted_until), ladder.accepted_by)
    again = msgspec.structs.replace(incident, ladder=climbs)
    return again, [Noted(entry=entry), Rang(incident=incident.id, priority=incident.priority)]


def tried(incident: Incident | None, event: PageTried, now: datetime) -> tuple[Incident | None, list[AnyDecision]]:
    """What became of a page, as a line of the timeline; giving one up rings while nobody has the incident."""
    kind = EntryKind.PAGE_SENT if not event.error else EntryKind.PAGE_LOST if event.gave_up else EntryKind.PAGE_FAILED
    text = f"{event.to}|{event.error}" if event.error else event.to
    if event.channel:
        text = f"{event.to}|{event.error}|{event.channel}"
    line = Noted(entry=Entry(incident=event.incident, at=now, kind=kind, text=text))
    if incident is None or incident.id != event.incident:  # closed meanwhile: the line is all
        return incident, [line]
    noted = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    decisions: list[AnyDecision] = [IncidentChanged(incident=noted), line]
    if event.gave_up and noted.ladder.since is not None:
        decisions.append(Rang(incident=noted.id, priority=noted.priority))
    return noted, decisions
