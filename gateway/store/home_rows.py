"""A home as the store keeps it: its rows, made once. Those of a list are made beforehand, outside its transaction."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from alerting.casefile import Household
from gateway.store import finding
from gateway.store.bulk import Row
from gateway.store.registry import household_row

MOST_KEPT = 6000


class HomeRows(msgspec.Struct, frozen=True):
    """Of the table of homes, of what homes are found by, and the case file as the history has it."""

    household: Row
    finding: Row
    body: bytes


@lru_cache(maxsize=MOST_KEPT)
def home_rows(home: Household) -> HomeRows:
    """The rows of a home. From any thread."""
    row = household_row(home)
    body = row["body"]
    assert isinstance(body, bytes)
    return HomeRows(row, finding.home_row(home), body)


def forget_rows() -> None:
    """The rows of a list are written, or will not be."""
    home_rows.cache_clear()
