"""One incident: how alarms join it, and how what people ask of it is answered.

A new call for help joins in whatever state, raises the incident to P1, breaks off whatever was waiting, rings again,
and blocks closing until somebody has taken it. Nothing can be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from alerting.decisions import Answered, AnyDecision, DeskTold, IncidentChanged, Noted, Rang
from alerting.duty import escalation
from alerting.events import IncidentBegan, IncidentMended, ShownUnrecorded
from alerting.incidents import life
from alerting.incidents.conditions import NOTHING_PENDING, Asked, pending
from alerting.incidents.joining import rings_again, stands
from alerting.incidents.rule import RUNNING
from alerting.incidents.rule import stands as standing
from alerting.model import (
    MAX_ALARMS,
    Aggregate,
    Alarm,
    AlarmKind,
    Entry,
    EntryKind,
    Incident,
    IncidentState,
    Ladder,
    Priority,
)

Result = tuple[Incident, list[AnyDecision]]
Priorities = Mapping[AlarmKind, Priority]


def numbered(key: str, n: int) -> str:
    """Id of the n-th incident of an aggregate."""
    return f"{key}-{n}"


def number_of(id_: str) -> int:
    """Which of its aggregate's incidents an id is of; 0 for one that is no such id."""
    n = id_.rpartition("-")[2]
    return int(n) if n.isascii() and n.isdigit() else 0


def begin(
    key: str, aggregate: Aggregate, n: int, alarm: Alarm, priority: Priority, *, by: str = "", scripts: int = 0
) -> Result:
    """A new incident from its first alarm. Rings. ``scripts`` numbers those in force."""
    incident = Incident(
        id=numbered(key, n),
        key=key,
        aggregate=aggregate,
        state=IncidentState.OPEN,
        priority=priority,
        alarms=(alarm,),
        alarm_count=1,
        unacknowledged=True,
        opened_at=alarm.at,
        rang_at=alarm.at,
        changed_at=alarm.at,
        since=alarm.at,
        ladder=escalation.begun(Ladder(), alarm.at),
        scripts=scripts,
    )
    entry = Entry(incident=incident.id, at=alarm.at, kind=EntryKind.ALARM, alarm=alarm, by=by)
    return incident, [
        IncidentChanged(incident=incident),
        Noted(entry=entry),
        Rang(incident=incident.id, priority=priority),
        DeskTold(event=IncidentBegan(incident=incident.id)),
    ]


def join(incident: Incident, alarm: Alarm, priority: Priority, priorities: Priorities, *, by: str = "") -> Result:
    """One more alarm in a running incident.

    P1 always rings again, whatever the state, and what was heard before counts no more. When any other does, the table
    says (``alerting.incidents.joining``); else it only adds to the timeline. ``priorities`` by kind of alarm say which
    alarms are kept.
    """
    assert incident.state in RUNNING, "an alarm cannot join a closed incident"
    rings = rings_again(incident, alarm, priority)
    state = incident.state
    if rings and state is IncidentState.RESOLVED:  # no longer true
        state = standing(incident)
    joined = msgspec.structs.replace(
        incident,
        state=state,
        priority=min(priority, incident.priority),
        alarms=_kept(incident.alarms, alarm, priorities),
        alarm_count=incident.alarm_count + 1,
        unacknowledged=incident.unacknowledged or rings,
        rang_at=max(alarm.at, incident.rang_at) if rings else incident.rang_at,
        waiting_since=incident.waits_since if incident.unacknowledged and rings else incident.waiting_since,
        changed_at=max(alarm.at, incident.changed_at),
        ladder=escalation.rang_again(incident, alarm.at, priority) if rings else incident.ladder,
        since=incident.since if state is incident.state else alarm.at,
        contact=incident.contact and priority is not Priority.P1,
        **(NOTHING_PENDING if rings else {}),
    )
    again = alarm.kind is AlarmKind.PANIC and stands(incident, alarm)
    kind = EntryKind.PRESSED_AGAIN if again else EntryKind.RAISED if priority < incident.priority else EntryKind.ALARM
    decisions: list[AnyDecision] = [
        IncidentChanged(incident=joined),
        Noted(entry=Entry(incident=incident.id, at=alarm.at, kind=kind, alarm=alarm, by=by)),
    ]
    if rings and pending(incident):
        off = Entry(incident=incident.id, at=alarm.at, kind=EntryKind.BROKEN_OFF, text=pending(incident))
        decisions.append(Noted(entry=off))
    if rings:
        decisions.append(Rang(incident=incident.id, priority=joined.priority))
    return joined, decisions


