"""Case files from a list, judged: all of them are registered, or none.

A long list is brought in parts first, and each home is checked then. Registering it only asks what was changed since.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.assessment.due import watched_over
from alerting.casefile import version_of
from alerting.decisions import HouseholdSaved, RegistryChange
from alerting.enrolment.books import Pending, Register
from alerting.enrolment.commands import BringHomes, ImportHouseholds
from alerting.enrolment.home_flaws import home_flaws
from alerting.keeping.leaving import is_erased

MOST_HOMES = 5000
MOST_REASONS = 100
MOST_LISTS = 2
"""So many lists are kept ready; an older one has to be brought again."""

Result = tuple[list[RegistryChange], str, tuple[str, ...]]


def judge(r: Register, command: ImportHouseholds, now: datetime) -> Result:
    """What an import changes; or the word for why it changes nothing at all, with the homes that are the reason.

    Returns:
        Changes; the refusal, empty when there is none; its reasons as ``case number|field|word``.
    """
    if command.brought:
        return _brought(r, command)
    if len(command.homes) > MOST_HOMES or len({it.household.key for it in command.homes}) < len(command.homes):
        return [], "bad_import", ()
    saved, refused, reasons = _checked(r, command, now)
    return [it for it in saved if it.household != it.before], refused, reasons


def bring(r: Register, pending: Pending, command: BringHomes, now: datetime) -> tuple[Pending, str, tuple[str, ...]]:
    """Some homes of a list are checked and kept ready; with a flaw the whole list is dropped.

    Returns:
        What is kept from now on; the refusal and its reasons as of ``judge``.
    """
    saved, refused, reasons = _checked(r, command, now)
    ready = (*r.brought(command.list_id), *saved)
    if len(ready) > MOST_HOMES and not refused:
        refused = "bad_import"
    others = {name: homes for name, homes in pending.brought.items() if name != command.list_id}
    if refused:
        return without_lists(pending, others), refused, reasons
    latest = dict(list(others.items())[-MOST_LISTS + 1 :])
    return without_lists(pending, {**latest, command.list_id: ready}), "", ()


def without_lists(pending: Pending, left: dict[str, tuple[HouseholdSaved, ...]]) -> Pending:
    """The same changes, with only these lists kept ready."""
    return msgspec.structs.replace(pending, brought=left)


def _brought(r: Register, command: ImportHouseholds) -> Result:
    ready = r.brought(command.brought)
    if len(ready) != command.count or len({it.household.key for it in ready}) < len(ready):
        return [], "bad_import", ()
    changed = [
        it.household.key
        for it in ready
        if (there := r.household(it.household.key)) is not it.before and there != it.before
    ]
    if changed:
        return [], "edited_meanwhile", tuple(f"{key}|key|edited_meanwhile" for key in changed[:MOST_REASONS])
    return [it for it in ready if it.household != it.before], "", ()


def _checked(
    r: Register, command: BringHomes | ImportHouseholds, now: datetime
) -> tuple[list[HouseholdSaved], str, tuple[str, ...]]:
    """Each home as it would be saved; or why it must not be."""
    saved: list[HouseholdSaved] = []
    reasons: list[str] = []
    edited = False
    for it in command.homes:
        home, before = it.household, r.household(it.household.key)
        if it.based_on != version_of(before):
            reasons.append(f"{home.key}|key|edited_meanwhile")
            edited = True
        if is_erased(before):
            reasons.append(f"{home.key}|key|is_erased")
        reasons += [f"{home.key}|{field}|{word}" for field, word in home_flaws(home, now.year, r.has_area)]
        watched = watched_over(home, before, r.today, command.by)
        saved.append(HouseholdSaved(household=watched, before=before))
    if reasons:
        return [], "edited_meanwhile" if edited else "bad_import", tuple(reasons[:MOST_REASONS])
    return saved, "", ()
