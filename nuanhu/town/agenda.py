"""What is to be done next: one heap in service time, slept through in real time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from gateway.clock import Clock

ACTIONS_AT_ONCE = 25
LONGEST_SLEEP_S = 600.0

Act = Callable[..., None]


class Agenda:
    """Actions with the service time at which they are due.

    Args:
        clock: Service time.
        trouble: Told in one line of every action that failed; the others go on.
    """

    def __init__(self, clock: Clock, trouble: Callable[[str], None]) -> None:
        """Nothing is due yet."""
        self._clock = clock
        self._trouble = trouble
        self._heap: list[tuple[float, int, Act, tuple[Any, ...]]] = []
        self._count = itertools.count()
        self._woken = asyncio.Event()

    def __len__(self) -> int:
        """How many actions are planned."""
        return len(self._heap)

    def at(self, moment_s: float, act: Act, *args: Any) -> None:
        """Plan ``act(moment, *args)``: ``moment_s`` is UTC epoch seconds; the action gets it as aware datetime."""
        heapq.heappush(self._heap, (moment_s, next(self._count), act, args))
        if self._heap[0][0] == moment_s:
            self._woken.set()

    async def run(self) -> None:
        """Do everything when it is due, until cancelled. What is overdue is done at once, in order."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        self._clock.on_jump(wake)
        done = 0
        while True:
            self._woken.clear()
            now_s = self._clock.now().timestamp()
            while self._heap and self._heap[0][0] <= now_s:
                moment_s, _, act, args = heapq.heappop(self._heap)
                try:
                    act(datetime.fromtimestamp(moment_s, UTC), *args)
                except Exception as error:  # noqa: BLE001 - one home's trouble must not stop the town
                    self._trouble(f"{getattr(act, '__qualname__', act)}: {error!r}")
                done += 1
                if done % ACTIONS_AT_ONCE == 0:
                    await asyncio.sleep(0)
            await self._sleep()

    async def _sleep(self) -> None:
        real_s = LONGEST_SLEEP_S
        if self._heap:
            real_s = min(real_s, self._clock.real_until_s(datetime.fromtimestamp(self._heap[0][0], UTC)))
        try:
            async with asyncio.timeout(real_s):
                await self._woken.wait()
        except TimeoutError:
            return
