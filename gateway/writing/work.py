"""What the writer is given to do, beside the messages of devices."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

import msgspec

from alerting.commands import AnyCommand
from alerting.events import ConsolesHeard, HistoryLoaded, SaidByCalled
from gateway.desk.contract import ActivityWindow, Answer
from gateway.ingest import Delivery
from gateway.paging.outbox import OutboxNews
from gateway.retention import ExpiredGiven
from gateway.telemetry.cursor import CursorMoved
from gateway.writing.judge import Judge


class CommandAsked(msgspec.Struct, frozen=True):
    """A command, or that somebody has accepted, on its way to the writer, and where its answer goes."""

    command: AnyCommand | SaidByCalled
    once: str
    answer: Future[Answer]


class HistoryGiven(msgspec.Struct, frozen=True):
    """A home's past on its way to the writer."""

    household: str
    event: HistoryLoaded
    windows: list[ActivityWindow]
    done: Future[None]


class ConsolesTold(msgspec.Struct, frozen=True):
    """Whose consoles have come or gone, on its way to the writer."""

    event: ConsolesHeard
    done: Future[None]

    def write(self, judge: Judge, now: datetime) -> None:
        """The desk session learns it."""
        judge.consoles(self.event, now)


Work = Delivery | CommandAsked | HistoryGiven | ConsolesTold | CursorMoved | OutboxNews | ExpiredGiven
