"""What people say about referrals. Journalled, judged and answered like every other command."""

from __future__ import annotations

from alerting.asked import Command
from alerting.care.referral import AnsweredBy, Rating, ReferralResult


class ReferralCommand(Command, frozen=True, kw_only=True, omit_defaults=True):
    """About the referral of this number in the household whose care is ``key``.

    Attributes:
        number: Which one.
        me: Id under which whoever asks may be its owner.
        for_owner: Somebody who supervises does it in the place of its owner.
        text: What they write.
    """

    number: int = 0
    me: str = ""
    for_owner: bool = False
    text: str = ""


class SendReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="send_referral"):
    """A need is sent to an organisation; with a number the one that was sent is sent elsewhere.

    Attributes:
        org: Id of the organisation.
        person: Id of the person there who hears of it; empty: it is telephoned.
        owner: Id of the person who took the need first.
        days: Working days until it is to be answered.
        source: What it began with.
    """

    org: str
    person: str = ""
    owner: str = ""
    days: int
    source: str = ""


class AcceptReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="accept_referral"):
    """The organisation takes it; ``text`` says who there."""

    how: AnsweredBy


class RefuseReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="refuse_referral"):
    """The organisation does not take it, or cannot do it; ``text`` says why."""

    how: AnsweredBy


class AnswerReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="answer_referral"):
    """It is done: what came of it. Of one that was refused by its owner."""

    how: AnsweredBy
    result: ReferralResult


class TakeBackReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_back_referral"):
    """Its owner does not want it any more; nobody has accepted it yet."""


class OfferReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="offer_referral"):
    """Its owner asks ``to`` to be its owner; ``text`` says why."""

    to: str


class TakeOverReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_over_referral"):
    """Whoever was asked is its owner from now on; without ``accepts`` they are not, and ``text`` says why."""

    accepts: bool = True


class RateReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="rate_referral"):
    """What the household says of it; with ``again`` it is not content, and it is to be done once more."""

    rating: Rating
    again: bool = False


class UndoReferral(ReferralCommand, frozen=True, kw_only=True, omit_defaults=True, tag="undo_referral"):
    """The last step about a referral of this household was a mistake."""


AnyReferralCommand = (
    SendReferral
    | AcceptReferral
    | RefuseReferral
    | AnswerReferral
    | TakeBackReferral
    | OfferReferral
    | TakeOverReferral
    | RateReferral
    | UndoReferral
)
