"""``nuanhu bench timers``: how late a step of the climb is committed, with very many timers pending."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from alerting.commands import OpenManual
from alerting.model import Priority
from gateway.clock import SystemClock
from gateway.writing.effects import Effects
from nuanhu.bench.panic import quantile
from nuanhu.bench.stage import Stage, background, load_client, machine, stage

SPREAD_S = 25.0
WITHIN_S = 60.0
"""The last step must have come so long after it was due."""
LATEST_P99_MS = 250.0


async def bench_timers(pending: int, due: int, background_s: float, store: str) -> dict[str, Any]:
    """Measure, from the moment at which a step is due by its plan to the commit that holds it; times in milliseconds.

    Args:
        pending: Homes, each with a timer of its own.
        due: So many of them get an incident that nobody takes, spread over 25 s; the first step of each is measured.
        background_s: Other messages a second meanwhile.
        store: Address of an empty PostgreSQL database; empty: the embedded store.
    """
    async with stage(pending, store) as it:
        clock = SystemClock()
        late_ms = _measured(it)
        timers = len(it.gateway.store.reads.timers())
        stop = asyncio.Event()
        client = load_client(it.broker)
        load = asyncio.create_task(background(client, it.plan, background_s, clock, stop))
        began_s = clock.monotonic_s()
        try:
            homes = it.plan.homes[:: max(1, len(it.plan.homes) // due)][:due]
            for n, home in enumerate(homes):
                await asyncio.sleep(max(0.0, began_s + n * SPREAD_S / due - clock.monotonic_s()))
                opened = await it.gateway.desk.submit(OpenManual(key=home.household, by="zuoxi1", text="bench"))
                assert opened.done, opened
            until_s = clock.monotonic_s() + it.gateway.policy.ladders[Priority.P1][0].after_s + WITHIN_S
            while len(late_ms) < len(homes) and clock.monotonic_s() < until_s:  # noqa: ASYNC110 - filled by a thread
                await asyncio.sleep(0.1)
        finally:
            took_s = clock.monotonic_s() - began_s
            stop.set()
            sent = await load
            client.disconnect()
            client.loop_stop()
        late = list(late_ms.values()) or [float("inf")]
        return {
            "pending": timers,
            "fired": len(late_ms),
            "due": len(homes),
            "late_p50_ms": quantile(late, 0.5),
            "late_p99_ms": quantile(late, 0.99),
            "late_max_ms": round(max(late), 2),
            "background_msg_s": round(sent / took_s, 1),
            "store": it.gateway.store.engine.dialect.name,
            "machine": machine(),
        }


def _measured(it: Stage) -> dict[str, float]:
    """Lateness of the first step by incident, from now on; filled by the writer's thread after each commit."""
    late_ms: dict[str, float] = {}
    go_on, clock = it.gateway.writer.committed, it.gateway.clock
    first_s = it.gateway.policy.ladders[Priority.P1][0].after_s

    def committed(at: datetime, effects: Effects) -> None:
        now = clock.now()
        for incident in effects.changed.values():
            if incident.ladder.since is not None and incident.ladder.step == 1 and incident.id not in late_ms:
                late_ms[incident.id] = ((now - incident.ladder.since).total_seconds() - first_s) * 1000
        go_on(at, effects)

    it.gateway.writer.committed = committed
    return late_ms
