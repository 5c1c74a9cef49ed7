"""By what an area is told apart: a city or district by its towns, a town by its villages."""

from __future__ import annotations

from collections.abc import Iterable

from alerting.casefile import Area, AreaLevel, covers


def parts_of(areas: Iterable[Area], area: str) -> list[Area]:
    """The towns of an area, in the order of their keys; where it has but one, the villages of that.

    Args:
        areas: All there are.
        area: Key of the area; empty: everywhere.
    """
    mine = sorted((it for it in areas if covers(area, it.key)), key=lambda it: it.key)
    towns = [it for it in mine if it.level is AreaLevel.TOWN]
    return towns if len(towns) > 1 else [it for it in mine if it.level is AreaLevel.VILLAGE] or towns
