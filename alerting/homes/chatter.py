"""A device that goes on and on: a token bucket for each device, kind of alarm and its own word for it.

What it says beyond its bucket, while its incident runs, is counted there and rings no more for each. A person's call
is exempt: every press and every fall rings. A running incident is the condition: nothing is folded into what nobody
can see, nor into what somebody is about to put away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision, FaultCleared, FaultOpened, IncidentChanged, Noted
from alerting.incidents.conditions import pending
from alerting.incidents.joining import is_a_person_s, rings_again
from alerting.model import (
    Alarm,
    AlarmKind,
    Bucket,
    Entry,
    EntryKind,
    FaultKind,
    Folded,
    Incident,
    IncidentState,
    Priority,
    RiskTier,
)
from alerting.policy import Policy

EXEMPT = frozenset({AlarmKind.PANIC, AlarmKind.RETAINED_PANIC, AlarmKind.MEDICAL, AlarmKind.FALL, AlarmKind.MANUAL})
"""A person asks for help, or lies there: never counted, never folded."""

MOST_FOLDED = 4
"""Devices, kinds and words whose reports one incident counts; any further one rings."""

MOST_RATES = 4
"""Buckets kept of one device; it can invent words without end."""

LONGEST_WORD = 24
"""So much of a device's word names its bucket."""

Rates = Mapping[str, Bucket]


class Taken(msgspec.Struct, frozen=True):
    """What an alarm finds in its bucket: the buckets afterwards, and whether it is folded."""

    rates: dict[str, Bucket]
    folds: bool


def taken(rates: Rates, alarm: Alarm, running: Incident | None, now: datetime, policy: Policy) -> Taken:
    """Take a token for an alarm. It is folded when there is none, and the very same is in the running incident."""
    if _is_exempt(alarm):
        return Taken(dict(rates), folds=False)
    now_s, key, most = int(now.timestamp()), f"{alarm.kind}|{_word(alarm)[:LONGEST_WORD]}", policy.floods.chatter_burst
    bucket = rates.get(key, Bucket(tokens=most, at_s=now_s))
    gained = max(0, now_s - bucket.at_s) / policy.floods.chatter_refill_s
    tokens = min(float(most), bucket.tokens + gained)
    folds = tokens < 1 and running is not None and _can_take(running, alarm, policy)
    after = Bucket(tokens if folds else max(0.0, tokens - 1), max(now_s, bucket.at_s), bucket.folded + folds)
    kept = _kept({name: it for name, it in rates.items() if name != key})
    return Taken({**kept, key: msgspec.structs.replace(after, tokens=round(after.tokens, 3))}, folds)


def _is_exempt(alarm: Alarm) -> bool:
    return alarm.kind in EXEMPT or is_a_person_s(alarm)


def _kept(others: dict[str, Bucket]) -> dict[str, Bucket]:
    """Room for one more: the oldest goes, those that have folded something last, so that no fault is lost sight of."""
    while len(others) >= MOST_RATES:
        del others[min(others, key=lambda name: (others[name].folded > 0, others[name].at_s))]
    return others


def _word(alarm: Alarm) -> str:
    return alarm.said or alarm.detail


def _can_take(running: Incident, alarm: Alarm, policy: Policy) -> bool:
    priority = policy.priority_of(alarm.kind, RiskTier.CARE)  # no tier makes a device's alarm more urgent
    put_away = running.state is IncidentState.RESOLVED or pending(running)
    heard_of = running.contact and priority is Priority.P1
    if (put_away or heard_of) and rings_again(running, alarm, priority):
        return False
    if any((it.device, it.kind, it.detail) == _same(alarm) for it in running.folded):
        return True
    known = any(_same(it) == _same(alarm) for it in running.alarms)
    return known and len(running.folded) < MOST_FOLDED


def _same(alarm: Alarm) -> tuple[str, AlarmKind, str]:
    return alarm.device, alarm.kind, _word(alarm)


def folded(running: Incident, alarm: Alarm) -> tuple[Incident, list[AnyDecision]]:
    """One more report in the count of its incident: it rings nobody and breaks nothing off."""
    assert not _is_exempt(alarm), "a person's call is never folded"
    mine = next((it for it in running.folded if (it.device, it.kind, it.detail) == _same(alarm)), None)
    if mine is None:
        counts = (*running.folded, Folded(alarm.device, alarm.kind, 1, alarm.at, alarm.at, _word(alarm)))
    else:
        more = msgspec.structs.replace(mine, count=mine.count + 1, last=max(mine.last, alarm.at))
        counts = tuple(more if it is mine else it for it in running.folded)
    after = msgspec.structs.replace(
        running,
        folded=counts,
        alarm_count=running.alarm_count + 1,
        changed_at=max(alarm.at, running.changed_at),
    )
    decisions: list[AnyDecision] = [IncidentChanged(incident=after)]
    if mine is None:
        entry = Entry(incident=running.id, at=alarm.at, kind=EntryKind.CHATTERS, alarm=alarm)
        decisions.append(Noted(entry=entry))
    return after, decisions


def opened(device: str, before: Rates, after: Rates) -> list[AnyDecision]:
    """The fault of a device that has just begun to chatter."""
    if is_chattering(before) or not is_chattering(after):
        return []
    return [FaultOpened(device=device, kind=FaultKind.CHATTERS)]


def over(device: str, rates: Rates, now: datetime, policy: Policy) -> tuple[dict[str, Bucket], list[AnyDecision]]:
    """Buckets that are full again are forgotten; with the last one that had folded anything the fault is over."""
    now_s = int(now.timestamp())
    left = {key: bucket for key, bucket in rates.items() if now_s < _full_s(bucket, policy)}
    if is_chattering(rates) and not is_chattering(left):
        return left, [FaultCleared(device=device, kind=FaultKind.CHATTERS)]
    return left, []


def is_chattering(rates: Rates) -> bool:
    """Whether anything of the device was folded since it was last quiet."""
    return any(bucket.folded for bucket in rates.values())


def due_s(devices: Iterable[Rates], policy: Policy) -> int:
    """When the first of the chattering devices will have been quiet long enough, UTC epoch seconds; 0: none does."""
    return min((_full_s(b, policy) for rates in devices for b in rates.values() if b.folded), default=0)


def _full_s(bucket: Bucket, policy: Policy) -> int:
    missing = policy.floods.chatter_burst - bucket.tokens
    return bucket.at_s + int(missing * policy.floods.chatter_refill_s) + 1
