"""Everything stored about the people of a household that has left: found a little at a time, made blank by the writer.

What is counted stays: how many incidents of which kind, when, with which outcome, who of the staff did what. Nothing
here touches ``remembered``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy import update as change

from alerting.care.duty import care_key
from alerting.casefile import Device, Household
from alerting.commands import DESK
from alerting.duty import editions
from alerting.enrolment.command import REGISTRY
from alerting.model import partition_of
from gateway.store import schema
from gateway.store.bulk import Row
from gateway.store.checkpoints import Kept, unpacked
from gateway.store.expiry import MOST_A_PIECE, Expired
from gateway.store.personal import Person, blanked, blanked_in, person_of, without

PLAIN: dict[str, tuple[str, ...]] = {
    "case_note": ("note",),
    "follow_up": ("note",),
    "blind": ("note",),
    "absence": ("who", "reason"),
    "case_opening": ("note",),
    "care_given": ("note",),
    "care_warning": ("note", "answer_note"),
    "referral_step": ("note",),
}
"""Columns of free text, in tables that have a row for each household."""

HISTORIES = ("household", "installation", "repair", "device")
AT_ONCE = 100


class Blanked(msgspec.Struct, frozen=True):
    """Rows of one table whose columns are these from now on, by their primary keys."""

    table: str
    rows: list[tuple[Row, Row]]

    @property
    def keys(self) -> list[Row]:
        """Which rows."""
        return [key for key, _ in self.rows]


def write_blanked(c: Connection, pieces: Sequence[Blanked]) -> None:
    """Change them."""
    for piece in pieces:
        table = schema.metadata.tables[piece.table]
        mine = and_(*(column == bindparam(f"b_{column.name}") for column in table.primary_key.columns))
        for key, values in piece.rows:
            where = {f"b_{name}": value for name, value in key.items()}
            c.execute(
                change(table).where(mine).values({n: bindparam(f"v_{n}") for n in values}),
                {**where, **{f"v_{name}": value for name, value in values.items()}},
            )


def files_of(engine: Engine, key: str) -> list[Household]:
    """All case files of a household that the history has."""
    r = schema.registration.c
    asked = select(r.before, r.after).where(r.kind == "household", r.id == key)
    with engine.connect() as c:
        bodies = [bytes(body) for row in c.execute(asked) for body in row if body]
    return [msgspec.json.decode(body, type=Household) for body in bodies]


class PersonalRows:
    """What one store has of a household's people.

    Args:
        engine: Where to look.
    """

    def __init__(self, engine: Engine) -> None:
        """Look through this engine."""
        self._engine = engine

    def person(self, home: Household, devices: Sequence[Device]) -> Person:
        """What is known of a household's people, by its case file and all that were before it."""
        return whole_person(self._engine, home, devices)

    def pieces(self, person: Person, devices: Sequence[Device]) -> Iterator[Blanked | Expired]:
        """What has to be made blank or to go, a piece at a time."""
        return personal(self._engine, person, devices)


def whole_person(engine: Engine, home: Household, devices: Sequence[Device]) -> Person:
    """What is known of a household's people, by its case file and all that were before it."""
    return person_of(home.key, [home, *files_of(engine, home.key)], (it.id for it in devices))


def personal(engine: Engine, person: Person, devices: Sequence[Device]) -> Iterator[Blanked | Expired]:
    """What has to be made blank or to go, a piece at a time; nothing when all of it is done.

    Args:
        engine: Where to look; every look is a transaction of its own.
        person: Whose household, and what is known of its people.
        devices: The devices that were there.
    """
    key, t = person.key, schema.metadata.tables
    own = partial_of(blanked, person)
    among = partial_of(blanked_in, person)
    d, i, j = t["decision"], t["incident"], t["journal"]
    for its in (key, care_key(key)):
        yield from _bodies(engine, j, "event", own, j.c.partition == partition_of(its), j.c.key == its)
        yield from _bodies(engine, d, "body", own, d.c.partition == partition_of(its), d.c.key == its)
    yield from _bodies(engine, i, "body", own, i.c.key == key)
    ids = select(i.c.id).where(i.c.key == key).scalar_subquery()
    yield from _bodies(engine, t["timeline"], "body", own, t["timeline"].c.incident.in_(ids))
    o = t["outbox"]
    yield from _bodies(engine, o, "body", among, o.c.partition == partition_of(key), _has(engine, o.c.body, key))
    for name, column in (("journal", "event"), ("decision", "body")):
        table = t[name]
        elsewhere = table.c.partition.in_({partition_of(it) for it in (REGISTRY, DESK, editions.KEY)})
        said = or_(*(_has(engine, table.c[column], it) for it in (key, *sorted(person.devices))))
        yield from _bodies(engine, table, column, among, elsewhere, said)
    people = t["edition"].c.kind.in_([editions.PEOPLE, editions.PEOPLE_CHANGE])
    yield from _bodies(engine, t["edition"], "body", among, people, _has(engine, t["edition"].c.body, f"key:{key}:"))
    for name, columns in PLAIN.items():
        yield from _plain(engine, t[name], columns, key)
    yield from _sent(engine, person)
    yield from _checkpoints(engine, key)
    for name in ("activity", "care_photo", "home_photo"):
        yield from _gone(engine, t[name], t[name].c.household == key)
    names = t["device_name"]
    for it in devices:
        yield from _gone(engine, names, names.c.bridge == it.bridge, names.c.inner == it.inner)
    yield from _history(engine, person)


def partial_of(blank: Callable[[bytes, Person], bytes], person: Person) -> Callable[[bytes], bytes]:
    """The same for one household."""
    return lambda body: blank(body, person)


