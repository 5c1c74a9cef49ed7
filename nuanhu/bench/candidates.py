"""``nuanhu bench candidates``: who could go to a home, chosen among all grid workers of a city."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from alerting.casefile import Household, Place, Responder
from alerting.duty.candidates import Moment, Whereabouts, candidates
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Roster, Shift, Times
from gateway.clock import SystemClock
from nuanhu.bench.panic import quantile
from nuanhu.bench.stage import machine
from nuanhu.town.dice import Dice, dice_for
from nuanhu.town.plan import plan_town

WITHIN_MS = 5.0
AT = datetime(2026, 3, 2, 16, tzinfo=UTC)
SHIFT_MIN = 8 * 60
ON_SHIFT = 3
APART = 0.006
"""Grid workers stand about this far from the homes of their village, degrees."""


def bench_candidates(responders: int, homes: int) -> dict[str, Any]:
    """Choose for each of many homes, at midnight, with a roster of three shifts in each village; milliseconds.

    Args:
        responders: Grid workers of the city.
        homes: So many homes are asked for, spread over the town.
    """
    dice, town = dice_for(1, "responders"), plan_town(1, 3000).registry
    many = [_grid_worker(n, town.households[n % len(town.households)], dice) for n in range(responders)]
    roster = Roster(shifts=tuple(_shifts(many)))
    moment = Moment(at=AT, roster=roster, busy={f"{RESPONDER}{it.id}": "H1-1" for it in many[::20]})
    clock = SystemClock()
    began_s = clock.monotonic_s()
    arranged = Whereabouts((*town.responders, *many))
    arranged_ms = (clock.monotonic_s() - began_s) * 1000
    times: list[float] = []
    found = 0
    for home in town.households[:: max(1, len(town.households) // homes)][:homes]:
        began_s = clock.monotonic_s()
        found += len(candidates(home, arranged, moment))
        times.append((clock.monotonic_s() - began_s) * 1000)
    return {
        "responders": len(many) + len(town.responders),
        "shifts": len(roster.shifts),
        "homes": len(times),
        "found_each": round(found / len(times), 1),
        "p50_ms": quantile(times, 0.5),
        "p99_ms": quantile(times, 0.99),
        "max_ms": round(max(times), 2),
        "arranged_ms": round(arranged_ms, 1),
        "within_bound": quantile(times, 0.99) < WITHIN_MS,
        "machine": machine(),
    }


def _grid_worker(n: int, home: Household, dice: Dice) -> Responder:
    place = Place(lat=home.place.lat + dice.gauss(0, APART), lon=home.place.lon + dice.gauss(0, APART))
    return Responder(id=f"grid-{n}", name=f"grid {n}", phone=f"195{n:08}", area=home.area, duty="grid", place=place)


def _shifts(many: list[Responder]) -> list[Shift]:
    """Three shifts of three in each village, all of its own people."""
    by_area: dict[str, list[str]] = {}
    for it in many:
        by_area.setdefault(it.area, []).append(f"{RESPONDER}{it.id}")
    return [
        Shift(
            role="grid",
            area=area,
            persons=tuple(persons[n * ON_SHIFT : (n + 1) * ON_SHIFT]),
            times=Times(from_min=n * SHIFT_MIN, to_min=(n + 1) * SHIFT_MIN % 1440),
        )
        for area, persons in by_area.items()
        for n in range(3)
        if persons[n * ON_SHIFT : (n + 1) * ON_SHIFT]
    ]
