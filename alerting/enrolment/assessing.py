"""A household is assessed, or is to be assessed anew: what changes in its case file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from alerting.assessment.criteria import TABLE
from alerting.assessment.due import next_due
from alerting.assessment.record import Assessment, DueWhy, ReviewAsked
from alerting.assessment.score import library_of, proposed
from alerting.casefile import version_of
from alerting.decisions import HouseholdSaved, RegistryChange
from alerting.enrolment.books import Register
from alerting.enrolment.commands import AskReview, AssessHome, RaiseLabel
from alerting.model import RiskTier

LONGEST_WHY = 300
HIGHER = {
    RiskTier.WATCH: RiskTier.CARE,
    RiskTier.CARE: RiskTier.COVERED,
    RiskTier.COVERED: RiskTier.URGENT,
}
"""The next higher label."""


def _assess(r: Register, command: AssessHome, _: datetime) -> list[RegistryChange] | str:
    before, why = r.household(command.household), command.why.strip()[:LONGEST_WHY]
    if before is None:
        return "unknown_home"
    if command.based_on and command.based_on != version_of(before):
        return "edited_meanwhile"
    if not TABLE.codes.issuperset(command.met) or not why.isprintable():
        return "bad_assessment"
    points = proposed(command.met)
    is_proposed = command.tier is points.tier
    if not is_proposed and not why:
        return "no_why"
    done = Assessment(
        on=r.today,
        by=command.by,
        met=tuple(it.code for it in TABLE.criteria if it.code in command.met),
        points=points.points,
        proposed=points.tier,
        tier=command.tier,
        library=points.library if is_proposed else library_of(points.points, command.tier),
        why="" if is_proposed else why,
        due=next_due(r.today, command.tier),
        table=TABLE.version,
    )
    home = msgspec.structs.replace(before, assessment=done, review=None, tier=command.tier)
    return [HouseholdSaved(household=home, before=before)]


def _ask_review(r: Register, command: AskReview, _: datetime) -> list[RegistryChange] | str:
    before, note = r.household(command.household), command.note.strip()[:LONGEST_WHY]
    if before is None:
        return "unknown_home"
    if not note or not note.isprintable():
        return "no_finding"
    asked = ReviewAsked(on=r.today, why=DueWhy.FOUND, by=command.by, note=note)
    return [HouseholdSaved(household=msgspec.structs.replace(before, review=asked), before=before)]


def _raise_label(r: Register, command: RaiseLabel, _: datetime) -> list[RegistryChange] | str:
    """One higher, and once only until the household is assessed."""
    before = r.household(command.household)
    if before is None:
        return "unknown_home"
    is_raised = before.review is not None and before.review.why is DueWhy.WARNED
    asked = ReviewAsked(on=r.today, why=DueWhy.WARNED, by=command.by, note=command.note[:LONGEST_WHY])
    tier = before.tier if is_raised else HIGHER.get(before.tier, before.tier)
    return [HouseholdSaved(household=msgspec.structs.replace(before, review=asked, tier=tier), before=before)]


JUDGES: dict[type, Callable[..., list[RegistryChange] | str]] = {
    AssessHome: _assess,
    AskReview: _ask_review,
    RaiseLabel: _raise_label,
}
