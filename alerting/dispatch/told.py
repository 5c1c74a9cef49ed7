"""What responders and incidents hear of each other's jobs: events from one aggregate to another."""

from __future__ import annotations

from alerting.decision import Decision
from alerting.event import Event

JOBS = "@job@"
"""Beginning of the key of a responder's jobs."""


def jobs_key(responder: str) -> str:
    """The key of the jobs of a responder (id)."""
    return f"{JOBS}{responder}"


class JobOffered(Event, frozen=True, kw_only=True, omit_defaults=True, tag="job_offered"):
    """To a responder: they are asked to go to this incident, which is of the aggregate of this key."""

    incident: str
    key: str


class JobTaken(Event, frozen=True, kw_only=True, omit_defaults=True, tag="job_taken"):
    """To a responder: they go to this incident, and until that is over to no other."""

    incident: str
    key: str


class JobOver(Event, frozen=True, kw_only=True, omit_defaults=True, tag="job_over"):
    """To a responder: nothing of this incident is theirs any more."""

    incident: str


class TakenElsewhere(Event, frozen=True, kw_only=True, omit_defaults=True, tag="taken_elsewhere"):
    """To an incident: this responder (id) has a job at another one (``by``)."""

    incident: str
    responder: str
    by: str


OfJobs = JobOffered | JobTaken | JobOver
"""What a responder hears."""


class ResponderTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="responder_told"):
    """Tell this to a responder, by their id."""

    responder: str
    event: OfJobs


class IncidentTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="incident_told"):
    """Tell this to the aggregate of this key, about its incident."""

    key: str
    event: TakenElsewhere
