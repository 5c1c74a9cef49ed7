"""The Desk's side for case files: who has looked into one, and who may see it in full."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.casefile import Household


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has looked into a case file with everything shown: when, which login, and why."""

    at: datetime
    by: str
    reason: str
    note: str


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A list of homes that was registered: when, by which login, from which file; homes it made and changed."""

    at: datetime
    by: str
    file: str
    made: int
    changed: int


class CaseDesk(Protocol):
    """What a screen may ask about a case file. Changes, and opening it, are commands."""

    async def openings(self, household: str, limit: int = 50) -> Sequence[Opening]:
        """Who has looked into it, the latest first."""

    async def has_opened(self, household: str, login: str, since: datetime) -> bool:
        """Whether somebody has looked into it since then; False while the store is away."""

    async def case_files(self, keys: Collection[str]) -> Mapping[str, Household]:
        """The case files with these numbers, as far as there are such."""

    async def case_files_in(self, area: str) -> Sequence[Household]:
        """All case files of an area, by case number; empty: of the whole city."""

    async def imports(self, login: str = "", limit: int = 20) -> Sequence[ImportRow]:
        """The latest lists of homes that were registered; of one login, or of all."""

    def seal_id(self, number: str) -> str:
        """What is kept of the number of an identity card: encrypted, the same for the same number."""

    def opened_id(self, sealed: str) -> str:
        """The number again; empty when there is none, or its key is not here."""
