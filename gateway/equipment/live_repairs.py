"""The technical queue of a running gateway: open faults joined with what people do about them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from alerting.casefile import AreaLevel
from alerting.enrolment.repair_standing import next_days_end, spare_days, standing
from alerting.model import FaultKind
from alerting.repair import RepairState, repair_key
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.rows import phones_of
from gateway.equipment.repair_desk import RepairRow, RepairView
from gateway.store.fault_rows import FaultReads, FaultSpell
from gateway.store.reads import Reads
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

MOST_SPELLS = 20


class LiveRepairs:
    """See ``gateway.equipment.repair_desk.RepairDesk`` for what each question means.

    Args:
        faults: Questions to the store about faults.
        reads: Questions to the store.
        directory: The registry in memory.
        writer: Holds the calendar in force.
        clock: Service time.
    """

    def __init__(self, faults: FaultReads, reads: Reads, directory: Directory, writer: Writer, clock: Clock) -> None:
        """Answer from these parts."""
        self._fault_reads = faults
        self._registered = reads
        self._directory = directory
        self._writer = writer
        self._clock = clock
        self._asking = Asking().ask

    async def repairs(self, area: str = "") -> Sequence[RepairRow]:
        """Every open fault: what is overdue first, then what is due next; what is done is last."""
        spells = await self._asking([], self._fault_reads.open)
        return await asyncio.to_thread(self._repair_rows, spells, area, self._clock.now())

    async def next_working_day(self) -> datetime:
        """The end of work of the next working day, as the roster's calendar has it."""
        return next_days_end(self._writer.judge.policy.editions.roster, self._clock.now())

    async def repair(self, household: str, device: str, kind: FaultKind) -> RepairView | None:
        """One fault, open or over; None when there has never been such a one."""
        spells = await self._asking([], self._fault_reads.spells, household, device, kind.value, MOST_SPELLS)
        if not spells:
            return None
        key = repair_key(household, device, kind.value)
        return RepairView(
            row=self._repair_row(spells[0], self._clock.now()),
            spells=tuple((spell.opened_at, spell.cleared_at) for spell in spells),
            history=tuple(await self._asking([], self._registered.registrations, "repair", key, 100)),
        )

    def _repair_rows(self, spells: Sequence[FaultSpell], area: str, now: datetime) -> Sequence[RepairRow]:
        is_in = self._directory.is_in
        here = [it for it in spells if not area or is_in(it.household, area)]
        return sorted((self._repair_row(spell, now) for spell in here), key=_urgency)

    def _repair_row(self, spell: FaultSpell, now: datetime) -> RepairRow:
        books, kind = self._directory, FaultKind(spell.kind)
        home, device = books.households.get(spell.household), books.devices.get(spell.device)
        levels = {it.level: it.name for it in books.areas_above(home.area)} if home else {}
        done = books.repairs.get(repair_key(spell.household, spell.device, spell.kind))
        spare, roster = spare_days(spell.kind, spell.detail), self._writer.judge.policy.editions.roster
        stands = standing(done, spell.opened_at, now, roster, spare=spare)
        return RepairRow(
            household=spell.household,
            resident=home.title if home else "",
            address=home.address if home else "",
            area=home.area if home else "",
            town=levels.get(AreaLevel.TOWN, ""),
            village=levels.get(AreaLevel.VILLAGE, ""),
            kind=kind,
            opened_at=spell.opened_at,
            cleared_at=spell.cleared_at,
            device=spell.device,
            role=device.role if device else "",
            room=device.room if device else "",
            model=f"{device.vendor} {device.model}".strip() if device else "",
            detail=spell.detail,
            phones=phones_of(home) if home else (),
            standing=stands,
            taken_by_name=books.name_of(stands.taken_by) if stands.taken_by else "",
            done_by_name=books.name_of(stands.done.by) if stands.done else "",
            overdue=spell.cleared_at is None and stands.is_overdue(now),
        )


def _urgency(row: RepairRow) -> tuple[bool, bool, float, str]:
    done = row.standing.state is RepairState.DONE
    return done, not row.overdue, row.standing.due_at.timestamp(), row.household
