"""The tables. Times are UTC epoch milliseconds (``_ms``); bodies are JSON written by msgspec.

Everything that belongs to an aggregate carries its partition, so that several gateways can share one store later.
"""

from __future__ import annotations

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

Text = sqlalchemy.Text().with_variant(sqlalchemy.Text(collation="C"), "postgresql")
"""Sorted and compared byte by byte on either store, whatever language the database was made for."""

Counter = BigInteger().with_variant(Integer, "sqlite")
"""Drawn by the store; SQLite's are as wide, but must be called so."""


def _table(name: str, *columns: Column[object] | PrimaryKeyConstraint | UniqueConstraint | Index) -> Table:
    """A table whose rows lie in primary-key order, where the engine has such a thing."""
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


journal = _table(
    "journal",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("policy", Integer, nullable=False),
    Column("edition", BigInteger, nullable=False),
    Column("judged", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("event", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partition", "seq"),
)

decision = _table(
    "decision",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "n"),
)

hot_state = _table(
    "hot_state",
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("aggregate", "key"),
)

learned_state = _table(
    "learned_state",
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("aggregate", "key"),
)

incident = _table(
    "incident",
    Column("id", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("closed_ms", BigInteger),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("incident_by_state", "state", "closed_ms"),
    Index("incident_by_key", "key", "opened_ms"),
    Index("incident_by_time", "opened_ms"),
)

timeline = _table(
    "timeline",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("incident", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "n"),
    Index("timeline_by_incident", "incident", "seq", "n"),
)

due_timers = _table(
    "due_timers",
    Column("aggregate", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("aggregate", "key", "name"),
    Index("due_timers_by_time", "due_ms"),
)

outbox = _table(
    "outbox",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("sent_ms", BigInteger),
    PrimaryKeyConstraint("partition", "seq", "n"),
    Index("outbox_unsent", "sent_ms"),
)

sent = _table(
    "sent",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "n", "attempt"),
)

page_test = _table(
    "page_test",
    Column("phone", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    PrimaryKeyConstraint("phone", "at_ms"),
)

remembered = _table(
    "remembered",
    Column("origin", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("origin", "id"),
)

telemetry_cursor = _table(
    "telemetry_cursor",
    Column("target", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("target", "partition"),
)

activity = _table(
    "activity",
    Column("household", Text, nullable=False),
    Column("window", Integer, nullable=False),
    Column("rooms", Text, nullable=False),
    Column("door", Boolean, nullable=False),
    PrimaryKeyConstraint("household", "window"),
)

fault = _table(
    "fault",
    Column("household", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("cleared_ms", BigInteger),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("household", "device", "kind", "opened_ms"),
    Index("fault_open", "cleared_ms", "opened_ms"),
)

blind = _table(
    "blind",
    Column("household", Text, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cleared_ms", BigInteger),
    Column("how", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("household", "since_ms"),
    Index("blind_open", "cleared_ms", "since_ms"),
)

follow_up = _table(
    "follow_up",
    Column("household", Text, nullable=False),
    Column("planned_ms", BigInteger, nullable=False),
    Column("incident", Text, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("ended_ms", BigInteger),
    PrimaryKeyConstraint("household", "planned_ms"),
    Index("follow_up_ended", "ended_ms"),
)

case_note = _table(
    "case_note",
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("struck_ms", BigInteger),
    Column("struck_by", Text, nullable=False),
    PrimaryKeyConstraint("household", "number"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("bridge", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
)

quarantine_total = _table(
    "quarantine_total",
    Column("reason", Text, nullable=False),
    Column("total", BigInteger, nullable=False),
    PrimaryKeyConstraint("reason"),
)

edition = _table(
    "edition",
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("number"),
    Index("edition_by_kind", "kind", "number"),
)

checkpoint = _table(
    "checkpoint",
    Column("taken_ms", BigInteger, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("taken_ms", "partition"),
)

meta = _table(
    "meta",
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("name"),
)

area = _table(
    "area",
    Column("key", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("key"),
)

household = _table(
    "household",
    Column("key", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("key"),
    Index("household_by_area", "area"),
)

responder = _table(
    "responder",
    Column("id", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
)

bridge = _table(
    "bridge",
    Column("id", Text, nullable=False),
    Column("prefix", Text, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
)

device = _table(
    "device",
    Column("id", Text, nullable=False),
    Column("bridge", Text, nullable=False),
    Column("inner", Text, nullable=False),
    Column("household", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("bridge", "inner"),
    Index("device_by_household", "household"),
)

device_name = _table(
    "device_name",
    Column("bridge", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("inner", Text, nullable=False),
    PrimaryKeyConstraint("bridge", "name"),
)

account = _table(
    "account",
    Column("login", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("login"),
)

installation = _table(
    "installation",
    Column("household", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("household"),
)

registration = _table(
    "registration",
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "n"),
    Index("registration_by_id", "kind", "id", "at_ms"),
    Index("registration_by_what", "what", "at_ms"),
)

stranger = _table(
    "stranger",
    Column("bridge", Text, nullable=False),
    Column("inner", Text, nullable=False),
    Column("heard_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("bridge", "inner"),
)
