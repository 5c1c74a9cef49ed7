"""What waits in the outbox, and the thread of each telephone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from typing import Protocol

import msgspec

from alerting.decisions import PageAsked, PromptAsked
from gateway.store.outgoing import Place, Unsent

log = logging.getLogger(__name__)

JOB = "job"
"""Channel of what a grid platform is told: it leaves by the exchange with other systems."""


class JobSender(Protocol):
    """Sends what grid platforms are told."""

    def take(self, row: Unsent) -> None:
        """Send this row; one that it has in hand already is not taken twice. From any thread."""

    def at_work(self) -> set[Place]:
        """Rows that it has in hand. From any thread."""


class NobodyElse:
    """There are no grid platforms."""

    def take(self, _row: Unsent) -> None:
        """It stays in the store."""

    def at_work(self) -> set[Place]:
        """None."""
        return set()


class Letter(msgspec.Struct):
    """One thing to be sent, as it waits.

    Attributes:
        due: When it is tried next, service time.
        number: Order among those due at the same moment.
        place: Key of its row.
        recipient: Device id, name of a duty telephone, or id of a person.
        asked: The decision.
        attempts: How often it was tried.
        error: Why the last try failed.
        may_repeat: It may have arrived already.
        in_lane: It was handed to the thread of its recipient.
    """

    due: datetime
    number: int
    place: Place
    recipient: str
    asked: PromptAsked | PageAsked
    attempts: int = 0
    error: str = ""
    may_repeat: bool = False
    in_lane: bool = False

    def __lt__(self, other: Letter) -> bool:
        """The earlier one first."""
        return (self.due, self.number) < (other.due, other.number)


class Lane:
    """One telephone's thread, and what it has to do.

    Args:
        recipient: Whose.
        work: What it does, one after the other; None ends it.
    """

    def __init__(self, recipient: str, work: SimpleQueue[Callable[[], None] | None]) -> None:
        """Begin."""
        self.work = work
        self.thread = threading.Thread(target=_work, args=(work,), name=f"page {recipient}", daemon=True)
        self.thread.start()


def _work(work: SimpleQueue[Callable[[], None] | None]) -> None:
    while (do := work.get()) is not None:
        try:
            do()
        except Exception:  # the next page must leave all the same
            log.exception("a page stumbled; going on")
