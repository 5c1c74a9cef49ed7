"""What the case file keeps of an assessment, and of the wish for the next one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from alerting.model import RiskTier


class Dimension(StrEnum):
    """What is looked at: 日常生活, 住房, 就业, 健康, 教育, 社会融入."""

    DAILY_LIFE = "daily_life"
    HOUSING = "housing"
    WORK = "work"
    HEALTH = "health"
    EDUCATION = "education"
    INCLUSION = "inclusion"


class Library(StrEnum):
    """Into which library a household belongs: 救助库, 监测库, 一般库."""

    AID = "aid"
    MONITORED = "monitored"
    GENERAL = "general"


class DueWhy(StrEnum):
    """Why a household is to be assessed."""

    NEVER = "never"
    """It never was, since before there were assessments."""
    ENTRY = "entry"
    """It is new in the programme."""
    FAMILY = "family"
    """Its residents or categories have changed since."""
    FOUND = "found"
    """Somebody found that it is no longer as it was."""
    WARNED = "warned"
    """An early warning of another department has come; its label is one higher until then."""
    SCHEDULE = "schedule"
    """The time of its label has passed."""


class Assessment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One assessment, as it was decided.

    Attributes:
        on: Local day.
        by: Login of who decided.
        met: Codes of the criteria that are met.
        points: By dimension, in the order of ``Dimension``, as they counted then.
        proposed: Label that the points made.
        tier: Label that was decided.
        library: Library of the household.
        why: Why another label than the proposed one was decided; empty: it was not.
        due: Local day on which the next one is due by schedule.
        table: Version of the table of points.
    """

    on: date
    by: str
    met: tuple[str, ...] = ()
    points: tuple[int, ...] = ()
    proposed: RiskTier
    tier: RiskTier
    library: Library
    why: str = ""
    due: date
    table: int = 1

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.points)


class ReviewAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The household is to be assessed anew, from this local day on: why, and who said so in which words."""

    on: date
    why: DueWhy
    by: str = ""
    note: str = ""
