"""Figures of a running gateway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerting.figures.attended import operator_hours
from alerting.figures.course import Course, course_of
from alerting.figures.measures import floods
from gateway.desk.asking import Asking
from gateway.figures.asked import DeskLoad
from gateway.store.reads import Reads


class LiveFigures:
    """See ``gateway.figures.asked.FiguresDesk``.

    Args:
        reads: Questions to the store.
    """

    def __init__(self, reads: Reads) -> None:
        """Answer from the store."""
        self.__reads = reads
        self.__ask = Asking().ask

    async def courses(self, area: str, since: datetime, until: datetime) -> Sequence[Course] | None:
        """How every incident of an area's homes went that began between two moments."""
        return await self.__ask(None, self._courses, area, since, until)

    def _courses(self, area: str, since: datetime, until: datetime) -> list[Course] | None:
        return [course_of(*one) for one in self.__reads.with_timelines(area, since, until)]

    async def desk_load(self, courses: Sequence[Course], since: datetime, until: datetime) -> DeskLoad | None:
        """What the desk had to carry."""
        told = await self.__ask(None, self.__reads.consoles_heard, since, until)
        if told is None:
            return None
        rang = [it.rang_at for it in courses if not it.is_drill]
        hours = operator_hours(told, since, until)
        return DeskLoad(alarms=len(rang), operator_hours=hours, floods=tuple(floods(rang)))
