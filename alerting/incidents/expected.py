"""What is expected of whoever was sent: to be there in time, to be on the way by then, to be heard of."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.dispatch.job import BESIDE_THE_RESIDENT, Job, Stage
from alerting.incidents.values import Values
from alerting.model import Incident, IncidentState

ASKED_AFTER = tuple(it for it in (Stage.ON_SCENE, *BESIDE_THE_RESIDENT) if it is not Stage.SAFE)
"""In these stages a responder is asked after: they are where something has happened, and nobody knows yet what."""
GOING = (IncidentState.DISPATCHED, IncidentState.ON_SCENE)


class Aim(msgspec.Struct, frozen=True):
    """By when somebody must be there.

    Attributes:
        since: From when it counts, UTC: the alarm, or when somebody was first sent.
        until: By when.
        of_the_alarm: Whether it counts from the alarm.
    """

    since: datetime
    until: datetime
    of_the_alarm: bool

    def after_min(self, at: datetime) -> int:
        """How many minutes after its beginning a moment is, rounded up."""
        return -int(-(at - self.since).total_seconds() // 60)


class Outlook(msgspec.Struct, frozen=True):
    """Whether somebody will be there in time.

    Attributes:
        job: The job by which it is judged.
        late_from: From when on it is known that nobody will, UTC; None: not known.
        in_time: Somebody will, by what they have said, or is there.
    """

    job: Job
    late_from: datetime | None
    in_time: bool


def aim(incident: Incident, values: Values) -> Aim | None:
    """By when somebody must be there; None while nobody was sent, or where there is no such time.

    It counts from the oldest alarm of which not half of the time was over when somebody was first sent; where there is
    no such alarm, as after a hold of hours, from then.
    """
    there_s = values.on_scene_s.get(incident.priority, 0)
    sent = [job.times[0][1] for job in incident.jobs if job.times]
    if not there_s or not sent:
        return None
    first, whole = min(sent), timedelta(seconds=there_s)
    alarms = sorted(alarm.at for alarm in incident.alarms)
    since = next((at for at in alarms if first - whole / 2 < at <= first), None)
    begins = since if since is not None else first
    return Aim(begins, begins + whole, since is not None)


def outlook(incident: Incident, values: Values) -> Outlook | None:
    """Whether somebody will be there in time; None where nobody is going of whom anything is heard."""
    by, lead_s = aim(incident, values), values.under_way_s.get(incident.priority, 0)
    heard = [job for job in incident.going if job.is_taken and job.unheard_at is None]
    if by is None or not lead_s or not heard:
        return None
    there = next((job for job in heard if job.was_there), None)
    if there is not None:
        return Outlook(there, None, in_time=True)
    told = [(job.eta_at, n) for n, job in enumerate(heard) if job.eta_at is not None]
    if told:
        eta_at, n = min(told)
        is_late = eta_at > by.until
        return Outlook(heard[n], heard[n].eta_said_at or eta_at if is_late else None, in_time=not is_late)
    going = next((job for job in heard if job.stage is Stage.EN_ROUTE), None)
    if going is not None:
        return Outlook(going, None, in_time=True)
    first = min(job.times[0][1] for job in incident.jobs if job.times)
    half = first + (by.until - first) / 2
    return Outlook(heard[0], max(by.until - timedelta(seconds=lead_s), half), in_time=False)


def silent_at(job: Job, values: Values) -> datetime | None:
    """When a word of whoever said that they go is overdue; None: it is not awaited."""
    if not values.job_silent_s or not job.is_taken or job.was_there:
        return None
    if job.eta_at is not None:
        over = job.eta_at + timedelta(seconds=values.job_eta_over_s)
        if over > job.last_heard_at:
            return over
    return job.last_heard_at + timedelta(seconds=values.job_silent_s)


def asked_after_at(job: Job, values: Values) -> datetime | None:
    """When it is asked whether whoever is at the door or inside is well; None: it is not."""
    if not values.job_welfare_s or job.stage not in ASKED_AFTER:
        return None
    return job.last_heard_at + timedelta(seconds=values.job_welfare_s)


def word_due_at(job: Job, values: Values) -> datetime | None:
    """When the next word of a responder is overdue, on the way or there; None: none is awaited."""
    return silent_at(job, values) or asked_after_at(job, values)
