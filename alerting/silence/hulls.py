"""The lower convex hulls of what silences are like: at each price of waiting its limit is a corner of them.

S(T), the share of active windows that were followed by a silence longer than T, is counted as far as there are
silences enough; beyond it is an exponential. An exponential is convex: all its points are corners.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise, repeat
from math import exp, inf, log
from operator import add, getitem, itemgetter, mul, sub
from typing import NamedTuple

from alerting.silence.grid import GRID, MOST_WINDOWS, PASSED, POINTS

TAIL_FROM = 6.0
"""Below so many effective silences the tail is exponential …"""
TAIL_EXCESS_WINDOWS, TAIL_WEIGHT = 6.0, 6.0
"""… with a mean excess shrunk to half an hour by the weight of so many silences."""

STEPS = (*(float(b - a) for a, b in pairwise(GRID)), 24.0)
_STEPS_DOWN = tuple(STEPS[: few - 1 if few else None : -1] for few in range(POINTS))
"""By point: the steps from the last one back to it."""
_BEYOND_LEAST = (0.0, *accumulate(STEPS))
"""By ``passed``: how many windows of a silence lie beyond the least limit, as the steps count them."""
_PER_WINDOW = tuple(1.0 / step for step in STEPS)
_LENGTHS = sorted(set(STEPS))
_EACH_STEP = tuple(itemgetter(*map(_LENGTHS.index, STEPS[few:]), 0) for few in range(POINTS))
"""By point: of a tuple by ``_LENGTHS``, what belongs to each step from there on."""
_LAST = POINTS - 1
_BEYOND = tuple(min(bisect_right(GRID, at) + 1, POINTS) for at in range(MOST_WINDOWS + 1))
"""By a wait in windows: so many points to look at, so that every step that begins by then is among them."""
_REACHED = tuple(max(bisect_right(GRID, at) - 1, 0) for at in range(MOST_WINDOWS + 1))
"""By a wait in windows: the last point that is not beyond it."""
_LIMITS_DOWN = tuple(map(float, reversed(GRID)))
_POINTS_FROM = tuple(range(first, POINTS) for first in range(POINTS))
_LIMITS_FROM = tuple(tuple(map(float, GRID[first:])) for first in range(POINTS))
_MARGIN, _CLEARLY = 1.01, 1 + 1e-9
"""Rounding decides nothing: so much steeper is what is left out, and so much better what it is left out for."""
assert _LENGTHS == [2, 3, 6, 12, 24, 48], "each is the product of shorter ones"


class Lent(NamedTuple):
    """Silences of all situations at a time of day, of which each borrows.

    Attributes:
        longer: Weight of those longer than each point, the last point first.
        waited: By how many windows they are longer than the least limit, summed up.
        bare: Before so many of ``longer`` there is no silence, in no situation.
    """

    longer: list[float]
    waited: float
    bare: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]]) -> Lent:
        """Of these situations' silences by ``passed`` of their length; those without any may be left out."""
        if not rows:
            return cls([0.0] * POINTS, 0.0, POINTS)
        total: Iterable[float] = reversed(rows[0])
        for row in rows[1:]:
            total = map(add, total, reversed(row))
        longer = [*accumulate(total)]
        longer.pop()
        return cls(longer, sum(map(mul, longer, _STEPS_DOWN[0])), bisect_right(longer, 0.0))


