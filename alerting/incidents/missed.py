"""What was expected of whoever was sent, and does not come: it rings once for each cause, until that is good again.

Nobody will be there in time; nothing is heard of who is on the way; nothing is heard of who is there.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged, Noted, Rang
from alerting.dispatch.job import GIVEN_UP, Job, Stage, with_job
from alerting.duty import escalation
from alerting.incidents import life, page_jobs
from alerting.incidents.conditions import NOTHING_PENDING, RESPONDER, pending
from alerting.incidents.expected import GOING, Outlook, aim, asked_after_at, outlook, silent_at
from alerting.incidents.values import Values
from alerting.model import Entry, EntryKind, Incident, IncidentState

Result = tuple[Incident, list[AnyDecision]]
Ends = list[tuple[datetime, EntryKind, str]]

KINDS = (EntryKind.EXPECTED_LATE, EntryKind.NO_WORD, EntryKind.ASKED_AFTER)
"""What it rings for here."""


def ends(incident: Incident, values: Values) -> Ends:
    """(when, line in the timeline, responder) of what will be missed if nothing is heard."""
    found: Ends = []
    view = outlook(incident, values) if incident.state in GOING else None
    if view is not None and view.late_from is not None and not is_late(incident):
        found.append((view.late_from, EntryKind.EXPECTED_LATE, view.job.responder))
    for job in incident.going:
        if job.unheard_at is not None or incident.state is IncidentState.CLOSED:
            continue
        silent, welfare = silent_at(job, values), asked_after_at(job, values)
        if silent is not None and incident.state in GOING:
            found.append((silent, EntryKind.NO_WORD, job.responder))
        if welfare is not None:
            found.append((welfare, EntryKind.ASKED_AFTER, job.responder))
    return found


def now_missed(incident: Incident) -> str:
    """What was expected of whoever was sent, and does not come: the gravest of ``KINDS``; empty: nothing."""
    if incident.state is IncidentState.CLOSED:
        return ""
    if any(job.unheard_at is not None and job.was_there for job in incident.going):
        return EntryKind.ASKED_AFTER
    if any(job.has_vanished for job in incident.going):
        return EntryKind.NO_WORD
    return EntryKind.EXPECTED_LATE if is_late(incident) else ""


def is_late(incident: Incident) -> bool:
    """Whether it has rung because nobody will be there in time, and that is still so."""
    return any(job.late_at is not None and job.unheard_at is None for job in incident.going)


def rang(incident: Incident, kind: EntryKind, responder: str, now: datetime, values: Values) -> Result:
    """It is missed: it rings, and where nobody at the desk has it, it goes on climbing.

    Args:
        incident: As it stands.
        kind: One of ``KINDS``.
        responder: Id of whose job it is.
        now: Service time, aware UTC.
        values: The centre's times.
    """
    job = incident.job_of(responder)
    assert job is not None, "only who was sent is awaited"
    text = _late(incident, job, values) if kind is EntryKind.EXPECTED_LATE else _since(job)
    mark: dict[str, object] = {"late_at" if kind is EntryKind.EXPECTED_LATE else "unheard_at": now}
    jobs = with_job(incident.jobs, msgspec.structs.replace(job, **mark))
    fields: dict[str, object] = {**NOTHING_PENDING, "unacknowledged": True, "jobs": jobs}
    if not incident.unacknowledged:
        fields["rang_at"] = now
    after = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at), **fields)
    ladder = life.ladder_after(incident, after, now)
    person = f"{RESPONDER}{responder}"
    holds = ladder.accepted_until is not None and not page_jobs.is_in_good_hands(incident)
    if holds and (kind is not EntryKind.NO_WORD or ladder.accepted_by == person):
        ladder = escalation.begun(ladder, now)  # nobody at the desk has it: somebody else must be found
    if kind is EntryKind.NO_WORD:
        ladder = escalation.without(ladder, person)
    after = msgspec.structs.replace(after, ladder=ladder)
    lines = [Entry(incident=after.id, at=now, kind=kind, text=text)]
    if pending(incident):
        lines.append(Entry(incident=after.id, at=now, kind=EntryKind.BROKEN_OFF, text=pending(incident)))
    assert after.rings, "what is missed rings"
    return after, [
        IncidentChanged(incident=after),
        *(Noted(entry=line) for line in lines),
        Rang(incident=after.id, priority=after.priority),
    ]


def looked_at(incident: Incident, now: datetime, values: Values) -> Result:
    """What a word has changed: it will be too late, which rings at once; or it is in time again, which takes that back.

    Returns:
        The incident afterwards, and the decisions: none when nothing has changed.
    """
    view = outlook(incident, values) if incident.state in GOING else None
    if view is None:
        return incident, []
    if is_late(incident):
        return _taken_back(incident, view, now, values) if view.in_time else (incident, [])
    if view.late_from is None or view.late_from > now:
        return incident, []
    return rang(incident, EntryKind.EXPECTED_LATE, view.job.responder, now, values)


def _taken_back(incident: Incident, view: Outlook, now: datetime, values: Values) -> Result:
    """Somebody will be there in time after all. It is silent again where it rang for nothing else."""
    jobs = tuple(msgspec.structs.replace(job, late_at=None) for job in incident.jobs)
    fields: dict[str, object] = {"jobs": jobs}
    if _rings_for_that_alone(incident):
        fields |= {"unacknowledged": False, "waiting_since": None, "step_at": now}
    after = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at), **fields)
    after = msgspec.structs.replace(after, ladder=life.ladder_after(incident, after, now))
    decisions: list[AnyDecision] = [IncidentChanged(incident=after)]
    if not view.job.was_there:  # that they are there says it
        text = _late(incident, view.job, values)
        line = Entry(incident=after.id, at=now, kind=EntryKind.EXPECTED_IN_TIME, text=text)
        decisions.append(Noted(entry=line))
    return after, decisions


def _rings_for_that_alone(incident: Incident) -> bool:
    """Whether somebody has it, and nothing but the late arrival made it ring since."""
    since = max((job.late_at for job in incident.jobs if job.late_at is not None), default=None)
    if since is None or not incident.claimed_by or not incident.unacknowledged or incident.rang_at != since:
        return False
    if any(alarm.at >= since for alarm in incident.alarms):
        return False
    return not any(_rang_too(job, since) for job in incident.jobs)


def _rang_too(job: Job, since: datetime) -> bool:
    """Whether a job has made it ring since then for another reason."""
    gone = job.stage in GIVEN_UP and job.times[-1][1] >= since
    unheard = job.unheard_at is not None and job.unheard_at >= since
    worse = job.at(Stage.NEEDS_120)
    return gone or unheard or (worse is not None and worse >= since)


def _late(incident: Incident, job: Job, values: Values) -> str:
    by = aim(incident, values)
    assert by is not None, "only what has a time is late"
    expected = str(by.after_min(job.eta_at)) if job.eta_at is not None else ""
    words = (job.responder, expected, str(by.after_min(by.until)), "" if by.of_the_alarm else "sent")
    return "|".join(words).rstrip("|")


def _since(job: Job) -> str:
    return f"{job.responder}|{job.last_heard_at.isoformat()}"
