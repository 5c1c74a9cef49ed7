"""What has been registered anew comes into force: after its commit, before anything else is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from alerting.decisions import (
    AccountSaved,
    AreaRemoved,
    AreaSaved,
    DeviceSaved,
    HouseholdSaved,
    RegistryChange,
    ResponderSaved,
)
from alerting.enrolment.books import Pending
from gateway.writing.judge import Judge
from gateway.writing.looking_again import About, tell_soon

T = TypeVar("T")

AT_START = 500
ABOUT_PEOPLE = HouseholdSaved | ResponderSaved | AccountSaved | AreaSaved | AreaRemoved
MOST_TOLD = 20
"""So many homes of a list are told at a time, and none beside a press, so that it waits for no more."""


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
    waits = all(isinstance(change, HouseholdSaved) for change in changes) and len(concerned) > MOST_TOLD
    if waits:  # a list of homes: none of them has new devices, and a press must not wait until all are told
        tell_soon(judge, concerned, About.FACTS | About.CARE)
    if any(isinstance(change, ABOUT_PEOPLE) for change in changes):
        judge.people_known(judge.directory.people, now)
    tell(judge, sorted(concerned) if not waits else [], now)


def tell(judge: Judge, homes: Sequence[str], now: datetime, about: About = About.FACTS | About.CARE) -> None:
    """These homes learn what is registered of them and what they are owed, where that is news to them."""
    books, states = judge.directory, judge.states
    known = [key for key in homes if key in books.households]
    if About.FACTS in about:
        judge.enrol_all(now, only=[key for key in known if not states.knows(key, books.enrolment(key))])
    if About.CARE in about:
        judge.look_at_care(known, now)


def tell_at_start(judge: Judge, settle: Callable[[Callable[[], None]], None], now: datetime) -> None:
    """Homes that do not know what is registered of them learn it, and of each it is found what it is owed.

    ``settle`` judges and commits; so many homes at a time that each commit is short. Whether what is known of care
    is still so is found after the start, a few at a time: a stop may have left some homes untold of other terms.
    """
    for some in _by_hundreds(judge.homes_to_enrol()):
        settle(lambda some=some: judge.enrol_all(now, only=some))  # type: ignore[misc]
    for some in _by_hundreds(judge.states.without_care(judge.directory.households)):
        settle(lambda some=some: judge.look_at_care(some, now))  # type: ignore[misc]
    tell_soon(judge, judge.directory.households, About.CARE)


def _by_hundreds(homes: list[str]) -> Iterator[list[str]]:
    return (homes[first : first + AT_START] for first in range(0, len(homes), AT_START))


def tell_some(judge: Judge, now: datetime, *, hurries: bool) -> None:
    """Of the homes that wait to be told the next few, in the batch at hand, unless a press is in it."""
    if hurries:
        return
    for home in list(islice(judge.to_tell, MOST_TOLD)):
        tell(judge, [home], now, judge.to_tell.pop(home))


def _without(pending: Pending, judge: Judge) -> Pending:
    """What is still not in force."""
    books = judge.directory
    return Pending(
        devices=_left(pending.devices, books.devices),
        bridges=_left(pending.bridges, books.bridges),
        households=_left(pending.households, books.households),
        installations=_left(pending.installations, books.installations),
        repairs=_left(pending.repairs, books.repairs),
        parties=_left(pending.parties, books.parties),
        responders=_left(pending.responders, books.responders),
        accounts=_left(pending.accounts, books.accounts),
        areas={key: it for key, it in pending.areas.items() if books.areas.get(key) != it},
        brought=pending.brought,
    )


def _left(pending: Mapping[str, T], books: Mapping[str, T]) -> dict[str, T]:
    return {id_: it for id_, it in pending.items() if books.get(id_) != it}
