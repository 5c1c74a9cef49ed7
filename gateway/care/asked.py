"""What screens may ask about care. Recording a visit or call is a command."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.care.duty import CareKind, CareResult, CareStage
from alerting.care.terms import CareTerms
from alerting.casefile import Household
from gateway.care.photos_asked import Photos
from gateway.care.referrals_asked import Referrals
from gateway.care.warnings_asked import Warnings
from gateway.desk.home_named import HomeNamed


class CareRow(HomeNamed, frozen=True, kw_only=True, omit_defaults=True):
    """One visit or call that is owed, or was. Times are UTC.

    Attributes:
        home: Case number.
        kind: Visit or call.
        number: With home and kind it names this one.
        since: From when it can be done.
        due_at: Until when it is to be done.
        stage: How far it has climbed.
        tries: So often nobody was met.
        told: Ids of who was asked to do it.
        told_names: Their names.
        ended_at: When it has ended; None while it is owed.
        ended: How.
        who_id: Id of whose it is now; empty when nobody is named.
        who: Their name.
        who_phone: Their number.
        can_be_told: They can be reminded: there is a verified address.
    """

    home: str
    kind: CareKind
    number: int
    since: datetime
    due_at: datetime
    stage: CareStage
    tries: int = 0
    told: tuple[str, ...] = ()
    told_names: tuple[str, ...] = ()
    ended_at: datetime | None = None
    ended: str = ""
    who_id: str = ""
    who: str = ""
    who_phone: str = ""
    can_be_told: bool = True


class GivenRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit or call that was made. ``by`` is a login; ``struck_at`` says that it was recorded by mistake."""

    home: str
    number: int
    kind: CareKind
    at: datetime
    recorded_at: datetime
    by: str
    result: CareResult
    text: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    struck_at: datetime | None = None


class CareCount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an area stands with one kind of care.

    Attributes:
        area: Key of a village.
        kind: Visits or calls.
        owed: Not done yet, and still in time.
        late: Not done, and past its time.
        of_supervisor: How many of those have climbed to the supervisor.
        done: Ended in time within the time that is looked at.
        done_late: Ended after its time, within it.
        missed: Never done.
    """

    area: str
    kind: CareKind
    owed: int = 0
    late: int = 0
    of_supervisor: int = 0
    done: int = 0
    done_late: int = 0
    missed: int = 0


class Care(Warnings, Referrals, Photos, Protocol):
    """Questions about care; each answers with what is known while the store is away: nothing."""

    async def care_terms(self) -> CareTerms:
        """How often visits and calls are owed, and who hears when."""

    async def care_owed(
        self, area: str = "", stage: CareStage = CareStage.OWED, *, late: bool = False, limit: int = 200
    ) -> Sequence[CareRow]:
        """What is owed in an area from this stage on, the highest stage first, then by when it is due.

        ``late``: only what is past its time.
        """

    async def care_counts(self, area: str, since: datetime, until: datetime | None = None) -> Sequence[CareCount]:
        """By village and kind, how it stands; of what has ended, that since then, and before ``until``."""

    async def care_of(self, homes: Collection[str]) -> Sequence[CareRow]:
        """What is owed to these homes."""

    async def care_given(self, home: str, limit: int = 30) -> Sequence[GivenRow]:
        """Visits and calls at a home, the latest first."""

    async def care_latest(self, homes: Collection[str]) -> Mapping[tuple[str, CareKind], GivenRow]:
        """Of these homes the latest visit and the latest call at which the resident was met."""

    async def care_needs(self, area: str, since: datetime, limit: int = 50) -> Sequence[tuple[GivenRow, str]]:
        """Visits and calls in an area since then that found a need, the latest first, with the home's name."""

    async def homes_in_care_of(self, responder: str) -> Sequence[Household]:
        """Homes whose visits and calls somebody may make: they answer for it, or stand in; by address."""
