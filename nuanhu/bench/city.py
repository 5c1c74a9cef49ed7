"""``nuanhu bench city``: start-up, memory and CPU share of a gateway with a whole city, in a process of its own."""

from __future__ import annotations

import asyncio
import resource
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gateway.broker import ChildBroker
from gateway.clock import SystemClock
from nuanhu import event_loop
from nuanhu.bench.stage import background, load_client, machine, stage
from nuanhu.town.plan import plan_town

SETTLE_S = 3.0
PAGE_KB = resource.getpagesize() / 1024


async def bench_city(households: int, rate: float, for_s: float) -> dict[str, Any]:
    """Run the gateway in one process and the load in this one; bounded in time."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_gateway_process, args=(households, there), daemon=True)
    process.start()
    ready = await asyncio.to_thread(here.recv)
    client = load_client(_Address(ready["host"], ready["port"], ready["kind"]))  # type: ignore[arg-type]
    stop = asyncio.Event()
    clock = SystemClock()
    load = asyncio.create_task(background(client, plan_town(1, households), rate, clock, stop))
    try:
        await asyncio.sleep(SETTLE_S)
        before = await asyncio.to_thread(_ask, here)
        began_s = clock.monotonic_s()
        await asyncio.sleep(for_s)
        after = await asyncio.to_thread(_ask, here)
        took_s = clock.monotonic_s() - began_s
    finally:
        stop.set()
        await load
        client.disconnect()
        client.loop_stop()
        here.send("stop")
        await asyncio.to_thread(process.join, 20)
    return {
        "households": households,
        "start_s": round(ready["start_s"], 2),
        "resident_mb": round(after["resident_mb"], 1),
        "idleresident_mb": round(ready["resident_mb"], 1),
        "hot_bytes_a_household": round(after["hot_bytes_a_household"]),
        "cpu_share": round((after["cpu_s"] - before["cpu_s"]) / took_s, 3),
        "msg_s": round((after["messages"] - before["messages"]) / took_s, 1),
        "machine": machine(),
    }


class _Address:
    """Where a broker of another process listens."""

    def __init__(self, host: str, port: int, kind: str) -> None:
        self.host, self.port, self.kind = host, port, kind


def _ask(here: Connection) -> dict[str, float]:
    here.send("measure")
    answer: dict[str, float] = here.recv()
    return answer


def _gateway_process(households: int, there: Connection) -> None:
    event_loop.run(_serve(households, there))


async def _serve(households: int, there: Connection) -> None:
    async with stage(households) as it:
        broker: ChildBroker = it.broker
        there.send(
            {
                "host": broker.host,
                "port": broker.port,
                "kind": broker.kind,
                "start_s": it.start_s,
                "resident_mb": resident_mb(),
            }
        )
        while await asyncio.to_thread(there.recv) != "stop":
            used = resource.getrusage(resource.RUSAGE_SELF)
            there.send(
                {
                    "cpu_s": used.ru_utime + used.ru_stime,
                    "resident_mb": resident_mb(),
                    "messages": it.gateway.writer.messages,
                    "hot_bytes_a_household": it.gateway.store.reads.hot_bytes() / households,
                }
            )


def resident_mb() -> float:
    """Resident memory of this process now (Linux), else its peak."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * PAGE_KB / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
