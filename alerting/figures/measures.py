"""The figures of the service: what is measured, against which target, and which incidents each of them counts.

Targets: TSA (answered within 60 s and 180 s; at the door within 45 min, all within 60; inside 5 min later); the field
figures are in docs/figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

import msgspec

from alerting.figures.course import Course

MINUTE = 60
FLOOD = 10
"""More alarms than this within ten minutes are a flood (ISA-18.2), until fewer than five come in ten."""
CALM = 5
WINDOW = timedelta(minutes=10)


class Measure(StrEnum):
    """One figure."""

    ANSWERED_60 = "answered_60"
    ANSWERED_180 = "answered_180"
    ACCEPTED = "accepted"
    """From the decision to somebody's word that they go: within two minutes."""
    THERE_45 = "there_45"
    THERE_60 = "there_60"
    INSIDE = "inside"
    """From the door to inside: within five minutes."""
    FALSE = "false"
    """Nobody had needed help: of all that are closed."""
    WASTED = "wasted"
    """Somebody was at the door, and nobody had needed help."""


class Target(msgspec.Struct, frozen=True):
    """What a measure counts.

    Attributes:
        share: What is wanted of it; None: no target, it is only watched.
        since: Where a time is measured, its beginning; None: not of this incident.
        until: Its end; None: it has not come to that.
        within_s: Met when it took no longer.
        counts: Where outcomes are counted, which incidents are looked at.
        met: Which of those count.
    """

    share: float | None = None
    since: Callable[[Course], datetime | None] | None = None
    until: Callable[[Course], datetime | None] = lambda _course: None
    within_s: int = 0
    counts: Callable[[Course], bool] = lambda _course: False
    met: Callable[[Course], bool] = lambda course: course.was_false


def _rang(it: Course) -> datetime | None:
    return it.rang_at if it.waits else None


def _answered(it: Course) -> datetime | None:
    return it.answered_at


def _decided(it: Course) -> datetime | None:
    return it.decided_at


def _there(it: Course) -> datetime | None:
    return it.there_at


def _is_closed(it: Course) -> bool:
    return it.outcome is not None


TARGETS: dict[Measure, Target] = {
    Measure.ANSWERED_60: Target(0.975, _rang, _answered, 60),
    Measure.ANSWERED_180: Target(0.99, _rang, _answered, 180),
    Measure.ACCEPTED: Target(None, _decided, lambda it: it.accepted_at, 2 * MINUTE),
    Measure.THERE_45: Target(0.9, _decided, _there, 45 * MINUTE),
    Measure.THERE_60: Target(1.0, _decided, _there, 60 * MINUTE),
    Measure.INSIDE: Target(None, lambda it: it.there_at if it.inside_at else None, lambda it: it.inside_at, 5 * MINUTE),
    Measure.FALSE: Target(counts=_is_closed),
    Measure.WASTED: Target(counts=lambda it: it.there_at is not None and _is_closed(it)),
}


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, with the incidents behind it.

    Attributes:
        of: Ids of those that are counted.
        met: Of those who met it, or of whom it is true.
        median_s: Of the times that were measured, seconds; None: none was.
        p90_s: So long at most for nine of ten.
    """

    of: tuple[str, ...]
    met: tuple[str, ...]
    median_s: float | None = None
    p90_s: float | None = None

    @property
    def share(self) -> float | None:
        """The part that met it; None where none is counted."""
        return len(self.met) / len(self.of) if self.of else None

    @property
    def missed(self) -> tuple[str, ...]:
        """Those that did not."""
        met = frozenset(self.met)
        return tuple(it for it in self.of if it not in met)


def figures(courses: Iterable[Course], now: datetime) -> dict[Measure, Figure]:
    """Every figure of these incidents; tests and drills are left out.

    What has not come to its end counts as not met once its time is over: an alarm that nobody has answered is the worst
    of all, and must not be missing. Where it was called off before, or its time is not over, it is not counted.
    """
    real = [it for it in courses if not it.is_drill]
    return {measure: _figure(real, target, now) for measure, target in TARGETS.items()}


def _figure(courses: Sequence[Course], target: Target, now: datetime) -> Figure:
    if target.since is None:
        counted = [it for it in courses if target.counts(it)]
        met = tuple(it.incident for it in counted if target.met(it))
        return Figure(of=tuple(it.incident for it in counted), met=met)
    within, took = timedelta(seconds=target.within_s), dict[str, timedelta | None]()
    for it in courses:
        since, until = target.since(it), target.until(it)
        if since is not None and (until is not None or min(now, it.closed_at or now) - since > within):
            took[it.incident] = until - since if until is not None else None
    times = sorted(time.total_seconds() for time in took.values() if time is not None)
    return Figure(
        of=tuple(took),
        met=tuple(id_ for id_, time in took.items() if time is not None and time <= within),
        median_s=_part(times, 0.5),
        p90_s=_part(times, 0.9),
    )


def _part(times: Sequence[float], share: float) -> float | None:
    """The time within which this share of them lies (nearest rank); None of none."""
    return times[max(0, ceil(share * len(times)) - 1)] if times else None


class Flooding(msgspec.Struct, frozen=True):
    """A time in which more came than the desk could carry, and how many."""

    since: datetime
    until: datetime
    alarms: int


def floods(rang: Iterable[datetime]) -> list[Flooding]:
    """The floods among alarms: more than ten in ten minutes, until fewer than five come in ten (ISA-18.2)."""
    found: list[Flooding] = []
    moments, first, begun = sorted(rang), 0, -1
    for n, at in enumerate(moments):
        while at - moments[first] >= WINDOW:
            first += 1
        within = n - first + 1
        if begun < 0 and within > FLOOD:
            begun = first
        elif begun >= 0 and within < CALM:
            found.append(Flooding(moments[begun], moments[n - 1] + WINDOW, n - begun))
            begun = -1
    if begun >= 0:
        found.append(Flooding(moments[begun], moments[-1] + WINDOW, len(moments) - begun))
    return found
