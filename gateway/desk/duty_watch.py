"""Looks ahead for hours in which nobody could be called, and remembers what is wrong with stored plans."""

from __future__ import annotations

from datetime import timedelta

from alerting.duty.chain import CoverGap, no_cover
from gateway.clock import Clock
from gateway.writing.judge import Judge

AHEAD = timedelta(hours=24)
LOOKS_AGAIN = timedelta(minutes=1)


class DutyWatch:
    """What has to be said of duty before it matters.

    Args:
        judge: Holds plans and roster in force.
        clock: Service time.
        wrong: Why stored plans or roster could not be used as they were at the start.
    """

    def __init__(self, judge: Judge, clock: Clock, wrong: tuple[str, ...]) -> None:
        """Nothing is looked at yet."""
        self._judge = judge
        self._clock = clock
        self._wrong = wrong
        self._wrong_with = judge.policy.editions.plans_number, judge.policy.editions.roster_number
        self._until = clock.now()
        self._number = -1
        self._gaps: tuple[CoverGap, ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is wrong with plans and roster; until either is saved anew."""
        editions = self._judge.policy.editions
        return self._wrong if self._wrong_with == (editions.plans_number, editions.roster_number) else ()

    def gaps(self) -> tuple[CoverGap, ...]:
        """Where nobody can be called within the next 24 hours; looked up once a minute, and for every edition."""
        now, editions = self._clock.now(), self._judge.policy.editions
        if now >= self._until or editions.number != self._number:
            self._gaps = no_cover(editions, now, now + AHEAD)
            self._until, self._number = now + LOOKS_AGAIN, editions.number
        return self._gaps
