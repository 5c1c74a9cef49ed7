"""The Desk's side for case files: who has looked into one, and who may see it in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has looked into a case file with everything shown: when, which login, and why."""

    at: datetime
    by: str
    reason: str
    note: str


class CaseDesk(Protocol):
    """What a screen may ask about a case file. Changes, and opening it, are commands."""

    async def openings(self, household: str, limit: int = 50) -> Sequence[Opening]:
        """Who has looked into it, the latest first."""

    async def has_opened(self, household: str, login: str, since: datetime) -> bool:
        """Whether somebody has looked into it since then; False while the store is away."""
