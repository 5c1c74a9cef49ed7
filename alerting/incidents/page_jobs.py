"""Whoever accepts a page and can go has a job of it from that moment on, as if the desk had sent them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged
from alerting.dispatch.job import MOST_AT_ONCE, HandedTo, Job, Stage, ended, heard, moved, with_job
from alerting.duty import escalation
from alerting.incidents.conditions import RESPONDER
from alerting.incidents.expected import word_due_at
from alerting.incidents.rule import RESOLVED, stands
from alerting.incidents.values import Values
from alerting.model import Incident, Ladder
from alerting.policy import Policy

IN_GOOD_HANDS = frozenset({HandedTo.AMBULANCE.value, HandedTo.FAMILY.value})
"""Once the resident is theirs, nobody else needs to go there."""


def with_job_of(
    before: Incident | None,
    incident: Incident,
    person: str,
    decisions: list[AnyDecision],
    now: datetime,
    policy: Policy,
) -> tuple[Incident, list[AnyDecision]]:
    """The incident after a page was answered, with the job of who has accepted it.

    Args:
        before: As it stood before the answer.
        incident: As it stands after it.
        person: Id of who has answered.
        decisions: What the answer has led to.
        now: Service time, aware UTC.
        policy: Whether a page makes a job.
    """
    accepts = incident is not before and escalation.is_accepted_by(incident, person)
    if not accepts or not policy.values.page_is_job or not person.startswith(RESPONDER):
        return incident, decisions
    if before is not None and escalation.is_accepted_by(before, person):  # it was theirs before
        return incident, decisions
    responder = person.removeprefix(RESPONDER)
    job = incident.job_of(responder)
    if job is not None and not job.is_over:
        job = heard(moved(job, Stage.ACCEPTED, now), now)
    elif len(incident.going) >= MOST_AT_ONCE or (job is not None and job.stage is Stage.HANDED_OVER):
        return incident, decisions  # no more are kept an eye on; who has been there and handed over is done
    else:
        job = Job(responder, Stage.ACCEPTED, now, ((Stage.ACCEPTED, now),), heard_at=now)
    after = msgspec.structs.replace(incident, jobs=with_job(incident.jobs, job))
    to = after.state if after.state is RESOLVED else stands(after)
    if to is not after.state:
        after = msgspec.structs.replace(after, state=to, since=now)
    at = next((n for n, it in enumerate(decisions) if isinstance(it, IncidentChanged)), 0)
    return after, [*decisions[: at + 1], IncidentChanged(incident=after), *decisions[at + 1 :]]


def without_job_of(incident: Incident, person: str, why: str, now: datetime) -> Incident:
    """The incident once whoever had accepted a page (id) cannot go any more: their job is over too, if they had one."""
    job = incident.job_of(person.removeprefix(RESPONDER)) if person.startswith(RESPONDER) else None
    if job is None or not job.may_leave:
        return incident
    jobs = with_job(incident.jobs, ended(job, Stage.CANNOT_GO, now, why))
    after = msgspec.structs.replace(incident, jobs=jobs)
    to = after.state if after.state is RESOLVED else stands(after)
    return after if to is after.state else msgspec.structs.replace(after, state=to, since=now)


def held_on(incident: Incident, job: Job, values: Values) -> Ladder:
    """The ladder once whoever has accepted a page has said a word: it pauses until the next one would be overdue."""
    ladder, due = incident.ladder, word_due_at(job, values)
    if due is None or not values.page_is_job or not escalation.is_accepted_by(incident, f"{RESPONDER}{job.responder}"):
        return ladder
    assert ladder.accepted_until is not None, "only an acceptance is held on to"
    return msgspec.structs.replace(ladder, accepted_until=max(ladder.accepted_until, due))


def safe_with(incident: Incident, job: Job, now: datetime, values: Values) -> Ladder:
    """The ladder once whoever is there has said that the person is safe, and nobody at the desk has seen it yet.

    It goes on ringing at the consoles. Where 120 was needed, somebody at the desk must know of it: then it climbs on.
    """
    ladder = incident.ladder
    if not values.safe_s or not incident.unacknowledged or job.at(Stage.NEEDS_120) is not None:
        return ladder
    going: dict[str, object] = {"accepted_by": f"{RESPONDER}{job.responder}", "accepted_at": now, "on_the_way": ""}
    return msgspec.structs.replace(
        escalation.ended(ladder), accepted_until=now + timedelta(seconds=values.safe_s), **going
    )


def handed_over_with(incident: Incident, after: Incident, job: Job, now: datetime, values: Values) -> Ladder:
    """The ladder once somebody has handed the resident over, and nobody at the desk has seen it yet.

    In the care of 120 or of the family nobody else is called for: it goes on ringing at the consoles. Whoever has
    handed over takes care of it no more, and is free.

    Args:
        incident: As it stood.
        after: With the job as it has ended.
        job: That one.
        now: Service time, aware UTC.
        values: The centre's times.
    """
    ladder, person = incident.ladder, f"{RESPONDER}{job.responder}"
    handed_at = job.at(Stage.HANDED_OVER)
    if not values.handed_over_s or not incident.unacknowledged or handed_at is None:
        return held_on(incident, job, values)
    if job.reason in IN_GOOD_HANDS and _is_still_so(after, handed_at):
        until = now + timedelta(seconds=values.handed_over_s)
        return msgspec.structs.replace(escalation.ended(ladder), accepted_until=until, accepted_at=now, on_the_way="")
    if not escalation.is_accepted_by(incident, person):
        return ladder
    beside = next((it for it in after.going if it.was_there), None)
    if beside is None:  # it was overtaken, and they are gone: somebody else must be found
        return escalation.without(escalation.begun(ladder, now), person)
    return msgspec.structs.replace(ladder, accepted_by=f"{RESPONDER}{beside.responder}")


def _is_still_so(incident: Incident, at: datetime) -> bool:
    """Whether nothing has been heard of the resident since: no alarm, nor that 120 is needed."""
    worse = (it.at(Stage.NEEDS_120) for it in incident.going)
    return all(alarm.at <= at for alarm in incident.alarms) and all(it is None or it <= at for it in worse)


def is_in_good_hands(incident: Incident) -> bool:
    """Whether the resident was handed over, and nobody else is called because of it."""
    return incident.ladder.accepted_until is not None and not incident.ladder.accepted_by
