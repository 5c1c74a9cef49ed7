"""What a list of homes is read against: areas, persons and case files that are there, and whose hands bring it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from alerting.casefile import Area, AreaLevel, Household, Place, Responder, covers
from alerting.intake.cells import CellError
from alerting.intake.datum import WGS84


def kept_nowhere(_: str) -> str:
    """Nothing is kept of the number of an identity card."""
    return ""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """The registry, as far as a list needs it.

    Attributes:
        areas: By key.
        responders: By id.
        households: By case number.
        within: Key of the area whose homes the list may touch; empty: the whole city.
        year: The present one, for ages.
        updates: Whether a home that is there is changed; else its row is refused.
        datum: Of the positions in rows that do not say theirs.
        seal: What is kept of the number of an identity card.
    """

    areas: Mapping[str, Area]
    responders: Mapping[str, Responder]
    households: Mapping[str, Household]
    within: str
    year: int
    updates: bool = True
    datum: str = WGS84
    seal: Callable[[str], str] = kept_nowhere

    def village(self, key: str, town: str, village: str) -> str:
        """Key of a village, by its key or by the names of both. Raises ``CellError`` with the word."""
        if key:
            if key not in self.areas:
                raise CellError("unknown_area")
            return self._mine(key)
        if not village:
            raise CellError("missing")
        found = [
            it.key
            for it in self.areas.values()
            if it.level is AreaLevel.VILLAGE and village in {it.name, it.key} and self._lies_in(it, town)
        ]
        mine = [key for key in found if covers(self.within, key)]
        if not found:
            raise CellError("unknown_area")
        if len(mine) > 1:
            raise CellError("ambiguous_area")
        return self._mine(mine[0] if mine else found[0])

    def _lies_in(self, village: Area, town: str) -> bool:
        above = self.areas.get(village.parent)
        return not town or (above is not None and town in {above.name, above.key})

    def _mine(self, key: str) -> str:
        if not covers(self.within, key):
            raise CellError("not_yours")
        return key

    def person(self, text: str, duty: str) -> str:
        """Id of somebody with this office, by id or name. Raises ``CellError`` with the word."""
        fitting = [it for it in self.responders.values() if it.duty == duty and self._answers_here(it)]
        found = [it.id for it in fitting if it.id == text] or [it.id for it in fitting if it.name == text]
        if len(found) != 1:
            raise CellError("ambiguous_person" if found else "unknown_person")
        return found[0]

    def _answers_here(self, it: Responder) -> bool:
        return covers(self.within, it.area) or covers(it.area, self.within)

    def middle(self, village: str) -> Place | None:
        """Where a village's middle is, for a home whose own position nobody has measured; None: not known."""
        area = self.areas.get(village)
        ring = area.boundary[:-1] if area is not None else ()
        if not ring:
            return None
        lon, lat = (sum(point[axis] for point in ring) / len(ring) for axis in (0, 1))
        return Place(lat=round(lat, 6), lon=round(lon, 6))
