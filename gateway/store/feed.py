"""News for other systems as the store has it: changed case files and the lines of incidents, beyond a cursor."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import merge
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, Table, func, literal, or_, select

from alerting.enrolment.command import REGISTRY
from alerting.model import PARTITIONS, Entry, Incident, partition_of
from gateway.exchange.cursor import BEGINNING, WHOLE, Cursor, Of, Place, Stream
from gateway.store import schema
from gateway.store.books import HOUSEHOLD
from gateway.store.care_tables import referral_step
from gateway.store.exchange_tables import push_cursor
from gateway.store.keys import in_area
from gateway.store.state_rows import incident_in

REGISTRY_PARTITION = partition_of(REGISTRY)
LINES = WHOLE + 1
"""More than a commit can have of one sequence number."""

_entry = msgspec.json.Decoder(Entry)
_incident = msgspec.json.Decoder(Incident)


class NewsStep(msgspec.Struct, frozen=True):
    """What was done about a referral: of which number, what, which organisation has it, what came of it."""

    number: int
    act: str
    org: str
    result: str


class NewsRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a stream.

    Of the registry it is a case file of home ``id`` with its JSON before and after (either may be empty), by ``login``.
    Of a timeline it is a line of an incident; ``is_first`` when that begins with it. Of referrals it is a step about
    one of home ``id``, by ``login``.
    """

    stream: Stream
    place: Place
    at_ms: int
    id: str
    login: str = ""
    before: bytes = b""
    after: bytes = b""
    entry: Entry | None = None
    incident: Incident | None = None
    is_first: bool = False
    step: NewsStep | None = None


class NewsPiece(msgspec.Struct, frozen=True):
    """Rows beyond a cursor, those of one stream in its order, and where all streams stand after them.

    ``left`` says whether more were there already.
    """

    rows: list[NewsRow]
    upto: Cursor
    left: bool


