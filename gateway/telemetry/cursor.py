"""How far a target has got, on its way to the writer."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec


class CursorMoved(msgspec.Struct, frozen=True):
    """A target safely has every partition's journal up to these sequence numbers.

    The cursor is stored by the writer, with whatever else it commits: the store has one writer, and a cursor that is
    restored or copied together with its journal can never be ahead of it.
    """

    target: str
    upto: dict[int, int]
    done: Future[None]
