"""How long to wait: optimal stopping with a price.

For each situation in which a silence can begin (local time, place, busy) S(T) is the share of active windows
that were followed by a silence longer than T. Waiting costs the person who lies there; stopping costs a false call.
With one price λ of waiting for all situations, T* = argmin λ·T + S(T) gives the least delay that a number of false
calls can buy. λ is found in one sweep: the steps by which any limit can become longer are taken in the order of what
they save for each minute, until what is expected fits the budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import exp
from operator import add, mul

import msgspec

from alerting.silence.curve import LADDER, Curve, Hull, curve
from alerting.silence.day import CONTEXTS, WINDOWS
from alerting.silence.places import BRIEF

SLOT_WINDOWS = 9
SLOTS = WINDOWS // SLOT_WINDOWS
"""32 slots of three quarters of an hour."""
ROWS = CONTEXTS * SLOTS

GRID = (
    *range(12, 36, 2),
    *range(36, 72, 3),
    *range(72, 144, 6),
    *(144, 156, 168, 192, 240, 288),
)
"""Limits that can be chosen, in five-minute windows: one hour to a day."""
LEAST_WINDOWS, MOST_WINDOWS = GRID[0], GRID[-1]
_POINTS = len(GRID)
_STEPS = (*(b - a for a, b in pairwise(GRID)), 24)

_AROUND = (0.135, 0.607, 1.0, 0.607, 0.135)
_SCALE = sum(_AROUND) / sum(k * k for k in _AROUND)
KERNEL = tuple(k * _SCALE for k in _AROUND)
"""Neighbouring slots speak for each other; scaled so that a smoothed count is an effective sample size."""

ABOUT_SLOTS = len(KERNEL) // 2
NEAR = tuple(tuple((slot + step) % SLOTS for step in range(-ABOUT_SLOTS, ABOUT_SLOTS + 1)) for slot in range(SLOTS))
"""By slot: those it speaks for, itself among them, in the order of ``KERNEL``."""

TAIL_FROM = 6.0
"""Below so many effective silences the tail is exponential …"""
TAIL_EXCESS_WINDOWS, TAIL_WEIGHT = 6.0, 6.0
"""… with a mean excess shrunk to half an hour by the weight of so many silences."""
DAYS_A_WEEK = 7
OWN_FROM = 10.0
"""A situation that is rarer than this has no curve of its own: it shares that of its time of day."""
LEND_WINDOWS, LEND_MOST = 100.0, 0.15
"""Each situation borrows so many windows from all situations at that time, at most this share …"""
BRIEF_LENT = 0.1
"""… and a brief place but a tenth of the silences that belong to them."""
USUAL_PRICE, USUAL_BUDGET, USUAL_POWER = 2.2e-5, 0.23, 1.2
"""What five minutes less delay after one active window usually cost, in false calls, at one false call a month …"""
PRICE_WITHIN, PRICE_FREE_DAYS = 4.0, 30.0
"""… and how far a home's own price may be from it: at first hardly, with every 30 days once more, at most fourfold."""


class Bounds(msgspec.Struct, frozen=True):
    """Between which prices a home's own may lie."""

    least: float
    most: float


def price_bounds(budget_per_week: float, days: int) -> Bounds:
    """The bounds of λ for this budget in a home of which so many days are known."""
    usual = USUAL_PRICE * (budget_per_week / USUAL_BUDGET) ** USUAL_POWER
    within = min(1.0 + days / PRICE_FREE_DAYS, PRICE_WITHIN)
    return Bounds(usual / within, usual * within)


class Priced(msgspec.Struct, frozen=True):
    """What is told of other prices, and when the home itself is asked first.

    Attributes:
        hope: False calls that come for each one expected.
        most_per_week: The home is planned to have no more.
        prompt_share: What asking the home's own device costs, as a share of a call.
        prompts_per_week: So often it may be asked.
    """

    hope: float
    most_per_week: float
    prompt_share: float
    prompts_per_week: float


