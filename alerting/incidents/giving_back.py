"""Whoever has accepted, or is on the way, cannot go any more: it is given back at once.

While nobody at the desk has taken what rings, the next one is called at once, as after an acceptance that was declined;
where somebody has, it rings at their console.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import DeclineJob
from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted, Rang
from alerting.dispatch.job import Stage, ended, with_job
from alerting.dispatch.told import TakenElsewhere
from alerting.duty import escalation, forward
from alerting.events import PageGivenBack
from alerting.incidents import job_steps, lease, life, page_jobs
from alerting.incidents.conditions import NOTHING_PENDING, RESPONDER, Asked
from alerting.model import Entry, EntryKind, Incident
from alerting.policy import Policy

Result = tuple[Incident, list[AnyDecision]]


class Gone(msgspec.Struct, frozen=True):
    """Who cannot go any more.

    Attributes:
        person: Their id.
        name: What people call them.
        how: How they said so: ``link``, ``key`` or ``console``.
        why: The reason; may be empty.
        round: Round of the ladder whose page they answer; 0: none.
        step: Step in that round.
    """

    person: str
    name: str
    how: str = ""
    why: str = ""
    round: int = 0
    step: int = 0


def gone(person: str, policy: Policy) -> Gone:
    """Who cannot go, by their id."""
    known = policy.editions.people.persons.get(person)
    return Gone(person, known.name if known is not None else person)


def is_sent(incident: Incident, person: str) -> bool:
    """Whether the desk has sent this person (id) and they are not there yet."""
    job = incident.job_of(person.removeprefix(RESPONDER)) if person.startswith(RESPONDER) else None
    return job is not None and job.may_leave and incident.state in lease.GOING


def is_theirs(incident: Incident, person: str) -> bool:
    """Whether this person (id) has accepted it, was sent, or had accepted when the desk took it."""
    had_accepted = bool(person) and incident.ladder.on_the_way == person
    return had_accepted or escalation.is_accepted_by(incident, person) or is_sent(incident, person)


def is_reckoned_with(incident: Incident, person: str) -> bool:
    """Whether it is theirs (id), and they are not asked anew: what climbs again waits for somebody to accept it."""
    return is_theirs(incident, person) and (incident.ladder.since is None or is_sent(incident, person))


def told(
    incident: Incident | None, event: PageGivenBack, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    """Said on the page of whoever was called: the incident afterwards, and the decisions, the answer last."""
    if incident is None or incident.id != event.incident:
        return incident, [Answered(incident=event.incident, refused="no_incident")]
    if not is_theirs(incident, event.by):
        return incident, [Answered(incident=incident.id, refused="not_yours")]
    who = msgspec.structs.replace(gone(event.by, policy), how=event.how, why=event.why)
    after, decisions = gives_back(incident, who, home, now, policy)
    return after, [*decisions, Answered(incident=incident.id)]


def gives_back(incident: Incident, who: Gone, home: str, now: datetime, policy: Policy) -> Result:
    """Somebody whose it is gives it back.

    Args:
        incident: As it stands; it is theirs.
        who: Who, and why.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: Plans, roster, people and telephones.
    """
    assert is_theirs(incident, who.person), "only who has it gives it back"
    if is_sent(incident, who.person) and not escalation.is_accepted_by(incident, who.person):
        command = DeclineJob(key=incident.key, incident=incident.id, by=who.person, text=who.why)
        after, decisions = life.carry_out(incident, Asked(command, now, policy.values))
    else:
        after, decisions = _rings(page_jobs.without_job_of(incident, who.person, who.why, now), who, now)
    after, further = others(incident, after, who, home, now, policy)
    return after, [*decisions, *further]


def taken_elsewhere(
    incident: Incident | None, event: TakenElsewhere, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    """Whoever was asked has taken another job: the offer ends, and the next one is called at once.

    Nobody is called away from a door at which they stand: then they are counted here.
    """
    if incident is None or incident.id != event.incident:
        return incident, []
    job = incident.job_of(event.responder)
    if job is None or not job.may_leave:
        return incident, []
    is_waited_for = incident.state in lease.GOING
    step = job_steps.without(incident, job, Stage.ELSEWHERE, now, job.responder)
    jobs = with_job(incident.jobs, ended(job, Stage.ELSEWHERE, now))
    after = msgspec.structs.replace(incident, jobs=jobs, changed_at=max(now, incident.changed_at))
    entry = Entry(incident=after.id, at=now, kind=EntryKind.JOB_ELSEWHERE, text=step.text)
    if not is_waited_for:
        return after, [IncidentChanged(incident=after), Noted(entry=entry)]
    after = msgspec.structs.replace(after, **{**step.fields, "state": step.to})
    if after.state is not incident.state:
        after = msgspec.structs.replace(after, since=now)
    if not incident.unacknowledged:
        after = msgspec.structs.replace(after, rang_at=now)
    after = msgspec.structs.replace(after, ladder=life.ladder_after(incident, after, now))
    decisions: list[AnyDecision] = [IncidentChanged(incident=after), Noted(entry=entry)]
    if not incident.rings:
        decisions.append(Rang(incident=after.id, priority=after.priority))
    after, called = others(incident, after, gone(f"{RESPONDER}{job.responder}", policy), home, now, policy)
    return after, [*decisions, *called]


def has_another_job(incident: Incident, person: str, elsewhere: str, now: datetime) -> Result:
    """Somebody who has a job at another incident accepts a page about this one: they cannot have both."""
    after = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    text = person.removeprefix(RESPONDER)
    entry = Entry(incident=incident.id, at=now, kind=EntryKind.JOB_ELSEWHERE, by=person, text=text)
    return after, [
        IncidentChanged(incident=after),
        Noted(entry=entry),
        Answered(incident=incident.id, refused="on_other_job", held_by=elsewhere),
    ]


def _rings(incident: Incident, who: Gone, now: datetime) -> Result:
    """It is nobody's any more, or its holder at the desk reckons with somebody who does not come."""
    anew: dict[str, object] = {"changed_at": max(now, incident.changed_at)}
    ladder = incident.ladder
    if not incident.unacknowledged and not escalation.is_accepted_by(incident, who.person):  # the desk has it
        anew |= {**NOTHING_PENDING, "unacknowledged": True, "rang_at": now}
    if not incident.unacknowledged or ladder.since is None:  # what climbs already must not be put off
        ladder = escalation.begun(ladder, now)
    after = msgspec.structs.replace(incident, ladder=escalation.without(ladder, who.person), **anew)
    text = f"{who.how}|{who.name}|{who.why}" if who.why else f"{who.how}|{who.name}"
    entry = Entry(incident=after.id, at=now, kind=EntryKind.GIVEN_BACK, by=who.person, text=text)
    return after, [
        IncidentChanged(incident=after),
        Noted(entry=entry),
        Rang(incident=after.id, priority=after.priority),
    ]


def others(before: Incident, incident: Incident, who: Gone, home: str, now: datetime, policy: Policy) -> Result:
    """Nothing more goes to who cannot; unless the desk had it in hand before, whoever comes next is called now."""
    ladder = incident.ladder
    if escalation.is_accepted_by(incident, who.person):
        ladder = escalation.begun(ladder, now)
    ladder = escalation.without(ladder, who.person)
    if ladder.since is None:
        return incident, []
    ladder = escalation.declined(ladder, who.person, who.round, who.step)
    after = msgspec.structs.replace(incident, ladder=ladder)
    if after.claimed_by and not before.unacknowledged:
        return after, [IncidentChanged(incident=after)]
    return forward.others_now(after, who.person, who.name, home, now, policy)
