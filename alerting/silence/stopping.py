"""How long to wait: optimal stopping with a price.

For each situation in which a silence can begin (local time, place, busy) S(T) is the share of active windows
that were followed by a silence longer than T. Waiting costs the person who lies there; stopping costs a false call.
With one price λ of waiting for all situations, T* = argmin λ·T + S(T) gives the least delay that a number of false
calls can buy. λ is found in one sweep: the steps by which any limit can become longer are taken in the order of what
they save for each minute, until what is expected fits the budget.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import repeat
from math import inf, sqrt
from operator import getitem, mul

import msgspec

from alerting.silence.curve import LADDER, Curve, curve
from alerting.silence.day import CONTEXTS, WINDOWS
from alerting.silence.grid import PASSED, POINTS
from alerting.silence.hulls import TAIL_FROM, Hulls, Lent
from alerting.silence.places import BRIEF

SLOT_WINDOWS = 9
SLOTS = WINDOWS // SLOT_WINDOWS
"""32 slots of three quarters of an hour."""
ROWS = CONTEXTS * SLOTS

_AROUND = (0.135, 0.607, 1.0, 0.607, 0.135)
_SCALE = sum(_AROUND) / sum(k * k for k in _AROUND)
KERNEL = tuple(k * _SCALE for k in _AROUND)
"""Neighbouring slots speak for each other; scaled so that a smoothed count is an effective sample size."""

ABOUT_SLOTS = len(KERNEL) // 2
NEAR = tuple(tuple((slot + step) % SLOTS for step in range(-ABOUT_SLOTS, ABOUT_SLOTS + 1)) for slot in range(SLOTS))
"""By slot: those it speaks for, itself among them, in the order of ``KERNEL``."""
NEAR_ROWS = tuple(tuple(row - row % SLOTS + near for near in NEAR[row % SLOTS]) for row in range(ROWS))
"""By row: the rows of the same situation that it speaks for, in the order of ``KERNEL``."""

_BRIEF_ROWS, _NONE = BRIEF * SLOTS, (0.0,) * PASSED
DAYS_A_WEEK = 7
_OFTEN = 9
"""At this price of the ladder most homes have more false calls than they are planned to have: higher ones are hardly
ever looked at."""
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
    weeks = max(weeks, 1 / DAYS_A_WEEK)
    home = _Home(counts, ended, weeks, cap_points)
    steepest = max(bounds.most, LADDER[_OFTEN] / priced.hope if priced is not None else 0.0)
    waits = home.waits(steepest, budget_per_week, bounds, priced) or home.waits(inf, budget_per_week, bounds, priced)
    assert waits is not None, "nothing is left out of whole hulls"
    usual = bytes(POINTS - bisect_left(points, weeks * _SCALE) for points, _, _ in home.pooled)
    return msgspec.structs.replace(waits, usual=usual)


class _Home:
    """What is known of a home's situations."""

    def __init__(
        self, counts: Sequence[float], ended: Sequence[Sequence[float]], weeks: float, cap_points: Sequence[int]
    ) -> None:
        self._counts, self._ended, self._weeks, self._caps = counts, ended, weeks, cap_points
        self._around, self._mass = _smoothed(counts), [*map(sum, ended)]
        self._pooled_n: list[float] = [sum(self._around[slot::SLOTS]) for slot in range(SLOTS)]
        some = [row if mass else None for row, mass in zip(ended, self._mass, strict=True)]
        self.pooled = [Lent.of([*filter(None, some[slot::SLOTS])]) for slot in range(SLOTS)]
        self._lend = min(LEND_MOST, LEND_WINDOWS * _SCALE / max(sum(self._pooled_n), 1.0))

    def waits(self, steepest: float, budget_per_week: float, bounds: Bounds, priced: Priced | None) -> Waits | None:
        """What is chosen; None when a higher price than ``steepest`` had to be looked at."""
        least = min(bounds.least, LADDER[0] / priced.hope) if priced is not None else bounds.least
        hulls = Hulls(least, steepest)
        heft, hull_of = self._add_all(hulls)
        return _waits(hulls, hull_of, heft, budget_per_week, bounds, priced)

    def _add_all(self, hulls: Hulls) -> tuple[list[float], list[int]]:
        """Active windows a week of each hull, and the hull of each row."""
        weeks, ended, caps = self._weeks, self._ended, self._caps
        others = [self._lend * n for n in self._pooled_n]
        heft: list[float] = []
        hull_of: list[int] = []
        of_pool: dict[int, int] = {}
        for row, (n, mass, count) in enumerate(zip(self._around, self._mass, self._counts, strict=True)):
            slot = row % SLOTS
            if n >= OWN_FROM:
                lent, share = self.pooled[slot], self._lend if row < _BRIEF_ROWS else self._lend * BRIEF_LENT
                if mass + share * lent.longer[-1] >= TAIL_FROM:
                    hulls.add(ended[row], lent, share, n + others[slot], caps[slot])
                else:
                    hulls.add_tail(mass, ended[row], lent, share, n + others[slot], caps[slot])
            elif slot not in of_pool:  # too rare for a curve of its own
                of_pool[slot] = len(heft)
                hulls.add(_NONE, self.pooled[slot], 1.0, max(self._pooled_n[slot], 1e-9), caps[slot])
            else:
                hull_of.append(of_pool[slot])
                heft[of_pool[slot]] += count / weeks
                continue
            hull_of.append(len(heft))
            heft.append(count / weeks)
        return heft, hull_of


