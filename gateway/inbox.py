"""Where work waits for the writer: calls for help overtake, telemetry blocks its source when there is too much."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_WAITING = 20_000
LINGER_S = 0.02


class Inbox(Generic[T]):
    """A bounded queue with a fast lane.

    ``put`` blocks the caller (the MQTT network thread) while too much is waiting, because nothing else bounds the
    memory of a draining backlog. Urgent work is never blocked and always taken first.
    """

    def __init__(self, limit: int = MAX_WAITING) -> None:
        """Hold at most ``limit`` ordinary pieces of work."""
        self._limit = limit
        self._urgent: deque[T] = deque()
        self._ordinary: deque[T] = deque()
        self._changed = threading.Condition()
        self._woken = False
        self._closed = False

    def __len__(self) -> int:
        """How much is waiting."""
        return len(self._urgent) + len(self._ordinary)

    def put(self, work: T, *, urgent: bool = False) -> None:
        """Add work; blocks while full, unless urgent."""
        with self._changed:
            if urgent:
                self._urgent.append(work)
            else:
                while len(self._ordinary) >= self._limit and not self._closed:
                    self._changed.wait()
                self._ordinary.append(work)
            self._changed.notify_all()

    def wake(self) -> None:
        """Let ``take`` return now, with or without work."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def close(self) -> None:
        """Unblock everybody; used when stopping."""
        with self._changed:
            self._closed = True
            self._woken = True
            self._changed.notify_all()

    def take(self, most: int, wait_s: float) -> list[T]:
        """Up to ``most`` pieces of work, waiting up to ``wait_s`` real seconds for the first.

        Urgent work is returned alone and at once. Ordinary work waits a little for company, so that several
        messages share a commit; an urgent one arriving meanwhile ends that wait.
        """
        with self._changed:
            if not self._urgent and not self._ordinary and not self._woken:
                self._changed.wait(wait_s)
            if self._ordinary and not self._urgent and not self._woken and len(self._ordinary) < most:
                self._changed.wait_for(
                    lambda: self._urgent or self._woken or len(self._ordinary) >= most, timeout=LINGER_S
                )
            self._woken = False
            lane = self._urgent or self._ordinary
            work = [lane.popleft() for _ in range(min(most, len(lane)))]
            self._changed.notify_all()
            return work