class Hulls:
    """Lower convex hulls of curves S, corner by corner, the shortest wait first; by hull.

    Args:
        least: Where no step can be worth this price, a hull ends.
        steepest: What lies before all limits of this price may be left out. ``inf``: nothing is.

    Attributes:
        slopes: Of the step after each corner, for a window of waiting: negative, rising; of the last corner none.
        heights: S.
        points: Of the grid, at least as many.
        limits: The same in windows.
    """

    __slots__ = ("_apart", "_least", "heights", "limits", "points", "slopes", "steepest")

    def __init__(self, least: float, steepest: float = inf) -> None:
        """No hull yet."""
        self._least, self.steepest = least, steepest
        self._apart = log(_MARGIN * steepest / least)
        self.slopes = list[list[float]]()
        self.heights = list[list[float]]()
        self.points = list[Sequence[int]]()
        self.limits = list[Sequence[float]]()

    def add_tail(self, own: float, row: Sequence[float], lent: Lent, share: float, n: float, points: int) -> None:
        """A situation with hardly a silence.

        Args:
            own: Weight of its silences.
            row: The same by ``passed`` of their length.
            lent: Of which it borrows.
            share: So much.
            n: Weight of the active windows.
            points: The cap: so many points of the grid may be chosen from.
        """
        waited = share * lent.waited
        if own:
            waited += sum(map(mul, row[: PASSED - lent.bare], _BEYOND_LEAST))
        s, stays, first = self._tail(0, own + share * lent.longer[-1], waited, n, points)
        for stay in stays[:first]:
            s *= stay
        self._add_convex(first, s, stays[first:])

    def add(self, row: Sequence[float], lent: Lent, share: float, n: float, points: int) -> None:
        """A situation with silences enough; as for ``add_tail``."""
        bare = lent.bare
        owned = accumulate(row[POINTS - bare : 0 : -1])
        longer = [own + share * borrowed for own, borrowed in zip(owned, lent.longer[bare:], strict=True)]
        few = max(_LAST - bare - bisect_left(longer, TAIL_FROM), 0)
        if few + 1 >= points:
            self._add_corners([0.0] * bare + longer, n, points - 1, few, [])
            return
        waited = sum(map(mul, longer, _STEPS_DOWN[few][bare:]))
        mass = longer[_LAST - bare - few] if longer else 0.0
        begins, stays, first = self._tail(few, mass, waited, n, points)
        if first:
            before = begins
            for stay in stays[: first - 1]:
                before *= stay
            s, at = before * stays[first - 1], few + first - 1
            price = (before - s) * _PER_WINDOW[at]
            # nothing before the tail has a smaller S than its begin, or a shorter wait than the least
            if begins + price * GRID[0] > before + price * GRID[at] or (
                _least_cost(longer, n, _LAST - bare - few, bare, price) > (before + price * GRID[at]) * _CLEARLY
            ):
                self._add_convex(few + first, s, stays[first:])
                return
        self._add_corners([0.0] * bare + longer, n, few, few, [*accumulate((begins, *stays), mul)])

    def _tail(
        self, few: int, mass: float, waited: float, n: float, points: int
    ) -> tuple[float, tuple[float, ...], int]:
        """S at the point ``few``, what of it each step leaves, and how many steps may be left out: an exponential.

        Args:
            few: So far what was seen speaks for itself.
            mass: Weight of the silences that are longer.
            waited: By how many windows, summed up.
            n: Weight of the active windows.
            points: The cap.
        """
        excess, s = (waited + TAIL_EXCESS_WINDOWS * TAIL_WEIGHT) / (mass + TAIL_WEIGHT), mass / n
        excess = max(excess, 1.0)
        falls, start = s / (excess * self._least), GRID[few]
        falls = log(falls) if falls > 1.0 else 0.0
        reach = int(start + excess * falls)
        end = _BEYOND[reach] if reach < MOST_WINDOWS else POINTS
        one = exp(-1 / excess)
        two = one * one
        three = two * one
        six = three * three
        twelve = six * six
        day = twelve * twelve
        steps = (min(points, end)) - few - 1
        stays = _EACH_STEP[few]((two, three, six, twelve, day, day * day))[:steps]
        if falls <= self._apart:
            return s, stays, 0
        reach = int(start + excess * (falls - self._apart))
        first = (_REACHED[reach] if reach < MOST_WINDOWS else _LAST) - few
        return s, stays, min(steps, first)

    def _add_convex(self, at: int, s: float, stays: Sequence[float]) -> None:
        heights = [s]
        for stay in stays:
            s *= stay
            heights.append(s)
        self.slopes.append([*map(mul, map(sub, heights[1:], heights), _PER_WINDOW[at:])])
        self.heights.append(heights)
        self.points.append(_POINTS_FROM[at])
        self.limits.append(_LIMITS_FROM[at])

    def _add_corners(self, longer: Sequence[float], n: float, last: int, few: int, after: Sequence[float]) -> None:
        """Corners up to the point ``last`` of what was counted, and of the tail."""
        slopes: list[float] = []
        corners, heights = [0], [longer[_LAST] / n]
        for j in range(1, last + 1):
            s = longer[_LAST - j] / n
            if s < heights[-1]:
                _extend(corners, heights, slopes, j, s)
        for j in range(few + 1, few + len(after)):
            _extend(corners, heights, slopes, j, after[j - few])
            if corners[-2] >= few:  # from here on convex, as the tail itself is
                slopes += map(mul, map(sub, after[j - few + 1 :], after[j - few :]), _PER_WINDOW[j:])
                heights += after[j - few + 1 :]
                corners += range(j + 1, few + len(after))
                break
        self.slopes.append(slopes)
        self.heights.append(heights)
        self.points.append(corners)
        self.limits.append([*map(getitem, repeat(_LIMITS_FROM[0]), corners)])


def _least_cost(longer: Sequence[float], n: float, first: int, bare: int, price: float) -> float:
    """The least of S and the price of waiting, of all points before the tail."""
    waits = _LIMITS_DOWN[first + bare :]
    return min([weight / n + price * wait for weight, wait in zip(longer[first:], waits, strict=True)])


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
