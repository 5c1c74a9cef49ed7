"""How much memory a gateway takes for a household without devices: two of them, each in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import shutil
import tempfile
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from alerting.casefile import Registry
from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress
from gateway.settings import Settings
from nuanhu import event_loop
from nuanhu.bench.city import resident_mb
from nuanhu.wiring import Gateway, Store

SETTLE_S = 9.0
NOBODY = BrokerAddress(host="127.0.0.1", port=1, username="gateway", password="")
"""No broker: what comes in from one takes memory of its own."""


async def bench_holding(fewer: Registry, more: Registry) -> dict[str, float]:
    """Kilobytes of resident memory for each household that the second registry has more than the first.

    Measured ``SETTLE_S`` after a start, at the first start, in which the rules are told of every home, and at the next.
    """
    homes = len(more.households) - len(fewer.households)
    of_fewer, of_more = await _starts(fewer), await _starts(more)
    first, later = ((there - here) * 1024 / homes for here, there in zip(of_fewer, of_more, strict=True))
    return {
        "home_first_start_kb": round(first, 2),
        "home_kb": round(later, 2),
        "resident_mb": round(of_more[1], 1),
    }


async def _starts(registry: Registry) -> tuple[float, float]:
    """Resident memory after two starts from the embedded store, megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="nuanhu-bench-"))
    try:
        store = Store(Settings(data=folder))
        store.register(registry)
        store.close()
        return await _start(folder), await _start(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _start(folder: Path) -> float:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_gateway_process, args=(folder, there), daemon=True)
    process.start()
    there.close()
    taken_mb: float = await asyncio.to_thread(here.recv)
    await asyncio.to_thread(process.join)
    return taken_mb


def _gateway_process(folder: Path, there: Connection) -> None:
    there.send(event_loop.run(_resident(folder)))


async def _resident(folder: Path) -> float:
    settings = Settings(data=folder)
    gateway = Gateway(settings, SystemClock(), Store(settings), NOBODY)
    gateway.start()
    await asyncio.sleep(SETTLE_S)
    gc.collect()
    taken_mb = resident_mb()
    await asyncio.to_thread(gateway.stop)
    return taken_mb