def _waits(
    hulls: Hulls,
    hull_of: Sequence[int],
    heft: Sequence[float],
    budget_per_week: float,
    bounds: Bounds,
    priced: Priced | None,
) -> Waits | None:
    """What is chosen, and beside it when the home itself is asked, and what other prices would come to.

    None when the hulls do not reach as far.
    """
    found = _sweep(hulls, heft, budget_per_week, bounds)
    if found is None:
        return None
    taken, expected, price = found
    waits = Waits(_points(hulls, hull_of, taken), b"", expected_per_week=expected, price=price)
    if priced is None:
        return waits
    told = curve(hulls, heft, taken, priced.hope, priced.most_per_week)
    if told is None:
        return None
    if not priced.asks:
        return msgspec.structs.replace(waits, curve=told)
    within = priced.prompts_per_week / priced.hope
    sooner = _sweep(hulls, heft, within, Bounds(price, price / priced.prompt_share))
    if sooner is None:
        return None
    called = b""
    if (unanswered := max(priced.unanswered, priced.prompt_share)) < 1:
        most = min(budget_per_week / unanswered, within)
        once_asked = _sweep(hulls, heft, most, Bounds(price, price / unanswered))
        if once_asked is None:
            return None
        called = _points(hulls, hull_of, once_asked[0])
    return msgspec.structs.replace(
        waits,
        soft=_points(hulls, hull_of, sooner[0]),
        asked=called,
        curve=told,
    )


def _points(hulls: Hulls, hull_of: Sequence[int], taken: Sequence[int]) -> bytes:
    at = [*map(getitem, hulls.points, taken)]
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


_LOOKS = 4


def _sweep(
    hulls: Hulls, heft: Sequence[float], budget_per_week: float, bounds: Bounds
) -> tuple[list[int], float, float] | None:
    """Steps taken on each hull, expected false calls a week, and the price at which the budget is met.

    Steps are taken in the order of what they save for each minute. A few looks from afar say between which prices the
    last of them lies; only these are put in order. None when the hulls do not reach as far.
    """
    taken, expected, most, least = _from_afar(hulls, heft, budget_per_week, bounds)
    if most > hulls.steepest:
        return None
    slopes, heights = hulls.slopes, hulls.heights
    if expected <= budget_per_week:
        return taken, expected, most
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
        price = min((-at[steps - 1] for at, steps in zip(slopes, taken, strict=True) if steps), default=inf)
        if price > hulls.steepest:  # that step was left out
            return None
        price = bounds.most if price == inf else price
    return taken, max(expected, 0.0), price


def _from_afar(
    hulls: Hulls, heft: Sequence[float], budget_per_week: float, bounds: Bounds
) -> tuple[list[int], float, float, float]:
    """Steps taken in any case, in whatever order; what is expected then; between which prices the rest are worth it."""
    most, least, steepest = bounds.most, bounds.least, hulls.steepest
    slopes, heights = hulls.slopes, hulls.heights
    taken = [*map(bisect_left, slopes, repeat(-min(most, steepest)))]
    expected = _expected(heights, heft, taken)
    if expected <= budget_per_week:
        return taken, expected, most, least
    for _ in range(_LOOKS):
        middle = sqrt(most * least)
        if middle > steepest:  # there it is even more
            most = middle
            continue
        further = [*map(bisect_left, slopes, repeat(-middle))]
        then = _expected(heights, heft, further)
        if then > budget_per_week:
            most, taken, expected = middle, further, then
        else:
            least = middle
    return taken, expected, most, least


def _expected(heights: Sequence[Sequence[float]], heft: Sequence[float], taken: Sequence[int]) -> float:
    expected: float = sum(map(mul, heft, map(getitem, heights, taken)))
    return expected
