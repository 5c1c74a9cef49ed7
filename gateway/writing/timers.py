"""When the writer wakes whom: a heap in memory beside the store's ``due_timers``, which is the truth."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime

from gateway.clock import Clock
from gateway.store.values import ms

Timer = tuple[int, str, str]
"""Due in epoch milliseconds, aggregate, key."""


class Timers:
    """The next wake of every aggregate. Used by the writer's thread alone.

    Args:
        timers: As stored.
        clock: Service time.
    """

    def __init__(self, timers: Iterable[Timer], clock: Clock) -> None:
        """Begin with what the store has."""
        self._clock = clock
        self._heap = list(timers)
        heapq.heapify(self._heap)
        self._armed = {(aggregate, key): due for due, aggregate, key in self._heap}

    def wait_s(self, most_s: float) -> float:
        """Real seconds until the next one is due, at most so many."""
        if not self._heap:
            return most_s
        due = datetime.fromtimestamp(self._heap[0][0] / 1000, self._clock.now().tzinfo)
        return min(most_s, self._clock.real_until_s(due))

    def fire(self, now: datetime, most: int, may: Callable[[str, str], bool], wake: Callable[[str, str], None]) -> None:
        """Wake whose time has come, the earliest first; whom ``may`` keeps back stays due."""
        now_ms, fired = ms(now), 0
        later: list[Timer] = []
        while self._heap and self._heap[0][0] <= now_ms and fired < most:
            due, aggregate, key = heapq.heappop(self._heap)
            if self._armed.get((aggregate, key)) != due:
                continue
            if not may(aggregate, key):
                later.append((due, aggregate, key))
            else:
                del self._armed[aggregate, key]
                wake(aggregate, key)
                fired += 1
        for timer in later:
            heapq.heappush(self._heap, timer)

    def arm(self, wakes: Iterable[Timer]) -> None:
        """Wake them then, instead of when they were to be woken; due 0: not at all."""
        for due, aggregate, key in wakes:
            if not due:
                self._armed.pop((aggregate, key), None)
            elif self._armed.get((aggregate, key)) != due:
                self._armed[aggregate, key] = due
                heapq.heappush(self._heap, (due, aggregate, key))

    def forget(self, aggregate: str, key: str) -> None:
        """As if it had never asked to be woken: for repair, before it looks again."""
        self._armed.pop((aggregate, key), None)

    def seen(self) -> tuple[dict[tuple[str, str], int], frozenset[Timer]]:
        """A copy for the auditor: due moment by aggregate and key, and what lies in the heap."""
        return dict(self._armed), frozenset(self._heap)
