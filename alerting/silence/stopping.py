"""How long to wait: optimal stopping with a price.

For each situation in which a silence can begin (local time, place, busy) S(T) is the share of active windows
that were followed by a silence longer than T. Waiting costs the person who lies there; stopping costs a false call.
With one price λ of waiting for all situations, T* = argmin λ·T + S(T) gives the least delay that a number of false
calls can buy. λ is found in one sweep: the steps by which any limit can become longer are taken in the order of what
they save for each minute, until what is expected fits the budget.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise, repeat
from math import exp, log, sqrt
from operator import add, getitem, mul, sub
from typing import NamedTuple

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
_STEPS_DOWN = tuple((*_STEPS[:few:-1], _STEPS[few]) for few in range(_POINTS))
"""By point: the steps from the last one back to it."""
_BEYOND_LEAST = (0, *accumulate(_STEPS))
"""By ``passed``: how many windows of a silence lie beyond the least limit, as the steps count them."""
_PER_WINDOW = tuple(1.0 / step for step in _STEPS)
_LAST, _ALL = _POINTS - 1, range(_POINTS)
_BEYOND = tuple(min(bisect_right(GRID, at) + 1, _POINTS) for at in range(GRID[-1] + 1))
"""By a wait in windows: so many points to look at, so that every step that begins by then is among them."""

_AROUND = (0.135, 0.607, 1.0, 0.607, 0.135)
_SCALE = sum(_AROUND) / sum(k * k for k in _AROUND)
KERNEL = tuple(k * _SCALE for k in _AROUND)
"""Neighbouring slots speak for each other; scaled so that a smoothed count is an effective sample size."""

ABOUT_SLOTS = len(KERNEL) // 2
NEAR = tuple(tuple((slot + step) % SLOTS for step in range(-ABOUT_SLOTS, ABOUT_SLOTS + 1)) for slot in range(SLOTS))
"""By slot: those it speaks for, itself among them, in the order of ``KERNEL``."""
NEAR_ROWS = tuple(tuple(row - row % SLOTS + near for near in NEAR[row % SLOTS]) for row in range(ROWS))
"""By row: the rows of the same situation that it speaks for, in the order of ``KERNEL``."""

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
        unanswered: Share of its questions that nobody answers: so much less a call that follows one costs.
        asks: It has a device to ask with; otherwise nothing is said of asking.
    """

    hope: float
    most_per_week: float
    prompt_share: float
    prompts_per_week: float
    unanswered: float = 1.0
    asks: bool = True


LENGTH_MOST = WINDOWS * 3
"""Longer silences are taken for as long as this."""
POINTS_PASSED: tuple[int, ...] = tuple(bisect_left(GRID, length) for length in range(LENGTH_MOST + 1))
"""By the length of a silence in windows: how many points of the grid it is longer than."""


