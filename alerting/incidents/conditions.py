"""The conditions under which a command may be given: each says the word of the refusal, or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.commands import AnyCommand, Close, HandOver, HoldUntil, Resolve
from alerting.incidents.values import Values
from alerting.model import Incident

RESPONDER = "responder:"
"""A responder's login begins so."""

NOTHING_PENDING: dict[str, object] = {"hold": None, "offer": None, "closing": None}
"""Neither held nor offered, and no second person is wanted."""


class Asked(msgspec.Struct, frozen=True):
    """A command with all that it depends on.

    ``at_console``: who asks sits at a console that reports itself. ``elsewhere``: the incident where the responder it
    is about has a job; empty: none.
    """

    command: AnyCommand
    now: datetime
    values: Values
    at_console: bool = False
    elsewhere: str = ""

    @property
    def by(self) -> str:
        """Login of who asks."""
        return self.command.by


def pending(incident: Incident) -> str:
    """What lies over the state: ``hold``, ``offer`` or ``closing``, or nothing."""
    return next((name for name in NOTHING_PENDING if getattr(incident, name) is not None), "")


def is_their_job(incident: Incident, asked: Asked) -> bool:
    """The responder who was sent may say that the person is safe."""
    if not isinstance(asked.command, Resolve) or not asked.by.startswith(RESPONDER):
        return False
    job = incident.job_of(asked.by.removeprefix(RESPONDER))
    return job is not None and not job.is_over


def holder_asks(incident: Incident, asked: Asked) -> str:
    """Only who has it may ask this."""
    if is_their_job(incident, asked) or incident.claimed_by == asked.by:
        return ""
    return "held_by_other" if incident.claimed_by else "not_claimed"


def nothing_new(incident: Incident, asked: Asked) -> str:
    """Not before the latest alarm was taken, except by who stands there."""
    return "unacknowledged" if incident.unacknowledged and not is_their_job(incident, asked) else ""


def free_to_take(incident: Incident, asked: Asked) -> str:
    """Nobody has it, or it rings."""
    if incident.claimed_by == asked.by:
        return "second_person" if incident.closing is not None and not incident.unacknowledged else ""
    return "held_by_other" if incident.claimed_by and not incident.rings else ""


def no_second_wanted(incident: Incident, asked: Asked) -> str:
    """No second person has been asked; a whole shift goes on without waiting for one."""
    is_shift = isinstance(asked.command, HandOver) and asked.command.shift
    waits = incident.closing is not None and not is_shift
    return "second_person" if waits and not (isinstance(asked.command, Close) and incident.contact) else ""


def reason_and_end(incident: Incident, asked: Asked) -> str:
    """A hold has both, and the end is within the bounds."""
    assert isinstance(asked.command, HoldUntil), "dispatched by type"
    if not asked.command.reason.strip():
        return "no_text"
    return "" if 0 < asked.command.for_s <= asked.values.hold_s[incident.priority] else "hold_too_long"


def somebody_else(_incident: Incident, asked: Asked) -> str:
    """Another operator is named."""
    assert isinstance(asked.command, HandOver), "dispatched by type"
    return "unknown_operator" if asked.command.to in {"", asked.by} else ""


def offered_to_them(incident: Incident, asked: Asked) -> str:
    """It was offered to who asks."""
    return "" if incident.offer is not None and incident.offer.to == asked.by else "not_offered"


def second_person(incident: Incident, asked: Asked) -> str:
    """A second person is wanted, and who asks is not the first, nor somebody on the way."""
    if incident.closing is None:
        return "nothing_pending"
    is_first = asked.by in {"", incident.closing.by} or asked.by.startswith(RESPONDER)
    return "same_person" if is_first else ""


def something_pending(incident: Incident, _asked: Asked) -> str:
    """It is held, offered, or waits for a second person."""
    return "" if pending(incident) else "nothing_pending"


def not_too_late(incident: Incident, asked: Asked) -> str:
    """A closed incident can be taken up again for a while."""
    assert incident.closed_at is not None, "a closed incident has its moment"
    return "" if asked.now <= incident.closed_at + timedelta(seconds=asked.values.reopen_s) else "too_late"
