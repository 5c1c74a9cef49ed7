"""Whoever the desk has sent and who does not answer the message is called: somebody asleep hears no message.

Opening the link puts the call off once and does not spare it, because a preview opens links. What is pressed during
the call is a word about the job, as if it had been tapped on its page.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import msgspec

from alerting import outside
from alerting.casefile import Channel
from alerting.commands import AcceptJob
from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted, PageAsked
from alerting.dispatch.job import UNANSWERED, Job, Stage, with_job
from alerting.dispatch.sent_page import BY_VOICE, WITH_A_LINK, pages_of_job
from alerting.events import PageTold
from alerting.incidents import incident as incidents
from alerting.incidents import missed, neighbours
from alerting.incidents.conditions import RESPONDER, Asked
from alerting.incidents.expected import GOING
from alerting.incidents.page_jobs import is_in_good_hands
from alerting.model import Entry, EntryKind, Incident
from alerting.policy import Policy

Result = tuple[Incident, list[AnyDecision]]

VOICE = Channel.VOICE.value
OVER, RECALLED, ELSEWHERE = "over", "recalled", "elsewhere"
"""Why who wants to go needs not: it is over, the desk has called them back, they have another job."""


def calls(incident: Incident, policy: Policy) -> list[tuple[datetime, Job]]:
    """When each who was sent and has not answered is called."""
    after_s, found = policy.values.job_called_s, list[tuple[datetime, Job]]()
    if not after_s or incident.state not in GOING or is_in_good_hands(incident):
        return found
    stages = (Stage.OFFERED,) if any(job.is_taken for job in incident.going) else UNANSWERED
    for job in incident.going:
        person = policy.editions.people.persons.get(f"{RESPONDER}{job.responder}")
        sent_at = job.at(Stage.OFFERED)
        if person is None or sent_at is None or job.stage not in stages or job.called_at is not None:
            continue
        channels = {line.channel for line in person.lines}
        if VOICE in channels:  # who has nothing but a number is called at once
            wait = timedelta(seconds=after_s if channels & WITH_A_LINK else 0)
            found.append((max(sent_at, job.seen_at or sent_at) + wait, job))
    return found


def due_s(incident: Incident | None, policy: Policy) -> int:
    """The first full second at which somebody is to be called, UTC epoch; 0 when nobody is."""
    moments = [at for at, _ in calls(incident, policy)] if incident is not None else []
    return math.ceil(min(moments).timestamp()) if moments else 0


def called(incident: Incident, home: str, now: datetime, policy: Policy) -> Result:
    """Calls everybody who is to be called by now; each job once.

    Args:
        incident: As it stands.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: People, and after which time.

    Returns:
        The incident afterwards, and the decisions: none when nobody was to be called.
    """
    decisions: list[AnyDecision] = []
    for at, job in calls(incident, policy):
        if at > now:
            continue
        jobs = with_job(incident.jobs, msgspec.structs.replace(job, called_at=now))
        incident = msgspec.structs.replace(incident, jobs=jobs, changed_at=max(now, incident.changed_at))
        decisions.append(_noted(incident, EntryKind.JOB_CALLED, job.responder, now))
        decisions += pages_of_job(incident, job.responder, home, now, policy, BY_VOICE)
    return incident, [IncidentChanged(incident=incident), *decisions] if decisions else []


def _noted(incident: Incident, kind: EntryKind, text: str, now: datetime, by: str = "") -> Noted:
    return Noted(entry=Entry(incident=incident.id, at=now, kind=kind, by=by, text=text))


def told(
    running: Incident | None, closed: Incident | None, event: PageTold, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    """What became of a page to somebody whom the desk has sent.

    Args:
        running: The aggregate's incident; None: there is none.
        closed: The one that was closed last.
        event: Of a job.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: Times and people.
    """
    assert event.of_job, "of a job"
    if event.what == "accepted" and event.to.startswith(RESPONDER):
        return _accepts(running, closed, event, home, now, policy)
    here = running if running is not None and running.id == event.incident else None
    if event.what == "delivered" and event.channel == VOICE:
        line = _answered_call(event, now)
        return running, [*([IncidentChanged(incident=here)] if here is not None else []), line]
    after, decisions = outside.page_told(running, event, home, now, policy)
    if event.what != "seen" or here is None or after is None or not policy.values.job_called_s:
        return after, decisions
    job = after.job_of(event.to.removeprefix(RESPONDER))
    if job is None or job.seen_at is not None:
        return after, decisions
    after = msgspec.structs.replace(after, jobs=with_job(after.jobs, msgspec.structs.replace(job, seen_at=now)))
    return after, [*decisions, IncidentChanged(incident=after)]


def _answered_call(event: PageTold, now: datetime) -> Noted:
    text = event.to.removeprefix(RESPONDER)
    return Noted(entry=Entry(incident=event.incident, at=now, kind=EntryKind.JOB_CALL_ANSWERED, text=text))


def _accepts(
    running: Incident | None, closed: Incident | None, event: PageTold, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    """They say that they go: their job is accepted; where it is over, they are told that nobody needs to."""
    responder = event.to.removeprefix(RESPONDER)
    here = running if running is not None and running.id == event.incident else None
    if here is not None:
        command = AcceptJob(key=here.key, incident=here.id, by=event.to, how=event.detail)
        asked = Asked(command, now, policy.values, elsewhere=event.elsewhere)
        after, decisions = incidents.act(here, asked)
        answer = decisions[-1]
        assert isinstance(answer, Answered), "the answer is the last"
        if not answer.refused:
            assert after is not None, "who accepts closes nothing"
            after, found = missed.looked_at(after, now, policy.values)
            return after, [*decisions[:-1], *found, answer]
    else:
        answer = Answered(incident=event.incident, refused="no_incident")
    line = Entry(
        incident=event.incident,
        at=now,
        kind=EntryKind.ACCEPTED_LATE,
        by=event.to,
        text=f"{event.detail}|{event.name or event.to}",
    )
    about = here or (closed if closed is not None and closed.id == event.incident else None)
    why = _why_not(here, responder, event)
    by_call = about is not None and event.channel == VOICE
    pages = pages_of_job(about, responder, home, now, policy, BY_VOICE, why) if about is not None and by_call else []
    changed = [IncidentChanged(incident=here)] if here is not None else []
    return running, [*changed, Noted(entry=line), *pages, answer]


def _why_not(here: Incident | None, responder: str, event: PageTold) -> str:
    job = here.job_of(responder) if here is not None else None
    if event.elsewhere or (job is not None and job.stage is Stage.ELSEWHERE):
        return ELSEWHERE
    return RECALLED if job is not None and job.stage is Stage.RECALLED else OVER


def is_worth_sending(incident: Incident | None, asked: PageAsked) -> bool:
    """Whether a page to who was sent, or lives next door, is still worth sending; a call only to who has not answered.

    Args:
        incident: As it stands; None: nobody is asked there any more.
        asked: The page.
    """
    if asked.not_wanted:
        return True
    if incident is None or asked.to not in neighbours.asked_beside(incident):
        return False
    job = incident.job_of(asked.to.removeprefix(RESPONDER)) if asked.of_job else None
    return job is None or asked.channel != VOICE or job.stage in UNANSWERED
