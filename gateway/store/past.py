"""The journal as it was: where a replay begins, what happened, and what was decided then. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Engine, func, select

from alerting.decisions import AnyDecision
from alerting.model import PARTITIONS
from gateway.store import schema
from gateway.store.batch import NOT_STORED_AS_DECISIONS
from gateway.store.checkpoints import SLACK_MS, Kept, unpacked
from gateway.store.editions import Saved
from gateway.store.values import encode

PAGE = 2000


class Base(msgspec.Struct, frozen=True):
    """Where the replay of a partition begins: the states after the row of this number.

    ``taken_ms`` is the date of the checkpoint; 0: the beginning of the journal.
    """

    taken_ms: int
    seq: int
    states: list[Kept]


class Happened(msgspec.Struct, frozen=True):
    """One row of the journal, with the stored bodies of what was decided."""

    seq: int
    aggregate: str
    key: str
    at_ms: int
    edition: int
    judged: bool
    event: bytes
    decided: list[bytes]


class Past:
    """Questions to a store about its journal, also while a gateway writes to it; each a short transaction.

    Args:
        engine: The store.

    Attributes:
        saved: Its editions.
    """

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine
        self.saved = Saved(engine)

    def total(self, upto_ms: int) -> int:
        """How many rows the journal has from before a moment; for showing how far a replay is."""
        j = schema.journal.c
        with self._engine.connect() as c:
            return int(c.execute(select(func.count()).where(j.at_ms < upto_ms)).scalar_one())

    def base(self, partition: int, before_ms: int) -> Base | None:
        """The latest checkpoint of a partition from before a moment, else the beginning; None when that is gone."""
        t, j = schema.checkpoint.c, schema.journal.c
        latest = select(t.taken_ms, t.seq, t.body).where(t.partition == partition, t.taken_ms <= before_ms)
        counted = select(func.count(), func.coalesce(func.max(j.seq), 0)).where(j.partition == partition)
        with self._engine.connect() as c:
            found = c.execute(latest.order_by(t.taken_ms.desc()).limit(1)).first()
            if found is not None:
                return Base(found.taken_ms, found.seq, unpacked(bytes(found.body)))
            rows, last = c.execute(counted).one()
        return Base(0, 0, []) if rows == last else None

    def earliest_ms(self) -> int | None:
        """From when on every partition has a checkpoint, UTC epoch milliseconds; None: there is none."""
        t = schema.checkpoint.c
        first = select(func.min(t.taken_ms).label("first_ms")).group_by(t.partition)
        with self._engine.connect() as c:
            found = [int(first_ms) for (first_ms,) in c.execute(first)]
        return max(found) if len(found) == PARTITIONS else None

    def rows(self, partition: int, after: int, until_ms: int) -> Iterator[Happened]:
        """The journal of a partition after a number, in its order, from before a moment."""
        j, d = schema.journal.c, schema.decision.c
        wanted = select(j.seq, j.aggregate, j.key, j.at_ms, j.edition, j.judged, j.event).order_by(j.seq).limit(PAGE)
        while True:
            with self._engine.connect() as c:
                page = c.execute(wanted.where(j.partition == partition, j.seq > after)).all()
                if not page:
                    return
                between = d.seq.between(page[0].seq, page[-1].seq)
                bodies = select(d.seq, d.body).where(d.partition == partition, between).order_by(d.seq, d.n)
                decided: dict[int, list[bytes]] = {}
                for seq, body in c.execute(bodies):
                    decided.setdefault(seq, []).append(bytes(body))
            for row in page:
                if row.at_ms < until_ms:
                    yield Happened(*row[:6], bytes(row.event), decided.get(row.seq, []))
            if len(page) < PAGE or page[-1].at_ms >= until_ms + SLACK_MS:
                return
            after = page[-1].seq


def as_stored(decisions: Iterable[AnyDecision]) -> list[bytes]:
    """Decisions as the store would have them, without those of which it has only what came of them."""
    return [encode(it) for it in decisions if not isinstance(it, NOT_STORED_AS_DECISIONS)]
