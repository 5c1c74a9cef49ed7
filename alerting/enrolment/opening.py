"""Looking into case files with everything shown: who, and why. Nothing changes by it."""

from __future__ import annotations

from alerting.decisions import Answered, AnyDecision, CaseFileOpened
from alerting.enrolment.books import Register
from alerting.enrolment.commands import OpenCaseFile, OpenCaseFiles, OpeningReason
from alerting.enrolment.importing import MOST_HOMES

LONGEST_NOTE = 300


def opened(r: Register, command: OpenCaseFile) -> list[AnyDecision]:
    """Somebody looks into a case file."""
    note = command.note.strip()[:LONGEST_NOTE]
    if r.household(command.household) is None:
        return [Answered(refused="unknown_home")]
    if command.reason is OpeningReason.ASKED and not note:
        return [Answered(refused="no_purpose")]
    opened = CaseFileOpened(household=command.household, by=command.by, reason=command.reason.value, note=note)
    return [opened, Answered(made=command.household)]


def all_opened(r: Register, command: OpenCaseFiles) -> list[AnyDecision]:
    """Somebody takes many out."""
    note = command.note.strip()[:LONGEST_NOTE]
    if not note:
        return [Answered(refused="no_purpose")]
    keys = dict.fromkeys(key for key in command.households if r.household(key) is not None)
    if len(keys) > MOST_HOMES:
        return [Answered(refused="too_many_homes")]
    reason = command.reason.value
    return [*(CaseFileOpened(household=key, by=command.by, reason=reason, note=note) for key in keys), Answered()]
