"""What an incident tells the responders it reckons with, whatever has changed it."""

from __future__ import annotations

from alerting.decisions import AnyDecision
from alerting.dispatch import platform
from alerting.dispatch.told import JobOffered, JobOver, JobTaken, ResponderTold
from alerting.incidents.conditions import RESPONDER
from alerting.model import Incident, IncidentState


def taken(incident: Incident | None) -> frozenset[str]:
    """Ids of the responders who go to an incident, or are there: sent, or by a page that they have accepted.

    Of a grid platform it is the worker, where it has named one by an id of its own.
    """
    if incident is None or incident.state is IncidentState.CLOSED:
        return frozenset()
    sent = {who for it in incident.jobs if it.is_taken and (who := platform.engaged(it.responder, it.worker))}
    ladder = incident.ladder
    by_page = ladder.accepted_until is not None and ladder.accepted_by.startswith(RESPONDER)
    return frozenset(sent | {ladder.accepted_by.removeprefix(RESPONDER)} if by_page else sent)


def offered(incident: Incident | None) -> frozenset[str]:
    """Ids of the responders who are asked to go and have not answered."""
    if incident is None or incident.state is IncidentState.CLOSED:
        return frozenset()
    return frozenset(it.responder for it in incident.going if not platform.is_platform(it.responder)) - taken(incident)


def told(before: Incident | None, after: Incident | None) -> list[AnyDecision]:
    """What responders hear of what has become of an incident; nothing when it is the same to all of them."""
    if before is after:
        return []
    had, has = taken(before), taken(after)
    asked, asks = offered(before), offered(after)
    decisions: list[AnyDecision] = []
    if before is not None:
        gone, over = sorted((had | asked) - (has | asks)), JobOver(incident=before.id)
        decisions += [ResponderTold(responder=responder, event=over) for responder in gone]
    if after is not None:
        for responder in sorted((asks - asked) | (has - had)):
            kind = JobTaken if responder in has else JobOffered
            decisions.append(ResponderTold(responder=responder, event=kind(incident=after.id, key=after.key)))
    return [*decisions, *platform.told(before, after)]
