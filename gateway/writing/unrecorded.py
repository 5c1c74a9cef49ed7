"""What is judged and shown while the store takes nothing: kept in order until it is recorded."""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import msgspec

from alerting.model import Entry, Incident
from gateway.desk.contract import Answer
from gateway.ingest import Delivery
from gateway.store.batch import Batch
from gateway.writing.effects import Effects
from gateway.writing.work import CommandAsked, Work

MOST_WAITING = 5_000
"""Pieces of work held in memory; whatever more is said stays at the broker. It rings already, thousands of times."""


NUMBERED_FROM = 900_000
"""Incidents of a start without the store are numbered from here: their own numbers are in the store."""


def of_emergency(incident: str) -> bool:
    """Whether an incident has the number it was given without a store, and another one by now."""
    number = incident.rpartition("-")[2]
    return number.isdecimal() and int(number) > NUMBERED_FROM


class Judged(msgspec.Struct):
    """One batch of work with all that has to follow once it is recorded.

    ``place`` is the recorder's, ``tries`` how often the store was asked to take it.
    """

    at: datetime
    batch: Batch
    effects: Effects
    work: list[Work] = []
    answers: list[tuple[Future[Answer], Answer]] = []
    place: int = 0
    tries: int = 1


class Call(msgspec.Struct, frozen=True):
    """An incident that rings although it is not recorded: as it is now, and when it was first shown."""

    incident: Incident
    since: datetime


class Unrecorded:
    """The writer's memory of what the store does not have yet. Empty while all is well.

    Written by the writer's thread alone; screens read single incidents from it.

    Attributes:
        since: When the first of it was judged; None while the store is there.
    """

    def __init__(self) -> None:
        """Nothing waits."""
        self._waiting: deque[Judged] = deque()
        self._forget()

    def _forget(self) -> None:
        self.since: datetime | None = None
        self._pieces = 0
        self._held: Counter[str] = Counter()
        self._incidents: dict[str, Incident] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._shown_at: dict[str, datetime] = {}

    def __len__(self) -> int:
        """How many batches wait."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether no more may be held."""
        return self._pieces >= MOST_WAITING

    def add(self, judged: Judged) -> None:
        """Keep a batch behind the others."""
        if self.since is None:
            self.since = judged.at
        self._waiting.append(judged)
        self._pieces += max(1, len(judged.work))
        for entry in judged.effects.entries:
            self._entries[entry.incident] = (*self._entries.get(entry.incident, ()), entry)
        for id_, incident in judged.effects.changed.items():
            self._incidents[id_] = incident
            self._held[id_] += 1
        for id_ in judged.effects.rung:
            self._shown_at.setdefault(id_, judged.at)

    def take(self, settled: int) -> list[Judged]:
        """Those that have been recorded since, oldest first.

        Args:
            settled: The recorder's place up to which all are durable.
        """
        done: list[Judged] = []
        while self._waiting and self._waiting[0].place <= settled:
            judged = self._waiting.popleft()
            done.append(judged)
            self._pieces -= max(1, len(judged.work))
            self._held.subtract(judged.effects.changed.keys())
            for entry in judged.effects.entries:
                self._entries[entry.incident] = self._entries[entry.incident][1:]
        return done

    def work(self) -> list[Work]:
        """All that waits, oldest first."""
        return [piece for judged in self._waiting for piece in judged.work]

    def holds(self, incident: str) -> bool:
        """Whether something of an incident is not recorded. From any thread."""
        return self._held[incident] > 0

    def incident(self, id_: str) -> tuple[Incident, tuple[Entry, ...]] | None:
        """An incident that is not wholly recorded, with those lines of its timeline that are not. From any thread."""
        return (self._incidents[id_], self._entries.get(id_, ())) if self.holds(id_) else None

    def calls(self) -> list[Call]:
        """What has rung without being recorded, the oldest first."""
        return [Call(incident=self._incidents[id_], since=since) for id_, since in self._shown_at.items()]

    def end(self) -> list[Call]:
        """Everything is recorded: what had rung meanwhile; then nothing is remembered of it."""
        assert not self._waiting, "what waits is not recorded"
        shown = self.calls()
        self._forget()
        return shown

    def give_up(self, why: Exception) -> None:
        """The gateway ends: whoever waits for an answer is told; the broker keeps what was said."""
        for judged in self._waiting:
            for piece in judged.work:
                if isinstance(piece, Delivery):
                    continue
                waits: Future[Any] = piece.answer if isinstance(piece, CommandAsked) else piece.done
                if not waits.done():
                    waits.set_exception(why)
