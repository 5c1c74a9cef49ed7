"""So many at once, then so many a second, each name by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.bounds import MOST_KNOWN, Bucket
from gateway.clock import ScriptedClock

START = datetime(2026, 1, 5, tzinfo=UTC)


def passed(bucket: Bucket, name: str, tries: int = 100) -> int:
    return sum(bucket.lets(name) for _ in range(tries))


def test_a_burst_passes_and_then_a_steady_stream() -> None:
    clock = ScriptedClock(START)
    bucket = Bucket(clock.now, 10, 2)
    assert passed(bucket, "a") == 10
    assert passed(bucket, "b") == 10, "another name has its own"
    clock.advance(timedelta(seconds=3))
    assert passed(bucket, "a") == 6
    clock.advance(timedelta(hours=1))
    assert passed(bucket, "a") == 10, "never more than at once"


def test_being_refused_costs_nothing_more() -> None:
    clock = ScriptedClock(START)
    bucket = Bucket(clock.now, 1, 1)
    assert passed(bucket, "a", 1000) == 1
    clock.advance(timedelta(seconds=1))
    assert bucket.lets("a")


def test_endless_names_take_no_endless_room() -> None:
    bucket = Bucket(ScriptedClock(START).now, 1, 1)
    for number in range(3 * MOST_KNOWN):
        bucket.lets(str(number))
    assert len(bucket._left) == MOST_KNOWN
