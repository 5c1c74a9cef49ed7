"""Looking into case files with everything shown: who may, is the caller's to know; that it is written down, ours."""

from __future__ import annotations

from alerting.decisions import Answered, AnyDecision, CaseFileOpened
from alerting.enrolment.books import Register
from alerting.enrolment.commands import OpenCaseFile, OpenCaseFiles, OpeningReason
from alerting.enrolment.importing import MOST_HOMES

LONGEST_NOTE = 300


def one(r: Register, command: OpenCaseFile) -> list[AnyDecision]:
    """One case file."""
    note = command.note.strip()[:LONGEST_NOTE]
    if r.household(command.household) is None:
        return [Answered(refused="unknown_home")]
    if command.reason is OpeningReason.ASKED and not note:
        return [Answered(refused="no_purpose")]
    opened = CaseFileOpened(household=command.household, by=command.by, reason=command.reason.value, note=note)
    return [opened, Answered(made=command.household)]


def many(r: Register, command: OpenCaseFiles) -> list[AnyDecision]:
    """Many, as a list."""
    note = command.note.strip()[:LONGEST_NOTE]
    if not note:
        return [Answered(refused="no_purpose")]
    keys = dict.fromkeys(key for key in command.households if r.household(key) is not None)
    if len(keys) > MOST_HOMES:
        return [Answered(refused="too_many_homes")]
    reason = command.reason.value
    return [*(CaseFileOpened(household=key, by=command.by, reason=reason, note=note) for key in keys), Answered()]