def _has(engine: Engine, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a body holds these bytes."""
    wanted = literal(text.encode(), LargeBinary)
    if engine.dialect.name == "postgresql":
        return func.position(wanted.op("IN")(column)) > 0
    return func.instr(column, wanted) > 0


def _bodies(
    engine: Engine, table: Table, column: str, blank: Callable[[bytes], bytes], *mine: ColumnElement[bool]
) -> Iterator[Blanked]:
    """Rows whose body is another one when it is made blank, in the order of their primary key."""
    key = list(table.primary_key.columns)
    asked = select(*key, table.c[column].label("value")).where(*mine).order_by(*key).limit(AT_ONCE)
    after: tuple[Any, ...] | None = None
    while True:
        ahead = asked if after is None else asked.where(tuple_(*key) > after)
        with engine.connect() as c:
            rows = c.execute(ahead).all()
        found: list[tuple[Row, Row]] = []
        for row in rows:
            body = bytes(row.value)
            fresh = blank(body)
            if msgspec.json.decode(fresh) != msgspec.json.decode(body):
                found.append(({it.name: getattr(row, it.name) for it in key}, {column: fresh}))
        if found:
            yield Blanked(table.name, found)
        if len(rows) < AT_ONCE:
            return
        after = tuple(getattr(rows[-1], it.name) for it in key)


def _plain(engine: Engine, table: Table, columns: tuple[str, ...], household: str) -> Iterator[Blanked]:
    key = list(table.primary_key.columns)
    is_written = or_(*(table.c[name] != "" for name in columns))
    with engine.connect() as c:
        rows = c.execute(select(*key).where(table.c.household == household, is_written)).all()
    blank: Row = dict.fromkeys(columns, "")
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        yield Blanked(table.name, [({it.name: getattr(row, it.name) for it in key}, blank) for row in some])


def _sent(engine: Engine, person: Person) -> Iterator[Blanked]:
    """Where pages of the household went, and why some did not arrive."""
    s, j = schema.sent, schema.journal.c
    key = list(s.primary_key.columns)
    theirs = exists().where(j.partition == s.c.partition, j.seq == s.c.seq, j.key == person.key)
    asked = select(*key, s.c.recipient, s.c.error).where(s.c.partition == partition_of(person.key), theirs)
    with engine.connect() as c:
        rows = c.execute(asked).all()
    found: list[tuple[Row, Row]] = []
    for row in rows:
        fresh: Row = {"recipient": without(row.recipient, person), "error": without(row.error, person)}
        if fresh != {"recipient": row.recipient, "error": row.error}:
            found.append(({it.name: getattr(row, it.name) for it in key}, fresh))
    for first in range(0, len(found), AT_ONCE):
        yield Blanked(s.name, found[first : first + AT_ONCE])


def _checkpoints(engine: Engine, key: str) -> Iterator[Blanked]:
    """Dated states without this household: it is not replayed any more."""
    t = schema.checkpoint
    with engine.connect() as c:
        days = c.scalars(select(t.c.taken_ms).where(t.c.partition == partition_of(key))).all()
    for taken_ms in days:
        place: Row = {"taken_ms": taken_ms, "partition": partition_of(key)}
        with engine.connect() as c:
            body = c.scalar(select(t.c.body).where(t.c.taken_ms == taken_ms, t.c.partition == partition_of(key)))
        kept: list[Kept] = unpacked(bytes(body)) if body is not None else []
        left = [it for it in kept if it.key != key]
        if len(left) < len(kept):
            yield Blanked(t.name, [(place, {"body": zlib.compress(msgspec.msgpack.encode(left))})])


def _gone(engine: Engine, table: Table, *mine: ColumnElement[bool]) -> Iterator[Expired]:
    key = list(table.primary_key.columns)
    with engine.connect() as c:
        rows = c.execute(select(*key).where(*mine)).all()
    for first in range(0, len(rows), MOST_A_PIECE):
        some = rows[first : first + MOST_A_PIECE]
        yield Expired(table.name, [{it.name: getattr(row, it.name) for it in key} for row in some])


def _history(engine: Engine, person: Person) -> Iterator[Blanked]:
    """The history of the case file, last of all: by it is known what has to be looked for."""
    r = schema.registration
    key = list(r.primary_key.columns)
    near = or_(r.c.id == person.key, _has(engine, r.c.after, person.key))
    asked = select(*key, r.c.kind, r.c.id, r.c.what, r.c.note, r.c.before, r.c.after)
    with engine.connect() as c:
        rows = [it for it in c.execute(asked.where(r.c.kind.in_(HISTORIES), near)) if _is_of(it, person)]
    found: list[tuple[Row, Row]] = []
    for row in rows:
        before, after = bytes(row.before), bytes(row.after)
        fresh: Row = {
            "note": row.note if row.what in SHARED_NOTES else "",
            "before": blanked(before, person) if before else before,
            "after": blanked(after, person),
        }
        if fresh != {"note": row.note, "before": before, "after": after}:
            found.append(({it.name: getattr(row, it.name) for it in key}, fresh))
    for first in range(0, len(found), AT_ONCE):
        yield Blanked(r.name, found[first : first + AT_ONCE])


def _is_of(row: Any, person: Person) -> bool:
    """Whether a line of the history is this household's, and not one's whose case number only begins like it."""
    if row.kind in {"household", "installation"}:
        return bool(row.id == person.key)
    after = msgspec.json.decode(bytes(row.after))
    return isinstance(after, dict) and after.get("household") == person.key


SHARED_NOTES = frozenset({"import_households"})
"""Of these changes the note is that of a whole list: the name of its file."""
