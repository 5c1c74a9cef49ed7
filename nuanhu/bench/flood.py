"""``nuanhu bench flood``: many presses at once → on all consoles, and the first step of each climb."""

from __future__ import annotations

import asyncio
from typing import Any

from alerting.model import EntryKind
from alerting.terms import P1_STEPS_S
from gateway.clock import SystemClock
from nuanhu.bench.audience import Audience
from nuanhu.bench.panic import MAKES, PRESSING, quantile
from nuanhu.bench.stage import Stage, load_client, machine, stage

SETTLES_S = 3.0
STEPS = frozenset({EntryKind.UNCLAIMED, EntryKind.ESCALATED})


async def bench_flood(panics: int, consoles: int) -> dict[str, Any]:
    """Measure; takes the time of the first step and some seconds.

    Every press is of another home, of all makes, published as fast as the client can. ``shown_last_s`` is from the
    first publish to the last row on the last console, ``shown_p99_s`` from each press's own publish. The first step is
    counted from the moment it is due, 30 s after the press; timers fire on full seconds, so up to one second of that
    is theirs: ``behind_timer_…`` is without it. ``missing`` are rows that a console was never shown, and incidents
    without their first step.
    """
    async with stage(panics) as it:
        base = it.console.base
        audience = Audience(f"ws{base.removeprefix('http')}/ws", base, it.console.cookie_header(), consoles)
        await audience.open()
        client, clock = load_client(it.broker), SystemClock()
        pressed: dict[str, float] = {}
        presses = _presses(it)
        try:
            for household, topic, payload in presses:
                pressed[household] = clock.monotonic_s()
                client.publish(topic, payload, qos=1)
            await asyncio.sleep(P1_STEPS_S[0] + SETTLES_S)
        finally:
            client.disconnect()
            client.loop_stop()
        seen = await audience.close()
        late_ms, behind_ms = await asyncio.to_thread(_first_steps, it, list(pressed))
        began_s = min(pressed.values())
        times_s = [at - pressed[key] for key in pressed for at in seen.get(key, [])]
        last_s = max((at for key in pressed for at in seen.get(key, [])), default=began_s) - began_s
        unseen = sum(consoles - len(seen.get(key, [])) for key in pressed)
        return {
            "panics": len(pressed),
            "consoles": consoles,
            "shown_last_s": round(last_s, 2),
            "shown_p99_s": quantile(times_s, 0.99),
            "first_step_late_p99_ms": quantile(late_ms, 0.99),
            "first_step_late_max_ms": round(max(late_ms), 1),
            "behind_timer_p99_ms": quantile(behind_ms, 0.99),
            "missing": unseen + len(pressed) - len(late_ms),
            "machine": machine(),
        }


def _presses(it: Stage) -> list[tuple[str, str, bytes]]:
    """(household, topic, payload) of one press in each home."""
    names = {make: name for name, make in MAKES.items()}
    presses = []
    for n, home in enumerate(it.plan.homes):
        fitted = home.with_role("panic")
        assert fitted is not None, "every home has a button"
        presses.append((home.household, *PRESSING[names[home.make]](home, fitted, n)))
    return presses


def _first_steps(it: Stage, homes: list[str]) -> tuple[list[float], list[float]]:
    """How late the first step of each home's climb was, milliseconds: from its moment, and from its timer."""
    late_ms, behind_ms = [], []
    reads = it.gateway.store.reads
    for household in homes:
        for incident in reads.incidents_of(household, 1):
            found = reads.incident(incident.id)
            steps = [entry.at for entry in (found[1] if found else []) if entry.kind in STEPS]
            if steps:
                moment_ms = (incident.opened_at.timestamp() + P1_STEPS_S[0]) * 1000
                took_ms = steps[0].timestamp() * 1000
                late_ms.append(took_ms - moment_ms)
                behind_ms.append(took_ms - -(-moment_ms // 1000) * 1000)
    return late_ms, behind_ms
