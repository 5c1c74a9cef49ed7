"""What the writer is given to do, beside the messages of devices."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from alerting.commands import AnyCommand
from alerting.events import HistoryLoaded, PageAccepted
from gateway.desk import ActivityWindow, Answer
from gateway.ingest import Delivery
from gateway.outbox import OutboxNews
from gateway.telemetry.cursor import CursorMoved


class CommandAsked(msgspec.Struct, frozen=True):
    """A command, or that somebody has accepted, on its way to the writer, and where its answer goes."""

    command: AnyCommand | PageAccepted
    once: str
    answer: Future[Answer]


class HistoryGiven(msgspec.Struct, frozen=True):
    """A home's past on its way to the writer."""

    household: str
    event: HistoryLoaded
    windows: list[ActivityWindow]
    done: Future[None]


Work = Delivery | CommandAsked | HistoryGiven | CursorMoved | OutboxNews
