"""Words for referrals to departments and organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alerting.care.referral import AnsweredBy, Rating, ReferralAct, ReferralResult, ReferralState
from alerting.organisations import OrganisationKind
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

STATES: dict[str, str] = {
    ReferralState.SENT: mark("sent, not accepted yet"),
    ReferralState.ACCEPTED: mark("accepted"),
    ReferralState.REFUSED: mark("sent back to its owner"),
    ReferralState.ANSWERED: mark("answered, the household is to be asked"),
    ReferralState.CLOSED: mark("referral closed"),
    ReferralState.TAKEN_BACK: mark("referral taken back"),
}
"""How a referral stands."""

ACTS: dict[str, str] = {
    ReferralAct.SENT: mark("Sent"),
    ReferralAct.SENT_ON: mark("Sent to another organisation"),
    ReferralAct.ACCEPTED: mark("Accepted"),
    ReferralAct.REFUSED: mark("Sent back by the organisation"),
    ReferralAct.ANSWERED: mark("Answered by the organisation"),
    ReferralAct.ANSWERED_BY_OWNER: mark("Answered by its owner"),
    ReferralAct.OFFERED: mark("Asked to take it over"),
    ReferralAct.TAKEN_OVER: mark("Taken over"),
    ReferralAct.DECLINED: mark("Not taken over"),
    ReferralAct.TAKEN_BACK: mark("Taken back by its owner"),
    ReferralAct.RATED: mark("The household was asked"),
    ReferralAct.RETURNED: mark("To be done again"),
    ReferralAct.UNRATED: mark("Closed: nobody has asked the household in time"),
    ReferralAct.LEFT: mark("Closed: the household has left the programme"),
    ReferralAct.UNDONE: mark("The last step was undone"),
}
"""What was done about it."""

RESULTS: dict[str, str] = {
    ReferralResult.SOLVED: mark("Solved"),
    ReferralResult.PARTLY: mark("Partly solved"),
    ReferralResult.NOT_POSSIBLE: mark("Not possible by the rules, explained"),
}
"""What came of it."""

RATINGS: dict[str, str] = {
    Rating.CONTENT: mark("Content"),
    Rating.FAIRLY: mark("Fairly content"),
    Rating.NOT_CONTENT: mark("Not content"),
}
"""What the household says of it."""

HOWS: dict[str, str] = {
    AnsweredBy.PAGE: mark("on this page"),
    AnsweredBy.TELEPHONE: mark("said by telephone"),
    AnsweredBy.SYSTEM: mark("by its own system"),
}
"""How the organisation has said it."""

KINDS: dict[str, str] = {
    OrganisationKind.CIVIL_AFFAIRS: mark("Civil affairs"),
    OrganisationKind.INSURANCE: mark("Medical insurance"),
    OrganisationKind.DISABILITY: mark("Federation of people with disabilities"),
    OrganisationKind.LABOUR: mark("Work and social security"),
    OrganisationKind.HOUSING: mark("Housing and building"),
    OrganisationKind.EDUCATION: mark("Schools and education"),
    OrganisationKind.HEALTH: mark("Public health"),
    OrganisationKind.SOCIAL_WORK: mark("Social-work station"),
    OrganisationKind.VOLUNTEERS: mark("Volunteers"),
    OrganisationKind.OTHER: mark("Another organisation"),
}
"""What an organisation is."""

SOURCES: dict[str, str] = {
    "incident": mark("from an incident"),
    "visit": mark("from a visit or call"),
    "assessment": mark("from an assessment"),
    "warning": mark("from an early warning"),
}
"""What a referral begins with."""

OF_THE_REGISTER: dict[str, str] = {
    "bad_days": mark("Between 1 and 60 working days."),
    "no_organisation": mark("There is no such organisation, or nothing is sent there any more."),
}
"""Why something about an organisation was not carried out."""

REFUSALS: dict[str, str] = OF_THE_REGISTER | {
    "no_referral": mark("There is no such referral, or it is over."),
    "too_many_referrals": mark("Twenty referrals of this household are open: see to those first."),
    "no_need_said": mark("Say what the household needs."),
    "accepted_already": mark("It is accepted already: ask the organisation."),
    "not_its_owner": mark("Only its owner can do that, or somebody who supervises."),
    "not_waiting": mark("It does not wait for that any more: look how it stands."),
    "say_why": mark("Say why."),
    "no_such_person": mark("Choose somebody else who is registered."),
    "not_offered": mark("Nobody has asked you to take it over, or not any more."),
    "not_answered": mark("It is not answered yet."),
    "is_content": mark("It is done again only where the household is not content."),
    "not_your_step": mark("Only whoever did the last step can undo it."),
}
"""Why something about one was not carried out."""


class ReferralWords:
    """What is said of referrals in the viewer's language.

    Args:
        say: The viewer's speech.
    """

    def __init__(self, say: Speech) -> None:
        """Speak so."""
        self._say = say

    def state(self, state: str) -> str:
        """How one stands."""
        return self._word(STATES, state)

    def act(self, act: str) -> str:
        """What was done."""
        return self._word(ACTS, act)

    def result(self, result: str) -> str:
        """What came of it."""
        return self._word(RESULTS, result)

    def rating(self, rating: str) -> str:
        """What the household says."""
        return self._word(RATINGS, rating)

    def said(self, word: str) -> str:
        """What came of a step: a result, or what the household says."""
        return self._word(RESULTS if word in RESULTS else RATINGS, word)

    def how(self, how: str) -> str:
        """How the organisation has said it."""
        return self._word(HOWS, how)

    def kind(self, kind: str) -> str:
        """What an organisation is."""
        return self._word(KINDS, kind)

    def source(self, source: str) -> str:
        """What it began with."""
        return self._word(SOURCES, source.partition(":")[0])

    def _word(self, table: Mapping[str, str], word: str) -> str:
        return self._say.gettext(table[word]) if word in table else word
