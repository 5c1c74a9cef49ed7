"""Who may be sent where, of those who are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from alerting.casefile import Account, Area, Household, Responder, covers
from alerting.dispatch.platform import is_platform
from alerting.duty.reach import RESPONDER, People
from alerting.model import Incident
from alerting.peers import PEER_MARK, Party

Near = Callable[[str], tuple[Responder, ...]]
"""Who may be sent to a village, by its key."""


class Offices:
    """The part of the directory that knows what everybody and every place is called, and whose office reaches there."""

    responders: dict[str, Responder]
    accounts: dict[str, Account]
    areas: dict[str, Area]
    parties: dict[str, Party]
    people: People

    def areas_above(self, key: str) -> tuple[Area, ...]:
        """The area and all above it, from the city down."""
        chain: list[Area] = []
        area = self.areas.get(key)
        while area is not None:
            chain.append(area)
            area = self.areas.get(area.parent)
        return tuple(reversed(chain))

    def name_of(self, person: str) -> str:
        """What somebody is called, by login, responder or other person id; the id itself when nobody knows."""
        known = self.people.persons.get(person)
        account = self.accounts.get(person)
        responder = self.responders.get(person.removeprefix(RESPONDER))
        found = known or account or responder
        return found.name if found is not None else self._title_of(person)

    def _title_of(self, person: str) -> str:
        """What another system is called, by the id under which it does something; the id itself when nobody knows."""
        party = self.parties.get(person.removeprefix(RESPONDER).removeprefix(PEER_MARK))
        return party.title if party is not None and PEER_MARK in person else person

    def sent_name(self, incident: Incident) -> str:
        """What whoever is furthest along is called: of a grid platform its title and its worker's name."""
        if not is_platform(incident.responder):
            responder = self.responders.get(incident.responder)
            return responder.name if responder is not None else ""
        job = incident.job_of(incident.responder)
        worker = job.worker.name if job is not None and job.worker is not None else ""
        return " · ".join(part for part in (self.name_of(incident.responder), worker) if part)

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
