"""The demo's past: staged first, then filled in home by home in the background, with progress for people."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime, timedelta
from itertools import product

from nuanhu.past import Past, in_worker, pool, stage_in_worker
from nuanhu.town.plan import TownPlan
from nuanhu.town.recipe import Recipe
from nuanhu.wiring import Gateway

STAGED = (timedelta(seconds=12), timedelta(seconds=75), timedelta(minutes=5))
"""When the limits of the staged homes pass, real time from the start."""
TRIES = 15
OVERDUE = (timedelta(minutes=10), timedelta(hours=2))
"""How long ago a limit may have passed where none can pass just now; the second where no home has such a moment."""
BAR = 30


class Progress:
    """Counts the homes whose past is in, and shows a bar on a terminal."""

    def __init__(self, gateway: Gateway, recipe: Recipe, *, shown: bool) -> None:
        """Count for this gateway; the worker process plans its town by the recipe."""
        self._recipe = recipe
        self.gateway = gateway
        self.false_alerts = 0
        self._shown = shown
        self._workers: ProcessPoolExecutor | None = None

    def workers(self) -> ProcessPoolExecutor:
        """The worker process, started when first needed."""
        if self._workers is None:
            self._workers = pool(self._recipe)
        return self._workers

    def show(self) -> None:
        """Draw the bar."""
        pulse = self.gateway.pulse
        if not self._shown or not pulse.backfill_total:
            return
        part = pulse.backfill_done / pulse.backfill_total
        bar = "█" * round(part * BAR)
        end = "\n" if part >= 1 else ""
        text = f"\r  four weeks of history: {bar:<{BAR}} {pulse.backfill_done}/{pulse.backfill_total} homes"
        print(text, end=end, file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the worker process."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)
            for process in list((self._workers._processes or {}).values()):  # noqa: SLF001 - no public way to end one
                process.terminate()

    async def take(self, past: Past) -> None:
        """Hand a home's past to the rules and wait for the commit."""
        done: Future[None] = Future()
        self.gateway.give_history(past.household, past.event, past.windows, done)
        await asyncio.wrap_future(done)
        self.false_alerts += past.false_alerts
        self.gateway.pulse.backfill_done += 1
        self.show()


async def stage_collapses(progress: Progress, plan: TownPlan) -> dict[str, datetime]:
    """Find homes whose resident can have collapsed hours ago, so that the production limit passes soon.

    Returns when each collapsed, by household. Their past is taken in at once.
    """
    gateway = progress.gateway
    loop = asyncio.get_running_loop()
    staged: dict[str, datetime] = {}
    wanted = list(STAGED)
    homes = plan.homes[1 : 1 + TRIES]
    for overdue, home in product(OVERDUE, homes):
        if not wanted:
            break
        if home.household in staged:
            continue
        enrolment = gateway.directory.enrolment(home.household)
        now, due = gateway.clock.now(), wanted[0] * gateway.clock.speed
        where = (home.household, enrolment, now, gateway.policy, due, overdue)
        past = await loop.run_in_executor(progress.workers(), stage_in_worker, *where)
        if past is not None and past.collapsed_at is not None:
            staged[home.household] = past.collapsed_at
            await progress.take(past)
            wanted.pop(0)
    return staged


async def backfill(progress: Progress, plan: TownPlan) -> None:
    """Put the past of every home that has none through the rules."""
    gateway = progress.gateway
    loop = asyncio.get_running_loop()
    missing = [home for home in plan.homes if not gateway.judge.memory_of(home.household).rhythm.days]
    pulse = gateway.pulse
    pulse.backfill_total = pulse.backfill_done + len(missing)
    for home in missing:
        enrolment = gateway.directory.enrolment(home.household)
        past = await loop.run_in_executor(
            progress.workers(), in_worker, home.household, enrolment, gateway.clock.now(), gateway.policy
        )
        await progress.take(past)
