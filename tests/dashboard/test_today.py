"""Today's figures are counted once a minute, however many screens ask; a store that is away is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from alerting.figures.course import Course
from alerting.figures.measures import Measure
from alerting.model import Priority
from dashboard.times import LocalTime
from dashboard.today import LASTS, Today
from gateway.desk.contract import Desk

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 4, 16, 0, tzinfo=UTC)
ONE = Course(
    incident="WX1-1",
    area="9",
    priority=Priority.P1,
    rang_at=NOON,
    waits=True,
    answered_at=NOON + timedelta(seconds=20),
)


class Books:
    """Incidents, and how often somebody asked for them."""

    def __init__(self) -> None:
        self.at = NOON
        self.known: Sequence[Course] | None = [ONE]
        self.asked: list[tuple[str, datetime, datetime]] = []

    def now(self) -> datetime:
        return self.at

    async def courses(self, area: str, since: datetime, until: datetime) -> Sequence[Course] | None:
        self.asked.append((area, since, until))
        return self.known


async def test_it_is_counted_once_a_minute_for_each_area_and_from_local_midnight_on() -> None:
    books = Books()
    today = Today(cast("Desk", books), LocalTime(8))
    assert (await today.figures("9"))[Measure.ANSWERED_60].share == 1.0
    books.at = NOON + LASTS - timedelta(seconds=1)
    await today.figures("9")
    assert books.asked == [("9", MIDNIGHT, MIDNIGHT + timedelta(days=1))]
    await today.figures("8")
    books.at = NOON + LASTS
    await today.figures("9")
    assert [area for area, _, _ in books.asked] == ["9", "8", "9"]


async def test_while_the_store_is_away_nothing_is_counted_and_nothing_kept() -> None:
    books = Books()
    books.known = None
    today = Today(cast("Desk", books), LocalTime(8))
    assert (await today.figures("9"))[Measure.ANSWERED_60].share is None
    books.known = [ONE]
    assert (await today.figures("9"))[Measure.ANSWERED_60].share == 1.0
