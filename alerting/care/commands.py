"""What people say about the care of a household. Journalled, judged and answered like every other command."""

from __future__ import annotations

from datetime import date, datetime

from alerting.asked import Command
from alerting.care.duty import CareKind, CareResult
from alerting.care.warning import WarningAnswer, WarningCode


class RecordCare(Command, frozen=True, kw_only=True, omit_defaults=True, tag="record_care"):
    """Somebody was with the resident, or has telephoned them.

    Attributes:
        kind: Visit or call.
        result: What became of it.
        at: When, UTC; None: now. What waited on a telephone without a network has its own moment.
        text: What they write.
        who: Name of who was there, for the home's records.
        is_home: The resident is at home: an absence that is known ends.
        lat: Where the telephone was, degrees, WGS-84; None: not told.
        lon: The same.
        accuracy_m: How sure that is, metres.
    """

    kind: CareKind
    result: CareResult
    at: datetime | None = None
    text: str = ""
    who: str = ""
    is_home: bool = False
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None


class TakeBackCare(Command, frozen=True, kw_only=True, omit_defaults=True, tag="take_back_care"):
    """The visit or call of this number was recorded by mistake: what it had ended is owed again."""

    number: int


class PushWarning(Command, frozen=True, kw_only=True, omit_defaults=True, tag="push_warning"):
    """Another department warns of something at this household. Its label is raised until it is assessed anew.

    Attributes:
        code: What has happened.
        source: Department that says so.
        text: In its words.
        on: When it happened, local day.
    """

    code: WarningCode
    source: str
    text: str = ""
    on: date | None = None


class AnswerWarning(Command, frozen=True, kw_only=True, omit_defaults=True, tag="answer_warning"):
    """The early warning of this number has been looked into: what came of it, and in which words."""

    number: int
    answer: WarningAnswer
    text: str = ""