def passed(length_windows: int) -> int:
    """How many points of the grid a silence of this length is longer than."""
    return POINTS_PASSED[min(length_windows, LENGTH_MOST)]


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
        asked: Index into ``GRID`` for each row: the limit once the home was asked; empty: as without a question.
    """

    limits: bytes
    usual: bytes
    expected_per_week: float
    price: float
    soft: bytes = b""
    curve: Curve = Curve()
    asked: bytes = b""


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
    least = min(bounds.least, LADDER[0] / priced.hope) if priced is not None else bounds.least
    around = _smoothed(counts)
    pooled_n: list[float] = [sum(around[slot::SLOTS]) for slot in range(SLOTS)]
    pooled = [_pooled(ended[slot::SLOTS]) for slot in range(SLOTS)]
    lend = min(LEND_MOST, LEND_WINDOWS * _SCALE / max(sum(pooled_n), 1.0))
    waited = [sum(map(mul, points, _STEPS_DOWN[0])) for points in pooled]
    lent, lent_brief = ([*map(Lent.of, pooled, waited, repeat(it))] for it in (lend, lend * BRIEF_LENT))
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
            borrowed = lent[slot] if row < BRIEF * SLOTS else lent_brief[slot]
            hulls.append(_own(ended[row], borrowed, n + lend * pooled_n[slot], cap_points[slot], least))
        else:
            of_pool[slot] = len(hulls)
            hulls.append(_hull(pooled[slot], max(pooled_n[slot], 1e-9), cap_points[slot], least))
    waits = _waits(hulls, hull_of, heft, budget_per_week, bounds, priced)
    usual = bytes(_POINTS - bisect_left(points, weeks * _SCALE) for points in pooled)
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
    taken, expected, price = _sweep(hulls, heft, budget_per_week, bounds)
    waits = Waits(_points(hulls, hull_of, taken), b"", expected_per_week=expected, price=price)
    if priced is None:
        return waits
    told = curve(hulls, heft, taken, GRID, priced.hope, priced.most_per_week)
    if not priced.asks:
        return msgspec.structs.replace(waits, curve=told)
    asked, within = Bounds(price, price / priced.prompt_share), priced.prompts_per_week / priced.hope
    sooner, _, _ = _sweep(hulls, heft, within, asked)
    called = b""
    if (unanswered := max(priced.unanswered, priced.prompt_share)) < 1:
        most = min(budget_per_week / unanswered, within)
        called = _points(hulls, hull_of, _sweep(hulls, heft, most, Bounds(price, price / unanswered))[0])
    return msgspec.structs.replace(
        waits,
        soft=_points(hulls, hull_of, sooner),
        asked=called,
        curve=told,
    )


def _points(hulls: Sequence[Hull], hull_of: Sequence[int], taken: Sequence[int]) -> bytes:
    at = [hull.points[steps] for hull, steps in zip(hulls, taken, strict=True)]
    return bytes(map(at.__getitem__, hull_of))


def _smoothed(counts: Sequence[float]) -> list[float]:
    around = [0.0] * ROWS
    for row, count in enumerate(counts):
        if count:
            far, near, here, near_on, far_on = NEAR_ROWS[row]
            next_to, two_off = KERNEL[1] * count, KERNEL[0] * count
            around[far] += two_off
            around[near] += next_to
            around[here] += KERNEL[2] * count
            around[near_on] += next_to
            around[far_on] += two_off
    return around


def _pooled(rows: Sequence[Sequence[float]]) -> list[float]:
    """Weight of the silences longer than each point of the grid, the last point first, of all situations together."""
    total: Iterable[float] = reversed(rows[0])
    for row in rows[1:]:
        total = map(add, total, reversed(row))
    longer = [*accumulate(total)]
    longer.pop()
    return longer


class Lent(NamedTuple):
    """Silences that are borrowed: the weight of those longer than each point, the last point first; and summed up."""

    longer: list[float]
    waited: float

    @classmethod
    def of(cls, pooled: Sequence[float], waited: float, share: float) -> Lent:
        """This share of all situations' silences, and of what they sum up to."""
        return cls([*map(share.__mul__, pooled)], share * waited)


def _own(row: Sequence[float], lent: Lent, n: float, points: int, least: float) -> Hull:
    """The hull of a situation's own silences, by ``passed``, and of those that it borrows."""
    mass = sum(row) + lent.longer[_LAST]
    if mass >= TAIL_FROM:
        return _hull([*map(add, accumulate(reversed(row)), lent.longer)], n, points, least)
    after = _tail(0, mass, sum(map(mul, row, _BEYOND_LEAST)) + lent.waited, n, points, least)
    return Hull([*map(mul, map(sub, after[1:], after), _PER_WINDOW)], after, _ALL)


