"""The Desk's side for case files, of a running gateway."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from alerting.casefile import Household, covers
from gateway.desk.asking import Asking
from gateway.registry.case_desk import ImportRow, Opening
from gateway.registry.initials import ready
from gateway.store.case_files import CaseFiles
from gateway.writing.directory import Directory


class LiveCase:
    """See ``gateway.registry.case_desk.CaseDesk`` for what each question means.

    Args:
        case_files: Questions to the store.
        directory: The registry in memory.
    """

    def __init__(self, case_files: CaseFiles, directory: Directory) -> None:
        """Answer from both."""
        ready()
        self._books = directory
        self._case_files = case_files
        self._ask_case = Asking().ask

    async def openings(self, household: str, limit: int = 50) -> Sequence[Opening]:
        """Who has looked into it."""
        return await self._ask_case([], self._case_files.openings, household, limit)

    async def has_opened(self, household: str, login: str, since: datetime) -> bool:
        """Whether somebody has looked into it since then."""
        return await self._ask_case(False, self._case_files.has_opened, household, login, since)

    async def case_files(self, keys: Collection[str]) -> Mapping[str, Household]:
        """The case files with these numbers."""
        homes = self._books.households
        return {key: homes[key] for key in keys if key in homes}

    async def case_files_in(self, area: str) -> Sequence[Household]:
        """All case files of an area."""
        files = partial(self._books.files_in, area, left=None)
        return await to_thread(lambda: sorted(files(), key=lambda it: it.key))

    async def imports(self, login: str = "", limit: int = 20) -> Sequence[ImportRow]:
        """The latest lists of homes that were registered."""
        return await self._ask_case([], self._case_files.imports, login, limit)

    def seal_id(self, number: str) -> str:
        """What is kept of the number of an identity card."""
        return self._books.seals.seal_text(number)

    def opened_id(self, sealed: str) -> str:
        """The number again."""
        return self._books.seals.open_text(sealed)

    def with_id(self, area: str, number: str) -> list[str]:
        """Case numbers of homes in an area in which somebody has this number; looked for as it is kept."""
        sealed = self.seal_id(number)
        homes = self._books.households.naming(sealed) if sealed else ()
        return [it.key for it in homes if any(r.sealed_id == sealed for r in it.residents) and covers(area, it.area)]
