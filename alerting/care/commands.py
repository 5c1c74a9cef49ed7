"""What people say about the care of a household. Journalled, judged and answered like every other command."""

from __future__ import annotations

from datetime import datetime

from alerting.asked import Command
from alerting.care.duty import CareKind, CareResult


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
