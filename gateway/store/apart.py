"""A batch that the store refuses for the sake of a row, taken apart: one home at a time, so that the others commit."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.exc import DataError, IntegrityError, StatementError

from alerting.care.duty import care_key
from alerting.duty import editions
from alerting.enrolment.command import REGISTRY
from gateway.store.batch import Batch
from gateway.store.engine import StoreError

OF_A_ROW = ("22", "23", "54")
"""Classes of PostgreSQL's states: a value, a constraint, or a row too large for an index."""
MOST_SAID = 200

WITH_KEY = {
    "journal": "key",
    "decisions": "key",
    "faults": "household",
    "cleared": "b_household",
    "blind": "household",
    "seen": "b_key",
    "notes": "household",
    "struck": "b_key",
    "absences": "household",
    "absences_changed": "b_key",
    "tests": "household",
    "protection": "household",
    "tested": "b_household",
}
"""Rows of a batch that name their home, and where."""
OF_CARE = {
    "care_given": "household",
    "care_struck": "b_key",
    "warnings": "household",
    "warnings_answered": "b_key",
    "referral_steps": "household",
    "photos": "household",
    "home_photos": "household",
}
"""Rows of a household's care, which is an aggregate of its own, and where they name the household."""
BY_PLACE = {"hot": 1, "learned": 1, "timers": 1, "activity": 0, "follow_ups": 0}
"""Rows that are kept by place, and which part of the place is the home's."""


def is_in_the_rows(failure: Exception) -> bool:
    """Whether a fault lies in what was to be written, so that trying again mends nothing."""
    if isinstance(failure, OSError | MemoryError):
        return False
    if not isinstance(failure, StoreError):
        return True  # a value that the driver does not even hand over
    state = str(getattr(getattr(failure, "orig", None), "sqlstate", None) or "")
    return isinstance(failure, DataError | IntegrityError) or type(failure) is StatementError or state[:2] in OF_A_ROW


def said_of(failure: Exception) -> str:
    """A fault in one line, without the row: that may name people."""
    cause = getattr(failure, "orig", None) or failure
    line = f"not recorded: {type(cause).__name__}: {cause}".partition("\n")[0]
    return "".join(ch if ch.isprintable() else " " for ch in line)[:MOST_SAID]


def apart(batch: Batch) -> list[Batch]:
    """The same rows in several batches: a home or device each, and what belongs to none.

    A batch without any home's rows is taken apart row by row as far as that is possible.
    """
    parts: dict[str, Batch] = defaultdict(Batch)
    whose = {(row["partition"], row["seq"]): str(row["key"]) for row in batch.journal}
    for name, field in WITH_KEY.items():
        for row in getattr(batch, name):
            getattr(parts[str(row[field])], name).append(row)
    for name in ("timeline", "outbox"):
        for row in getattr(batch, name):
            getattr(parts[whose[row["partition"], row["seq"]]], name).append(row)
    for name, nth in BY_PLACE.items():
        for place, row in getattr(batch, name).items():
            getattr(parts[place[nth]], name)[place] = row
    for id_, incident in batch.incidents.items():
        parts[str(incident["key"])].incidents[id_] = incident
    for key, row in zip(batch.remembered_of, batch.remembered, strict=True):
        parts[key].remembered.append(row)
        parts[key].remembered_of.append(key)
    _add_care(batch, parts)
    _add_books(batch, parts)
    return [*parts.values(), *_of_nobody(batch, one_by_one=not batch.journal)]


def _add_care(batch: Batch, parts: dict[str, Batch]) -> None:
    """Rows of care, each beside the events of its household's care."""
    for name, field in OF_CARE.items():
        for row in getattr(batch, name):
            getattr(parts[care_key(str(row[field]))], name).append(row)
    for duty, row in batch.care_duties.items():
        parts[care_key(duty[0])].care_duties[duty] = row
    for one, row in batch.referrals.items():
        parts[care_key(one[0])].referrals[one] = row
    for key in batch.drilled.keys:
        parts[key].drilled = batch.drilled.of(key)


def _add_books(batch: Batch, parts: dict[str, Batch]) -> None:
    """Registry, plans and rosters: each beside the events of the one aggregate that holds it."""
    if not batch.books.is_empty():
        parts[REGISTRY].books = batch.books
    if batch.editions:
        parts[editions.KEY].editions = batch.editions


def _of_nobody(batch: Batch, *, one_by_one: bool) -> list[Batch]:
    """What was sent, how far others have got, checkpoints; what was quarantined; names that were learnt."""
    rest = Batch()
    for name in ("sent", "sent_log", "page_tests", "checkpoints"):
        getattr(rest, name).extend(getattr(batch, name))
    rest.cursors, rest.pushed, rest.alive_ms, rest.expired = batch.cursors, batch.pushed, batch.alive_ms, batch.expired
    rest.blanked = batch.blanked
    parts = [] if rest.is_empty() else [rest]
    size = 1 if one_by_one else max(1, len(batch.quarantine), len(batch.names))
    for first in range(0, len(batch.quarantine), size):
        part = Batch()
        part.quarantine = batch.quarantine[first : first + size]
        parts.append(part)
    for place, row in batch.strangers.items():
        part = Batch()
        part.strangers = {place: row}
        parts.append(part)
    names = list(batch.names.items())
    for first in range(0, len(names), size):
        part = Batch()
        part.names = dict(names[first : first + size])
        parts.append(part)
    return parts
