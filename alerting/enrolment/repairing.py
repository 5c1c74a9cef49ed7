"""What people do about faults, judged: taken, planned, noted, done. Pure; refusals are words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from alerting.decisions import RegistryChange, RepairSaved
from alerting.enrolment.books import Register
from alerting.enrolment.commands import FinishRepair, NoteRepair, PlanRepair, RepairCommand, TakeRepair
from alerting.repair import FURTHEST, LONGEST_TEXT, Repair, RepairDone, repair_key

Judged = list[RegistryChange] | str


def _of(r: Register, command: RepairCommand, now: datetime) -> tuple[Repair, Repair | None] | str:
    """The work as it stands before this, and what was registered of it; or why there is none."""
    if r.household(command.household) is None:
        return "unknown_home"
    if command.device and r.device(command.device) is None:
        return "unknown_device"
    before = r.repair(repair_key(command.household, command.device, command.fault))
    fresh = Repair(household=command.household, device=command.device, fault=command.fault, at=now)
    return before or fresh, before


def _take(r: Register, command: TakeRepair, now: datetime) -> Judged:
    found = _of(r, command, now)
    if isinstance(found, str):
        return found
    repair, before = found
    if not command.who and not repair.taken_by:
        return "not_taken"
    plan = None if command.who != repair.taken_by else repair.planned_until
    return _saved(repair, before, at=now, taken_by=command.who, planned_until=plan)


def _plan(r: Register, command: PlanRepair, now: datetime) -> Judged:
    found = _of(r, command, now)
    if isinstance(found, str):
        return found
    repair, before = found
    if not now < command.until <= now + FURTHEST:
        return "bad_plan"
    return _saved(repair, before, at=now, taken_by=repair.taken_by or command.by, planned_until=command.until)


def _note(r: Register, command: NoteRepair, now: datetime) -> Judged:
    found = _of(r, command, now)
    if isinstance(found, str):
        return found
    repair, before = found
    text = command.note.strip()[:LONGEST_TEXT]
    return _saved(repair, before, at=now, note=text) if text else "no_text"


def _finish(r: Register, command: FinishRepair, now: datetime) -> Judged:
    found = _of(r, command, now)
    if isinstance(found, str):
        return found
    repair, before = found
    done = RepairDone(now, command.by, command.how, command.note.strip()[:LONGEST_TEXT])
    return _saved(repair, before, at=now, taken_by="", planned_until=None, note="", done=done)


def _saved(repair: Repair, before: Repair | None, **to: object) -> Judged:
    return [RepairSaved(repair=msgspec.structs.replace(repair, **to), before=before)]


JUDGES: dict[type, Callable[..., Judged]] = {
    TakeRepair: _take,
    PlanRepair: _plan,
    NoteRepair: _note,
    FinishRepair: _finish,
}
