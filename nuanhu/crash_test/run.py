"""One crash test from beginning to end: a town that presses, kills that fall, and the verdict."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gateway.clock import SystemClock
from gateway.store.rung import rung_alarms
from nuanhu.crash_test.callers import Callers
from nuanhu.crash_test.children import Children
from nuanhu.crash_test.plan import Kill, planned
from nuanhu.crash_test.report import CrashReport, machine, quantile
from nuanhu.crash_test.verdict import RECEIPTED, Verdict, judge
from nuanhu.town.homes import OWN
from nuanhu.town.ledger import Press
from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.town.town import Town
from nuanhu.wiring import Store

MOST_KILLS = 2000
HOUSEHOLDS = 60
HUB_PAUSES_S = (0.1, 0.4)
ANNOUNCE_WITHIN_S = 3.0
LEAST_PRESSES_A_KILL = 10
READY_WITHIN_S = 60.0
RECOVERED_WITHIN_S = 30.0
SETTLED_WITHIN_S = 120.0
QUIET_S = 1.0
LOOK_S = 0.01
SHOWN = 10
BAR = 30


async def crash_test(kills: int, seed: int, *, quiet: bool) -> CrashReport:
    """Kill gateway and broker ``kills`` times while people press, and say what was lost.

    Ends every process it started, also when interrupted; the kills done by then are judged.

    Raises:
        BrokerError: mosquitto is not installed, or does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="nuanhu-crash-test-"))
    plan = plan_town(seed, HOUSEHOLDS)
    children = Children(folder, plan)
    report = CrashReport(seed=seed)
    trial = _Trial(plan, children, report, shown=not quiet and sys.stderr.isatty())
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # sockets that break in mid-sentence are the point here
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, trial.interrupt)
    try:
        children.start()
        await trial.run(list(planned(seed, kills)))
        children.stop_gateway()
        store = Store(children.settings)
        verdict = judge(trial.presses, rung_alarms(store.engine), trial.callers.class_of)
        store.close()
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        children.stop()
        if report.errors:
            report.errors += children.last_words()
    trial.conclude(verdict)
    if report.good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"nuanhu: journal and logs are kept in {folder}", file=sys.stderr)
    return report


