"""What whoever was sent says of their job, or the desk says for them."""

from __future__ import annotations

from datetime import datetime

from alerting.asked import Command
from alerting.dispatch.job import HandedTo, Stage, Worker


class AcceptJob(Command, frozen=True, kw_only=True, omit_defaults=True, tag="accept_job"):
    """Whoever was sent is on the way; said by them, or by the holder who has it from them.

    It may be said again until they are at the door, with another time.

    Attributes:
        responder: As in ``Recall``.
        eta_s: In so long they will be there, seconds; 0: not told.
        tapped_at: When they said so, UTC, where it was kept until there was a network; None: now.
        worker: Of a grid platform: whom it sends.
        how: ``key``: by a key during a call; empty: on a page, or by the desk.
    """

    responder: str = ""
    eta_s: int = 0
    tapped_at: datetime | None = None
    worker: Worker | None = None
    how: str = ""


class DeclineJob(Command, frozen=True, kw_only=True, omit_defaults=True, tag="decline_job"):
    """Whoever was sent cannot go (any more); ``text`` is the reason, or empty. It rings at the desk at once.

    ``tapped_at`` as in ``AcceptJob``: what they have said later counts.
    """

    text: str = ""
    tapped_at: datetime | None = None


class ReportStage(Command, frozen=True, kw_only=True, omit_defaults=True, tag="report"):
    """How far a responder has come: said by them, or by the holder who has it from them.

    Attributes:
        stage: One of ``alerting.dispatch.job.REPORTED``.
        responder: As in ``Recall``.
        to: Handed over: to whom.
        text: Safe: how the resident is.
        tapped_at: As in ``AcceptJob``.
        eta_s: On the way: as in ``AcceptJob``.
    """

    stage: Stage
    responder: str = ""
    to: HandedTo | None = None
    text: str = ""
    tapped_at: datetime | None = None
    eta_s: int = 0


class ReadRisks(Command, frozen=True, kw_only=True, omit_defaults=True, tag="read_risks"):
    """Whoever goes there, or has the incident, has read what to beware of, as it was shown to them.

    ``tapped_at`` as in ``AcceptJob``. Nothing waits for it: who has not read it can send somebody all the same.
    """

    risks: tuple[str, ...]
    tapped_at: datetime | None = None
