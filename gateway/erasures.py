"""Households that have left and whose time is over: everything about their people goes, and then their case file.

First what is stored elsewhere, by what the case file and its history say of the people; then the case file itself, by a
command; then what was written meanwhile. Interrupted anywhere, the next night begins anew: only the command marks a
household as erased.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import date

from alerting.casefile import Household
from alerting.enrolment.commands import EraseHome
from gateway.desk.contract import Answer
from gateway.retention import Forgotten, Piece
from gateway.store.erasing import PersonalRows
from gateway.writing.work import CommandAsked
from gateway.writing.writer import Writer

log = logging.getLogger(__name__)

ANSWER_S = 60.0


class Erasures:
    """Finds whom to erase, and what.

    Args:
        stored: What the store has of a household's people.
        writer: Carries the command out; its judge has the registry.
        today: Says which local day it is.
    """

    def __init__(self, stored: PersonalRows, writer: Writer, today: Callable[[], date]) -> None:
        """Nothing is erased yet."""
        self._stored = stored
        self._writer = writer
        self._today = today

    def due(self) -> list[Household]:
        """Households whose time is over; while one has an incident that is worked on, it waits."""
        today, judge = self._today(), self._writer.judge
        over = [it for it in judge.directory.files_in("", left=True) if _is_over(it, today)]
        return [it for it in over if judge.states.memory_of(it.key).hot.open is None]

    def pieces(self) -> Iterator[Piece]:
        """What has to go, one household after the other. Each piece is written before the next one is asked for."""
        for home in self.due():
            devices = self._writer.judge.directory.all_of(home.key)
            person = self._stored.person(home, devices)
            yield from self._stored.pieces(person, devices)
            yield Forgotten(home.key)
            if self._erased(home.key):
                yield from self._stored.pieces(person, devices)

    def _erased(self, key: str) -> bool:
        answer: Future[Answer] = Future()
        self._writer.inbox.put(CommandAsked(EraseHome(household=key), "", answer))
        try:
            done = answer.result(ANSWER_S)
        except TimeoutError:
            log.warning("a household that has left could not be erased: no answer")
            return False
        if not done.done or not done.recorded:
            log.warning("a household that has left could not be erased: %s", done.refused or "not recorded")
        return done.done and done.recorded


def _is_over(home: Household, today: date) -> bool:
    return home.left is not None and home.left.erased_on is None and home.left.erase_on <= today
