"""A whole list, row by row, before anything of it is registered: what is new, changed, as it was, and refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from alerting.casefile import Household, version_of
from alerting.enrolment.commands import ImportedHome
from alerting.intake.ground import Ground
from alerting.intake.row import RowReader


class Standing(StrEnum):
    """What a row is to the registry."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row is refused: row of the file, case number, field, word, and what stands in the cell."""

    row: int
    key: str
    field: str
    word: str
    said: str = ""


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A home that a row changes, and the fields that differ."""

    row: int
    key: str
    fields: tuple[str, ...]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to look at in a row that makes or changes a home, as (field, word)."""

    row: int
    key: str
    looks: tuple[tuple[str, str], ...]
    is_new: bool = False


class Check:
    """Reads the rows of one list.

    Args:
        ground: What they are read against.

    Attributes:
        counts: Rows by what they are to the registry.
        rejections: Every one, in the order of the rows; a row may have several.
        changed: Homes that would be changed.
        looked: What of these and of new homes lowers safety or changes who answers.
        homes: What would be registered, with the version that each takes the place of.
    """

    def __init__(self, ground: Ground) -> None:
        """Nothing is read yet."""
        self._ground = ground
        self._rows: dict[str, int] = {}
        self.counts = dict.fromkeys(Standing, 0)
        self.rejections: list[Rejection] = []
        self.changed: list[Changed] = []
        self.looked: list[Look] = []
        self.homes: list[ImportedHome] = []

    @property
    def needs_yes(self) -> bool:
        """Whether somebody has to say that what lowers safety is meant."""
        return bool(self.looked)

    def read(self, number: int, row: Mapping[str, str], merged: str = "") -> Standing:
        """One row.

        Args:
            number: Its number in the file, counted from 1.
            row: Text of each cell by field.
            merged: Cells of the row that are merged with others, as in ``B7:B9``: nobody can say whose they are.
        """
        standing = self._standing(number, row, merged)
        self.counts[standing] += 1
        return standing

    def _standing(self, number: int, row: Mapping[str, str], merged: str) -> Standing:
        read = RowReader(row, self._ground)
        flaws = [("", "merged_cells", merged)] if merged else []
        flaws += [(field, word, row.get(field, "").strip()) for field, word in read.flaws]
        if read.key and (first := self._rows.setdefault(read.key, number)) != number:
            flaws.append(("key", "twice", str(first)))
        if flaws or read.home is None:
            rejected = [Rejection(row=number, key=read.key, field=f, word=w, said=s[:80]) for f, w, s in flaws]
            self.rejections += rejected
            return Standing.REJECTED
        home, before = read.home, read.before
        if home == before:
            return Standing.UNCHANGED
        self.homes.append(ImportedHome(home, version_of(before)))
        if read.looks:
            self.looked.append(Look(row=number, key=home.key, looks=read.looks, is_new=before is None))
        if before is None:
            return Standing.NEW
        self.changed.append(Changed(row=number, key=home.key, fields=_differing(before, home)))
        return Standing.CHANGED


def _differing(before: Household, home: Household) -> tuple[str, ...]:
    names = Household.__struct_fields__
    return tuple(name for name in names if getattr(before, name) != getattr(home, name))
