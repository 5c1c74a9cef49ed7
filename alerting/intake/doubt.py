"""Columns of a list that somebody has to look at first: not recognised, or full of something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alerting.enrolment.home_flaws import is_phone
from alerting.intake import cells
from alerting.intake.cells import CellError
from alerting.intake.columns import IGNORED

LOOKED_AT = 50
"""So many cells of a column say what it holds."""


def _number(text: str) -> str:
    said = cells.phone(text)
    if not is_phone(said):
        raise CellError("bad_phone")
    return said


_READS: dict[str, Callable[[str], object]] = {
    "lat": cells.degrees,
    "lon": cells.degrees,
    "datum": cells.datum,
    "tier": cells.tier,
    "forced_entry": cells.yes,
    "key_holder": cells.yes,
    "rings_first": cells.yes,
    "birth_year": cells.birth_year,
    "distance_m": cells.whole,
    "phone": _number,
}


def doubtful(headings: Sequence[str], fields: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Which columns a person should choose the field of, by place from 0.

    Those with a heading or with cells that no field is known for, and those of whose first cells more than half cannot
    be what their heading says.

    Args:
        headings: Of the columns.
        fields: As ``columns.recognised`` finds them.
        rows: Cells of the rows below; a row may be shorter than the headings.
    """
    return [n for n, field in enumerate(fields) if _is_doubtful(headings[n], field, list(_first_cells(rows, n)))]


def _first_cells(rows: Sequence[Sequence[str]], column: int) -> Sequence[str]:
    found = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
    return found[:LOOKED_AT]


def _is_doubtful(heading: str, field: str, texts: Sequence[str]) -> bool:
    if field == IGNORED:
        return bool(heading.strip() or texts)
    read = _READS.get(field.rpartition(".")[2])
    if read is None:
        return False
    return sum(not _fits(read, text) for text in texts) * 2 > len(texts)


def _fits(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except CellError:
        return False
    return True
