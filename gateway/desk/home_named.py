"""What every row about a home says of it: what people call it, where it is, and its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from alerting.casefile import AreaLevel, Household

if TYPE_CHECKING:
    from gateway.writing.directory import Directory


class HomeNamed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row about a home; all empty where the home is not known any more.

    Attributes:
        resident: What people call it.
        address: As people write it.
        area: Key of its village.
        town: Name of its town.
        village: Name of its village.
        tier: Its label.
    """

    resident: str = ""
    address: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    tier: str = ""


def named(home: Household, directory: Directory) -> dict[str, Any]:
    """The fields of ``HomeNamed`` for a home."""
    levels = {area.level: area.name for area in directory.areas_above(home.area)}
    return {
        "resident": home.title,
        "address": home.address,
        "area": home.area,
        "town": levels.get(AreaLevel.TOWN, ""),
        "village": levels.get(AreaLevel.VILLAGE, ""),
        "tier": home.tier.value,
    }
