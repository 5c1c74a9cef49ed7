"""What came of a list, as far as it is on the page: the first rows of each kind, or one kind page by page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec

from alerting.intake.check import Check

ROWS_A_PAGE = 200


class Kind(StrEnum):
    """What there is to be seen of a list that was checked."""

    REFUSED = "refused"
    LOOKS = "looks"
    CHANGED = "changed"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one kind that are on the page.

    Attributes:
        rows: Of this page.
        total: How many there are.
        first: Number of the first one shown, counted from 1.
        page: Which page, counted from 1.
        pages: How many there are.
    """

    rows: Sequence[Any]
    total: int
    first: int
    page: int
    pages: int

    @property
    def last(self) -> int:
        """Number of the last one shown."""
        return self.first + len(self.rows) - 1


def parts_of(check: Check, only: str, page: int) -> dict[Kind, Part]:
    """What is shown of a list that was checked.

    Args:
        check: What came of its rows.
        only: The kind that alone is wanted; anything else: all kinds, each from its beginning.
        page: Which page of that kind, counted from 1; one that does not exist is the nearest that does.
    """
    found: dict[Kind, Sequence[Any]] = {
        Kind.REFUSED: check.rejections,
        Kind.LOOKS: check.looked,
        Kind.CHANGED: check.changed,
    }
    return {kind: _part(every, page if kind == only else 1) for kind, every in found.items()}


def _part(every: Sequence[Any], page: int) -> Part:
    pages = max(1, -(-len(every) // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    start = (page - 1) * ROWS_A_PAGE
    return Part(rows=every[start : start + ROWS_A_PAGE], total=len(every), first=start + 1, page=page, pages=pages)
