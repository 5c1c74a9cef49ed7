"""The news by cursor: exact to the row, whatever is committed meanwhile, and only what its reader may see."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from gateway.exchange import cursor
from gateway.exchange.cursor import Cursor
from gateway.exchange.events import CloudEvent, HomeOf, event_of
from gateway.store.feed import FeedReads, NewsPiece

FEWEST_ROWS, MOST_ROWS = 50, 1000
"""Of one look at the store."""
MOST_LOOKS = 10
"""So many rows may say nothing to a reader before they are told to ask again from further on."""


class OutOfOrderError(Exception):
    """Commits become visible out of order just now: nothing is read until they have."""


class Told(msgspec.Struct, frozen=True):
    """One event, and the cursor behind it."""

    event: CloudEvent
    upto: Cursor


class Page(msgspec.Struct, frozen=True):
    """Events beyond a cursor, the cursor to go on from, and whether there is more already."""

    told: tuple[Told, ...]
    upto: Cursor
    more: bool


class Feed:
    """Reads the news for whoever asks. From any thread.

    Args:
        reads: The store.
        home_of: A registered home by case number.
        order: See ``Writer.order``.
        source: Who says it, in every event.
    """

    def __init__(self, reads: FeedReads, home_of: HomeOf, order: Callable[[], int], source: str) -> None:
        """Nothing is read yet."""
        self.source = source
        self._reads = reads
        self._home_of = home_of
        self._order = order

    def head(self) -> Cursor:
        """The cursor behind all news there is. Raises ``OutOfOrderError``."""
        before = self._order()
        found = self._reads.head()
        self._check(before)
        return found

    def page(self, after: Cursor, most: int, area: str, kinds: Collection[str] = ()) -> Page:
        """The next events for a reader of an area; of these kinds, where some are named.

        Raises:
            OutOfOrderError: Ask again in a moment.
        """
        told: list[Told] = []
        for _ in range(MOST_LOOKS):
            piece = self._look(after, min(MOST_ROWS, FEWEST_ROWS + 4 * most))
            at = dict(after)
            for row in piece.rows:
                at[row.stream] = row.place
                event = event_of(row, area, self._home_of, self.source)
                if event is None or (kinds and event.type not in kinds):
                    continue
                told.append(Told(event, dict(at)))
                if len(told) == most:
                    return Page(tuple(told), told[-1].upto, more=True)
            after = piece.upto
            if not piece.left:
                return Page(tuple(told), after, more=False)
        return Page(tuple(told), after, more=True)

    def _look(self, after: Cursor, rows: int) -> NewsPiece:
        before = self._order()
        piece = self._reads.after(after, rows)
        self._check(before)
        return piece

    def _check(self, before: int) -> None:
        """A look is one only when nothing was being written out of order at its beginning, nor begun since."""
        if before & 1 or self._order() != before:
            raise OutOfOrderError


def word_of(at: Cursor) -> str:
    """A cursor for whoever asks."""
    return cursor.written(at)
