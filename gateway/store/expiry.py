"""What has been kept long enough: found a little at a time, deleted by the one writer.

Nothing here touches ``remembered``: the ids of presses are kept for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, delete, exists, func, select

from alerting.events import AnyEvent, Commanded, PeopleKnown, SettingsKnown, SignalHeard
from alerting.meaning import calls_for_help
from alerting.model import PARTITIONS, IncidentState
from gateway.store import schema
from gateway.store.bulk import Row

MOST_A_PIECE = 200
"""Rows a transaction: a press waits for no more than their deletion, some milliseconds."""

IN_ORDER = {
    "sent": "at_ms",
    "outbox": "until_ms",
    "timeline": "at_ms",
    "referral_step": "at_ms",
    "decision": "at_ms",
    "journal": "at_ms",
}
"""Tables that grow at their end, partition by partition, and their times."""

Fed = Mapping[int, int] | None
"""How far the time-series store safely has each partition; None where there is no such store."""

_event = msgspec.json.Decoder(AnyEvent)


class Expired(msgspec.Struct, frozen=True):
    """Rows of one table that may go, by their primary keys; at most ``MOST_A_PIECE``."""

    table: str
    keys: list[Row]


def delete_expired(c: Connection, expired: list[Expired]) -> None:
    """Delete them."""
    for piece in expired:
        table = schema.metadata.tables[piece.table]
        mine = and_(*(column == bindparam(f"b_{column.name}") for column in table.primary_key.columns))
        c.execute(
            delete(table).where(mine), [{f"b_{name}": value for name, value in key.items()} for key in piece.keys]
        )


def old_signals(engine: Engine, before_ms: int, fed: Fed) -> Iterator[Expired]:
    """Journal rows from before a moment that led to nothing: movements, readings, wakes, trial presses.

    Calls for help, commands, what was not judged and whatever led to a decision stay; so does the last row of each
    partition, from which the numbers go on, and what the time-series store does not have yet.

    Args:
        engine: Where to look; every look is a transaction of its own.
        before_ms: UTC epoch milliseconds.
        fed: How far telemetry has got.
    """
    j, d = schema.journal.c, schema.decision.c
    decided = exists().where(d.partition == j.partition, d.seq == j.seq).label("decided")
    wanted = select(j.seq, j.at_ms, j.event, j.judged, decided).order_by(j.seq).limit(MOST_A_PIECE)
    for partition in range(PARTITIONS):
        mine = wanted.where(j.partition == partition, j.seq < _last(partition), *_fed(partition, fed))
        seq = -1
        while True:
            with engine.connect() as c:
                rows = c.execute(mine.where(j.seq > seq)).all()
            old = list(takewhile(lambda row: row.at_ms < before_ms, rows))
            gone = [row.seq for row in old if row.judged and not row.decided and _led_to_nothing(row.event)]
            if gone:
                yield Expired("journal", [{"partition": partition, "seq": seq} for seq in gone])
            if len(old) < MOST_A_PIECE:
                break
            seq = old[-1].seq


def old_records(engine: Engine, before_ms: int, fed: Fed) -> Iterator[Expired]:
    """Whatever else is from before a moment: the journal, decisions, timelines, what was sent, what has ended.

    Args:
        engine: Where to look.
        before_ms: UTC epoch milliseconds.
        fed: How far telemetry has got.
    """
    for name, time in IN_ORDER.items():
        c = schema.metadata.tables[name].c
        for partition in range(PARTITIONS):
            mine = [c.partition == partition, c.seq < _last(partition)]
            if name == "journal":
                mine += _fed(partition, fed)
            elif name == "timeline":
                mine.append(_is_not_running(c.incident))
            yield from while_old(engine, name, time, before_ms, *mine)
    ended = schema.incident.c.state == IncidentState.CLOSED.value
    yield from while_old(engine, "incident", "closed_ms", before_ms, ended)
    yield from while_old(engine, "fault", "cleared_ms", before_ms)
    yield from while_old(engine, "blind", "cleared_ms", before_ms)
    yield from while_old(engine, "follow_up", "ended_ms", before_ms)
    yield from while_old(engine, "absence", "ended_ms", before_ms)
    yield from while_old(engine, "home_test", "ended_ms", before_ms)
    yield from while_old(engine, "protection", "ended_ms", before_ms)
    yield from while_old(engine, "page_test", "at_ms", before_ms)
    yield from while_old(engine, "care_duty", "ended_ms", before_ms)
    yield from while_old(engine, "care_given", "at_ms", before_ms)
    yield from while_old(engine, "care_warning", "answered_ms", before_ms)
    yield from while_old(engine, "referral", "closed_ms", before_ms)
    yield from while_old(engine, "drill_call", "at_ms", before_ms)
    yield from while_old(engine, "drill", "at_ms", before_ms)


def while_old(engine: Engine, name: str, time: str, before_ms: int, *mine: ColumnElement[bool]) -> Iterator[Expired]:
    """The oldest rows of a table, again and again until they are younger. What was given before is deleted by then."""
    table = schema.metadata.tables[name]
    key = list(table.primary_key.columns)
    order = key if "seq" in table.c else [table.c[time]]
    first = select(*key, table.c[time].label("time_ms")).where(*mine).order_by(*order).limit(MOST_A_PIECE)
    if "seq" not in table.c:
        first = first.where(table.c[time] < before_ms)
    before: list[Row] = []
    while True:
        with engine.connect() as c:
            rows = c.execute(first).all()
        keys: list[Row] = [
            {column.name: getattr(row, column.name) for column in key}
            for row in takewhile(lambda row: row.time_ms < before_ms, rows)
        ]
        if not keys or keys == before:  # there still: they could not be deleted
            return
        yield Expired(name, keys)
        before = keys


def _is_not_running(incident: ColumnElement[str]) -> ColumnElement[bool]:
    i = schema.incident.c
    return ~exists().where(i.id == incident, i.state != IncidentState.CLOSED.value)


def _last(partition: int) -> Any:
    j = schema.journal.c
    return select(func.max(j.seq)).where(j.partition == partition).scalar_subquery()


def _fed(partition: int, fed: Fed) -> tuple[ColumnElement[bool], ...]:
    return () if fed is None else (schema.journal.c.seq <= fed.get(partition, 0),)


def _led_to_nothing(body: bytes) -> bool:
    try:
        event = _event.decode(body)
    except msgspec.MsgspecError:
        return False
    if isinstance(event, Commanded | PeopleKnown | SettingsKnown):
        return False
    return not (isinstance(event, SignalHeard) and calls_for_help(event.signal))
