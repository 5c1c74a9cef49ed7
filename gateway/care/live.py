"""The Desk's side for care, of a running gateway."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from alerting.care import care
from alerting.care.duty import CareKind, CareStage
from alerting.care.terms import CareTerms
from alerting.casefile import OFFICES, Household
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import is_off
from gateway.care.asked import CareCount, CareRow, GivenRow
from gateway.care.warnings_asked import WarningCount, WarningRow
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.home_named import named
from gateway.store.reads import Reads
from gateway.writing.writer import Writer


class LiveCare:
    """See ``gateway.care.asked.Care`` for what each question means.

    Args:
        writer: Its judge knows plans, roster and people in force, and the registry.
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

    async def care_terms(self) -> CareTerms:
        """How often visits and calls are owed, and who hears when."""
        return self.__judge.policy.care

    async def care_owed(
        self, area: str = "", stage: CareStage = CareStage.OWED, *, late: bool = False, limit: int = 200
    ) -> Sequence[CareRow]:
        """What is owed in an area from this stage on."""
        late_ms = int(self.__clock.now().timestamp() * 1000) if late else None
        return self.__with_homes(await self.__ask([], self.__reads.care_owed, area, stage, late_ms, limit))

    async def care_counts(self, area: str, since: datetime, until: datetime | None = None) -> Sequence[CareCount]:
        """By village and kind, how it stands."""
        return await self.__ask([], self.__reads.care_counts, area, since, self.__clock.now(), until)

    async def care_of(self, homes: Collection[str]) -> Sequence[CareRow]:
        """What is owed to these homes."""
        return self.__with_homes(await self.__ask([], self.__reads.care_of, homes))

    async def care_given(self, home: str, limit: int = 30) -> Sequence[GivenRow]:
        """Visits and calls at a home."""
        return await self.__ask([], self.__reads.care_given, home, limit)

    async def care_latest(self, homes: Collection[str]) -> Mapping[tuple[str, CareKind], GivenRow]:
        """Of these homes the latest visit and call at which the resident was met."""
        rows = await self.__ask([], self.__reads.care_latest, homes)
        return {(row.home, row.kind): row for row in rows}

    async def care_needs(self, area: str, since: datetime, limit: int = 50) -> Sequence[tuple[GivenRow, str]]:
        """Visits and calls in an area since then that found a need."""
        rows, homes = await self.__ask([], self.__reads.care_needs, area, since, limit), self.__books.households
        return [(row, homes[row.home].title) for row in rows if row.home in homes]

    async def homes_in_care_of(self, responder: str) -> Sequence[Household]:
        """Homes whose visits and calls somebody may make."""
        person, now = f"{RESPONDER}{responder}", self.__clock.now()
        policy = self.__judge.policy
        roster, cases = policy.editions.roster, policy.editions.people.homes
        off = {id_ for id_ in (*(it.person for it in roster.absences), *roster.left) if is_off(roster, id_, now)}

        def stands_in(home: str) -> bool:
            case = cases.get(home)
            return case is not None and case.village in off and care.who_does_it(case, policy, now) == person

        others = [key for key in self.__books.homes_in("") if stands_in(key)]
        homes = self.__books.households
        named = (it for it in homes.naming(responder) if it.left is None) if responder else ()
        own = {it.key: it for it in named if responder in {getattr(it, office) for office in OFFICES}}
        mine = own | {key: homes[key] for key in others}
        return sorted(mine.values(), key=lambda it: (it.area, it.address))

    async def warnings_open(self, area: str = "", limit: int = 200) -> Sequence[WarningRow]:
        """Early warnings that are not answered yet."""
        return self.__named(await self.__ask([], self.__reads.warnings_open, area, limit))

    async def warnings_answered(self, area: str, since: datetime, limit: int = 100) -> Sequence[WarningRow]:
        """Early warnings answered since then."""
        return self.__named(await self.__ask([], self.__reads.warnings_answered, area, since, limit))

    async def warnings_of(self, homes: Collection[str], *, all_of_them: bool = False) -> Sequence[WarningRow]:
        """Early warnings of these homes."""
        rows = await self.__ask([], partial(self.__reads.warnings_of, all_of_them=all_of_them), homes)
        return self.__named(rows)

    async def warnings_pushed(self, by: str, area: str, limit: int) -> Sequence[WarningRow]:
        """Those that came under this login or peer."""
        return await self.__ask([], self.__reads.warnings_pushed, by, area, limit)

    async def warning_counts(self, area: str, since: datetime, until: datetime) -> Sequence[WarningCount]:
        """By village and code, those that came between two moments."""
        return await self.__ask([], self.__reads.warning_counts, area, since, until)

    def __named(self, rows: Sequence[WarningRow]) -> list[WarningRow]:
        """The rows with what is known of each home, and of whose it is."""
        same = [
            CareRow(
                home=it.home, kind=CareKind.WARNING, number=it.number, since=it.at, due_at=it.due_at, stage=it.stage
            )
            for it in rows
        ]
        known = zip(rows, self.__with_homes(same), strict=True)
        names = ("resident", "address", "area", "town", "village", "tier", "who", "who_phone")
        return [msgspec.structs.replace(row, **{n: getattr(care_row, n) for n in names}) for row, care_row in known]

    def __with_homes(self, rows: Sequence[CareRow]) -> list[CareRow]:
        return [self.__with_home(row) for row in rows]

    def __with_home(self, row: CareRow) -> CareRow:
        """The row with what is known of the home, and of whose it is."""
        policy, books = self.__judge.policy, self.__books
        persons = policy.editions.people.persons
        names = tuple(persons[id_].name for id_ in row.told if id_ in persons)
        home = books.households.get(row.home)
        if home is None:
            return msgspec.structs.replace(row, told_names=names)
        who = care.who_does_it(policy.editions.people.homes.get(home.key), policy, self.__clock.now())
        responder = books.responders.get(who.removeprefix(RESPONDER))
        return msgspec.structs.replace(
            row,
            told_names=names,
            who_id=who,
            **named(home, books),
            who=responder.name if responder is not None else "",
            who_phone=responder.phone if responder is not None else "",
            can_be_told=policy.editions.can_reach(who),
        )