def grew(incident: Incident, alarm: Alarm, priority: Priority, priorities: Priorities) -> Result:
    """A silence that has rung is rare even for this home now. It rings again, whatever lies over it.

    Where somebody is at the door, or has said how the resident is, it is only told.
    """
    if incident.arrived or incident.contact:
        return note(incident, EntryKind.GREW, alarm.at)
    grown = msgspec.structs.replace(
        incident,
        state=standing(incident) if incident.state is IncidentState.RESOLVED else incident.state,
        priority=min(priority, incident.priority),
        alarms=_kept(incident.alarms, alarm, priorities),
        alarm_count=incident.alarm_count + 1,
        unacknowledged=True,
        rang_at=max(alarm.at, incident.rang_at),
        waiting_since=incident.waits_since if incident.unacknowledged else None,
        changed_at=max(alarm.at, incident.changed_at),
        ladder=escalation.rang_again(incident, alarm.at, priority),
        **NOTHING_PENDING,
    )
    decisions: list[AnyDecision] = [
        IncidentChanged(incident=grown),
        Noted(entry=Entry(incident=incident.id, at=alarm.at, kind=EntryKind.GREW, alarm=alarm)),
    ]
    if pending(incident):
        off = Entry(incident=incident.id, at=alarm.at, kind=EntryKind.BROKEN_OFF, text=pending(incident))
        decisions.append(Noted(entry=off))
    return grown, [*decisions, Rang(incident=incident.id, priority=grown.priority)]


def _kept(alarms: tuple[Alarm, ...], alarm: Alarm, priorities: Priorities) -> tuple[Alarm, ...]:
    """The alarms kept in the hot state: the first, the first of each of the gravest kinds, and the latest ones."""
    if len(alarms) < MAX_ALARMS:
        return (*alarms, alarm)
    gravest = min(priorities[it.kind] for it in alarms)
    kinds = {alarms[0].kind}
    gone = 1  # of gravest kinds alone, more than there is room for
    for n, it in enumerate(alarms[1:], start=1):
        if priorities[it.kind] > gravest or it.kind in kinds:
            gone = n
            break
        kinds.add(it.kind)
    return (*alarms[:gone], *alarms[gone + 1 :], alarm)


def note(incident: Incident, kind: EntryKind, now: datetime, *, text: str = "", by: str = "") -> Result:
    """A line in the timeline that changes nothing else."""
    noted = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    entry = Entry(incident=incident.id, at=now, kind=kind, text=text, by=by)
    return noted, [IncidentChanged(incident=noted), Noted(entry=entry)]


def shown_unrecorded(incident: Incident | None, event: ShownUnrecorded) -> tuple[Incident | None, list[AnyDecision]]:
    """A line that says since when it was on the consoles although the store did not have it; also if it has ended."""
    line = Noted(entry=Entry(incident=event.incident, at=event.since, kind=EntryKind.SHOWN_UNRECORDED))
    if incident is None or incident.id != event.incident:
        return incident, [line]
    return incident, [IncidentChanged(incident=incident), line]


def mended(incident: Incident | None, event: IncidentMended, now: datetime) -> Result:
    """Store and memory were not the same: from now on both have this one. It rings where it waits for somebody."""
    standing = event.incident
    assert incident is None or incident.id == standing.id, "only one incident of an aggregate is open"
    after, decisions = note(standing, EntryKind.MENDED, now, text=event.finding)
    return after, [*decisions, *([Rang(incident=after.id, priority=after.priority)] if after.rings else [])]


def act(incident: Incident | None, asked: Asked) -> tuple[Incident | None, list[AnyDecision]]:
    """Carry out a command on an incident, or refuse it with the reason.

    Returns:
        The incident afterwards, and the decisions, of which the last is the answer.
    """
    if incident is None or incident.id != asked.command.incident:
        return incident, [Answered(incident=asked.command.incident, refused="no_incident")]
    word = life.refusal(incident, asked)
    if word:
        holder = {"held_by_other": incident.claimed_by, "on_other_job": asked.elsewhere}.get(word, "")
        return incident, [Answered(incident=incident.id, refused=word, held_by=holder)]
    after, decisions = life.carry_out(incident, asked)
    return after, [*decisions, Answered(incident=incident.id)]


def answered_well(incident: Incident, now: datetime) -> Result:
    """The resident has said through a device of the home that all is well."""
    return note(msgspec.structs.replace(incident, contact=True), EntryKind.ANSWERED_WELL, now)
