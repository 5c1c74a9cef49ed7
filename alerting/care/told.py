"""What households and persons hear of care: events from one aggregate to another."""

from __future__ import annotations

from datetime import datetime

from alerting.care.duty import CareKind, CareResult, CareStage
from alerting.care.referral import ReferralAct
from alerting.event import Event


class CareAsked(Event, frozen=True, kw_only=True, omit_defaults=True, tag="care_asked"):
    """To a person: this is theirs to do. A later stage of the same replaces an earlier one."""

    home: str
    kind: CareKind
    number: int
    due_s: int
    stage: CareStage


class CareOver(Event, frozen=True, kw_only=True, omit_defaults=True, tag="care_over"):
    """To a person: this is done, or owed no more."""

    home: str
    kind: CareKind
    number: int


class ReferralNews(Event, frozen=True, kw_only=True, omit_defaults=True, tag="referral_news"):
    """To a person: somebody has done this about a referral of theirs, or one that they are to take over."""

    home: str
    number: int
    act: ReferralAct


class CareReceived(Event, frozen=True, kw_only=True, omit_defaults=True, tag="care_received"):
    """To a household: somebody was there, or has telephoned.

    Attributes:
        kind: Visit or call.
        result: What became of it.
        at: When, UTC.
        number: Of the visit or call.
        by: Login of who says so.
        who: Their name.
        is_home: The resident is at home.
        text: What they wrote.
    """

    kind: CareKind
    result: CareResult
    at: datetime
    number: int
    by: str = ""
    who: str = ""
    is_home: bool = False
    text: str = ""


class CareTakenBack(Event, frozen=True, kw_only=True, omit_defaults=True, tag="care_taken_back"):
    """To a household: the visit or call of this number was recorded by mistake."""

    number: int
    by: str = ""
