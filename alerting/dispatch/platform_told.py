"""What a grid platform hears of the jobs that are handed to it, and what the rules hear of that.

A platform is another system (a peer that takes jobs); as a responder its id is ``peer:`` and the peer's.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from alerting.decision import Decision
from alerting.dispatch.job import Stage
from alerting.dispatch.told import IncidentTold, ResponderTold, TakenElsewhere
from alerting.event import Event
from alerting.model import AlarmKind, IncidentState, Priority


class PlatformNews(StrEnum):
    """What became of a job."""

    OFFERED = "offered"
    CHANGED = "changed"
    """Something that matters to whoever goes: see ``JobChange``."""
    RECALLED = "recalled"
    """The desk has called it back: nobody is to go any more."""
    OVER = "over"
    """It has ended: handed over, given back, or its incident is closed."""


class JobChange(StrEnum):
    """What is otherwise than before in a job that goes on."""

    STAGE = "stage"
    """How far it has come: said by the platform itself, or by the desk for it."""
    PRIORITY = "priority"
    ALARM = "alarm"
    """It rang again: another press, or another alarm."""
    OTHERS = "others"
    """Somebody else goes, is there, needs 120, or goes no more."""
    INCIDENT = "incident"
    """The incident stands elsewhere: resolved, or taken up again."""


class PlatformTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="platform_told"):
    """Tell a grid platform what became of a job. Nothing of the people is in it.

    Attributes:
        peer: Id of the peer.
        what: What became of it.
        incident: Incident id.
        key: Key of the aggregate that owns it.
        number: Of the job: see ``Job.number``.
        stage: How far the job has come.
        state: Where the incident stands.
        priority: The incident's.
        kinds: Its alarms, each kind once, the first one first.
        since: When it was opened, UTC.
        until: When it is no longer worth telling, UTC.
        changes: What is otherwise, where it has changed.
        others: How far each other responder is.
        reason: Why it has ended.
        destination: Where to, in the desk's words; empty: to the home.
    """

    peer: str
    what: PlatformNews
    incident: str
    key: str
    number: int
    stage: Stage
    state: IncidentState
    priority: Priority
    kinds: tuple[AlarmKind, ...]
    since: datetime
    until: datetime
    changes: tuple[JobChange, ...] = ()
    others: tuple[Stage, ...] = ()
    reason: str = ""
    destination: str = ""


class OfferCarried(Event, frozen=True, kw_only=True, omit_defaults=True, tag="offer_carried"):
    """To an incident: the courier has tried to hand an offer to a grid platform.

    Attributes:
        incident: Incident id.
        responder: The platform's id as a responder.
        number: Of the job.
        error: Why it was not taken; empty: it was.
    """

    incident: str
    responder: str
    number: int
    error: str = ""


ToIncident = TakenElsewhere | OfferCarried
"""What an incident hears of the jobs of its responders."""
JobDecision = ResponderTold | IncidentTold | PlatformTold
"""What is told of jobs."""
