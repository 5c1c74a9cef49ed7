"""In which hours a neighbour is rung."""

from __future__ import annotations

from datetime import time

import pytest

from alerting.incidents.neighbours import is_within


@pytest.mark.parametrize(
    ("hours", "at", "is_so"),
    [
        ("", time(3), True),
        ("08:00-20:00", time(8), True),
        ("08:00-20:00", time(20), False),
        ("08:00-20:00", time(7, 59), False),
        ("20:00-06:30", time(23), True),
        ("20:00-06:30", time(6, 29), True),
        ("20:00-06:30", time(6, 30), False),
        ("8:00-20:00", time(9), True),
        ("whenever", time(3), True),
    ],
)
def test_hours_are_by_the_clock_also_across_midnight_and_what_cannot_be_read_is_always(
    hours: str, at: time, is_so: bool
) -> None:
    assert is_within(hours, at) is is_so
