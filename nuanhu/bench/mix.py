"""The town's own mix of messages: what its devices of all makes really publish, as fast as one asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from gateway.clock import SystemClock
from nuanhu.town.plan import TownPlan
from nuanhu.town.sensing import DETECTED
from nuanhu.town.town import Town

START = datetime(2026, 1, 5, 22, tzinfo=UTC)  # six in the morning in the town


def messages(plan: TownPlan, count: int) -> list[tuple[str, bytes]]:
    """``count`` messages of the town's days, home after home, as (topic, payload)."""
    return list(islice(_endless(plan), count))


def _endless(plan: TownPlan) -> Iterator[tuple[str, bytes]]:
    town = Town(plan, SystemClock(), plan.seed, happenings_per_hour=0, first_press_after_s=None)
    dwellings = [town.dwelling(home.household) for home in plan.homes]
    for dwelling in dwellings:
        dwelling.begin(START)
        hello = [m for fitted in dwelling.home.fitted for m in dwelling.voice.hello(fitted, START)]
        for message in [*dwelling.voice.connected(START), *hello]:
            yield message.topic, message.payload
    while True:
        for dwelling in dwellings:
            at_s, fitted, what = next(dwelling.doings)
            at = datetime.fromtimestamp(at_s, UTC)
            said = dwelling.do(at, fitted, what)
            settles_s = dwelling.voice.settles_after_s
            if said and what == DETECTED and settles_s:
                said += dwelling.settle(at + timedelta(seconds=settles_s), fitted, at_s)
            for message in said:
                yield message.topic, message.payload
