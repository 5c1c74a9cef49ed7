"""A job that is handed to a grid platform (网格平台): whom it binds, and what the platform hears of it.

The platform is a responder like any other, but may have many jobs at once. Whom it names as its worker has one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision, CaseFileOpened, IncidentChanged, Noted
from alerting.dispatch.job import GIVEN_UP, UNANSWERED, Job, Stage, Worker, with_job
from alerting.dispatch.platform_told import JobChange, OfferCarried, PlatformNews, PlatformTold
from alerting.model import Aggregate, Entry, EntryKind, Incident, IncidentState
from alerting.peers import PEER_MARK

TOLD_FOR = timedelta(hours=24)
"""So long a platform that is away is told what it has missed."""
EXCHANGE = "exchange"
"""The reason of an opening of the case file: see ``alerting.enrolment.commands.OpeningReason``."""


def is_platform(responder: str) -> bool:
    """Whether this responder (id) is another system."""
    return responder.startswith(PEER_MARK)


def responder_of(peer: str) -> str:
    """The id as a responder of a peer (id)."""
    return f"{PEER_MARK}{peer}"


def engaged(responder: str, worker: Worker | None) -> str:
    """Who has one job at a time: a responder, or the worker whom a platform has named by its own id; else nobody."""
    if not is_platform(responder):
        return responder
    return f"{responder}/{worker.id}" if worker is not None and worker.id else ""


def is_undelivered(job: Job) -> bool:
    """Whether it is offered to a platform that has not taken the offer."""
    return is_platform(job.responder) and job.stage is Stage.OFFERED and job.received_at is None


def carried(incident: Incident | None, event: OfferCarried, now: datetime) -> tuple[Incident | None, list[AnyDecision]]:
    """The courier has tried: the platform has the offer, or it is known why not. A late word is of an older offer."""
    job = incident.job_of(event.responder) if incident is not None and incident.id == event.incident else None
    if incident is None or job is None or job.number != event.number or job.received_at is not None or job.is_over:
        return incident, []
    if event.error:
        job = msgspec.structs.replace(job, undelivered=event.error)
    else:
        job = msgspec.structs.replace(job, undelivered="", received_at=now)
    jobs = with_job(incident.jobs, job)
    after = msgspec.structs.replace(incident, jobs=jobs, changed_at=max(now, incident.changed_at))
    decisions: list[AnyDecision] = [IncidentChanged(incident=after)]
    if not event.error and job.stage in UNANSWERED:  # else it has answered already
        entry = Entry(incident=after.id, at=now, kind=EntryKind.JOB_RECEIVED, text=job.responder)
        decisions.append(Noted(entry=entry))
    return after, decisions


def told(before: Incident | None, after: Incident | None) -> list[AnyDecision]:
    """What platforms hear of what has become of an incident."""
    decisions: list[AnyDecision] = []
    same = before is not None and after is not None and before.id == after.id
    is_open = after is not None and after.state is not IncidentState.CLOSED
    for job in _theirs(before):
        assert before is not None, "it has jobs"
        now = after.job_of(job.responder) if same and after is not None else None
        if now is None or now.number != job.number:  # its incident is closed, or it was offered anew
            what = PlatformNews.RECALLED if same and is_open else PlatformNews.OVER
            decisions.append(_told(after if same and after is not None else before, job, what))
        elif after is not None and (word := _word(before, after, job, now)) is not None:
            decisions.append(_told(after, now, *word))
    had = {(it.responder, it.number) for it in before.jobs} if before is not None and same else set()
    for job in _theirs(after if is_open else None):
        if after is not None and (job.responder, job.number) not in had:
            decisions.append(_told(after, job, PlatformNews.OFFERED))
            if after.aggregate is Aggregate.HOUSEHOLD:  # the offer says where, and for how many people
                note = f"nuanhu.job.{PlatformNews.OFFERED}"
                decisions.append(CaseFileOpened(household=after.key, by=job.responder, reason=EXCHANGE, note=note))
    return decisions


def _theirs(incident: Incident | None) -> list[Job]:
    """Jobs of platforms that go on."""
    return [it for it in incident.going if is_platform(it.responder)] if incident is not None else []


def _word(before: Incident, after: Incident, was: Job, now: Job) -> tuple[PlatformNews, tuple[JobChange, ...]] | None:
    if now.stage is Stage.RECALLED:
        return PlatformNews.RECALLED, ()
    if now.is_over or after.state is IncidentState.CLOSED:
        return PlatformNews.OVER, ()
    differs = {
        JobChange.STAGE: was.stage is not now.stage,
        JobChange.PRIORITY: before.priority is not after.priority,
        JobChange.ALARM: after.alarm_count > before.alarm_count and after.unacknowledged,
        JobChange.OTHERS: _others(before, was) != _others(after, now),
        JobChange.INCIDENT: (before.state is IncidentState.RESOLVED) != (after.state is IncidentState.RESOLVED),
    }
    changes = tuple(change for change, differs_so in differs.items() if differs_so)
    return (PlatformNews.CHANGED, changes) if changes else None


def _others(incident: Incident, job: Job) -> tuple[Stage, ...]:
    """How far each other responder is; who was asked and goes no more is left out."""
    return tuple(it.stage for it in incident.jobs if it.responder != job.responder and it.stage not in GIVEN_UP)


def _told(incident: Incident, job: Job, what: PlatformNews, changes: tuple[JobChange, ...] = ()) -> PlatformTold:
    kinds = tuple(dict.fromkeys(alarm.kind for alarm in incident.alarms))
    return PlatformTold(
        peer=job.responder.removeprefix(PEER_MARK),
        what=what,
        incident=incident.id,
        key=incident.key,
        number=job.number,
        stage=Stage.RECALLED if what is PlatformNews.RECALLED else job.stage,
        state=IncidentState.CLOSED if what is PlatformNews.OVER and not job.is_over else incident.state,
        priority=incident.priority,
        kinds=kinds,
        since=incident.opened_at,
        until=incident.changed_at + TOLD_FOR,
        changes=changes,
        others=_others(incident, job),
        reason=job.reason,
        destination=job.destination,
    )
