"""The Desk's side for equipment: test mode and the ledger of tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.homes.steps import Evidence


class StepView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One announced step, running or over.

    Attributes:
        household: Case number.
        resident: What people call the home.
        address: As people write it.
        area: Key of its village.
        device: Registry id.
        role: Its role.
        room: Its room.
        purpose: ``press`` or ``walk``.
        by: Login of who started it.
        by_name: What they are called.
        since: UTC.
        until: When it ends by itself, UTC.
        ended_at: When it was over, UTC; None while it runs.
        how: Word of how it ended; empty while it runs.
        ended_by_name: Who ended it before its time.
        evidence: By what it was matched.
    """

    household: str
    resident: str
    address: str
    area: str
    device: str
    role: str
    room: str
    purpose: str
    by: str
    by_name: str
    since: datetime
    until: datetime
    ended_at: datetime | None = None
    how: str = ""
    ended_by_name: str = ""
    evidence: Evidence | None = None


class PressRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home in the ledger of test presses.

    ``state`` is ``done``, ``due`` (within the next days) or ``overdue``. ``phones`` are (name, relation, number) as for
    a home to be confirmed; ``devices`` are (id, role, room) of what the resident can press.
    """

    household: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    state: str
    due_at: datetime
    pressed_at: datetime | None = None
    phones: tuple[tuple[str, str, str], ...] = ()
    devices: tuple[tuple[str, str, str], ...] = ()
    running: StepView | None = None


class EquipmentDesk(Protocol):
    """What a screen may ask about equipment."""

    async def announced(self, area: str = "") -> Sequence[StepView]:
        """Steps that are announced now, and those that were over in the last two minutes; oldest first."""

    async def home_tests(self, key: str, limit: int = 50) -> Sequence[StepView]:
        """The ledger of one home, latest first: what runs, and how everything ended."""

    async def presses(self, area: str = "") -> Sequence[PressRow]:
        """Every home that owes test presses: what is overdue first, then what is due next."""
