"""Today's figures, for screens that stand open and ask every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from alerting.figures.measures import Figure, Measure, figures
from dashboard.times import LocalTime
from gateway.desk.contract import Desk

LASTS = timedelta(seconds=60)


class Today:
    """The figures of today by area, counted at most once a minute.

    Args:
        desk: Has the incidents.
        times: When a day begins.
    """

    def __init__(self, desk: Desk, times: LocalTime) -> None:
        """Nothing is counted yet."""
        self._desk = desk
        self._times = times
        self._of: dict[str, tuple[datetime, Mapping[Measure, Figure]]] = {}

    async def figures(self, area: str) -> Mapping[Measure, Figure]:
        """Of an area; while the store does not answer nothing is counted in them, and they are not kept."""
        now = self._desk.now()
        kept = self._of.get(area)
        if kept is not None and timedelta() <= now - kept[0] < LASTS:
            return kept[1]
        since = self._times.midnight(now)
        courses = await self._desk.courses(area, since, since + timedelta(days=1))
        found = figures(courses or (), now)
        if courses is not None:
            self._of[area] = now, found
        return found
