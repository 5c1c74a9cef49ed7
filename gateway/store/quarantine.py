"""Messages that could not be used: the latest of them, and how many there were for each reason."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from gateway.store import schema
from gateway.store.bulk import Row, insert_rows, inserter

KEPT = 10_000


def write_quarantine(c: Connection, rows: list[Row]) -> None:
    """Add them; the oldest beyond ``KEPT`` go."""
    if not rows:
        return
    insert_rows(c, schema.quarantine, rows)
    newest = select(func.max(schema.quarantine.c.id)).scalar_subquery()
    c.execute(delete(schema.quarantine).where(schema.quarantine.c.id <= newest - KEPT))
    counts: dict[str, int] = {}
    for row in rows:
        kind = str(row["reason"]).partition(":")[0]  # what follows differs from message to message
        counts[kind] = counts.get(kind, 0) + 1
    for reason, n in counts.items():
        total = schema.quarantine_total
        statement = inserter(c.dialect)(total).values(reason=reason, total=n)
        c.execute(statement.on_conflict_do_update(index_elements=["reason"], set_={"total": total.c.total + n}))
