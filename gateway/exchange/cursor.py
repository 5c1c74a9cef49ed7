"""How far somebody has read the news: a place in each stream of it, as one opaque word.

A stream is one partition of the registry's history, of the timelines of incidents, or of the steps of referrals. Its
order is that of its commits.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from enum import IntEnum

import msgspec

from alerting.model import PARTITIONS

WHOLE = 2**15 - 1
"""As the number within a sequence: all of it has been read."""
MOST_SEQ = 2**62
LONGEST = 12_000


class Of(IntEnum):
    """What a stream tells of."""

    REGISTRY = 0
    TIMELINE = 1
    REFERRALS = 2


Stream = tuple[Of, int]
Place = tuple[int, int]
"""Sequence number of a commit, and number of the row in it."""
Cursor = dict[Stream, Place]
BEGINNING: Place = (0, WHOLE)


class CursorError(ValueError):
    """It was not made here."""


_decoder = msgspec.msgpack.Decoder(tuple[tuple[int, int, int, int], ...])


def written(cursor: Mapping[Stream, Place]) -> str:
    """A cursor as one word."""
    rows = tuple((int(of), partition, *place) for (of, partition), place in sorted(cursor.items()))
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(rows)).decode().rstrip("=")


def read(word: str) -> Cursor:
    """A cursor again; of an empty word the beginning of everything. Raises ``CursorError``."""
    if not word:
        return {}
    try:
        if len(word) > LONGEST or not word.isascii():
            raise CursorError("too long")
        rows = _decoder.decode(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
        cursor = {(Of(of), partition): (seq, n) for of, partition, seq, n in rows}
    except (binascii.Error, msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise CursorError("not made here") from wrong
    if not all(0 <= p < PARTITIONS and 0 <= seq <= MOST_SEQ and 0 <= n <= WHOLE for (_, p), (seq, n) in cursor.items()):
        raise CursorError("out of bounds")
    return cursor
