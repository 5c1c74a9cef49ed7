"""Case files from a list, judged: all of them are registered, or none."""

from __future__ import annotations

from datetime import datetime

from alerting.casefile import version_of
from alerting.decisions import HouseholdSaved, RegistryChange
from alerting.enrolment.books import Register
from alerting.enrolment.commands import ImportHouseholds
from alerting.enrolment.home_flaws import home_flaws

MOST_HOMES = 5000
MOST_REASONS = 100


def judge(r: Register, command: ImportHouseholds, now: datetime) -> tuple[list[RegistryChange], str, tuple[str, ...]]:
    """What an import changes; or the word for why it changes nothing at all, with the homes that are the reason.

    Returns:
        Changes; the refusal, empty when there is none; its reasons as ``case number|field|word``.
    """
    if len(command.homes) > MOST_HOMES or len({it.household.key for it in command.homes}) < len(command.homes):
        return [], "bad_import", ()
    changes: list[RegistryChange] = []
    reasons: list[str] = []
    edited = False
    for it in command.homes:
        home, before = it.household, r.household(it.household.key)
        if it.based_on != version_of(before):
            reasons.append(f"{home.key}|key|edited_meanwhile")
            edited = True
        reasons += [f"{home.key}|{field}|{word}" for field, word in home_flaws(home, now.year, r.has_area)]
        if home != before:
            changes.append(HouseholdSaved(household=home, before=before))
    if reasons:
        return [], "edited_meanwhile" if edited else "bad_import", tuple(reasons[:MOST_REASONS])
    return changes, "", ()
