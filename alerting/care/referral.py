"""The words of referrals (转介): a need of a household that is sent to a department or organisation, and answered."""

from __future__ import annotations

from enum import StrEnum

import msgspec

LONGEST_NEED = 500
MOST_OPEN = 20
"""Of one household."""
MOST_DAYS = 60


class ReferralState(StrEnum):
    """How a referral stands."""

    SENT = "sent"
    """Nobody there has accepted it."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """It is with its owner again, who sends it elsewhere or answers it."""
    ANSWERED = "answered"
    """The household is to be asked whether it is content."""
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    """By its owner, before anybody had accepted it."""


OPEN = frozenset({ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.REFUSED})
"""Not answered yet."""
OVER = frozenset({ReferralState.CLOSED, ReferralState.TAKEN_BACK})


class ReferralAct(StrEnum):
    """What somebody did about it: the lines of its history."""

    SENT = "sent"
    SENT_ON = "sent_on"
    """To another organisation."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ANSWERED = "answered"
    ANSWERED_BY_OWNER = "answered_by_owner"
    OFFERED = "offered"
    """Its owner asks somebody else to be its owner."""
    TAKEN_OVER = "taken_over"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    RATED = "rated"
    RETURNED = "returned"
    """The household is not content: it is to be done again."""
    UNRATED = "unrated"
    """Nobody has asked the household in time."""
    LEFT = "left"
    """The household is not in the programme any more."""
    UNDONE = "undone"
    """The last of these was a mistake."""


HEARD = frozenset(
    {
        ReferralAct.ACCEPTED,
        ReferralAct.REFUSED,
        ReferralAct.ANSWERED,
        ReferralAct.ANSWERED_BY_OWNER,
        ReferralAct.OFFERED,
        ReferralAct.TAKEN_OVER,
        ReferralAct.DECLINED,
        ReferralAct.RETURNED,
    }
)
"""Of these its owner hears when others have done them; of an offer whoever is asked."""


class ReferralResult(StrEnum):
    """What came of it."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"
    """No rule provides for it; the household was told why."""


class Rating(StrEnum):
    """What the household says of it."""

    CONTENT = "content"
    FAIRLY = "fairly"
    NOT_CONTENT = "not_content"


class AnsweredBy(StrEnum):
    """How the organisation said it."""

    PAGE = "page"
    """It is signed in itself."""
    TELEPHONE = "telephone"
    """Somebody has telephoned, and writes it down."""
    SYSTEM = "system"
    """Its own system, by the exchange interface."""


class Referral(msgspec.Struct, frozen=True, array_like=True):
    """One referral that is not over, as the rules know it. Moments are UTC epoch seconds.

    Attributes:
        number: Counted per household, from 1.
        org: Id of the organisation.
        person: Id of the person there who hears of it; empty: it is telephoned.
        owner: Id of the person who took the need first (首问责任人): theirs until it is answered.
        state: How it stands.
        sent_s: When it was sent first.
        due_s: Until when it is to be answered.
        days: Working days that were given for it.
        source: What it began with: ``incident:<id>``, ``visit:<n>``, ``assessment``, ``warning:<n>``; empty: none.
        accepted_s: When it was accepted; 0: it is not.
        answered_s: When it was answered; 0: it is not.
        result: What came of it.
        returned: How often it was to be done again.
        offered: Id of the person who is asked to be its owner.
        rating: What the household has said last.
    """

    number: int
    org: str
    person: str
    owner: str
    state: ReferralState
    sent_s: int
    due_s: int
    days: int
    source: str = ""
    accepted_s: int = 0
    answered_s: int = 0
    result: ReferralResult | None = None
    returned: int = 0
    offered: str = ""
    rating: Rating | None = None
