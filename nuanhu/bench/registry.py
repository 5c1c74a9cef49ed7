"""``nuanhu bench registry``: searching 60,000 homes, opening a case file, and a list of 3,000 homes coming in.

How much memory a home without devices takes is measured first, in processes of their own. Searches and pages go through
the web server as a browser's do. While the list comes in, something urgent is asked of the writer again and again: how
long it waits is how long a press could wait.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any
from urllib.parse import quote

import msgspec

from alerting.casefile import Household, Registry, Role
from alerting.enrolment.commands import OpenCaseFile, OpeningReason
from dashboard.case_table import table_of
from dashboard.lists import HomeList
from dashboard.sheet import as_excel, read_apart
from gateway.clock import SystemClock
from gateway.registry.initials import initials
from nuanhu.bench.holding import bench_holding
from nuanhu.bench.stage import Stage, machine, stage
from nuanhu.demo.people import with_demo_registry
from nuanhu.town.plan import plan_town

OWN_HOMES = 3000
"""Homes with devices; the others are copies of them without any."""
ASKED_EVERY_S = 0.02
LONGEST_S = 900
"""On a quiet machine it takes a minute or two."""
LISTED = 3000
SEARCH_P95_MS, PAGE_P95_MS, IMPORT_S = 100.0, 200.0, 30.0
WITHOUT_DEVICES = 10_000
"""So many homes more have the gateways whose memory is compared."""
HOME_KB = 4.0


async def bench_registry(homes: int, rounds: int, store_url: str = "") -> dict[str, Any]:
    """Measure; times in milliseconds, of the list in seconds. Says on the error output how far it is.

    Raises:
        TimeoutError: It is not done after ``LONGEST_S``: the machine is too busy for a figure.
    """
    async with asyncio.timeout(LONGEST_S):
        return await _measured(homes, rounds, store_url)


def _tell(clock: SystemClock, began_s: float, doing: str) -> None:
    print(f"{clock.monotonic_s() - began_s:6.1f} s  {doing}", file=sys.stderr, flush=True)


async def _measured(homes: int, rounds: int, store_url: str) -> dict[str, Any]:
    clock = SystemClock()
    began_s = clock.monotonic_s()
    _tell(clock, began_s, f"{homes} homes are registered, and the rules are told")
    registry = many(homes)
    _tell(clock, began_s, "gateways start with few homes and with more")
    holding = await bench_holding(many(min(homes, OWN_HOMES)), many(min(homes, OWN_HOMES) + WITHOUT_DEVICES))
    async with stage(min(homes, OWN_HOMES), store_url, registry) as it:
        _tell(clock, began_s, "searches")
        searches = {
            kind: await _timed(it, [f"/households?q={text}" for text in texts])
            for kind, texts in _texts(registry, rounds).items()
        }
        _tell(clock, began_s, "case pages")
        pages = await _timed(it, [f"/households/{h.key}" for h in registry.households[:: max(1, homes // rounds)]])
        _tell(clock, began_s, f"a list of {LISTED} homes comes in")
        incoming = await _list_comes_in(it, registry)
    every = [ms for times in searches.values() for ms in times]
    return {
        "households": homes,
        "devices": len(registry.devices),
        "store": "postgresql" if store_url else "sqlite",
        "search_p50_ms": _part(every, 0.5),
        "search_p95_ms": _part(every, 0.95),
        "search_max_ms": _part(every, 1),
        "search_p95_ms_by": {kind: _part(times, 0.95) for kind, times in searches.items()},
        "case_page_p50_ms": _part(pages, 0.5),
        "case_page_p95_ms": _part(pages, 0.95),
        **incoming,
        **holding,
        "load": round(os.getloadavg()[0], 1),
        "machine": machine(),
    }


def is_good(report: dict[str, Any]) -> bool:
    """Whether every figure is within its bound."""
    quick = report["search_p95_ms"] < SEARCH_P95_MS and report["case_page_p95_ms"] < PAGE_P95_MS
    small = max(report["home_kb"], report["home_first_start_kb"]) < HOME_KB
    return bool(quick and small and report["list_s"] < IMPORT_S and report["listed"] == LISTED)


def many(homes: int) -> Registry:
    """A town of 3,000 homes, and copies of them with other names, numbers and case numbers."""
    town = with_demo_registry(plan_town(1, min(homes, OWN_HOMES))).registry
    own = town.households
    copies = [_copy(own[n % len(own)], own[(n * 7 + 3) % len(own)], n) for n in range(homes - len(own))]
    return msgspec.structs.replace(town, households=(*own, *copies))


def _copy(home: Household, other: Household, n: int) -> Household:
    """A home like this one, with the people of another and numbers of its own."""
    residents = tuple(msgspec.structs.replace(it, phone=f"197{n:08}") for it in other.residents)
    contacts = tuple(msgspec.structs.replace(it, phone=f"196{n:08}") for it in other.contacts)
    address = f"{home.address}附{n}号"
    return msgspec.structs.replace(home, key=f"C{n:06}", address=address, residents=residents, contacts=contacts)


def _texts(registry: Registry, rounds: int) -> dict[str, list[str]]:
    """What is searched for, by kind; spread over all homes."""
    homes = registry.households[:: max(1, len(registry.households) // rounds)][:rounds]
    devices = registry.devices[:: max(1, len(registry.devices) // rounds)][:rounds]
    return {
        "name": [it.title for it in homes],
        "initials": [initials(it.title)[0] for it in homes],
        "phone": [it.residents[0].phone[-6:] for it in homes],
        "address": [it.address[-5:] for it in homes],
        "case_number": [it.key for it in homes],
        "device": [it.inner for it in devices],
        "nothing": [f"没有{n}" for n in range(rounds)],
    }


async def _timed(it: Stage, paths: list[str]) -> list[float]:
    clock, times = SystemClock(), list[float]()
    for path in paths:
        began_s = clock.monotonic_s()
        await asyncio.to_thread(it.console.fetch, quote(path, safe="/?=&"))
        times.append((clock.monotonic_s() - began_s) * 1000)
    return times


async def _list_comes_in(it: Stage, registry: Registry) -> dict[str, Any]:
    """A list of new homes, from the file's bytes to the last home being told."""
    desk, clock = it.gateway.desk, SystemClock()
    fresh = [msgspec.structs.replace(h, key=f"N{n:05}") for n, h in enumerate(registry.households[:LISTED])]
    file = as_excel("list", table_of(fresh, {a.key: a for a in registry.areas}, {r.id: r for r in registry.responders}))
    done, waits = asyncio.Event(), list[float]()
    asking = asyncio.create_task(_ask_on(it, registry.households[0].key, done, waits))
    admin = next(it for it in await desk.accounts() if it.role is Role.ADMINISTRATOR and not it.area)
    began_s = clock.monotonic_s()
    sheet = await asyncio.to_thread(read_apart, file)
    read_s = clock.monotonic_s() - began_s
    homes = HomeList("bench", admin.login, "list.xlsx", sheet, desk.now())
    for step in (homes.look, homes.carry_out):
        step(desk, admin)
        assert homes.running is not None
        await homes.running
    registered_s = clock.monotonic_s() - began_s
    while it.gateway.writer.judge.to_tell:  # noqa: ASYNC110 - the writer's thread says to nobody that it is done
        await asyncio.sleep(0.01)
    told_s = clock.monotonic_s() - began_s
    done.set()
    await asking
    listed = len(await desk.case_files([home.key for home in fresh]))
    return {
        "listed": listed,
        "list_s": round(registered_s, 2),
        "list_read_s": round(read_s, 2),
        "list_told_s": round(told_s, 2),
        "urgent_p50_ms": _part(waits, 0.5),
        "urgent_max_ms": _part(waits, 1),
    }


async def _ask_on(it: Stage, key: str, done: asyncio.Event, waits: list[float]) -> None:
    """Something urgent, which takes a commit as a press does, again and again."""
    clock = SystemClock()
    while not done.is_set():
        began_s = clock.monotonic_s()
        await it.gateway.desk.submit(OpenCaseFile(household=key, reason=OpeningReason.UPKEEP, by="bench"))
        waits.append((clock.monotonic_s() - began_s) * 1000)
        await asyncio.sleep(ASKED_EVERY_S)


def _part(times: list[float], share: float) -> float:
    """The time within which this share of them lies, milliseconds."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0
