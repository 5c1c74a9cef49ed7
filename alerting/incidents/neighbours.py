"""Neighbours first: who has a key and lives next door is rung at once, beside everything else that is done.

Nobody is called later, or not at all, because a neighbour was rung or goes: their answer is a line, and stops nothing.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import msgspec

from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted
from alerting.dispatch.neighbour import Neighbour, NeighbourStage
from alerting.duty.page import page_about
from alerting.duty.reach import Person
from alerting.duty.roster import local
from alerting.events import PageTold
from alerting.incidents.conditions import RESPONDER
from alerting.model import Aggregate, Entry, EntryKind, Incident, IncidentState
from alerting.policy import Policy

Result = tuple[Incident, list[AnyDecision]]

MOST = 3
"""So many of one home are rung."""
OVER = (IncidentState.RESOLVED, IncidentState.CLOSED)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
SAID: dict[str, tuple[NeighbourStage, EntryKind]] = {
    "accepted": (NeighbourStage.GOES, EntryKind.NEIGHBOUR_GOES),
    "declined": (NeighbourStage.CANNOT, EntryKind.NEIGHBOUR_CANNOT),
}


def rung(before: Incident | None, after: Incident | None, now: datetime, policy: Policy) -> Result | None:
    """Rings whom the case file names, when an incident has begun, was pressed again or became more urgent.

    Args:
        before: As it stood; None: there was none.
        after: As it stands; None: there is none.
        now: Service time, aware UTC.
        policy: Who is to be rung, from which priority on, and in which hours.

    Returns:
        The incident afterwards, and the decisions; None where nobody is to be rung.
    """
    if after is None or after is before or after.aggregate is not Aggregate.HOUSEHOLD or after.state in OVER:
        return None
    named = policy.editions.case_of(after.key).rings_first[:MOST]
    is_new = before is None or before.id != after.id
    if not named or after.priority > policy.neighbours_from:
        return None
    if before is not None and not is_new and _is_as_before(before, after, policy):
        return None
    changed, decisions = after, list[AnyDecision]()
    for id_ in named:
        person = policy.chain(after.key).person(id_)
        if person is not None and _is_to_be_rung(changed, id_, now, policy):
            changed, further = _rings(changed, person, now, policy)
            decisions += further
    return (changed, [IncidentChanged(incident=changed), *decisions]) if changed is not after else None


def _is_as_before(before: Incident, after: Incident, policy: Policy) -> bool:
    """Whether it has had no further alarm, and was as urgent already."""
    return before.alarm_count == after.alarm_count and before.priority <= policy.neighbours_from


def _is_to_be_rung(incident: Incident, person: str, now: datetime, policy: Policy) -> bool:
    """Not who has answered, nor who was rung just now; who declines has declined."""
    known = next((it for it in incident.neighbours if it.person == person), None)
    if known is None or known.stage is NeighbourStage.NOT_NOW:
        return True
    return known.stage is NeighbourStage.RUNG and now - known.at > timedelta(seconds=policy.page_s)


def _rings(incident: Incident, person: Person, now: datetime, policy: Policy) -> Result:
    if not is_within(person.hours, local(policy.editions.roster, now).time()):
        if any(it.person == person.id for it in incident.neighbours):  # said once
            return incident, []
        after = _with(incident, Neighbour(person.id, NeighbourStage.NOT_NOW, now))
        line = Entry(incident=incident.id, at=now, kind=EntryKind.NEIGHBOUR_NOT_RUNG, text=person.name)
        return after, [Noted(entry=line)]
    after = _with(incident, Neighbour(person.id, NeighbourStage.RUNG, now))
    line = Entry(incident=incident.id, at=now, kind=EntryKind.NEIGHBOUR_RUNG, text=person.name)
    pages = [
        msgspec.structs.replace(
            page_about(incident, person, channel.channel, now, policy), home=incident.key, of_neighbour=True
        )
        for channel in person.lines
    ]
    return after, [Noted(entry=line), *pages]


def asked_beside(incident: Incident) -> frozenset[str]:
    """Ids of persons whose page is worth sending whoever has it: who goes there, and who lives next door."""
    if incident.state is IncidentState.CLOSED:
        return frozenset()
    going = {f"{RESPONDER}{job.responder}" for job in incident.going}
    if incident.state in OVER:
        return frozenset(going)
    return frozenset(going | {it.person for it in incident.neighbours if it.stage is NeighbourStage.RUNG})


def is_within(hours: str, at: time) -> bool:
    """Whether a time of day lies within hours as ``08:00-20:00``, also across midnight; empty or unreadable: always."""
    found = _HOURS.fullmatch(hours)
    if found is None:
        return True
    from_h, from_min, to_h, to_min = map(int, found.groups())
    since, until, minute = from_h * 60 + from_min, to_h * 60 + to_min, at.hour * 60 + at.minute
    return since <= minute < until if since < until else minute >= since or minute < until


def _with(incident: Incident, neighbour: Neighbour) -> Incident:
    others = tuple(it for it in incident.neighbours if it.person != neighbour.person)
    changed_at = max(neighbour.at, incident.changed_at)
    return msgspec.structs.replace(incident, neighbours=(*others, neighbour), changed_at=changed_at)


def is_answer(incident: Incident | None, event: PageTold) -> bool:
    """Whether it is the answer of a neighbour who was rung as one; of a page that the climb has led to it is not."""
    if incident is None or incident.id != event.incident or event.round or event.what not in SAID:
        return False
    return any(it.person == event.to for it in incident.neighbours)


def answered(incident: Incident, event: PageTold, now: datetime) -> Result:
    """What a neighbour has said: a line, and nothing else; the climb goes on, and nobody is called less."""
    stage, kind = SAID[event.what]
    after = _with(incident, Neighbour(event.to, stage, now))
    line = Entry(incident=incident.id, at=now, kind=kind, text=event.name or event.to)
    return after, [IncidentChanged(incident=after), Noted(entry=line), Answered(incident=incident.id)]
