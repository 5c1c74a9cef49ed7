"""The part of an incident's panel that hands the job to a grid platform (网格平台), and what a platform is called."""

from __future__ import annotations

import msgspec

from alerting.dispatch.platform import is_platform, responder_of
from alerting.incidents.conditions import RESPONDER
from alerting.peers import PEER_MARK
from dashboard.platform_words import platform_name
from dashboard.site import Site
from dashboard.speech import Speech
from gateway.desk.contract import IncidentView


class PlatformOffered(msgspec.Struct, frozen=True):
    """A grid platform to which the job can be handed.

    Attributes:
        responder: Its id as a responder.
        name: What people call it.
        area: Key of the area where it takes jobs; empty: the whole city.
    """

    responder: str
    name: str
    area: str


async def platforms_for(site: Site, view: IncidentView) -> list[PlatformOffered]:
    """Whom the panel offers beside persons; none where no home is known."""
    if view.home is None:
        return []
    found = await site.desk.platforms(view.home.household.area)
    return [PlatformOffered(responder_of(it.id), it.title, it.area) for it in found]


async def platform_names(site: Site, view: IncidentView, say: Speech, *, with_worker: bool = True) -> dict[str, str]:
    """What the platforms of an incident are called, by login, and by id with whom it sends now, where that is asked."""
    said = {entry.by.removeprefix(RESPONDER) for entry in view.timeline}
    told = {entry.text.partition("|")[0] for entry in view.timeline}
    names: dict[str, str] = {}
    for responder in {*said, *told, *(job.responder for job in view.incident.jobs)}:
        if not is_platform(responder):
            continue
        party = await site.desk.party(responder.removeprefix(PEER_MARK))
        if party is None:
            continue
        name = platform_name(party.title, view.incident.job_of(responder) if with_worker else None, say)
        names |= {responder: name, f"{RESPONDER}{responder}": party.title}
    return names
