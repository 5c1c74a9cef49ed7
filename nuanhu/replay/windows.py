"""Older than the journal: the five-minute windows alone, through the same inactivity code, for two policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Household
from alerting.model import AlarmKind
from alerting.policy import Policy
from alerting.silence.day import WINDOW_S
from gateway.store.reads import Reads
from nuanhu.evaluate.walk import walk
from nuanhu.home_log import LogEvent
from nuanhu.replay.what_if import Compared, Raised, compared

LEARNED_FROM = timedelta(days=56)
"""So long before the beginning the windows are read, so that the homes know their own rhythm then."""


class Under(msgspec.Struct, frozen=True):
    """One policy over the windows of all homes."""

    alarms: list[Raised]
    mean_limit_s: float


class Both(msgspec.Struct, frozen=True):
    """Two policies over the same windows.

    Attributes:
        then: Under the present one.
        now: Under the other one.
        would: What would have differed.
        read: How many windows went through, each policy's counted.
    """

    then: Under
    now: Under
    would: Compared
    read: int


def both_over(
    homes: list[Household],
    reads: Reads,
    policies: tuple[Policy, Policy],
    since: datetime,
    until: datetime,
    tell: Callable[[int], None],
) -> Both:
    """The present policy and another one; told are homes done, twice as many as there are in the end."""
    then, read = under(homes, reads, policies[0], since, until, tell)
    now, again = under(homes, reads, policies[1], since, until, lambda n: tell(n + len(homes)))
    days = (until - since) / timedelta(days=1)
    return Both(then, now, compared(then.alarms, now.alarms, days), read + again)


def under(
    homes: list[Household], reads: Reads, policy: Policy, since: datetime, until: datetime, tell: Callable[[int], None]
) -> tuple[Under, int]:
    """Alarms and limits of homes between two moments, and how many windows were read."""
    plain = msgspec.structs.replace(policy, utc_offset_s=0)
    shift = timedelta(seconds=policy.utc_offset_s)
    alarms: list[Raised] = []
    limits_s, limits, read = 0.0, 0, 0
    for n, home in enumerate(homes):
        tell(n)
        events = list(_events(home.key, reads, since - LEARNED_FROM, until, shift))
        read += len(events)
        if not events:
            continue
        walked = walk(events, plain, lambda: 0.0, home.tier, home=home.key)
        midnight = events[0].at_local.replace(hour=0, minute=0, second=0, microsecond=0)
        starts = [midnight + timedelta(seconds=window * WINDOW_S) for window in walked.windows]
        from_local, to_local = (since + shift).replace(tzinfo=None), (until + shift).replace(tzinfo=None)
        for at, limit_s in zip(starts, walked.limits_s, strict=True):
            if from_local <= at < to_local:
                limits_s, limits = limits_s + limit_s, limits + 1
        for position in walked.alarms:
            at = starts[position] + timedelta(seconds=walked.limits_s[position])
            if from_local <= at < to_local:
                began = (starts[position] - shift).replace(tzinfo=since.tzinfo)
                rang = (at - shift).replace(tzinfo=since.tzinfo)
                alarms.append(Raised(home.key, AlarmKind.INACTIVITY, rang, began))
    return Under(alarms, round(limits_s / limits, 1) if limits else 0.0), read


def _events(key: str, reads: Reads, since: datetime, until: datetime, shift: timedelta) -> Iterator[LogEvent]:
    """The windows as the active moments of a log in the home's own time."""
    for window in reads.activity(key, since, until):
        at_local = (window.start + shift).replace(tzinfo=None)
        for room in window.rooms or ("",):
            yield LogEvent(at_local, room, window.door)
