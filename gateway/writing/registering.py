"""What has been registered anew comes into force: after its commit, before anything else is judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from alerting.decisions import DeviceSaved, HouseholdSaved, RegistryChange
from alerting.enrolment.books import Pending
from gateway.writing.judge import Judge

T = TypeVar("T")


def take_in(judge: Judge, changes: Sequence[RegistryChange], now: datetime) -> None:
    """The directory follows, and the homes concerned are told, in a batch of the judge's that is to be committed.

    Should that commit not come (a crash in between), the next start finds that a home does not know and tells it.
    """
    concerned = judge.directory.take(changes)
    judge.states.pending = _without(judge.states.pending, judge)
    judge.begin()
    for change in changes:
        if isinstance(change, DeviceSaved):
            judge.strangers.drop((change.device.bridge, change.device.inner), judge.batch.note_stranger)
    homes = [key for key in sorted(concerned) if key in judge.directory.households]
    judge.enrol_all(now, only=[key for key in homes if not judge.states.knows(key, judge.directory.enrolment(key))])
    if any(isinstance(change, HouseholdSaved) for change in changes):
        judge.people_known(judge.directory.people, now)


def _without(pending: Pending, judge: Judge) -> Pending:
    """What is still not in force."""
    books = judge.directory
    return Pending(
        devices=_left(pending.devices, books.devices),
        bridges=_left(pending.bridges, books.bridges),
        households=_left(pending.households, books.households),
        installations=_left(pending.installations, books.installations),
        repairs=_left(pending.repairs, books.repairs),
    )


def _left(pending: dict[str, T], books: dict[str, T]) -> dict[str, T]:
    return {id_: it for id_, it in pending.items() if books.get(id_) is not it}
