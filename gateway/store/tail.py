"""The journal as a side stream reads it: what was committed beyond a cursor, partition by partition."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Engine, func, literal, select

from alerting.model import PARTITIONS
from gateway.store import schema


class JournalRow(msgspec.Struct, frozen=True):
    """One committed event. ``event`` is its JSON, ``at_ms`` its moment in UTC epoch milliseconds."""

    partition: int
    seq: int
    key: str
    at_ms: int
    judged: bool
    event: bytes


class Piece(msgspec.Struct, frozen=True):
    """Rows beyond a cursor.

    Attributes:
        rows: In the order of each partition.
        upto: The cursor after them, for the partitions that have moved.
        left: How many rows wait behind them, by their sequence numbers.
    """

    rows: list[JournalRow]
    upto: dict[int, int]
    left: int


class JournalTail:
    """Reads the journal beyond a cursor; every reading is one short read-only transaction.

    A cursor is a sequence number a partition. That is enough where a partition has one writer, whose commits become
    visible in the order of their sequence numbers. While a batch that the store refuses is taken apart they do not:
    whoever moves a cursor asks ``Writer.order`` before the reading and after it, and throws away what is no reading.
    """

    def __init__(self, engine: Engine) -> None:
        """Read through this engine."""
        self._engine = engine
        j = schema.journal.c
        first = select(literal(0).label("n")).cte("numbers", recursive=True)
        numbers = first.union_all(select(first.c.n + 1).where(first.c.n < PARTITIONS - 1))
        head = select(func.max(j.seq)).where(j.partition == numbers.c.n).scalar_subquery()
        self._heads = select(numbers.c.n, head)  # one look at the end of each partition, however long the journal is

    def cursor(self, target: str) -> dict[int, int]:
        """How far a target had safely got; empty for a new one."""
        t = schema.telemetry_cursor.c
        with self._engine.connect() as c:
            return {int(p): int(s) for p, s in c.execute(select(t.partition, t.seq).where(t.target == target))}

    def after(self, cursor: Mapping[int, int], most: int) -> Piece:
        """About ``most`` rows beyond the cursor, and some of every partition that has any: none has to wait."""
        j = schema.journal.c
        rows: list[JournalRow] = []
        upto: dict[int, int] = {}
        left = 0
        with self._engine.connect() as c:
            heads = {int(p): int(seq) for p, seq in c.execute(self._heads) if seq is not None}
            behind = {p: seq for p, seq in heads.items() if seq > cursor.get(p, 0)}
            share = max(1, most // max(1, len(behind)))
            wanted = select(j.partition, j.seq, j.key, j.at_ms, j.judged, j.event).order_by(j.seq).limit(share)
            for partition, seq in behind.items():
                mine = wanted.where(j.partition == partition, j.seq > cursor.get(partition, 0))
                found = [JournalRow(*row) for row in c.execute(mine)]
                rows += found
                upto[partition] = found[-1].seq if found else seq
                left += seq - upto[partition]
        return Piece(rows, upto, left)
