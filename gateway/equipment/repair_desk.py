"""The Desk's side for the technical queue: faults as work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.enrolment.repair_standing import RepairStanding
from alerting.model import FaultKind
from gateway.registry.registry_desk import Registration


class RepairRow(msgspec.Struct, frozen=True, kw_only=True):
    """One fault as work.

    Attributes:
        household: Case number.
        resident: What people call the home.
        address: As people write it.
        area: Key of its village; empty for a device without a home.
        town: Name of the town.
        village: Name of the village.
        kind: What is wrong.
        opened_at: Since when, UTC.
        cleared_at: When it ended, UTC; None while it lasts.
        device: Registry id; empty: the home itself.
        role: The device's.
        room: The device's.
        model: The device's maker and model.
        detail: What the device said about it.
        phones: (name, relation, number): the residents first.
        standing: How it stands as work.
        taken_by_name: What its taker is called.
        done_by_name: What whoever finished it last is called.
        overdue: It should have been in order by now.
    """

    household: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    kind: FaultKind
    opened_at: datetime
    cleared_at: datetime | None
    device: str
    role: str
    room: str
    model: str
    detail: str
    phones: tuple[tuple[str, str, str], ...]
    standing: RepairStanding
    taken_by_name: str
    done_by_name: str
    overdue: bool


class RepairView(msgspec.Struct, frozen=True, kw_only=True):
    """One fault with everything that is known of it.

    ``spells`` are (since, until) of the times that it was open, the latest first; ``history`` what people did, the
    latest first.
    """

    row: RepairRow
    spells: tuple[tuple[datetime, datetime | None], ...]
    history: tuple[Registration, ...]


class RepairDesk(Protocol):
    """What a screen may ask about faults as work. What people do about them are commands of the registry."""

    async def repairs(self, area: str = "") -> Sequence[RepairRow]:
        """Every open fault: what is overdue first, then what is due next; what is done and not ended yet is last."""

    async def next_working_day(self) -> datetime:
        """The end of work of the next working day, as the roster's calendar has it."""

    async def repair(self, household: str, device: str, kind: FaultKind) -> RepairView | None:
        """One fault, open or over; None when there has never been such a one."""
