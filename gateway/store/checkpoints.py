"""Dated checkpoints: the states of all aggregates of one partition at one moment, from which the journal is replayed.

Written once a day, partition by partition: what is read is compressed outside the writer, so that a press waits for no
more than a few rows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec
from sqlalchemy import Engine, and_, func, select

from alerting.model import PARTITIONS
from gateway.store import schema
from gateway.store.bulk import Row
from gateway.store.expiry import MOST_A_PIECE, Expired

AT_ONCE = 16
"""Partitions a transaction: of 3,000 homes some 200, compressed."""

SLACK_MS = 3600 * 1000
"""What was on its way to the writer when a checkpoint was taken arrived no longer before it."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """One aggregate: hot and learned state as they are stored; ``learned`` is empty where there is none."""

    aggregate: str
    key: str
    hot: bytes
    learned: bytes = b""


class Checkpoint(msgspec.Struct, frozen=True):
    """Rows of the table of checkpoints, on their way to the writer."""

    rows: list[Row]


def checkpoints(engine: Engine, at_ms: int) -> Iterator[Checkpoint]:
    """A checkpoint of every partition, an empty one too; each is one moment of the store.

    Args:
        engine: Where to read.
        at_ms: Date of all of them, UTC epoch milliseconds.
    """
    h, le, j = schema.hot_state.c, schema.learned_state.c, schema.journal.c
    same = and_(le.aggregate == h.aggregate, le.key == h.key)
    beside = schema.hot_state.outerjoin(schema.learned_state, same)
    rows: list[Row] = []
    for partition in range(PARTITIONS):
        states = select(h.aggregate, h.key, h.body, le.body).select_from(beside).where(h.partition == partition)
        with engine.connect() as c:  # both questions see one moment
            seq = c.execute(select(func.coalesce(func.max(j.seq), 0)).where(j.partition == partition)).scalar_one()
            kept = [Kept(a, k, bytes(hot), bytes(learned or b"")) for a, k, hot, learned in c.execute(states)]
        body = zlib.compress(msgspec.msgpack.encode(kept))
        rows.append({"taken_ms": at_ms, "partition": partition, "seq": int(seq), "body": body})
        if len(rows) == AT_ONCE:
            yield Checkpoint(rows)
            rows = []


def unpacked(body: bytes) -> list[Kept]:
    """What a checkpoint holds."""
    return msgspec.msgpack.decode(zlib.decompress(body), type=list[Kept])


def daily_checkpoints(engine: Engine, at_ms: int, before_ms: int) -> Iterator[Checkpoint | Expired]:
    """The checkpoints of a day, and then those that go with the signals from before another moment."""
    yield from checkpoints(engine, at_ms)
    yield from old_checkpoints(engine, before_ms)


def old_checkpoints(engine: Engine, before_ms: int) -> Iterator[Expired]:
    """Checkpoints after which signals are about to be deleted: nothing could be replayed from them.

    Args:
        engine: Where to look.
        before_ms: Signals from before then go, UTC epoch milliseconds.
    """
    t = schema.checkpoint.c
    old = select(t.taken_ms, t.partition).where(t.taken_ms < before_ms + SLACK_MS).order_by(t.taken_ms, t.partition)
    with engine.connect() as c:
        rows = [{"taken_ms": taken_ms, "partition": partition} for taken_ms, partition in c.execute(old)]
    for first in range(0, len(rows), MOST_A_PIECE):
        yield Expired("checkpoint", rows[first : first + MOST_A_PIECE])
