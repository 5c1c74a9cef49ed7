"""What screens may ask about referrals. Sending, accepting and answering one are commands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.care.duty import CareStage
from alerting.care.referral import Rating, ReferralAct, ReferralResult, ReferralState
from alerting.organisations import Organisation
from gateway.desk.home_named import HomeNamed


class ReferralStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the history of a referral. Moments are UTC.

    Attributes:
        home: Case number.
        number: Of the referral.
        at: When.
        act: What was done.
        by: Login or peer of who says so; empty: time has passed.
        person: Id of whoever was asked, or in whose place it was done.
        person_name: Their name.
        org: Id of the organisation that has it from then on.
        org_title: Its name.
        how: How the organisation has said it.
        result: What came of it, of an answer; what the household says, of a rating.
        text: In their words.
    """

    home: str
    number: int
    at: datetime
    act: ReferralAct
    by: str = ""
    person: str = ""
    person_name: str = ""
    org: str = ""
    org_title: str = ""
    how: str = ""
    result: str = ""
    text: str = ""


class ReferralRow(HomeNamed, frozen=True, kw_only=True, omit_defaults=True):
    """One referral. Moments are UTC.

    Attributes:
        home: Case number.
        number: With the home it names this one.
        org: Id of the organisation that has it.
        state: How it stands.
        sent_at: When it was sent first.
        due_at: Until when it is to be answered.
        days: Working days that were given for it.
        person: Id of the person of the organisation who hears of it.
        owner: Id of the person who took the need first.
        offered: Id of the person who is asked to be its owner.
        source: What it began with.
        accepted_at: When it was accepted.
        answered_at: When it was answered.
        result: What came of it.
        rating: What the household says of it.
        returned: How often it was to be done again.
        closed_at: When it was over.
        stage: How far what is owed of it has climbed; None where nothing is.
        next_due_at: Until when what is owed of it now is to be done.
        steps: Its history, the first line first.
        org_title: Name of the organisation.
        contact: Who is to be asked for there.
        contact_phone: Their number.
        owner_name: Name of its owner.
        owner_phone: Their number.
        offered_name: Name of the person who is asked.
    """

    home: str
    number: int
    org: str
    state: ReferralState
    sent_at: datetime
    due_at: datetime
    days: int
    person: str = ""
    owner: str = ""
    offered: str = ""
    source: str = ""
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    result: ReferralResult | None = None
    rating: Rating | None = None
    returned: int = 0
    closed_at: datetime | None = None
    stage: CareStage | None = None
    next_due_at: datetime | None = None
    steps: tuple[ReferralStep, ...] = ()
    org_title: str = ""
    contact: str = ""
    contact_phone: str = ""
    owner_name: str = ""
    owner_phone: str = ""
    offered_name: str = ""

    @property
    def need(self) -> str:
        """What the household needs, in the words of whoever sent it first."""
        return self.steps[0].text if self.steps else ""

    @property
    def answer_text(self) -> str:
        """What was found and done, in the words of whoever answered last."""
        said = [it.text for it in self.steps if it.act in {ReferralAct.ANSWERED, ReferralAct.ANSWERED_BY_OWNER}]
        return said[-1] if said else ""

    @property
    def last(self) -> ReferralStep | None:
        """The latest line of its history."""
        return self.steps[-1] if self.steps else None

    def is_late(self, now: datetime) -> bool:
        """Whether what is owed of it is past its time."""
        return self.next_due_at is not None and self.next_due_at < now


class ReferralCount(msgspec.Struct, frozen=True, kw_only=True):
    """Referrals to one organisation in one village within the time that is looked at.

    Attributes:
        area: Key of the village.
        org: Id of the organisation.
        sent: How many were sent.
        open: Not answered yet.
        late: Not answered, and past their time.
        answered: Answered.
        in_time: Answered in time.
        returned: How often one was to be done again.
        rated: How often the household was asked and has said something.
        content: It was content.
        fairly: Fairly so.
    """

    area: str
    org: str
    sent: int
    open: int
    late: int
    answered: int
    in_time: int
    returned: int
    rated: int
    content: int
    fairly: int


class Referrals(Protocol):
    """Questions about referrals; nothing is known while the store is away."""

    async def organisations(self) -> Sequence[Organisation]:
        """All that are registered, those that have ended too, by their names."""

    async def referrals_open(self, area: str = "", limit: int = 200) -> Sequence[ReferralRow]:
        """Those of an area that are not over: what is owed and has climbed furthest first, then by when it is due."""

    async def referrals_over(self, area: str, since: datetime, limit: int = 100) -> Sequence[ReferralRow]:
        """Those of an area that were over since then, the latest first."""

    async def referrals_of(self, homes: Collection[str], *, all_of_them: bool = False) -> Sequence[ReferralRow]:
        """Of these homes, the latest first; those that are not over, or all."""

    async def referrals_with(self, persons: Collection[str], peer: str = "", limit: int = 200) -> Sequence[ReferralRow]:
        """Those not over that one of these persons owns, is asked to own, or hears of; or that a peer may answer."""

    async def referral(self, home: str, number: int) -> ReferralRow | None:
        """One of them."""

    async def referral_counts(self, area: str, since: datetime, until: datetime) -> Sequence[ReferralCount]:
        """By village and organisation, those that were sent between two moments."""