class FeedReads:
    """Reads the news beyond a cursor, from any thread; every reading is one short read-only transaction."""

    def __init__(self, engine: Engine) -> None:
        """Read through this engine."""
        self._engine = engine
        first = select(literal(0).label("n")).cte("numbers", recursive=True)
        numbers = first.union_all(select(first.c.n + 1).where(first.c.n < PARTITIONS - 1))
        t, r, s = schema.timeline.c, schema.registration.c, referral_step.c
        last = select(func.max(t.seq)).where(t.partition == numbers.c.n).scalar_subquery()
        self._timelines = select(numbers.c.n, last)  # one look at the end of each partition
        step = select(func.max(s.seq)).where(s.partition == numbers.c.n).scalar_subquery()
        self._referrals = select(numbers.c.n, step)
        self._registry = select(func.max(r.seq)).where(r.partition == REGISTRY_PARTITION)

    def head(self) -> Cursor:
        """The cursor behind everything there is."""
        with self._engine.connect() as c:
            return {stream: (seq, WHOLE) for stream, seq in self._heads(c).items()}

    def _heads(self, c: Connection) -> dict[Stream, int]:
        heads = {(Of.TIMELINE, int(p)): int(seq) for p, seq in c.execute(self._timelines) if seq is not None}
        heads |= {(Of.REFERRALS, int(p)): int(seq) for p, seq in c.execute(self._referrals) if seq is not None}
        last = c.execute(self._registry).scalar()
        return heads if last is None else {(Of.REGISTRY, REGISTRY_PARTITION): int(last), **heads}

    def after(self, cursor: Mapping[Stream, Place], most: int) -> NewsPiece:
        """About ``most`` rows beyond the cursor, and some of every stream that has any: none has to wait."""
        rows: list[list[NewsRow]] = []
        upto, left = dict(cursor), False
        with self._engine.connect() as c:
            heads = self._heads(c)
            behind = {it: seq for it, seq in heads.items() if (seq, WHOLE) > cursor.get(it, BEGINNING)}
            share = max(1, most // max(1, len(behind)))
            for stream, head in behind.items():
                of_stream = {Of.REGISTRY: self._homes, Of.TIMELINE: self._lines, Of.REFERRALS: self._steps}
                found = of_stream[stream[0]](c, stream, cursor.get(stream, BEGINNING), share)
                is_cut = len(found) == share
                rows.append(found)
                upto[stream] = found[-1].place if is_cut else (max(head, found[-1].place[0] if found else 0), WHOLE)
                left = left or is_cut
            merged = list(merge(*rows, key=lambda row: row.at_ms))
            return NewsPiece(self._with_incidents(c, merged), upto, left)

    def _homes(self, c: Connection, stream: Stream, after: Place, most: int) -> list[NewsRow]:
        r = schema.registration.c
        told = _beyond(
            select(r.seq, r.n, r.at_ms, r.id, r.login, r.before, r.after), schema.registration, stream, after
        )
        return [
            NewsRow(
                stream=stream,
                place=(it.seq, it.n),
                at_ms=it.at_ms,
                id=it.id,
                login=it.login,
                before=bytes(it.before),
                after=bytes(it.after),
            )
            for it in c.execute(told.where(r.kind == HOUSEHOLD).limit(most))
        ]

    def _lines(self, c: Connection, stream: Stream, after: Place, most: int) -> list[NewsRow]:
        t = schema.timeline.c
        told = _beyond(select(t.seq, t.n, t.at_ms, t.incident, t.body), schema.timeline, stream, after)
        return [
            NewsRow(stream=stream, place=(it.seq, it.n), at_ms=it.at_ms, id=it.incident, entry=_entry.decode(it.body))
            for it in c.execute(told.limit(most))
        ]

    def _steps(self, c: Connection, stream: Stream, after: Place, most: int) -> list[NewsRow]:
        told = _beyond(select(referral_step), referral_step, stream, after)
        return [
            NewsRow(
                stream=stream,
                place=(it.seq, it.n),
                at_ms=it.at_ms,
                id=it.household,
                login=it.login,
                step=NewsStep(it.number, it.act, it.org, it.result),
            )
            for it in c.execute(told.limit(most))
        ]

    def _with_incidents(self, c: Connection, rows: list[NewsRow]) -> list[NewsRow]:
        ids = sorted({row.id for row in rows if row.entry is not None})
        incidents: dict[str, Incident] = {}
        begins: dict[str, Place] = {}
        i, t = schema.incident.c, schema.timeline.c
        for first in range(0, len(ids), 500):
            some = ids[first : first + 500]
            bodies = c.execute(select(i.id, i.body).where(i.id.in_(some)))
            incidents |= {id_: _incident.decode(body) for id_, body in bodies}
            first_line = func.min(t.seq * LINES + t.n)
            lines = c.execute(select(t.incident, first_line).where(t.incident.in_(some)).group_by(t.incident))
            begins |= {id_: divmod(int(line), LINES) for id_, line in lines}
        return [
            msgspec.structs.replace(row, incident=incidents.get(row.id), is_first=row.place == begins.get(row.id))
            if row.entry is not None
            else row
            for row in rows
        ]

    def pushed(self, target: str) -> str:
        """The cursor up to which a target safely has the news; empty when nothing is kept of it."""
        p = push_cursor.c
        with self._engine.connect() as c:
            return c.execute(select(p.cursor).where(p.target == target)).scalar() or ""

    def open_incidents(self) -> list[Incident]:
        """All that are not closed and whose row can be read, oldest first."""
        i = schema.incident.c
        told = select(i.body).where(i.closed_ms.is_(None)).order_by(i.opened_ms)
        with self._engine.connect() as c:
            return [it for body in c.scalars(told) if (it := incident_in(body)) is not None]

    def keys_after(self, area: str, after: str, most: int) -> list[str]:
        """Case numbers of an area behind this one, in their order."""
        h = schema.household.c
        told = select(h.key).where(h.key > after).order_by(h.key).limit(most)
        with self._engine.connect() as c:
            return list(c.scalars(told.where(in_area(h.area, area)) if area else told))


def _beyond(told: Select[Any], table: Table, stream: Stream, after: Place) -> Select[Any]:
    """Rows of a stream behind a place, in their order."""
    t, (seq, n) = table.c, after
    mine = told.where(t.partition == stream[1], t.seq >= seq, or_(t.seq > seq, t.n > n))
    return mine.order_by(t.seq, t.n)
