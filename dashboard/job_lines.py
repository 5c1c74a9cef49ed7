"""What the timeline tells of a job: who, when they had said so where that was heard later, and what else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from alerting.casefile import Contact
from alerting.dispatch.job import HandedTo, Job, Stage
from alerting.dispatch.platform import is_platform
from alerting.incidents.expected import GOING, Aim
from alerting.incidents.missed import KINDS as RANG_FOR
from alerting.model import EntryKind, Incident, IncidentState
from dashboard.duty_words import HOWS
from dashboard.job_words import HANDED_TO, NEIGHBOURS, STAGES
from dashboard.platform_words import platform_name, stage_word
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.contract import IncidentView

KINDS = (
    EntryKind.JOB_ACCEPTED,
    EntryKind.JOB_EN_ROUTE,
    EntryKind.ARRIVED,
    EntryKind.JOB_INSIDE,
    EntryKind.JOB_SAFE,
    EntryKind.JOB_NEEDS_120,
    EntryKind.JOB_HANDED_OVER,
    EntryKind.JOB_ETA,
    EntryKind.RISKS_READ,
)
"""Lines of what a responder says."""
WITH_ETA = (EntryKind.JOB_ACCEPTED, EntryKind.JOB_EN_ROUTE, EntryKind.JOB_ETA)
"""Lines that may say when they expect to be there."""
MISSED = (*RANG_FOR, EntryKind.EXPECTED_IN_TIME)
"""Lines of what was expected of a responder, and does not come, or comes after all."""

LATE = {
    True: mark("%(who)s is expected %(n)s min after the alarm; the target is %(target)s min."),
    False: mark("%(who)s is expected %(n)s min after sending; the target is %(target)s min."),
}
"""Whether it counts from the alarm."""
NOT_ON_THE_WAY = {
    True: mark("%(who)s has not said when, and is not on the way yet; the target is %(target)s min after the alarm."),
    False: mark("%(who)s has not said when, and is not on the way yet; the target is %(target)s min after sending."),
}
SEND_ANOTHER = mark("Send somebody nearer as well.")
NO_WORD = mark("No word from %(who)s since %(time)s. Call them, and send another.")
ASKED_AFTER = mark("No word from %(who)s, who is there, since %(time)s. Is %(who)s well? Call them.")


def told(kind: EntryKind, text: str, at: datetime, say: Speech, named: Mapping[str, str]) -> str:
    """The text of such a line in words.

    Args:
        kind: One of ``KINDS``.
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
    if kind in WITH_ETA:  # a platform tells whom it sends, and when they will be there
        more, _, eta = more.rpartition("|") if "|" in more else ("", "", more) if _is_moment(more) else (more, "", "")
        parts += [say.how_accepted(more) if more in HOWS else more, _expects(eta, at, say)]
        return " · ".join(part for part in parts if part)
    if kind is EntryKind.RISKS_READ:
        return " · ".join(filter(None, [*parts, say.clauses(risks_in(text))]))
    parts.append(say.gettext(HANDED_TO[HandedTo(more)]) if more in set(HandedTo) else more)
    return " · ".join(part for part in parts if part)


def risks_read_at(view: IncidentView) -> datetime | None:
    """When whoever has the incident has read what to beware of in this home as it stands now; None: not yet."""
    risks, holder = view.home.household.risks if view.home is not None else (), view.incident.claimed_by
    lines = (it for it in view.timeline if it.kind is EntryKind.RISKS_READ and it.by == holder)
    return next((it.at for it in lines if risks_in(it.text) == as_written(risks)), None)


def as_written(risks: Sequence[str]) -> tuple[str, ...]:
    """Risks as a line of the timeline has them."""
    return tuple(risk.replace("|", " ").strip() for risk in risks)


def mark_of(risks: Sequence[str]) -> str:
    """What tells these risks from any others: goes with the form that shows them."""
    return hashlib.sha256("|".join(as_written(risks)).encode()).hexdigest()[:16]


def risks_in(text: str) -> tuple[str, ...]:
    """What was read, as the text of such a line has it."""
    return tuple(text.split("|")[2:])


def _is_moment(text: str) -> bool:
    return text[:4].isdigit() and text[10:11] == "T"


def _expects(eta: str, at: datetime, say: Speech) -> str:
    if not eta:
        return ""
    time = say.times.brief(datetime.fromisoformat(eta), at, seconds=False)
    return say.gettext(mark("expects to be there at %(time)s"), time=time)


def missed(kind: EntryKind, text: str, at: datetime, say: Speech, named: Mapping[str, str]) -> str:
    """The sentence of a line of ``MISSED``; arguments as for ``told``."""
    responder, *more = text.split("|")
    who = named.get(responder, responder)
    if kind in {EntryKind.NO_WORD, EntryKind.ASKED_AFTER}:
        return _silent(kind is EntryKind.ASKED_AFTER, who, datetime.fromisoformat(more[0]), at, say)
    minutes, target, sent = (*more, "", "", "")[:3]
    return _in_time(who, minutes, target, say, of_the_alarm=not sent, late=kind is EntryKind.EXPECTED_LATE)


