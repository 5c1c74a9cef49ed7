"""Older than the journal: the five-minute windows alone, through the same inactivity code, for two policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Household
from alerting.homes.away import LEFT_WITHIN_S, UNCONFIRMED_S, SaidBy
from alerting.model import AlarmKind
from alerting.policy import Policy
from alerting.silence.day import WINDOW_S
from gateway.absence.asked import AbsenceRow
from gateway.store.reads import Reads
from nuanhu.evaluate.walk import walk
from nuanhu.home_log import LogEvent
from nuanhu.replay.what_if import Compared, Raised, compared

LEARNED_FROM = timedelta(days=56)
"""So long before the beginning the windows are read, so that the homes know their own rhythm then."""
ABSENCES = 200
"""So many of a home's latest absences are looked at."""
CONFIRMED = frozenset({"away", "ends_soon"})
"""Stages that an absence only family has told reaches once the centre has confirmed it."""


class Waited(msgspec.Struct, frozen=True):
    """The limits after a home's active windows: their sum, seconds, and how many."""

    sum_s: float = 0.0
    limits: int = 0


def mean_s(waited: Sequence[Waited]) -> float:
    """The mean limit of homes, seconds; 0 where there is none."""
    limits = sum(it.limits for it in waited)
    return round(sum(it.sum_s for it in waited) / limits, 1) if limits else 0.0


class Under(msgspec.Struct, frozen=True):
    """One policy over the windows of all homes.

    Attributes:
        alarms: What rang.
        waited: By home.
        absent: So many more silences would have rung, had nobody said that the resident was away.
    """

    alarms: list[Raised]
    waited: dict[str, Waited]
    absent: int = 0

    @property
    def mean_limit_s(self) -> float:
        """The mean limit after an active window, seconds."""
        return mean_s([*self.waited.values()])


class Both(msgspec.Struct, frozen=True):
    """Two policies over the same windows.

    Attributes:
        then: Under the present one.
        now: Under the other one.
        would: What would have differed.
        read: How many active moments were read: a window counts once for each of its rooms.
        first: When the oldest of them began; None: there was none.
    """

    then: Under
    now: Under
    would: Compared
    read: int
    first: datetime | None


class Span(msgspec.Struct, frozen=True):
    """From when until when, UTC."""

    since: datetime
    until: datetime


def both_over(
    homes: list[Household],
    reads: Reads,
    policies: tuple[Policy, Policy],
    since: datetime,
    until: datetime,
    tell: Callable[[int], None],
) -> Both:
    """The present policy and another one; told is how many homes are done."""
    shift, span = timedelta(seconds=policies[0].utc_offset_s), Span(since, until)
    found: tuple[list[_Home], list[_Home]] = [], []
    read, firsts = 0, []
    for n, home in enumerate(homes):
        tell(n)
        events = list(_events(home.key, reads, since - LEARNED_FROM, until, shift))
        if not events:
            continue
        read += len(events)
        firsts.append((events[0].at_local - shift).replace(tzinfo=since.tzinfo))
        absences = reads.absences_of(home.key, ABSENCES)
        for policy, mine in zip(policies, found, strict=True):
            mine.append(_through(home, events, absences, policy, span))
    then, now = (_together(mine) for mine in found)
    would = compared(then.alarms, now.alarms, (until - since) / timedelta(days=1))
    return Both(then, now, would, read, min(firsts, default=None))


class _Home(msgspec.Struct, frozen=True):
    key: str
    alarms: list[Raised]
    waited: Waited
    absent: int


def _together(homes: list[_Home]) -> Under:
    alarms = [alarm for home in homes for alarm in home.alarms]
    return Under(alarms, {home.key: home.waited for home in homes}, sum(home.absent for home in homes))


def _through(
    home: Household, events: list[LogEvent], absences: Sequence[AbsenceRow], policy: Policy, span: Span
) -> _Home:
    """One home under one policy."""
    walked = walk(events, msgspec.structs.replace(policy, utc_offset_s=0), lambda: 0.0, home.tier, home=home.key)
    midnight = events[0].at_local.replace(hour=0, minute=0, second=0, microsecond=0)
    zero = (midnight - timedelta(seconds=policy.utc_offset_s)).replace(tzinfo=span.since.tzinfo)
    starts = [zero + timedelta(seconds=window * WINDOW_S) for window in walked.windows]
    last = (events[-1].at_local - timedelta(seconds=policy.utc_offset_s)).replace(tzinfo=span.since.tzinfo)
    ends = [*starts[1:], last]  # a walk does not know the silence after the last movement
    pairs = zip(starts, walked.limits_s, strict=True)
    limits = [limit_s for at, limit_s in pairs if span.since <= at < span.until]
    alarms, absent = [], 0
    for position in walked.alarms:
        limit = timedelta(seconds=walked.limits_s[position])
        rang = starts[position] + limit
        if not span.since <= rang < span.until:
            continue
        counted = _after_absences(starts[position], limit, absences)
        if counted < min(ends[position], span.until) or counted == rang:
            alarms.append(Raised(home.key, AlarmKind.INACTIVITY, counted, starts[position]))
        else:
            absent += 1
    return _Home(home.key, alarms, Waited(float(sum(limits)), len(limits)), absent)


def _after_absences(began: datetime, limit: timedelta, absences: Sequence[AbsenceRow]) -> datetime:
    """When a silence rings that is counted from the end of an absence: the latest absence comes first."""
    rings = began + limit
    for it in reversed(absences):
        over = _holds_until(it, began)
        if it.since <= rings and over + limit > rings and it.since < over:
            rings = over + limit
    return rings


def _holds_until(it: AbsenceRow, moved: datetime) -> datetime:
    """Until when it holds back the silence after the last movement; that the centre has confirmed it is not stored."""
    over = min(it.until, it.ended_at) if it.ended_at is not None else it.until
    if it.stage in CONFIRMED:
        return over
    was_planned = it.told_at is not None and it.told_at < it.since
    if was_planned and moved < it.since - timedelta(seconds=LEFT_WITHIN_S):
        return it.since
    return min(over, moved + timedelta(seconds=UNCONFIRMED_S)) if it.said_by == SaidBy.RELATIVE else over


def _events(key: str, reads: Reads, since: datetime, until: datetime, shift: timedelta) -> Iterator[LogEvent]:
    """The windows as the active moments of a log in the home's own time."""
    for window in reads.activity(key, since, until):
        at_local = (window.start + shift).replace(tzinfo=None)
        for room in window.rooms or ("",):
            yield LogEvent(at_local, room, window.door)
