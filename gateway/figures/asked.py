"""What screens may ask about how well the service does. All of it is counted from timelines when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.figures.course import Course
from alerting.figures.measures import Flooding

LEAST_H = 0.5
"""Of a shorter time at a console nothing can be said for an hour."""


class DeskLoad(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk of the whole city had to carry in a time.

    Attributes:
        alarms: Incidents that rang at the desk, tests left out.
        operator_hours: Hours of attended consoles, all operators together.
        floods: Times in which more came than can be carried.
    """

    alarms: int
    operator_hours: float
    floods: tuple[Flooding, ...]

    @property
    def per_hour(self) -> float | None:
        """Alarms for each operator and hour; None where nobody was there for long enough to say."""
        return self.alarms / self.operator_hours if self.operator_hours >= LEAST_H else None


class FiguresDesk(Protocol):
    """Questions about figures; nothing is known while the store is away."""

    async def courses(self, area: str, since: datetime, until: datetime) -> Sequence[Course] | None:
        """How every incident of an area's homes went that rang first between two moments; None: not known now."""

    async def desk_load(self, courses: Sequence[Course], since: datetime, until: datetime) -> DeskLoad | None:
        """What the desk had to carry, with all incidents of the city in that time; None: not known now."""