def _silent(there: bool, who: str, since: datetime, now: datetime, say: Speech) -> str:
    time = say.times.brief(since, now, seconds=False)
    return say.gettext(ASKED_AFTER if there else NO_WORD, who=who, time=time)


def _in_time(who: str, minutes: str, target: str, say: Speech, *, of_the_alarm: bool, late: bool) -> str:
    if minutes:
        told = say.gettext(LATE[of_the_alarm], who=who, n=minutes, target=target)
    elif late:
        told = say.gettext(NOT_ON_THE_WAY[of_the_alarm], who=who, target=target)
    else:
        return who
    return f"{told} {say.gettext(SEND_ANOTHER)}" if late else told


class JobShown(msgspec.Struct, frozen=True):
    """One job as the desk sees it.

    Attributes:
        responder: Responder id.
        name: What people call them.
        stage: How far it has come.
        word: The same in words.
        times: Each stage that was reached, in words, and when.
        eta_at: When they expect to be there.
        eta: The same at the desk, in words, and how that is to the time in which somebody must be; empty: not told.
        warning: What was expected of them, and does not come; empty: nothing.
        phone: Their number.
        is_silent: It rang because nothing is heard of them.
        may_tell_eta: They may still say when they will be there.
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
    eta: str
    warning: str
    phone: str
    is_silent: bool
    may_tell_eta: bool
    destination: str
    reason: str
    is_over: bool
    was_there: bool
    may_let_go: bool


class AtDesk(msgspec.Struct, frozen=True):
    """What the desk sees of jobs beside: numbers of responders by id, the time in which somebody must be there, now."""

    phones: Mapping[str, str]
    aim: Aim | None
    now: datetime


def jobs_of(incident: Incident, names: Mapping[str, str], say: Speech, at_desk: AtDesk | None = None) -> list[JobShown]:
    """The jobs of an incident, those that go on first; with what only the desk is shown, or without."""
    jobs = sorted(incident.jobs, key=lambda it: it.is_over)
    return [_shown(job, incident, _name(job, names, say), say, at_desk) for job in jobs]


def _name(job: Job, names: Mapping[str, str], say: Speech) -> str:
    return names.get(job.responder) or (platform_name("", job, say) if is_platform(job.responder) else job.responder)


class NeighbourShown(msgspec.Struct, frozen=True):
    """A neighbour who was rung, as the desk sees it: name and number, what has become of it, since when."""

    name: str
    phone: str
    stage: str
    word: str
    at: datetime


def neighbours_of(incident: Incident, contacts: Sequence[Contact], say: Speech) -> list[NeighbourShown]:
    """The neighbours who were rung, by the contacts of the home's case file."""
    found = []
    for it in incident.neighbours:
        n = int(it.person.rpartition(":")[2])
        who = contacts[n] if n < len(contacts) else None
        name, phone = (who.name, who.phone) if who is not None else (say.gettext(mark("a neighbour")), "")
        found.append(NeighbourShown(name, phone, it.stage.value, say.gettext(NEIGHBOURS[it.stage]), it.at))
    return found


def _eta(job: Job, say: Speech, desk: AtDesk) -> str:
    if job.eta_at is None or not job.may_leave:
        return ""
    time, by = say.times.brief(job.eta_at, desk.now, seconds=False), desk.aim
    if by is None:
        return say.gettext(mark("expects to be there at %(time)s"), time=time)
    words = {
        True: mark("expected %(time)s, %(n)s min after the alarm; target %(target)s"),
        False: mark("expected %(time)s, %(n)s min after sending; target %(target)s"),
    }
    return say.gettext(words[by.of_the_alarm], time=time, n=by.after_min(job.eta_at), target=by.after_min(by.until))


def _warning(job: Job, name: str, say: Speech, desk: AtDesk) -> str:
    if job.is_over:
        return ""
    if job.unheard_at is not None:
        return _silent(job.was_there, name, job.last_heard_at, desk.now, say)
    by = desk.aim
    if job.late_at is None or by is None or job.was_there:
        return ""
    minutes = str(by.after_min(job.eta_at)) if job.eta_at is not None else ""
    target = str(by.after_min(by.until))
    return _in_time(name, minutes, target, say, of_the_alarm=by.of_the_alarm, late=True)


def _shown(job: Job, incident: Incident, name: str, say: Speech, desk: AtDesk | None) -> JobShown:
    reason = say.gettext(HANDED_TO[HandedTo(job.reason)]) if job.reason in set(HandedTo) else job.reason
    return JobShown(
        responder=job.responder,
        name=name,
        stage=job.stage.value,
        word=stage_word(job, say.gettext(STAGES[job.stage]), say),
        times=tuple((say.gettext(STAGES[stage]), at) for stage, at in job.times),
        eta_at=job.eta_at,
        eta=_eta(job, say, desk) if desk else "",
        warning=_warning(job, name, say, desk) if desk else "",
        phone=desk.phones.get(job.responder, "") if desk else "",
        is_silent=job.unheard_at is not None and not job.is_over,
        may_tell_eta=job.may_leave and incident.state in GOING,
        destination=job.destination,
        reason=reason,
        is_over=job.is_over,
        was_there=job.was_there,
        may_let_go=job.stage is Stage.SAFE and incident.state is not IncidentState.CLOSED,
    )
