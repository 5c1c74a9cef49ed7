"""What is asked about jobs, in each state of an incident: to send, to accept, how far one has come, to call back.

Words that were kept while there was no network come late and in any order: each counts by when it was said.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.commands import (
    AcceptJob,
    AnyCommand,
    DeclineJob,
    Dispatch,
    ReadRisks,
    Recall,
    RecordArrival,
    ReportStage,
)
from alerting.dispatch.job import (
    GIVEN_UP,
    REPORTED,
    UNANSWERED,
    Job,
    Stage,
    ended,
    expected,
    heard,
    moved,
    offered,
    with_job,
)
from alerting.duty import escalation
from alerting.incidents import page_jobs
from alerting.incidents.conditions import NOTHING_PENDING, Asked, holder_asks
from alerting.incidents.job_guards import (
    goes_there_or_holds,
    handed_over_to_somebody,
    has_a_job,
    has_accepted_a_page,
    job_meant,
    not_arrived,
    not_elsewhere,
    not_there_yet,
    room_for_one_more,
    said_by,
    somebody_sent,
    somebody_to_send,
    was_sent,
    was_sent_or_holds,
)
from alerting.incidents.rule import (
    CLAIMED,
    DISPATCHED,
    ON_SCENE,
    OPEN,
    RESOLVED,
    STAYS,
    VERIFYING,
    Rule,
    Step,
    stands,
)
from alerting.model import EntryKind, Incident, IncidentState, Priority

LATE_S = 30
"""What was said so long before it was heard is told with its own time."""

SAID_THEMSELVES = (Stage.ACCEPTED, *REPORTED)

LINES: dict[Stage, EntryKind] = {
    Stage.EN_ROUTE: EntryKind.JOB_EN_ROUTE,
    Stage.ON_SCENE: EntryKind.ARRIVED,
    Stage.INSIDE: EntryKind.JOB_INSIDE,
    Stage.SAFE: EntryKind.JOB_SAFE,
    Stage.NEEDS_120: EntryKind.JOB_NEEDS_120,
    Stage.HANDED_OVER: EntryKind.JOB_HANDED_OVER,
}
"""The line of what a responder says."""


def asked_anew(incident: Incident, now: datetime) -> tuple[Job, ...]:
    """The jobs once those who have not answered are asked now."""
    return tuple(msgspec.structs.replace(it, asked_at=now) if it.stage in UNANSWERED else it for it in incident.jobs)


def said_at(asked: Asked, tapped_at: datetime | None, job: Job) -> datetime:
    """When somebody said what is heard now: not before they were asked, and not in the future."""
    told = min(tapped_at or asked.now, asked.now)
    return max(told, job.times[0][1] if job.times else told)


def _told(job: Job, asked: Asked, at: datetime, more: str = "") -> str:
    """The text of a line."""
    late = at.isoformat() if asked.now - at >= timedelta(seconds=LATE_S) else ""
    return f"{job.responder}|{late}|{more}".rstrip("|")


def _changed(incident: Incident, job: Job) -> Incident:
    return msgspec.structs.replace(incident, jobs=with_job(incident.jobs, job))


def _dispatch(incident: Incident, asked: Asked) -> Step:
    command = asked.command
    assert isinstance(command, Dispatch), "dispatched by type"
    place = command.destination.replace("|", " ").strip()
    after = _changed(incident, offered(command.responder, asked.now, place, command.spot))
    fields: dict[str, object] = {**NOTHING_PENDING, "jobs": after.jobs}
    if not incident.accepted:  # the time to be there counts from whoever goes
        fields["since"] = asked.now
    return Step(stands(after), fields, f"{command.responder}|{place}".rstrip("|"))


def _recall(incident: Incident, asked: Asked) -> Step:
    job = job_meant(incident, asked)
    assert job is not None, "guarded"
    after = _changed(incident, ended(job, Stage.RECALLED, asked.now))
    to = incident.state if incident.state is RESOLVED else stands(after)
    return Step(to, {**NOTHING_PENDING, "jobs": after.jobs}, job.responder)


def _accept_job(incident: Incident, asked: Asked) -> Step | None:
    command, job = asked.command, job_meant(incident, asked)
    assert isinstance(command, AcceptJob), "dispatched by type"
    assert job is not None, "guarded"
    at = said_at(asked, command.tapped_at, job)
    after, who = _with_eta(moved(job, Stage.ACCEPTED, at), command.eta_s, at), command.how
    if command.worker is not None:
        after = msgspec.structs.replace(after, worker=command.worker)
        who = f"{command.worker.name} {command.worker.phone}".replace("|", " ").strip()
    if after == job and job.unheard_at is None:
        return None
    again, after = job.is_taken, heard(after, asked.now)
    eta = after.eta_at.isoformat() if after.eta_at is not None and after.eta_at != job.eta_at else ""
    kind = EntryKind.JOB_ETA if again and eta and not who else EntryKind.JOB_ACCEPTED
    fields = {"jobs": with_job(incident.jobs, after), "ladder": page_jobs.held_on(incident, after, asked.values)}
    more = "|".join(it for it in (who, eta) if it)
    return Step(incident.state, fields, _told(job, asked, at, more), kind)


def _with_eta(job: Job, eta_s: int, at: datetime) -> Job:
    """The job with the time that was told with a word; 0: none was."""
    return expected(job, at + timedelta(seconds=eta_s), at) if eta_s > 0 else job


def _decline_job(incident: Incident, asked: Asked) -> Step | None:
    command, job = asked.command, job_meant(incident, asked)
    assert isinstance(command, DeclineJob), "dispatched by type"
    assert job is not None, "guarded"
    said = command.tapped_at
    if said is not None and any(at > said for stage, at in job.times if stage in SAID_THEMSELVES):
        return None  # they have changed their mind since
    why = command.text.strip()
    return without(incident, job, Stage.CANNOT_GO, asked.now, f"{job.responder}|{why}", why)


def without(incident: Incident, job: Job, how: Stage, now: datetime, text: str, why: str = "") -> Step:
    """Somebody does not go, or not any more: it rings."""
    after = _changed(incident, ended(job, how, now, why))
    return Step(stands(after), {**NOTHING_PENDING, "jobs": after.jobs, "unacknowledged": True}, text)


def _arrive(incident: Incident, asked: Asked) -> Step:
    job = job_meant(incident, asked)
    assert job is not None, "guarded"
    there = heard(moved(job, Stage.ON_SCENE, asked.now), asked.now)
    after = _changed(incident, there)
    fields = {"jobs": after.jobs, "ladder": page_jobs.held_on(incident, there, asked.values)}
    return Step(stands(after), fields, job.responder)  # not yet with the person


def _report(incident: Incident, asked: Asked) -> Step | None:
    command = asked.command
    assert isinstance(command, ReportStage), "dispatched by type"
    job = job_meant(incident, asked)
    if job is None or has_accepted_a_page(incident, asked):
        since = incident.ladder.accepted_at or asked.now
        job = Job(said_by(asked), Stage.ACCEPTED, since, ((Stage.ACCEPTED, since),))
    at = said_at(asked, command.tapped_at, job)
    is_handed_over = command.stage is Stage.HANDED_OVER and not job.is_over
    if is_handed_over:
        assert command.to is not None, "guarded"
        moved_on = ended(job, Stage.HANDED_OVER, at, command.to.value)
    else:
        moved_on = _with_eta(moved(job, command.stage, at), command.eta_s, at)
    if moved_on == incident.job_of(job.responder) and job.unheard_at is None:
        return None
    moved_on = heard(moved_on, asked.now)
    after = _changed(incident, moved_on)
    more = command.to.value if command.to is not None else ""
    if moved_on.eta_at is not None and moved_on.eta_at != job.eta_at:
        more = moved_on.eta_at.isoformat()
    text, kind = _told(job, asked, at, more), LINES[command.stage]
    if command.stage is Stage.NEEDS_120:
        return _needs_120(incident, after, text, asked.now)
    if command.stage is Stage.SAFE and _is_still_so(incident, job, at):
        contact: dict[str, object] = {**NOTHING_PENDING, "jobs": after.jobs, "contact": True}
        contact["ladder"] = page_jobs.safe_with(incident, moved_on, asked.now, asked.values)
        return Step(RESOLVED, contact, command.text.strip(), EntryKind.RESOLVED)
    if command.stage is Stage.SAFE:
        text = _told(job, asked, at, command.text.replace("|", " ").strip())
    to = RESOLVED if incident.state is RESOLVED else stands(after)
    holds = page_jobs.handed_over_with(incident, after, moved_on, asked.now, asked.values)
    ladder = holds if is_handed_over else page_jobs.held_on(incident, moved_on, asked.values)
    return Step(to, {"jobs": after.jobs, "ladder": ladder}, text, kind)


def _read_risks(incident: Incident, asked: Asked) -> Step:
    """They have read what to beware of: a word of theirs, and nothing else."""
    command, job = asked.command, incident.job_of(said_by(asked))
    assert isinstance(command, ReadRisks), "dispatched by type"
    risks = "|".join(risk.replace("|", " ").strip() for risk in command.risks)
    if job is None:  # they have accepted a page alone, or have the incident
        return Step(incident.state, {}, f"{said_by(asked)}||{risks}")
    text = _told(job, asked, said_at(asked, command.tapped_at, job), risks)
    after = heard(job, asked.now)
    fields = {"jobs": with_job(incident.jobs, after), "ladder": page_jobs.held_on(incident, after, asked.values)}
    return Step(incident.state, fields, text)


def _needs_120(incident: Incident, after: Incident, text: str, now: datetime) -> Step:
    """It rings, whatever was thought before, and is as urgent as a press."""
    fields: dict[str, object] = {**NOTHING_PENDING, "jobs": after.jobs, "unacknowledged": True, "priority": Priority.P1}
    if incident.rings:  # whoever has accepted a page, or is asked by an easier plan, may not know what to do now
        fields["ladder"] = escalation.rang_again(incident, now, Priority.P1)
    return Step(stands(after), fields, text, EntryKind.JOB_NEEDS_120, rings=True)


def _is_still_so(incident: Incident, job: Job, at: datetime) -> bool:
    """Whether the word that somebody is safe has not been overtaken: by an alarm, by a worse word, or by the desk."""
    worse = job.at(Stage.NEEDS_120)
    is_latest = all(alarm.at <= at for alarm in incident.alarms) and (worse is None or worse <= at)
    return is_latest and job.stage not in GIVEN_UP


Row = tuple[type[AnyCommand], tuple[IncidentState, ...], Rule]

SENT = (somebody_to_send, holder_asks, room_for_one_more, not_elsewhere)
CALLED_BACK = (holder_asks, somebody_sent)
THERE = (somebody_sent, not_arrived, not_elsewhere)
ACCEPTED = (was_sent_or_holds, not_elsewhere)
GONE = (was_sent, not_there_yet)
SAID = (has_a_job, not_elsewhere, handed_over_to_somebody)


def _said(states: tuple[IncidentState, ...], to: tuple[IncidentState, ...]) -> Row:
    return ReportStage, states, Rule(to, EntryKind.JOB_EN_ROUTE, SAID, _report)


ROWS: tuple[Row, ...] = (
    (Dispatch, (CLAIMED, VERIFYING, DISPATCHED), Rule((DISPATCHED,), EntryKind.DISPATCHED, SENT, _dispatch)),
    (Dispatch, (ON_SCENE,), Rule((DISPATCHED, ON_SCENE), EntryKind.DISPATCHED, SENT, _dispatch)),
    (
        Recall,
        (DISPATCHED, ON_SCENE),
        Rule((CLAIMED, VERIFYING, DISPATCHED, ON_SCENE), EntryKind.RECALLED, CALLED_BACK, _recall),
    ),
    (Recall, (RESOLVED,), Rule(STAYS, EntryKind.RECALLED, CALLED_BACK, _recall)),
    (RecordArrival, (DISPATCHED, ON_SCENE), Rule((ON_SCENE,), EntryKind.ARRIVED, THERE, _arrive)),
    (AcceptJob, (DISPATCHED, ON_SCENE), Rule(STAYS, EntryKind.JOB_ACCEPTED, ACCEPTED, _accept_job)),
    (
        DeclineJob,
        (DISPATCHED,),
        Rule((OPEN, CLAIMED, VERIFYING, DISPATCHED, ON_SCENE), EntryKind.JOB_DECLINED, GONE, _decline_job),
    ),
    (DeclineJob, (ON_SCENE,), Rule(STAYS, EntryKind.JOB_DECLINED, GONE, _decline_job)),
    (
        ReadRisks,
        (OPEN, CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED),
        Rule(STAYS, EntryKind.RISKS_READ, (goes_there_or_holds,), _read_risks),
    ),
    _said((OPEN, CLAIMED, VERIFYING), (DISPATCHED, ON_SCENE, RESOLVED)),
    _said((DISPATCHED, ON_SCENE), (DISPATCHED, ON_SCENE, RESOLVED)),
    _said((RESOLVED,), (OPEN, CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED)),
)
"""The rows of the table of ``alerting.incidents.life`` that are about jobs."""
