"""Where work waits for the writer: calls for help overtake, telemetry blocks its source when there is too much."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_WAITING = 20_000
LINGER_S = 0.02

GLANCE_S = 0.05
AHEAD_GLANCES = 30
"""While a backlog pours in it is read ahead for at most so many glances, 1.5 s, before any of it is judged."""


class Inbox(Generic[T]):
    """A bounded queue with a fast lane.

    ``put`` blocks the caller (the MQTT network thread) while too much is waiting, because nothing else bounds the
    memory of a draining backlog. Urgent work is never blocked and always taken first.

    Attributes:
        hurries: What was taken last is urgent.
    """

    def __init__(self, limit: int = MAX_WAITING) -> None:
        """Hold at most ``limit`` ordinary pieces of work."""
        self._limit = limit
        self._urgent: deque[T] = deque()
        self._ordinary: deque[T] = deque()
        self._changed = threading.Condition()
        self._hurry = threading.Event()
        self._idle = False
        self._woken = False
        self._closed = False
        self.hurries = False
        self._glances = AHEAD_GLANCES

    def __len__(self) -> int:
        """How much is waiting."""
        return len(self._urgent) + len(self._ordinary)

    def put(self, work: T, *, urgent: bool = False) -> None:
        """Add work; blocks while full, unless urgent."""
        with self._changed:
            if urgent:
                self._urgent.append(work)
                self._hurry.set()
                self._changed.notify_all()
                return
            while len(self._ordinary) >= self._limit and not self._closed:
                self._changed.wait()
            self._ordinary.append(work)
            if self._idle:  # only then: waking the writer for each message would cost more than the message
                self._changed.notify_all()

    def defer(self, work: T) -> None:
        """Add work behind the ordinary lane; never blocks."""
        with self._changed:
            self._ordinary.append(work)

    def let_go(self, keep: int) -> list[T]:
        """Give up the oldest ordinary work beyond ``keep`` pieces, so that its source is not held up."""
        with self._changed:
            gone = [self._ordinary.popleft() for _ in range(len(self._ordinary) - keep)]
            if gone:
                self._changed.notify_all()
            return gone

    def wake(self) -> None:
        """Let ``take`` return now, with or without work."""
        with self._changed:
            self._woken = True
            self._hurry.set()
            self._changed.notify_all()

    def close(self) -> None:
        """Unblock everybody; used when stopping."""
        self._closed = True
        self.wake()

    def take(self, most: int, wait_s: float, *, urgent_only: bool = False) -> list[T]:
        """Up to ``most`` pieces of work, waiting up to ``wait_s`` real seconds for the first.

        Urgent work is returned alone and at once. Ordinary work waits a little for company, so that several
        messages share a commit; an urgent one arriving meanwhile ends that wait. With ``urgent_only`` it stays here.
        """
        if urgent_only:
            return self._take_urgent(most, wait_s)
        with self._changed:
            if not self._urgent and not self._ordinary and not self._woken:
                self._idle = True
                self._changed.wait(wait_s)
                self._idle = False
            lingers = self._ordinary and not self._urgent and not self._woken and len(self._ordinary) < most
        if lingers:
            self._hurry.wait(LINGER_S)
        self._read_ahead(most)
        with self._changed:
            self._hurry.clear()
            self._woken = False
            self.hurries = bool(self._urgent)
            lane = self._urgent or self._ordinary
            work = [lane.popleft() for _ in range(min(most, len(lane)))]
            if len(self._ordinary) < self._limit:
                self._changed.notify_all()
            return work

    def _read_ahead(self, most: int) -> None:
        """While a backlog pours in, let it: a press in it is found at the speed of reading, not of judging.

        Once for each backlog, so that a lasting flood is not kept waiting again and again.
        """
        before = len(self._ordinary)
        if before < most:
            self._glances = AHEAD_GLANCES
        while self._glances and most <= before < self._limit and not self._urgent and not self._woken:
            self._glances -= 1
            self._hurry.wait(GLANCE_S)
            now = len(self._ordinary)
            if now == before:
                return
            before = now

    def _take_urgent(self, most: int, wait_s: float) -> list[T]:
        with self._changed:
            if not (self._urgent and most) and not self._woken:
                self._changed.wait(wait_s)
            self._hurry.clear()
            self._woken = False
            return [self._urgent.popleft() for _ in range(min(most, len(self._urgent)))]
