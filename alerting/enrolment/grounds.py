"""The tree of areas, judged: city to grid cell; what is added, renamed, drawn anew, removed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from alerting.casefile import Area, AreaLevel, covers
from alerting.decisions import AreaRemoved, AreaSaved, RegistryChange
from alerting.enrolment.books import Refused, Register
from alerting.enrolment.running import RemoveArea, SaveAreas

LONGEST_NAME = 40
LONGEST_KEY = 60
MOST_AREAS = 3000
MOST_POINTS = 2000
MOST_POINTS_OF_ALL = 200_000
FEWEST_POINTS = 4
LEVELS = tuple(AreaLevel)
"""From the top; a level may be left out, as in a city without districts."""
_PART = re.compile(r"[0-9A-Za-z]{1,12}")


Judged = list[RegistryChange] | str | Refused
Known = dict[str, Area]


def _save(r: Register, command: SaveAreas, _: datetime) -> Judged:
    if not 0 < len(command.areas) <= MOST_AREAS or sum(len(it.boundary) for it in command.areas) > MOST_POINTS_OF_ALL:
        return "too_many_areas"
    known: Known = {it.key: it for it in r.areas()}
    changed = {it.key for it in command.areas}  # two may swap their names
    named = {(it.parent, it.name): it.key for it in known.values() if it.key not in changed}
    flaws: list[str] = []
    changes: list[RegistryChange] = []
    seen: set[str] = set()
    for area in sorted(command.areas, key=lambda it: it.key.count(".")):
        before = known.get(area.key)
        flaw = _twice(area, seen, named) or _flaw(known, area, before, command)
        seen.add(area.key)
        named.setdefault((area.parent, area.name), area.key)
        if flaw:
            flaws.append(f"{area.key}|{flaw}")
        elif area != before:
            known[area.key] = area
            changes.append(AreaSaved(area=area, before=before))
    if len(command.areas) == 1 and flaws:
        return flaws[0].partition("|")[2]
    return Refused("bad_areas", tuple(flaws)) if flaws else changes


def _twice(area: Area, seen: set[str], named: Mapping[tuple[str, str], str]) -> str:
    if area.key in seen:
        return "area_twice"
    if named.get((area.parent, area.name), area.key) != area.key:
        return "area_name_taken"
    return ""


def _flaw(known: Known, area: Area, before: Area | None, command: SaveAreas) -> str:
    if before is not None and command.is_new:
        return "area_taken"
    theirs = area.key if before is not None else area.parent
    if command.within and not (theirs and covers(command.within, theirs)):
        return "unknown_area"
    if not area.name.strip() or len(area.name) > LONGEST_NAME or not area.name.isprintable():
        return "bad_area_name"
    if before is not None and (area.level, area.parent) != (before.level, before.parent):
        return "area_stays"
    return ("" if before is not None else _place_flaw(known, area)) or (_ring_flaw(area) if area.boundary else "")


def _place_flaw(known: Known, area: Area) -> str:
    """Whether a new area can stand where it says: below one that is there, one level or more further down."""
    above, _, own = area.key.rpartition(".")
    if above != area.parent or not _PART.fullmatch(own) or len(area.key) > LONGEST_KEY:
        return "bad_area_key"
    if not area.parent:
        return "" if not known else "area_without_parent"
    parent = known.get(area.parent)
    if parent is None:
        return "area_without_parent"
    if LEVELS.index(area.level) <= LEVELS.index(parent.level):
        return "bad_area_level"
    return ""


def _ring_flaw(area: Area) -> str:
    ring = area.boundary
    if not FEWEST_POINTS <= len(ring) <= MOST_POINTS or ring[0] != ring[-1]:
        return "bad_ring"
    if not all(math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in ring):  # noqa: PLR2004 - degrees
        return "bad_ring"
    twice_the_area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    if not twice_the_area:
        return "bad_ring"
    return ""


def _remove(r: Register, command: RemoveArea, _: datetime) -> Judged:
    area = next((it for it in r.areas() if it.key == command.area), None)
    if area is None or not covers(command.within, area.key):
        return "unknown_area"
    if area.key == command.within:
        return "area_in_use"
    if any(it.parent == area.key for it in r.areas()) or r.is_used(area.key):
        return "area_in_use"
    return [AreaRemoved(area=area)]


JUDGES: dict[type, Callable[[Register, Any, datetime], Judged]] = {SaveAreas: _save, RemoveArea: _remove}
