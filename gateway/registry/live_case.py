"""The Desk's side for case files, of a running gateway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.desk.asking import Asking
from gateway.registry.case_desk import Opening
from gateway.store.case_files import CaseFiles


class LiveCase:
    """See ``gateway.registry.case_desk.CaseDesk`` for what each question means.

    Args:
        case_files: Questions to the store.
    """

    def __init__(self, case_files: CaseFiles) -> None:
        """Answer from the store."""
        self._case_files = case_files
        self._ask_case = Asking().ask

    async def openings(self, household: str, limit: int = 50) -> Sequence[Opening]:
        """Who has looked into it."""
        return await self._ask_case([], self._case_files.openings, household, limit)

    async def has_opened(self, household: str, login: str, since: datetime) -> bool:
        """Whether somebody has looked into it since then."""
        return await self._ask_case(False, self._case_files.has_opened, household, login, since)
