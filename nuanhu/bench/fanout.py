"""``nuanhu bench fanout``: publish of a press → frame on the last of many consoles."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.clock import SystemClock
from nuanhu.bench.audience import Audience
from nuanhu.bench.panic import MAKES, PRESSING, quantile
from nuanhu.bench.stage import background, load_client, machine, stage

PAUSE_S = 0.1
SETTLES_S = 2.0
MAKE = "own"


async def bench_fanout(consoles: int, changes: int, background_s: float, households: int) -> dict[str, Any]:
    """Measure; times in milliseconds from the publish. Each change is the first press of another home.

    ``first_…`` is the first console, ``p50_ms`` and ``p99_ms`` the last one; ``missed`` are consoles that were never
    shown a change, summed over the changes.
    """
    async with stage(households) as it:
        base = it.console.base
        audience = Audience(f"ws{base.removeprefix('http')}/ws", base, it.console.cookie_header(), consoles)
        await audience.open()
        stop, clock = asyncio.Event(), SystemClock()
        client, other = load_client(it.broker), load_client(it.broker)
        load = asyncio.create_task(background(other, it.plan, background_s, clock, stop))
        homes = [home for home in it.plan.homes if home.make == MAKES[MAKE] and home.with_role("panic")][:changes]
        pressed: dict[str, float] = {}
        try:
            for n, home in enumerate(homes):
                fitted = home.with_role("panic")
                assert fitted is not None, "chosen so"
                topic, payload = PRESSING[MAKE](home, fitted, n)
                pressed[home.household] = clock.monotonic_s()
                client.publish(topic, payload, qos=1)
                await asyncio.sleep(PAUSE_S)
            await asyncio.sleep(SETTLES_S)
        finally:
            stop.set()
            await load
            for connection in (client, other):
                connection.disconnect()
                connection.loop_stop()
        seen = await audience.close()
        times = {key: [(at - since) * 1000 for at in seen.get(key, [])] for key, since in pressed.items()}
        return {
            "consoles": consoles,
            "changes": len(pressed),
            "households": households,
            "p50_ms": quantile([max(them) for them in times.values() if them], 0.5),
            "p99_ms": quantile([max(them) for them in times.values() if them], 0.99),
            "first_p50_ms": quantile([min(them) for them in times.values() if them], 0.5),
            "first_p99_ms": quantile([min(them) for them in times.values() if them], 0.99),
            "missed": sum(consoles - len(them) for them in times.values()),
            "machine": machine(),
        }
