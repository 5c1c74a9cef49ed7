"""What screens may ask about early warnings. Pushing and answering one are commands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from alerting.care.duty import CareStage
from alerting.care.warning import WarningAnswer, WarningCode
from gateway.desk.home_named import HomeNamed


class WarningRow(HomeNamed, frozen=True, kw_only=True, omit_defaults=True):
    """One early warning. Moments are UTC.

    Attributes:
        home: Case number.
        number: With the home it names this one.
        at: When it came.
        code: What has happened.
        source: Department that says so.
        text: In its words.
        on: When it happened, local day.
        by: Login or peer under which it came.
        due_at: Until when it is to be answered.
        stage: How far that has climbed.
        answer: What came of it; None: not answered.
        answer_text: In their words.
        answered_by: Login.
        answered_at: When.
        ended: How it ended as a duty: in time or late.
        who: Name of whose it is.
        who_phone: Their number.
    """

    home: str
    number: int
    at: datetime
    code: WarningCode
    source: str
    due_at: datetime
    stage: CareStage
    text: str = ""
    on: date | None = None
    by: str = ""
    answer: WarningAnswer | None = None
    answer_text: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    ended: str = ""
    who: str = ""
    who_phone: str = ""


class WarningCount(msgspec.Struct, frozen=True, kw_only=True):
    """Early warnings of one kind in one village: how many came, were answered, and were answered in time."""

    area: str
    code: WarningCode
    came: int
    answered: int
    in_time: int


class Warnings(Protocol):
    """Questions about early warnings; nothing is known while the store is away."""

    async def warnings_open(self, area: str = "", limit: int = 200) -> Sequence[WarningRow]:
        """Those of an area that are not answered yet, the highest stage first, then by when an answer is due."""

    async def warnings_answered(self, area: str, since: datetime, limit: int = 100) -> Sequence[WarningRow]:
        """Those of an area answered since then, the latest first."""

    async def warnings_of(self, homes: Collection[str], *, all_of_them: bool = False) -> Sequence[WarningRow]:
        """Of these homes, the latest first; the open ones, or all."""

    async def warnings_pushed(self, by: str, area: str, limit: int) -> Sequence[WarningRow]:
        """Those of an area that came under this login or peer, the latest first."""

    async def warning_counts(self, area: str, since: datetime, until: datetime) -> Sequence[WarningCount]:
        """By village and code, those that came between two moments."""
