"""``nuanhu evaluate``: detection quality on one home's log, and the same of the reference rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.day import WINDOWS
from alerting.silence.prior import HOMES
from nuanhu.errors import UsageError
from nuanhu.evaluate.asked import AskedHome
from nuanhu.evaluate.plot import draw
from nuanhu.evaluate.reference import RULES, OwnPast
from nuanhu.evaluate.score import Delay, Grid, Score, grid_of, passed, quantile, score
from nuanhu.evaluate.walk import Walked, walk
from nuanhu.home_log import SORT_WITHIN, LogError, LogEvent, in_order, read_home_log

TRAIN_DAYS, SHORT_TRAIN_DAYS, SHORT_LOG_DAYS = 28, 14, 42


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for at the command line; ``train_days`` 0 = by the length of the log."""

    files: tuple[Path, ...]
    target: float = 0.23
    train_days: int = 0
    from_week: int = 1
    leave_out: tuple[str, ...] = ()
    compare: bool = False
    outside_doors: frozenset[str] = frozenset()
    plot: Path | None = None
    answers: float | None = None


class Answers(msgspec.Struct, frozen=True):
    """What was assumed of a home whose device asks: the share that is answered; and how often it would have asked."""

    answers: float
    questions_per_week: float


class Rule(msgspec.Struct, frozen=True):
    """One rule's figures; ``at_our_rate_h``: its mean delay where its target is set so that it has as few false alerts.

    ``at_our_rate_h`` is null where no target does.
    """

    rule: str
    false_per_week: float
    low_activity_incidents: int
    delay_h: Delay
    at_our_rate_h: float | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    home: str
    target_per_week: float
    days: int
    weeks_scored: float
    false: int
    false_per_week: float
    low_activity_incidents: int
    delay_h: Delay
    fixed_at_this_rate_h: float
    policy: dict[str, Any]
    rows: int
    events_s: float
    refits: int
    refits_s: float
    refit_ms: float
    learned_bytes: int
    hot_bytes: int
    expected_per_week: float
    compared: list[Rule] | msgspec.UnsetType = msgspec.UNSET
    asked: Answers | msgspec.UnsetType = msgspec.UNSET


def evaluate(asked: Asked, processor_s: Callable[[], float], tell: Callable[[str], None]) -> Report:
    """Measure; raises ``UsageError`` when the log cannot be read or leaves nothing to be scored."""
    unknown = set(asked.leave_out) - set(HOMES)
    if unknown:
        raise UsageError(f"--leave-out {', '.join(sorted(unknown))}: the prior has {', '.join(HOMES)}")
    policy = Policy(utc_offset_s=0, false_per_week=asked.target, prior_without=frozenset(asked.leave_out))
    began_s = processor_s()
    rows = _Counted()
    home = None if asked.answers is None else AskedHome(asked.answers, RiskTier.CARE, policy)
    try:
        events = rows.through(read_parts(asked.files, asked.outside_doors, rows.line))
        walked = walk(events, policy, processor_s, asked=home)
    except (LogError, OSError) as wrong:
        raise UsageError(str(wrong)) from None
    took_s = processor_s() - began_s
    if not walked.windows:
        raise UsageError(f"{asked.files[0].name}: nobody moves in this log")
    grid = grid_of(walked.windows, walked.doors, rows.last_window(walked))
    first_day = _first_day(asked, grid)
    found = score(grid, walked.limits_s, walked.alarms, first_day)
    if found is None:
        raise UsageError(f"{asked.files[0].name}: {grid.days} days leave nothing to be scored after {first_day}")
    report = _report(asked, policy, grid, walked, found, first_day)
    report = msgspec.structs.replace(
        report, rows=rows.lines, events_s=round(rows.lines / max(took_s - walked.refits_s, 1e-9))
    )
    if home is not None:
        often = Answers(home.share, round(7 * home.questions / grid.days, 2))
        report = msgspec.structs.replace(report, asked=often)
    limits: dict[str, Sequence[float]] = {"this home's rhythm": walked.limits_s}
    if asked.compare:
        pasts = _reference_pasts(asked, grid, first_day, tell)
        limits |= {name: past.limits_s(asked.target) for name, past in pasts.items()}
        compared = [_compared(name, past, grid, limits[name], found.false, first_day) for name, past in pasts.items()]
        report = msgspec.structs.replace(report, compared=compared)
    if asked.plot is not None:
        title = f"{report.home}, {report.weeks_scored:g} weeks, {asked.target:g} false alerts a week wanted"
        asked.plot.write_text(draw(grid, limits, first_day, title), encoding="utf-8")
    return report


