"""Many consoles in a process of their own, so that they share no interpreter with the gateway that they watch."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

import msgspec
from websockets.asyncio.client import connect

from gateway.clock import SystemClock
from nuanhu import event_loop

OPEN_AT_ONCE = 20
READY_WITHIN_S = 60.0


class Audience:
    """Consoles that note when each of them was shown a P1 row of which home.

    Args:
        address: ``ws://host:port/ws``.
        origin: The origin that the screens expect.
        cookie: Of somebody who has signed in.
        consoles: How many.
    """

    def __init__(self, address: str, origin: str, cookie: str, consoles: int) -> None:
        """Nothing is opened before ``open``."""
        spawn = multiprocessing.get_context("spawn")
        self._here, there = spawn.Pipe()
        self._process = spawn.Process(target=_attend, args=(there, address, origin, cookie, consoles), daemon=True)

    async def open(self) -> None:
        """Until every console has its snapshot. Raises TimeoutError."""
        self._process.start()
        if not await asyncio.to_thread(self._here.poll, READY_WITHIN_S):
            raise TimeoutError("the consoles did not open")
        self._here.recv()

    async def close(self) -> dict[str, list[float]]:
        """By home: the moments (monotonic, seconds) at which a console was shown its row, one for each console."""
        self._here.send("enough")
        seen: dict[str, list[float]] = await asyncio.to_thread(self._here.recv)
        await asyncio.to_thread(self._process.join, READY_WITHIN_S)
        return seen


def _attend(line: Connection, address: str, origin: str, cookie: str, consoles: int) -> None:
    event_loop.run(_watch(line, address, origin, cookie, consoles))


async def _watch(line: Connection, address: str, origin: str, cookie: str, consoles: int) -> None:
    clock = SystemClock()
    seen: dict[str, list[float]] = {}
    ready = asyncio.Semaphore(0)
    door = asyncio.Semaphore(OPEN_AT_ONCE)

    async def console() -> None:
        async with door:
            socket = await connect(address, additional_headers={"Cookie": cookie}, origin=origin, max_size=None)  # type: ignore[arg-type]
            await socket.recv()
            ready.release()
        mine: set[str] = set()
        async for frame in socket:
            now_s = clock.monotonic_s()
            told: dict[str, Any] = msgspec.json.decode(frame)
            row = told.get("row")
            if row and row["priority"] == 1 and row["key"] not in mine:
                mine.add(row["key"])
                seen.setdefault(row["key"], []).append(now_s)

    watching = [asyncio.create_task(console()) for _ in range(consoles)]
    for _ in watching:
        await ready.acquire()
    line.send("ready")
    await asyncio.to_thread(line.recv)
    for task in watching:
        task.cancel()
    line.send(seen)
