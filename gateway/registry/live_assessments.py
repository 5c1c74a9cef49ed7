"""The Desk's side for assessments, of a running gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from alerting.assessment.due import EVERY_DAYS, assessment_due, watched_over
from alerting.assessment.record import DueWhy
from alerting.care.duty import CareKind
from alerting.casefile import Household
from alerting.model import AlarmKind, RiskTier
from alerting.policy import DAY_FROM_H, NIGHT_FROM_H
from alerting.silence.inactivity import cap_s
from gateway.clock import Clock
from gateway.desk.home_named import named
from gateway.registry.assessment_desk import AssessmentRow, LabelMeans
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer


class LiveAssessments:
    """See ``gateway.registry.assessment_desk.AssessmentDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        writer: Knows the policy in force.
        clock: Service time.
    """

    def __init__(self, directory: Directory, writer: Writer, clock: Clock) -> None:
        """Answer from these parts."""
        self._homes = directory
        self._judging = writer
        self._watch_clock = clock

    def today(self) -> date:
        """Local day."""
        offset = timedelta(seconds=self._judging.judge.policy.utc_offset_s)
        return (self._watch_clock.now() + offset).date()

    def as_saved(self, home: Household, by: str) -> Household:
        """A case file of a list as the rules will save it today."""
        return watched_over(home, self._homes.households.get(home.key), self.today(), by)

    async def to_assess(
        self, area: str = "", within_days: int = 0, limit: int = 500
    ) -> tuple[int, Sequence[AssessmentRow]]:
        """Households that are due."""
        return await asyncio.to_thread(self._due, area, within_days, limit)

    def _due(self, area: str, within_days: int, limit: int) -> tuple[int, list[AssessmentRow]]:
        today = self.today()
        until = today + timedelta(days=within_days)
        waiting: list[tuple[date, str, str, DueWhy]] = []
        for home in self._homes.files_in(area):
            due_on, why = assessment_due(home, today)
            if due_on <= until:
                waiting.append((due_on, home.area, home.key, why))
        waiting.sort()
        homes = self._homes.households
        return len(waiting), [self._row_of(homes[key], due_on, why) for due_on, _, key, why in waiting[:limit]]

    def _row_of(self, home: Household, due_on: date, why: DueWhy) -> AssessmentRow:
        return AssessmentRow(
            key=home.key,
            **named(home, self._homes),
            due_on=due_on,
            why=why,
            last_on=home.assessment.on if home.assessment else None,
        )

    async def label_means(self, tier: RiskTier, household: str) -> LabelMeans:
        """What a label sets for a household."""
        policy = self._judging.judge.policy
        return LabelMeans(
            tier=tier,
            factor=policy.tier_factor[tier],
            share=policy.budget.tier_weight[tier],
            cap_day_s=cap_s(DAY_FROM_H, tier, policy),
            cap_night_s=cap_s(NIGHT_FROM_H, tier, policy),
            priority=policy.priority_of(AlarmKind.INACTIVITY, tier),
            required=policy.equipment.required_in(tier, household),
            assessed_every_days=EVERY_DAYS[tier],
            visited_every_days=policy.care.every_days[CareKind.VISIT][tier],
            called_every_days=policy.care.every_days[CareKind.CALL][tier],
        )