_INDEX_OF: tuple[int, ...] = tuple(
    max((j + 1 for j, t in enumerate(GRID) if t < n), default=0) for n in range(MOST_WINDOWS + 2)
)
"""By the length of a silence in windows: how many points of the grid it is longer than."""


def passed(length_windows: int) -> int:
    """How many points of the grid a silence of this length is longer than."""
    points: int = _INDEX_OF[min(length_windows, MOST_WINDOWS + 1)]
    return points


def row_of(context: int, window: int) -> int:
    """Row of the table for a silence that begins in this situation, in this window (0-287) of the day."""
    return context * SLOTS + window // SLOT_WINDOWS


class Waits(msgspec.Struct, frozen=True):
    """What was chosen.

    Attributes:
        limits: Index into ``GRID`` for each row.
        usual: Index into ``GRID`` for each slot: a silence that begins then is longer about once a week.
        expected_per_week: False calls that the home's own past leads one to expect.
        price: λ: false calls paid for five minutes less delay, per active window.
        soft: Index into ``GRID`` for each row: when the home's own device is asked; empty: not before the limit.
        curve: What other prices would come to.
    """

    limits: bytes
    usual: bytes
    expected_per_week: float
    price: float
    soft: bytes = b""
    curve: Curve = Curve()


def choose(
    counts: Sequence[float],
    ended: Sequence[Sequence[float]],
    weeks: float,
    budget_per_week: float,
    cap_points: Sequence[int],
    bounds: Bounds,
    priced: Priced | None = None,
) -> Waits:
    """Choose a limit for each row.

    Args:
        counts: Weight of the active windows by row, not smoothed.
        ended: Weight of the silences by row and by ``passed(length)``, smoothed over the slots with ``KERNEL``.
        weeks: Weight of the days these come from, in weeks.
        budget_per_week: False calls that may be expected a week.
        cap_points: By slot: how many points of ``GRID`` may be chosen from; the last one is the cap.
        bounds: Of the price.
        priced: What is told beside it.
    """
    tail = min(bounds.least, LADDER[0] / priced.hope) if priced is not None else bounds.least
    around = _smoothed(counts)
    pooled_n: list[float] = [sum(around[slot::SLOTS]) for slot in range(SLOTS)]
    pooled = [_longer([*map(sum, zip(*ended[slot::SLOTS], strict=True))]) for slot in range(SLOTS)]
    lend = min(LEND_MOST, LEND_WINDOWS * _SCALE / max(sum(pooled_n), 1.0))
    lent = [[lend * weight for weight in points] for points in pooled]
    hulls: list[Hull] = []
    heft: list[float] = []
    hull_of: list[int] = []
    of_pool: dict[int, int] = {}
    weeks = max(weeks, 1 / DAYS_A_WEEK)
    for row, n in enumerate(around):
        slot = row % SLOTS
        own = n >= OWN_FROM
        if not own and slot in of_pool:  # too rare for a curve of its own
            hull_of.append(of_pool[slot])
            heft[of_pool[slot]] += counts[row] / weeks
            continue
        hull_of.append(len(hulls))
        heft.append(counts[row] / weeks)
        if own:
            borrowed = lent[slot] if row < BRIEF * SLOTS else [BRIEF_LENT * weight for weight in lent[slot]]
            longer = [*map(add, _longer(ended[row]), borrowed)]
            hulls.append(_hull(longer, n + lend * pooled_n[slot], cap_points[slot], tail))
        else:
            of_pool[slot] = len(hulls)
            hulls.append(_hull(pooled[slot], max(pooled_n[slot], 1e-9), cap_points[slot], tail))
    waits = _waits(hulls, hull_of, heft, budget_per_week, bounds, priced)
    usual = bytes(sum(1 for weight in points if weight >= weeks * _SCALE) for points in pooled)
    return msgspec.structs.replace(waits, usual=usual)


