"""Many rows at once, handed to the driver as they are."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, object]
AS_ARRAYS_FROM = 20
"""From so many rows on PostgreSQL gets one array a column: a quarter of the work on our side, one statement on its."""


def inserter(dialect: Dialect) -> Any:
    """``insert`` of the dialect, with ON CONFLICT: two classes of the same shape."""
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert


def insert_rows(c: Connection, table: Table, rows: list[Row]) -> None:
    """Insert; all rows have the same columns."""
    if rows:
        _many(c, table, rows, ())


def upsert_rows(c: Connection, table: Table, rows: list[Row], replaced: tuple[str, ...]) -> None:
    """Insert, or replace these columns where the primary key is there already; of two such rows the later one stays."""
    if rows:
        _many(c, table, rows, replaced)


def _many(c: Connection, table: Table, rows: list[Row], replaced: tuple[str, ...]) -> None:
    """The values need no conversion, and that halves the time of a write."""
    columns = tuple(rows[0])
    if c.dialect.name == "postgresql" and len(rows) >= AS_ARRAYS_FROM:
        if replaced:
            key = itemgetter(*(column.name for column in table.primary_key.columns))
            rows = list({key(row): row for row in rows}.values())  # one statement changes a row once
        c.exec_driver_sql(
            _with_arrays(c.dialect, table, columns, replaced), tuple([row[name] for row in rows] for name in columns)
        )
        return
    sql, order = _compiled(c.dialect, table, columns, replaced)
    if order is None:
        c.exec_driver_sql(sql, rows)
    else:
        values = itemgetter(*order)
        c.exec_driver_sql(sql, [values(row) for row in rows])


@lru_cache(maxsize=256)
def _compiled(
    dialect: Dialect, table: Table, columns: tuple[str, ...], replaced: tuple[str, ...]
) -> tuple[str, tuple[str, ...] | None]:
    """The statement in a dialect's own words, and the order of its values where they go by place."""
    statement = inserter(dialect)(table)
    if replaced:
        key = [column.name for column in table.primary_key.columns]
        changed = {name: statement.excluded[name] for name in replaced}
        statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    order = getattr(compiled, "positiontup", None)
    return str(compiled), tuple(order) if order else None


@lru_cache(maxsize=256)
def _with_arrays(dialect: Dialect, table: Table, columns: tuple[str, ...], replaced: tuple[str, ...]) -> str:
    """``INSERT … SELECT FROM unnest`` with one array a column, in psycopg's binary form."""
    quote = dialect.identifier_preparer.quote
    names = ", ".join(map(quote, columns))
    kinds = [table.c[name].type.compile(dialect).split()[0] for name in columns]  # without COLLATE
    arrays = ", ".join(f"%b::{kind}[]" for kind in kinds)
    sql = f"INSERT INTO {quote(table.name)} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of our own
    if replaced:
        key = ", ".join(quote(column.name) for column in table.primary_key.columns)
        changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in replaced)
        sql += f" ON CONFLICT ({key}) DO UPDATE SET {changed}"
    return sql
