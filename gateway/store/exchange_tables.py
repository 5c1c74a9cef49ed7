"""The tables of the exchange with other systems: who they are, and how far each target has got."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table

from gateway.store.schema import Text, metadata

party = Table(
    "party",
    metadata,
    Column("id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
    sqlite_with_rowid=False,
)

push_cursor = Table(
    "push_cursor",
    metadata,
    Column("target", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("target"),
    sqlite_with_rowid=False,
)
