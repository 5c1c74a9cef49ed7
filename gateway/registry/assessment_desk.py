"""The Desk's side for assessments: which households are to be assessed, and what a label means for the monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from alerting.assessment.record import DueWhy
from alerting.model import Priority, RiskTier
from gateway.desk.home_named import HomeNamed


class AssessmentRow(HomeNamed, frozen=True, kw_only=True):
    """One household in the list of those to be assessed, and since or from which local day."""

    key: str
    due_on: date
    why: DueWhy
    last_on: date | None


class LabelMeans(msgspec.Struct, frozen=True, kw_only=True):
    """What a label sets.

    Attributes:
        tier: The label.
        factor: Limits of homes without a rhythm of their own are multiplied by this.
        share: Weight in the budget of false alarms: more, the sooner a silence alarms.
        cap_day_s: No silence by day may last longer, seconds.
        cap_night_s: The same by night.
        priority: Priority of an inactivity alarm.
        required: What the home must have to be protected: ``caller``, ``eye``, or roles.
        assessed_every_days: So often it is assessed.
        visited_every_days: So often a visit is owed; 0: none is.
        called_every_days: The same for a telephone call.
    """

    tier: RiskTier
    factor: float
    share: float
    cap_day_s: int
    cap_night_s: int
    priority: Priority
    required: tuple[str, ...]
    assessed_every_days: int
    visited_every_days: int
    called_every_days: int


class AssessmentDesk(Protocol):
    """What a screen may ask about assessments. To assess is a command."""

    def today(self) -> date:
        """Local day."""

    async def to_assess(
        self, area: str = "", within_days: int = 0, limit: int = 500
    ) -> tuple[int, Sequence[AssessmentRow]]:
        """How many households of an area are due by then, and those that have waited longest; by area where equal."""

    async def label_means(self, tier: RiskTier, household: str) -> LabelMeans:
        """What a label sets for a household."""
