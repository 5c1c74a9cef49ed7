"""What the rules decide about care."""

from __future__ import annotations

import msgspec

from alerting.care.duty import CareDuty, CareEnd, CareGiven
from alerting.care.referral import Referral, ReferralAct
from alerting.care.told import CareAsked, CareOver, CareReceived, CareTakenBack, ReferralNews
from alerting.care.warning import EarlyWarning, WarningAnswer
from alerting.decision import Decision


class CareDutyChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="care_duty"):
    """The duty is this from now on.

    Attributes:
        duty: How it stands.
        ended: How it has ended; None while it is owed.
        given: Number of the visit or call that ended it; 0: none did.
    """

    duty: CareDuty
    ended: CareEnd | None = None
    given: int = 0


class CareKept(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="care_kept"):
    """One more visit or call is on record."""

    given: CareGiven


class CareStruck(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="care_struck"):
    """The visit or call of this number was recorded by mistake."""

    number: int
    by: str = ""


class WarningKept(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="warning_kept"):
    """An early warning is on record."""

    warning: EarlyWarning


class WarningAnswered(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="warning_answered"):
    """The early warning of this number is answered."""

    number: int
    answer: WarningAnswer
    text: str = ""
    by: str = ""


class ReferralNoted(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="referral_noted"):
    """Something was done about a referral.

    Attributes:
        referral: How it stands from now on.
        act: What was done.
        by: Login or peer of who says so; empty: time has passed.
        person: Id of whoever is asked, or in whose place it was done.
        text: In their words.
        how: How the organisation has said it.
    """

    referral: Referral
    act: ReferralAct
    by: str = ""
    person: str = ""
    text: str = ""
    how: str = ""


class PersonTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="person_told"):
    """Tell this to a person, by their id."""

    person: str
    event: CareAsked | CareOver | ReferralNews


class HomeTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="home_told"):
    """Tell this to a household."""

    home: str
    event: CareReceived | CareTakenBack


CareDecision = (
    CareDutyChanged | CareKept | CareStruck | WarningKept | WarningAnswered | ReferralNoted | PersonTold | HomeTold
)
"""All of it."""


class ToDo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person is reminded of.

    Attributes:
        visits: Homes to be visited.
        calls: Homes to be telephoned.
        warnings: Early warnings to be answered.
        late: How many of all are past their time.
        homes: The most urgent few of them, case numbers.
        due_s: When the first of them is due, UTC epoch seconds.
        referrals: Referrals to be accepted, answered or sent elsewhere.
        news: What others have done about referrals of theirs, each once, and how many.
    """

    visits: int = 0
    calls: int = 0
    warnings: int = 0
    late: int = 0
    homes: tuple[str, ...] = ()
    due_s: int = 0
    referrals: int = 0
    news: tuple[tuple[ReferralAct, int], ...] = ()
