"""What the timeline tells of a job: who, when they had said so where that was heard later, and what else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from alerting.dispatch.job import HandedTo, Job, Stage
from alerting.dispatch.platform import is_platform
from alerting.model import EntryKind, Incident, IncidentState
from dashboard.job_words import HANDED_TO, STAGES
from dashboard.platform_words import platform_name, stage_word
from dashboard.speech import Speech
from dashboard.words import mark

KINDS = (
    EntryKind.JOB_ACCEPTED,
    EntryKind.JOB_EN_ROUTE,
    EntryKind.ARRIVED,
    EntryKind.JOB_INSIDE,
    EntryKind.JOB_SAFE,
    EntryKind.JOB_NEEDS_120,
    EntryKind.JOB_HANDED_OVER,
)
"""Lines of what a responder says."""


def told(text: str, at: datetime, say: Speech, named: Mapping[str, str]) -> str:
    """The text of such a line in words.

    Args:
        text: As journalled: responder, bar, when they had said so, bar, what else.
        at: When it was heard.
        say: The language.
        named: Names of responders by id.
    """
    responder, said_at, more = (*text.split("|", 2), "", "")[:3]
    name, worker = named.get(responder, responder), more.partition(" ")[0]
    parts = [name.removesuffix(f" · {worker}") if worker else name]  # a platform's line names who went then
    if said_at:
        when = say.times.brief(datetime.fromisoformat(said_at), at)
        parts.append(say.gettext(mark("said at %(time)s, heard now"), time=when))
    parts.append(say.gettext(HANDED_TO[HandedTo(more)]) if more in set(HandedTo) else more)
    return " · ".join(part for part in parts if part)


class JobShown(msgspec.Struct, frozen=True):
    """One job as the desk sees it.

    Attributes:
        responder: Responder id.
        name: What people call them.
        stage: How far it has come.
        word: The same in words.
        times: Each stage that was reached, in words, and when.
        eta_at: When they expect to be there.
        destination: Where to, when not to the home.
        reason: Why it has ended.
        is_over: Whether it has.
        was_there: Whether they have come to the door.
        may_let_go: The resident is safe, and the desk may agree that nobody has to stay.
    """

    responder: str
    name: str
    stage: str
    word: str
    times: tuple[tuple[str, datetime], ...]
    eta_at: datetime | None
    destination: str
    reason: str
    is_over: bool
    was_there: bool
    may_let_go: bool


def jobs_of(incident: Incident, names: Mapping[str, str], say: Speech) -> list[JobShown]:
    """The jobs of an incident, those that go on first."""
    return [_shown(job, incident, names, say) for job in sorted(incident.jobs, key=lambda it: it.is_over)]


def _shown(job: Job, incident: Incident, names: Mapping[str, str], say: Speech) -> JobShown:
    reason = say.gettext(HANDED_TO[HandedTo(job.reason)]) if job.reason in set(HandedTo) else job.reason
    return JobShown(
        responder=job.responder,
        name=names.get(job.responder) or (platform_name("", job, say) if is_platform(job.responder) else job.responder),
        stage=job.stage.value,
        word=stage_word(job, say.gettext(STAGES[job.stage]), say),
        times=tuple((say.gettext(STAGES[stage]), at) for stage, at in job.times),
        eta_at=job.eta_at,
        destination=job.destination,
        reason=reason,
        is_over=job.is_over,
        was_there=job.was_there,
        may_let_go=job.stage is Stage.SAFE and incident.state is not IncidentState.CLOSED,
    )