def read_parts(
    files: Sequence[Path], outside_doors: frozenset[str], count: Callable[[], None] = lambda: None
) -> Iterator[LogEvent]:
    """The active moments of one home's log in several files, in order.

    Raises:
        LogError: A file is not there, cannot be read, or overlaps another one by more than about a day.
    """
    parts = []
    for file in files:
        if not file.exists():
            raise LogError(f"{file}: there is no such file")
        events = read_home_log(file, outside_doors=outside_doors, count=count)
        first = next(events, None)
        if first is not None:
            parts.append((first.at_local, file.name, chain([first], events)))
    parts.sort(key=lambda part: part[:2])
    return in_order(_joined(parts)) if len(parts) > 1 else chain.from_iterable(events for _, _, events in parts)


def _joined(parts: Sequence[tuple[datetime, str, Iterable[LogEvent]]]) -> Iterator[LogEvent]:
    until, before = None, ""
    for first, name, events in parts:
        if until is not None and until - first > SORT_WITHIN:
            raise LogError(f"{name} begins at {first}, but {before} goes on until {until}: they overlap")
        for event in events:
            until = event.at_local if until is None else max(until, event.at_local)
            yield event
        before = name


class _Counted:
    """Counts lines, and remembers the last moment."""

    def __init__(self) -> None:
        self.lines = 0
        self._last: LogEvent | None = None
        self._first: LogEvent | None = None

    def line(self) -> None:
        self.lines += 1

    def through(self, events: Iterator[LogEvent]) -> Iterator[LogEvent]:
        event = None
        for event in events:
            if self._first is None:
                self._first = event
            yield event
        self._last = event

    def last_window(self, walked: Walked) -> int:
        """Number of the last active window, as ``walked`` counts."""
        assert self._first is not None, "a log that was walked through has a moment"
        assert self._last is not None, "and a last one"
        midnight = self._first.at_local.replace(hour=0, minute=0, second=0, microsecond=0)
        last = int((self._last.at_local - midnight).total_seconds()) // 300
        return max(last, walked.windows[-1] + 1)


def _first_day(asked: Asked, grid: Grid) -> int:
    train = asked.train_days or (TRAIN_DAYS if grid.days >= SHORT_LOG_DAYS else SHORT_TRAIN_DAYS)
    return max(train, (asked.from_week - 1) * 7)


def _report(asked: Asked, policy: Policy, grid: Grid, walked: Walked, found: Score, first_day: int) -> Report:
    waits = walked.rhythm.waits
    return Report(
        home=asked.files[0].name.split(".")[0],
        target_per_week=asked.target,
        days=grid.days,
        weeks_scored=round(grid.weeks(first_day), 2),
        false=found.false,
        false_per_week=round(found.false_per_week, 3),
        low_activity_incidents=found.low_activity_incidents,
        delay_h=_rounded(found.delay_h),
        fixed_at_this_rate_h=round(_fixed_at(grid, found.false, first_day), 2),
        policy={
            "version": policy.version,
            "false_per_week": policy.false_per_week,
            "cap_day_h": policy.cap_day_s / 3600,
            "cap_night_h": policy.cap_night_s / 3600,
            "least_limit_h": policy.least_limit_s / 3600,
            "prior_without": sorted(policy.prior_without),
            "first_scored_day": first_day,
        },
        rows=0,
        events_s=0,
        refits=walked.refits,
        refits_s=round(walked.refits_s, 3),
        refit_ms=round(1000 * quantile(sorted(walked.each_refit_s), 0.5), 2),
        learned_bytes=walked.learned_bytes,
        hot_bytes=walked.hot_bytes,
        expected_per_week=round(waits.expected_per_week, 3) if waits is not None else 0.0,
    )


def _fixed_at(grid: Grid, false: int, first_day: int) -> float:
    """The shortest fixed timer that, chosen with hindsight, gives no more false alerts, hours."""
    since = first_day * WINDOWS
    gaps = sorted(
        (g for w, g, odd in zip(grid.windows, grid.gaps, grid.odd, strict=True) if w >= since and not odd), reverse=True
    )
    return gaps[false] / 12 if false < len(gaps) else 0.0


def _reference_pasts(asked: Asked, grid: Grid, first_day: int, tell: Callable[[str], None]) -> dict[str, OwnPast]:
    train = min(_first_day(msgspec.structs.replace(asked, from_week=1), grid), first_day)
    pasts: dict[str, OwnPast] = {}
    for name, rule in RULES.items():
        tell(name)
        pasts[name] = OwnPast(grid, rule, train)
    return pasts


def _compared(name: str, past: OwnPast, grid: Grid, limits_s: Sequence[float], ours: int, first_day: int) -> Rule:
    found = score(grid, limits_s, passed(grid, limits_s), first_day)
    assert found is not None, "what our rule was scored on can be scored"
    at_our_rate_h = past.at_rate_h(ours, first_day)
    return Rule(
        name,
        round(found.false_per_week, 3),
        found.low_activity_incidents,
        _rounded(found.delay_h),
        None if at_our_rate_h is None else round(at_our_rate_h, 2),
    )


def _rounded(delay: Delay) -> Delay:
    return Delay(**{name: round(getattr(delay, name), 2) for name in Delay.__struct_fields__})
