"""What the centre puts on every page, and how little of a person is told on it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec

from gateway.writing.directory import Directory

REPEATED = "〔可能重复〕"


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre puts on every page.

    Attributes:
        title: Name of the centre.
        desk_phone: Number of the desk, for calling back; may be empty.
        utc_offset_s: Local time, seconds east of Greenwich.
        full: Name and address are told; else family name and village.
    """

    title: str = ""
    desk_phone: str = ""
    utc_offset_s: int = 8 * 3600
    full: bool = False

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock on the wall."""
        return moment.astimezone(timezone(timedelta(seconds=self.utc_offset_s)))


COMPOUND = frozenset({"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯"})


def least_name(name: str) -> str:
    """A person's family name and no more: 周某."""
    return f"{name[:2] if name[:2] in COMPOUND else name[:1]}某" if name else ""


def village_of(household: str, directory: Directory) -> str:
    """Town and village of a home; empty when the home is not known."""
    home = directory.households.get(household)
    return "".join(area.name for area in directory.areas_above(home.area)[-2:]) if home is not None else ""