def _waits(
    hulls: Sequence[Hull],
    hull_of: Sequence[int],
    heft: Sequence[float],
    budget_per_week: float,
    bounds: Bounds,
    priced: Priced | None,
) -> Waits:
    """What is chosen, and beside it when the home itself is asked, and what other prices would come to."""
    chosen, expected, price = _sweep(hulls, heft, budget_per_week, bounds)
    waits = Waits(bytes(chosen[hull] for hull in hull_of), b"", expected_per_week=expected, price=price)
    if priced is None:
        return waits
    asked, within = Bounds(price, price / priced.prompt_share), priced.prompts_per_week / priced.hope
    sooner, _, _ = _sweep(hulls, heft, within, asked)
    return msgspec.structs.replace(
        waits,
        soft=bytes(sooner[hull] for hull in hull_of),
        curve=curve(hulls, heft, chosen, GRID, priced.hope, priced.most_per_week),
    )


def _smoothed(counts: Sequence[float]) -> list[float]:
    around = [0.0] * ROWS
    for row, count in enumerate(counts):
        if count:
            first, slot = row - row % SLOTS, row % SLOTS
            for k, near in zip(KERNEL, NEAR[slot], strict=True):
                around[first + near] += k * count
    return around


def _longer(row: Sequence[float]) -> list[float]:
    """Weight of the silences longer than each point of the grid, from their weights by ``passed``."""
    total = [*accumulate(reversed(row))]
    return total[-2::-1]


def _hull(longer: Sequence[float], n: float, points: int, least: float) -> Hull:
    """The hull of S up to the cap, from the weight of the silences longer than each point.

    Where silences are few, S has an exponential tail. It ends where no step can be worth the least price.
    """
    few = max(next((j for j, weight in enumerate(longer) if weight < TAIL_FROM), _POINTS) - 1, 0)
    before = longer[0] / n
    hull = Hull(before, [])
    corners: list[tuple[int, float]] = [(0, before)]
    for j in range(1, min(few + 1, points)):
        s = longer[j] / n
        if s < before:
            _extend(hull.steps, corners, j, s)
            before = s
    beyond = sum(map(mul, longer[few:], _STEPS[few:]))
    excess = max((beyond + TAIL_EXCESS_WINDOWS * TAIL_WEIGHT) / (longer[few] + TAIL_WEIGHT), 1.0)
    s, last, gone, convex = longer[few] / n, 0, 0.0, False
    for j in range(few + 1, points):
        step = _STEPS[j - 1]
        if step != last:
            last, gone = step, 1.0 - exp(-step / excess)
        fewer = s * gone
        if fewer < least * step:
            break
        s -= fewer
        if convex:  # as the tail itself is
            hull.steps.append((fewer / step, fewer, j))
        else:
            _extend(hull.steps, corners, j, s)
            convex = len(corners) > 1 and corners[-2][0] >= few
    return hull


def _extend(steps: list[tuple[float, float, int]], corners: list[tuple[int, float]], j: int, s: float) -> None:
    """One more point; corners that it leaves above the hull are dropped."""
    while True:
        at, height = corners[-1]
        saved = (height - s) / (GRID[j] - GRID[at])
        if not steps or saved < steps[-1][0]:
            break
        corners.pop()
        steps.pop()
    corners.append((j, s))
    steps.append((saved, height - s, j))


def _sweep(
    hulls: Sequence[Hull], heft: Sequence[float], budget_per_week: float, bounds: Bounds
) -> tuple[list[int], float, float]:
    """Point of the grid for each hull, expected false calls a week, and the price at which the budget is met."""
    chosen = [0] * len(hulls)
    expected = sum(weight * hull.first for weight, hull in zip(heft, hulls, strict=True))
    price, most, least = bounds.most, bounds.most, bounds.least
    open_: list[tuple[float, int, float, int]] = []
    for i, hull in enumerate(hulls):
        weight = heft[i]
        for saved, fewer, point in hull.steps:
            if saved > most:  # taken in any case, in whatever order
                expected -= weight * fewer
                chosen[i] = point
            elif saved >= least:
                open_.append((saved, i, weight * fewer, point))
            else:
                break
    open_.sort(reverse=True)
    for saved, i, fewer, point in open_:
        if expected <= budget_per_week:
            break
        price = saved
        expected -= fewer
        chosen[i] = point
    return chosen, max(expected, 0.0), price
