"""A household leaves the programme, comes back, or is erased: what changes in the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from alerting.casefile import DeviceStatus, Household, Installation, Place, StepDone
from alerting.decisions import DeviceSaved, HouseholdSaved, InstallationSaved, RegistryChange, RepairSaved
from alerting.enrolment.books import Register
from alerting.enrolment.commands import EraseHome, LeaveProgramme, TakeUpAgain
from alerting.keeping.leaving import Leaving, erase_on

LONGEST_WHY = 300
ABOUT = 1
"""Decimals of a position that is kept: about ten kilometres."""

Judged = list[RegistryChange] | str


def _leave(r: Register, command: LeaveProgramme, _: datetime) -> Judged:
    before, why = r.household(command.household), command.note.strip()[:LONGEST_WHY]
    if before is None:
        return "unknown_home"
    if before.left is not None:
        return "has_left"
    if not why or not why.isprintable():
        return "why_it_leaves"
    if any(it.status is DeviceStatus.ACTIVE for it in r.all_of(before.key)):
        return "devices_there"
    left = Leaving(on=r.today, by=command.by, why=why, erase_on=erase_on(r.today, r.policy.erase_after_days))
    return [HouseholdSaved(household=msgspec.structs.replace(before, left=left), before=before)]


def _take_up(r: Register, command: TakeUpAgain, _: datetime) -> Judged:
    before = r.household(command.household)
    if before is None:
        return "unknown_home"
    if before.left is None:
        return "has_not_left"
    if r.today >= before.left.erase_on:
        return "is_to_be_erased"
    return [HouseholdSaved(household=msgspec.structs.replace(before, left=None), before=before)]


def _erase(r: Register, command: EraseHome, _: datetime) -> Judged:
    before = r.household(command.household)
    if before is None:
        return "unknown_home"
    if before.left is None:
        return "has_not_left"
    if before.left.erased_on is not None:
        return []
    if r.today < before.left.erase_on:
        return "not_yet"
    left = msgspec.structs.replace(before.left, why="", erased_on=r.today)
    blank = _nobody(before, left)
    return [HouseholdSaved(household=blank, before=blank), *_around(r, before.key)]


def _nobody(home: Household, left: Leaving) -> Household:
    """A case file of which only what is counted is left."""
    done = home.assessment
    return Household(
        key=home.key,
        area=home.area,
        address="",
        place=Place(lat=round(home.place.lat, ABOUT), lon=round(home.place.lon, ABOUT)),
        tier=home.tier,
        categories=home.categories,
        town_responder=home.town_responder,
        village_responder=home.village_responder,
        assessment=msgspec.structs.replace(done, met=(), why="") if done is not None else None,
        left=left,
    )


def _around(r: Register, key: str) -> Iterator[RegistryChange]:
    """What people wrote beside the case file: names of devices, how the installation went, what was repaired.

    What was there before is not said, so that the history does not get it again.
    """
    for device in r.all_of(key):
        bare = msgspec.structs.replace(device, title="", sealed_key="", sealed_code="")
        if bare != device:
            yield DeviceSaved(device=bare, before=bare)
    done = r.installation(key)
    if done.steps:
        bare_steps = {step: StepDone(it.at, it.by) for step, it in done.steps.items()}
        bare_done = Installation(household=key, steps=bare_steps)
        yield InstallationSaved(installation=bare_done, before=bare_done)
    for repair in r.repairs_of(key):
        last = repair.done
        bare_last = msgspec.structs.replace(last, text="") if last is not None else None
        bare_repair = msgspec.structs.replace(repair, note="", done=bare_last)
        yield RepairSaved(repair=bare_repair, before=bare_repair)


JUDGES: dict[type, Callable[..., Judged]] = {LeaveProgramme: _leave, TakeUpAgain: _take_up, EraseHome: _erase}
