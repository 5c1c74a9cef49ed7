"""When a household is to be assessed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from alerting.assessment.record import DueWhy, ReviewAsked
from alerting.model import RiskTier

if TYPE_CHECKING:
    from alerting.casefile import Household

EVERY_DAYS: dict[RiskTier, int] = {
    RiskTier.URGENT: 90,
    RiskTier.COVERED: 180,
    RiskTier.CARE: 180,
    RiskTier.WATCH: 365,
}
"""So long after an assessment the next one is due, by its label, days. Ours: no rule of the programmes names them."""


def next_due(on: date, tier: RiskTier, every_days: Mapping[RiskTier, int] = EVERY_DAYS) -> date:
    """When the assessment after one of this day is due by schedule."""
    return on + timedelta(days=every_days[tier])


def assessment_due(home: Household, today: date) -> tuple[date, DueWhy]:
    """The local day from which on a household is to be assessed, and why: the earliest reason there is.

    Args:
        home: Its case file.
        today: Local day; the answer for a household that never was assessed and of which nobody has asked it.

    Returns:
        A day up to ``today`` when it is due, a later one when it is not yet.
    """
    asked, last = home.review, home.assessment
    if asked is not None and (last is None or asked.on <= last.due):
        return asked.on, asked.why
    if last is None:
        return today, DueWhy.NEVER
    return last.due, DueWhy.SCHEDULE


def family_of(home: Household) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What of a household is its family: who lives there, and its categories."""
    return tuple(sorted(it.name for it in home.residents)), tuple(sorted(home.categories))


def watched_over(home: Household, before: Household | None, today: date, by: str = "") -> Household:
    """A case file as it is saved: what was assessed stays, and a change in the family asks for it anew.

    Whoever saves a case file changes neither its assessment nor whether it has left, by mistake or on purpose.

    Args:
        home: As it is to be saved.
        before: As it was; None for a new home.
        today: Local day.
        by: Login of who saves it.
    """
    if before is None:
        entry = ReviewAsked(on=today, why=DueWhy.ENTRY, by=by)
        return msgspec.structs.replace(home, assessment=None, review=entry, left=None)
    review = before.review
    if review is None and family_of(home) != family_of(before):
        review = ReviewAsked(on=today, why=DueWhy.FAMILY, by=by)
    if home.assessment == before.assessment and home.review == review and home.left == before.left:
        return home
    return msgspec.structs.replace(home, assessment=before.assessment, review=review, left=before.left)
