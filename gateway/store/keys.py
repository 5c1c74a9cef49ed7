"""Keys from outside, in a length that every store can index (PostgreSQL takes 2,700 bytes a row); keys of areas."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import ColumnElement, or_

LONGEST = 200
_KEPT = 160


def bounded(key: str) -> str:
    """The key itself, or the beginning of a long one and what tells it from every other with that beginning."""
    if len(key) <= LONGEST:
        return key
    return f"{key[:_KEPT]}~{blake2b(key.encode(), digest_size=16).hexdigest()}"


def in_area(column: ColumnElement[str], area: str) -> ColumnElement[bool]:
    """Whether a column's area key lies in the subtree of an area, as ``casefile.covers`` says of two keys."""
    return or_(column == area, column.startswith(f"{area}.", autoescape=True))
