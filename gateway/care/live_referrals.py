"""The Desk's side for referrals, of a running gateway."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

import msgspec

from alerting.duty.reach import RESPONDER
from alerting.organisations import Organisation
from gateway.care.referrals_asked import ReferralCount, ReferralRow, ReferralStep
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.home_named import named
from gateway.store.reads import Reads
from gateway.writing.writer import Writer


class LiveReferrals:
    """See ``gateway.care.referrals_asked.Referrals`` for what each question means.

    Args:
        writer: Its judge knows the people in force, and the registry.
        reads: Questions to the store.
        clock: Service time.
    """

    def __init__(self, writer: Writer, reads: Reads, clock: Clock) -> None:
        """Answer from these parts."""
        self.__judge = writer.judge
        self.__books = writer.judge.directory
        self.__reads = reads
        self.__clock = clock
        self.__ask = Asking().ask

    async def organisations(self) -> Sequence[Organisation]:
        """All that are registered."""
        return sorted(self.__orgs().values(), key=lambda it: (it.kind, it.title))

    async def referrals_open(self, area: str = "", limit: int = 200) -> Sequence[ReferralRow]:
        """Those of an area that are not over."""
        return self.__told(await self.__ask([], self.__reads.referrals_open, area, limit))

    async def referrals_over(self, area: str, since: datetime, limit: int = 100) -> Sequence[ReferralRow]:
        """Those of an area that were over since then."""
        return self.__told(await self.__ask([], self.__reads.referrals_over, area, since, limit))

    async def referrals_of(self, homes: Collection[str], *, all_of_them: bool = False) -> Sequence[ReferralRow]:
        """Of these homes."""
        asked = partial(self.__reads.referrals_of, all_of_them=all_of_them)
        return self.__told(await self.__ask([], asked, homes))

    async def referrals_with(self, persons: Collection[str], peer: str = "", limit: int = 200) -> Sequence[ReferralRow]:
        """Those not over that concern one of these persons, or that a peer may answer."""
        orgs = [it.id for it in self.__orgs().values() if peer and it.peer == peer]
        return self.__told(await self.__ask([], self.__reads.referrals_with, persons, orgs, limit))

    async def referral(self, home: str, number: int) -> ReferralRow | None:
        """One of them."""
        row = await self.__ask(None, self.__reads.referral, home, number)
        return self.__told([row])[0] if row is not None else None

    async def referral_counts(self, area: str, since: datetime, until: datetime) -> Sequence[ReferralCount]:
        """By village and organisation, those that were sent between two moments."""
        return await self.__ask([], self.__reads.referral_counts, area, since, until, self.__clock.now())

    def __orgs(self) -> dict[str, Organisation]:
        parties = self.__books.parties.items()
        return {id_: it for id_, it in parties if isinstance(it, Organisation)}

    def __told(self, rows: Sequence[ReferralRow]) -> list[ReferralRow]:
        """The rows with what is known of each home, of the organisation, and of the people."""
        orgs, homes = self.__orgs(), self.__books.households
        told = []
        for row in rows:
            home, org = homes.get(row.home), orgs.get(row.org)
            known = named(home, self.__books) if home is not None else {}
            if org is not None:
                known |= {"org_title": org.title, "contact": org.contact, "contact_phone": org.phone}
            known |= {"owner_name": self.__name(row.owner), "owner_phone": self.__phone(row.owner)}
            known |= {"offered_name": self.__name(row.offered), "steps": tuple(map(self.__step, row.steps))}
            told.append(msgspec.structs.replace(row, **known))
        return told

    def __step(self, it: ReferralStep) -> ReferralStep:
        org = self.__books.parties.get(it.org)
        title = org.title if org is not None else it.org
        return msgspec.structs.replace(it, person_name=self.__name(it.person), org_title=title)

    def __name(self, person: str) -> str:
        known = self.__judge.policy.editions.people.persons.get(person)
        return known.name if known is not None else person

    def __phone(self, person: str) -> str:
        responder = self.__books.responders.get(person.removeprefix(RESPONDER))
        return responder.phone if responder is not None else ""
