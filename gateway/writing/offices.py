"""Who may be sent where, of those who are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from alerting.casefile import Household, Responder, covers
from alerting.duty.reach import People

Near = Callable[[str], tuple[Responder, ...]]
"""Who may be sent to a village, by its key."""


class Offices:
    """The part of the directory that knows whose office reaches to a home."""

    responders: dict[str, Responder]
    people: People

    def responders_for(
        self, area: str, household: Household | None = None, near: Near | None = None
    ) -> tuple[Responder, ...]:
        """Who may be sent: the home's own responsible persons first, then those of its village, then of its town.

        Args:
            area: The home's village.
            household: The home.
            near: ``responders_near``, or what remembers its answers for many homes.
        """
        own = [] if household is None else [household.village_responder, household.town_responder]
        first = [self.responders[id_] for id_ in own if id_ in self.responders]
        return tuple(dict.fromkeys([*first, *(near or self.responders_near)(area)]))

    def responders_near(self, area: str) -> tuple[Responder, ...]:
        """Those of a village and below it, then those of its town."""
        town, village = self.people.town_of(area), self.people.village_of(area)
        found = (r for r in self.responders.values() if r.area == town or covers(village, r.area))
        return tuple(sorted(found, key=lambda r: (-len(r.area), r.id)))

    def responders_of(self, area: str, homes: Iterable[str]) -> tuple[Responder, ...]:
        """Who may be sent to an area incident: whoever answers for the village or town, or for the town above it.

        Args:
            area: Key of the village or town; empty for a bridge, whose homes may be in several.
            homes: The homes of such a bridge: of several villages whoever answers for their towns.
        """
        cases = self.people.homes
        places = {area} if area else {cases[it].area for it in homes if it in cases}
        towns = {self.people.town_of(it) for it in places}
        own = places | towns if len(places) == 1 else towns
        found = (it for it in self.responders.values() if it.area in own)
        return tuple(sorted(found, key=lambda it: (-len(it.area), it.id)))
