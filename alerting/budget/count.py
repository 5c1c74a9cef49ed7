"""Homes as the city counts them: sums by tier of what each home's past leads it to expect."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from alerting.silence.curve import LADDER, Curve
from alerting.silence.rhythm import Rhythm

NOTHING = (0,) * len(LADDER)


class Count(msgspec.Struct, frozen=True, array_like=True):
    """The homes of one tier.

    Attributes:
        homes: How many could raise an alarm for inactivity.
        known: How many of them have limits from their own life.
        expected: By price of ``curve.LADDER``: false alarms a week of those that are known, ``curve.PER_WEEK`` are one.
        limit_min: By price: their mean limits, minutes, summed.
        in_force: False alarms a week with the limits in force, of those that are known, as above.
        mean_min: Their mean limits in force, minutes, summed.
        foreseen: False alarms that those of more than four weeks had been led to expect, faded.
        came: False alarms that came to them, faded.
        own: How many of ``homes`` have a number of their own; no price changes anything there, and no other field
            but the last two of faded sums has anything of them.
        own_per_week: Sum of their numbers.
        own_in_force: As ``in_force``, of them.
    """

    homes: int = 0
    known: int = 0
    expected: tuple[int, ...] = NOTHING
    limit_min: tuple[int, ...] = NOTHING
    in_force: int = 0
    mean_min: int = 0
    foreseen: float = 0.0
    came: float = 0.0
    own: int = 0
    own_per_week: float = 0.0
    own_in_force: int = 0


LIVED_DAYS = 28
"""What came of what was expected says something from so many days on."""


class Counting:
    """Sums up homes, one by one."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.homes = self.known = self.own = self._own_in_force = 0
        self.own_per_week = 0.0
        self._curves: list[Curve] = []
        self._foreseen = self._came = 0.0

    def add(self, rhythm: Rhythm, own_per_week: float = 0.0) -> None:
        """One more home, with a number of its own or without one."""
        self.homes += 1
        self.own += own_per_week > 0
        self.own_per_week += own_per_week
        if rhythm.waits is None or not rhythm.waits.curve.expected:
            return
        if own_per_week:
            self._own_in_force += rhythm.waits.curve.in_force
        else:
            self.known += 1
            self._curves.append(rhythm.waits.curve)
        if rhythm.days >= LIVED_DAYS:
            self._foreseen += rhythm.expected
            self._came += rhythm.spent

    def count(self) -> Count:
        """The sums."""
        return Count(
            homes=self.homes,
            known=self.known,
            expected=_summed(curve.expected for curve in self._curves),
            limit_min=_summed(curve.limit_min for curve in self._curves),
            in_force=sum(curve.in_force for curve in self._curves),
            mean_min=sum(curve.mean_min for curve in self._curves),
            foreseen=round(self._foreseen, 6),
            came=round(self._came, 6),
            own=self.own,
            own_per_week=round(self.own_per_week, 6),
            own_in_force=self._own_in_force,
        )


def _summed(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) or NOTHING
