"""The Desk's side for keeping case files, of a running gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

from alerting.casefile import Household
from alerting.keeping.completeness import completeness, contacts_due, is_plan_due
from alerting.keeping.consent import ConsentFor, Standing, standing
from gateway.desk.asking import Asking
from gateway.desk.home_named import named
from gateway.registry.keeping_desk import Upkeep, UpkeepRow
from gateway.store.reads import Reads
from gateway.writing.directory import Directory

MOST_INCIDENTS = 100_000

_WAITS: dict[Upkeep, Callable[[Household, date], bool]] = {
    Upkeep.CONTACTS: lambda home, today: contacts_due(home) <= today,
    Upkeep.PLAN: lambda home, today: not home.care_plan or is_plan_due(home, today),
    Upkeep.CONSENT: lambda home, _: standing(home, ConsentFor.MONITORING) is not Standing.GIVEN,
    Upkeep.INCOMPLETE: lambda _home, _today: True,
    Upkeep.LEFT: lambda home, _: home.left is not None and home.left.erased_on is None,
}


class LiveKeeping:
    """See ``gateway.registry.keeping_desk.KeepingDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        today: Says which local day it is.
        reads: Questions to the store.
    """

    def __init__(self, directory: Directory, today: Callable[[], date], reads: Reads) -> None:
        """Answer from it."""
        self._files = directory
        self._past = reads
        self._ask_past = Asking().ask
        self._day = today

    async def upkeep(
        self, area: str, what: Upkeep, below: int = 100, limit: int = 500
    ) -> tuple[int, Sequence[UpkeepRow]]:
        """Case files on which this is to be done."""
        return await asyncio.to_thread(self._waiting, area, what, below, limit)

    async def incident_ids(self, household: str) -> Sequence[str]:
        """Ids of all incidents of a household."""
        found = await self._ask_past([], self._past.incidents_of, household, MOST_INCIDENTS)
        return [it.id for it in found]

    def _waiting(self, area: str, what: Upkeep, below: int, limit: int) -> tuple[int, list[UpkeepRow]]:
        today = self._day()
        found = [
            home
            for home in self._files.files_in(area, left=what is Upkeep.LEFT)
            if _WAITS[what](home, today)
            and (what is not Upkeep.INCOMPLETE or completeness(home, today).percent < below)
        ]
        found.sort(key=lambda it: (it.area, it.key))
        return len(found), [self._upkeep_row(home, today) for home in found[:limit]]

    def _upkeep_row(self, home: Household, today: date) -> UpkeepRow:
        whole = completeness(home, today)
        return UpkeepRow(
            key=home.key,
            **named(home, self._files),
            percent=whole.percent,
            missing=whole.missing,
            contacts_due=contacts_due(home),
            plan_review=home.care_plan_review,
            consent=standing(home, ConsentFor.MONITORING),
            erase_on=home.left.erase_on if home.left else None,
        )
