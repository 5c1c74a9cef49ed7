"""``nuanhu simulate``: the town alone, against any broker."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.clock import SystemClock
from nuanhu import event_loop
from nuanhu.town.plan import plan_town
from nuanhu.town.publisher import Login
from nuanhu.town.town import Town

LINE_EVERY_S = 5.0
SETTLE_LOOKS, SETTLE_PAUSE_S = 60, 0.05


async def simulate(
    *,
    host: str,
    port: int,
    households: int,
    seed: int = 1,
    speed: float = 1.0,
    seconds: float | None = None,
    username: str | None = None,
    password: str = "",
    anonymous: bool = False,
    happenings_per_hour: float = 30.0,
    show: bool = True,
    stop: asyncio.Event | None = None,
) -> dict[str, Any]:
    """Let a town live against a broker, and say in the end what it did.

    Without ``username`` every bridge logs in as itself, with its id and a password derived from the seed; with it,
    one connection speaks for all of them.

    Args:
        host: Broker's.
        port: Broker's.
        households: 1 to 30,000.
        seed: From which the town and what happens in it follow.
        speed: Service seconds for each real second.
        seconds: Real seconds to run; None = until stopped.
        username: For one shared connection.
        password: For one shared connection.
        anonymous: Every bridge connects without a name.
        happenings_per_hour: In the whole town, of service time.
        show: A line on standard error every five seconds.
        stop: Ends it early when set; None = Ctrl-C and SIGTERM do.

    Returns:
        The ledger in plain values, with ``households``, ``seed``, ``speed`` and ``connected``.
    """
    plan = plan_town(seed, households)
    if anonymous:
        plan.passwords.clear()
    shared = Login(f"town-{seed}", username, password) if username else None
    town = Town(plan, SystemClock(speed), seed, happenings_per_hour=happenings_per_hour, shared=shared)
    with _told_to_stop(stop) as enough:
        connected = await _live(town, host, port, seconds, enough, show=show)
    head = {"households": households, "seed": seed, "speed": speed, "connected": connected}
    return {**head, **town.ledger.as_json()}


async def _live(town: Town, host: str, port: int, seconds: float | None, enough: asyncio.Event, *, show: bool) -> int:
    """Run the town until it has lived long enough; how many bridges were connected then."""
    ended = asyncio.Event()
    living = asyncio.ensure_future(town.run(host, port, stop=ended))
    showing = asyncio.ensure_future(_progress(town, every_s=LINE_EVERY_S if show else None))
    try:
        await _until(enough, living, seconds)
        connected = town.lines.connected
        await _settle(town)
    finally:
        ended.set()
        showing.cancel()
        await asyncio.gather(living, showing, return_exceptions=True)
    living.result()
    return connected


async def _until(enough: asyncio.Event, living: asyncio.Future[None], seconds: float | None) -> None:
    """Until somebody says so, the time is over, or the town has ended by itself."""
    told = asyncio.ensure_future(enough.wait())
    either: set[asyncio.Future[Any]] = {told, living}
    try:
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()


async def _settle(town: Town) -> None:
    """Let what is on its way arrive."""
    for _ in range(SETTLE_LOOKS):
        if not town.lines.waiting:
            return
        await asyncio.sleep(SETTLE_PAUSE_S)


async def _progress(town: Town, *, every_s: float | None) -> None:
    while every_s is not None:
        await asyncio.sleep(every_s)
        ledger = town.ledger
        line = (
            f"{town.clock.now():%m-%d %H:%M:%S}Z  connected {town.lines.connected}  messages {ledger.messages}  "
            f"presses {len(ledger.presses)}  receipted {sum(p.receipted for p in ledger.presses)}  "
            f"waiting {town.lines.waiting}  {ledger.last_trouble}"
        )
        print(line, file=sys.stderr, flush=True)


def run(**wanted: Any) -> int:
    """Run ``simulate`` to its end or to Ctrl-C and print the ledger as one JSON object.

    Returns:
        Exit status: 1 when the town had trouble of its own or the broker took nothing.
    """
    result = event_loop.run(simulate(**wanted))
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["errors"] or not result["messages"] else 0


@contextmanager
def _told_to_stop(stop: asyncio.Event | None) -> Iterator[asyncio.Event]:
    """The given event, or one that Ctrl-C and SIGTERM set meanwhile."""
    if stop is not None:
        yield stop
        return
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