def _hull(longer: Sequence[float], n: float, points: int, least: float) -> Hull:
    """The hull of S up to the cap, from the weight of the silences longer than each point, the last point first.

    Where silences are few, S has an exponential tail. It ends where no step can be worth the least price.
    """
    few = max(_LAST - bisect_left(longer, TAIL_FROM), 0)
    slopes: list[float] = []
    corners, heights = [0], [longer[_LAST] / n]
    for j in range(1, min(few + 1, points)):
        s = longer[_LAST - j] / n
        if s < heights[-1]:
            _extend(corners, heights, slopes, j, s)
    if few + 1 >= points:
        return Hull(slopes, heights, corners)
    after = _tail(few, longer[_LAST - few], sum(map(mul, longer, _STEPS_DOWN[few])), n, points, least)
    for j in range(few + 1, few + len(after)):
        _extend(corners, heights, slopes, j, after[j - few])
        if corners[-2] >= few:  # from here on convex, as the tail itself is
            slopes += map(mul, map(sub, after[j - few + 1 :], after[j - few :]), _PER_WINDOW[j:])
            heights += after[j - few + 1 :]
            corners += range(j + 1, few + len(after))
            break
    return Hull(slopes, heights, corners)


def _tail(few: int, mass: float, waited: float, n: float, points: int, least: float) -> list[float]:
    """S from the point ``few`` on: an exponential.

    Args:
        few: So far what was seen speaks for itself.
        mass: Weight of the silences that are longer.
        waited: By how many windows, summed up.
        n: Weight of the active windows.
        points: The cap.
        least: Where no step can be worth this price, it ends.
    """
    excess, s = max((waited + TAIL_EXCESS_WINDOWS * TAIL_WEIGHT) / (mass + TAIL_WEIGHT), 1.0), mass / n
    within = excess * log(max(s / (excess * least), 1.0))
    end = min(points, _BEYOND[min(int(GRID[few] + within), MOST_WINDOWS)])
    one = exp(-1 / excess)
    two = one * one
    three = two * one
    six = three * three
    twelve = six * six
    day = twelve * twelve
    stays = {2: two, 3: three, 6: six, 12: twelve, 24: day, 48: day * day}
    return [*accumulate(map(stays.__getitem__, _STEPS[few : end - 1]), mul, initial=s)]


def _extend(corners: list[int], heights: list[float], slopes: list[float], j: int, s: float) -> None:
    """One more point; corners that it leaves above the hull are dropped."""
    while True:
        slope = (s - heights[-1]) / (GRID[j] - GRID[corners[-1]])
        if not slopes or slope > slopes[-1]:
            break
        corners.pop()
        heights.pop()
        slopes.pop()
    corners.append(j)
    heights.append(s)
    slopes.append(slope)


_LOOKS = 4


def _sweep(
    hulls: Sequence[Hull], heft: Sequence[float], budget_per_week: float, bounds: Bounds
) -> tuple[list[int], float, float]:
    """Steps taken on each hull, expected false calls a week, and the price at which the budget is met.

    Steps are taken in the order of what they save for each minute. A few looks from afar say between which prices the
    last of them lies; only these are put in order.
    """
    most, least = bounds.most, bounds.least
    slopes, heights = [hull.slopes for hull in hulls], [hull.heights for hull in hulls]
    taken = [*map(bisect_left, slopes, repeat(-most))]  # in any case, in whatever order
    expected = _expected(heights, heft, taken)
    if expected <= budget_per_week:
        return taken, expected, most
    for _ in range(_LOOKS):
        middle = sqrt(most * least)
        further = [*map(bisect_left, slopes, repeat(-middle))]
        then = _expected(heights, heft, further)
        if then > budget_per_week:
            most, taken, expected = middle, further, then
        else:
            least = middle
    price, worth = most, []
    for i, end in enumerate(map(bisect_right, slopes, repeat(-least))):
        if taken[i] < end:
            worth += [(slopes[i][step], -i, step) for step in range(taken[i], end)]
    for slope, i, step in sorted(worth):
        if expected <= budget_per_week:
            break
        price, before, after = -slope, *heights[-i][step : step + 2]
        expected -= heft[-i] * (before - after)
        taken[-i] = step + 1
    if price == most < bounds.most:  # every step is taken: the last one
        price = min((-at[steps - 1] for at, steps in zip(slopes, taken, strict=True) if steps), default=bounds.most)
    return taken, max(expected, 0.0), price


def _expected(heights: Sequence[Sequence[float]], heft: Sequence[float], taken: Sequence[int]) -> float:
    expected: float = sum(map(mul, heft, map(getitem, heights, taken)))
    return expected