class _Trial:
    """The running test."""

    def __init__(self, plan: TownPlan, children: Children, report: CrashReport, *, shown: bool) -> None:
        self.clock = SystemClock()
        self.town = Town(
            plan,
            self.clock,
            report.seed,
            happenings_per_hour=0,
            first_press_after_s=None,
            announce_within_s=ANNOUNCE_WITHIN_S,
            pauses_s=HUB_PAUSES_S,
        )
        self.callers = Callers(self.town, report.seed)
        self._children = children
        self._report = report
        self._shown = shown
        self._enough = False
        self._struck_s = 0.0
        self._struck_at = 0
        self._recoveries: dict[str, list[float]] = defaultdict(list)

    @property
    def presses(self) -> list[Press]:
        """The ledger's, in order."""
        return self.town.ledger.presses

    def interrupt(self) -> None:
        """No more kills: settle and judge."""
        if not self._enough:
            self._report.errors.append("interrupted")
        self._enough = True

    async def run(self, kills: list[Kill]) -> None:
        """Live, press, kill, settle."""
        ended, broker = asyncio.Event(), self._children.broker
        living = asyncio.ensure_future(self.town.run(broker.host, broker.port, stop=ended))
        pressing = asyncio.ensure_future(self._press_when_ready())
        began_s = self.clock.monotonic_s()
        try:
            if await self._until(lambda: self._receipted_since(1), READY_WITHIN_S, "receipts"):
                began_s = self.clock.monotonic_s()
                await self._kill_all(kills)
            pressing.cancel()
            await self._settle()
        finally:
            pressing.cancel()
            ended.set()
            await asyncio.gather(living, pressing, return_exceptions=True)
        self._report.took_s = round(self.clock.monotonic_s() - began_s, 1)

    async def _press_when_ready(self) -> None:
        bridges = len({home.bridge.id for home in self.town.plan.homes})
        if not await self._until(lambda: self.town.lines.connected >= bridges, READY_WITHIN_S, "the hubs' connections"):
            return
        first = self.callers.press_first()  # before the gateway's first subscription the broker keeps nothing for it
        await self._until(lambda: first.receipted, READY_WITHIN_S, "the gateway")
        await self.callers.run()

    async def _kill_all(self, kills: list[Kill]) -> None:
        for kill in kills:
            if not kill.recovering and self._report.kills:
                await self._recovered()
            await self._enough_presses()
            if self._enough:
                return
            if kill.in_burst:
                async with self.callers.burst:
                    await self.callers.burst.wait()
            await asyncio.sleep(kill.wait_s)
            await self._strike(kill)
            self._show(len(kills))
        await self._recovered()
        await self._enough_presses()

    async def _enough_presses(self) -> None:
        """Kills may fall close together, but over all there are presses enough for each."""
        least = self._report.kills * LEAST_PRESSES_A_KILL
        await self._until(lambda: sum(p.make == OWN for p in self.presses) >= least, RECOVERED_WITHIN_S, "presses")

    async def _strike(self, kill: Kill) -> None:
        blows: list[Callable[[], None]] = []
        if kill.target != "broker":
            blows.append(self._children.kill_gateway)
        if kill.target != "gateway":
            blows.insert(0 if kill.broker_first else len(blows), self._children.kill_broker)
        for n, blow in enumerate(blows):
            if n:
                await asyncio.sleep(kill.between_s)
            self._struck_s, self._struck_at = self.clock.monotonic_s(), len(self.presses)
            blow()
        self._target: str = kill.target
        self._report.kills += 1
        self._report.killed[kill.target] = self._report.killed.get(kill.target, 0) + 1

    async def _recovered(self) -> None:
        """Wait until a press made after the last kill has its receipt, and note how long that took."""
        if await self._until(lambda: self._receipted_since(self._struck_at), RECOVERED_WITHIN_S, "recovery"):
            back_s = min(self._receipted_since(self._struck_at))
            self._recoveries[self._target].append(back_s - self._struck_s)
        else:
            self._recoveries[self._target].append(RECOVERED_WITHIN_S)

    def _receipted_since(self, n: int) -> list[float]:
        """When receipts came for presses from the n-th on, real monotonic seconds."""
        times = (press.receipted_monotonic_s for press in self.presses[n:])
        return [at_s for at_s in times if at_s is not None]

    async def _until(self, true: Callable[[], object], within_s: float, what: str) -> bool:
        until_s = self.clock.monotonic_s() + within_s
        while not true():
            if self.clock.monotonic_s() > until_s:
                self._report.errors.append(f"waited in vain for {what} after {self._report.kills} kills")
                return False
            if self._enough:
                return False
            self._children.look()
            await asyncio.sleep(LOOK_S)
        return True

    async def _settle(self) -> None:
        """Nobody presses any more: wait until every device has its receipt and the broker nothing to deliver."""
        self._enough = False
        waiting = [press for press in self.presses if press.make == OWN]
        await self._until(
            lambda: not self.town.lines.waiting and all(press.receipted for press in waiting),
            SETTLED_WITHIN_S,
            "the last receipts",
        )
        await asyncio.sleep(QUIET_S)

    def conclude(self, verdict: Verdict) -> None:
        """Put the verdict into the report."""
        report, times = self._report, [s for some in self._recoveries.values() for s in some]
        own = [press for press in self.presses if self.callers.class_of[press.household] == RECEIPTED]
        report.machine = machine()
        report.panics = len(self.presses)
        report.by_class = verdict.by_class
        report.lost, report.doubled = verdict.lost, verdict.doubled
        report.lost_after_receipt = sum(press.receipted for press in verdict.lost_presses if press in own)
        report.doubled_best_effort = sum(count.doubled for count in verdict.by_class.values()) - verdict.doubled
        report.unreceipted = sum(not press.receipted for press in own)
        report.repeats = self.town.ledger.repeats
        report.recovery_p50_s, report.recovery_p99_s = quantile(times, 0.5), quantile(times, 0.99)
        report.recovery_max_s = quantile(times, 1.0)
        report.recovery_by_target_s = {
            target: (quantile(some, 0.5), quantile(some, 1.0)) for target, some in sorted(self._recoveries.items())
        }
        if self._children.ended_by_itself:
            report.errors.append(f"the gateway ended by itself {self._children.ended_by_itself} times")
        report.errors += self.town.ledger.errors
        with suppress(IndexError):
            report.errors += [f"lost: {press}" for press in verdict.lost_presses if press in own][:SHOWN]
        report.errors += [f"doubled: {'/'.join(event)}" for event in verdict.doubled_ids[:SHOWN]]

    def _show(self, planned_kills: int) -> None:
        if not self._shown:
            return
        done = self._report.kills
        bar = "█" * round(done / planned_kills * BAR)
        end = "\n" if done == planned_kills else ""
        text = f"\r  kills: {bar:<{BAR}} {done}/{planned_kills} · presses {len(self.presses)}"
        print(text, end=end, file=sys.stderr, flush=True)
