"""Which alarm rings again in a running incident: one small table, by kind.

P1 always rings, and so does a word by which a person calls for help, whatever kind it was taken for. Of everything else
it depends on what stands already.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from alerting.incidents.conditions import pending
from alerting.model import Alarm, AlarmKind, Incident, IncidentState, Priority

THREATENED = ("duress", "coerc", "hostage")
"""In a device's word: somebody calls under threat."""
PERSON_S = (*THREATENED, "sos", "help", "emergency", "panic")
"""In a device's word: a person calls for help, though nobody has declared what the device means by it."""
MOST_NEW = 4
"""So many conditions that nobody can name ring in one incident; a device can invent words without end."""


class Again(StrEnum):
    """When an alarm rings again."""

    ALWAYS = "always"
    PUT_AWAY = "put_away"
    """When the incident is resolved, held, offered or about to be closed, or somebody has said how the resident is."""
    NEVER = "never"
    """It adds a line."""


class Joins(msgspec.Struct, frozen=True):
    """How a kind of alarm that is not P1 joins.

    Attributes:
        same: The very same condition stands already.
        urgent: It is new, and the incident is not more urgent.
        less: It is new, and the incident is more urgent.
    """

    same: Again
    urgent: Again
    less: Again


_ALWAYS = Joins(Again.ALWAYS, Again.ALWAYS, Again.ALWAYS)
_FACT = Joins(Again.NEVER, Again.ALWAYS, Again.NEVER)
_PERHAPS_A_CALL = Joins(Again.NEVER, Again.ALWAYS, Again.PUT_AWAY)

TABLE: dict[AlarmKind, Joins] = {
    AlarmKind.PANIC: _ALWAYS,
    AlarmKind.FALL: _ALWAYS,
    AlarmKind.SMOKE: _ALWAYS,
    AlarmKind.GAS: _ALWAYS,
    AlarmKind.MEDICAL: _ALWAYS,
    AlarmKind.RETAINED_PANIC: _PERHAPS_A_CALL,
    AlarmKind.UNCERTAIN: _PERHAPS_A_CALL,
    AlarmKind.INACTIVITY: _FACT,
    AlarmKind.UNSEEN: _FACT,
    AlarmKind.CANNOT_CALL: _FACT,
    AlarmKind.MANUAL: Joins(Again.ALWAYS, Again.ALWAYS, Again.PUT_AWAY),
    AlarmKind.RULE_FAILED: _ALWAYS,
    AlarmKind.AUDIT: _ALWAYS,
    AlarmKind.FOLLOW_UP: _FACT,
    AlarmKind.AREA_OUTAGE: _FACT,
    AlarmKind.AREA_BRIDGE: _FACT,
    AlarmKind.AREA_CALLS: _ALWAYS,
}
"""When an alarm of each kind rings again."""


def is_a_person_s(alarm: Alarm) -> bool:
    """Whether a device's own word for an alarm that nobody has declared says that a person calls for help."""
    word = _word(alarm).lower()
    return alarm.kind is AlarmKind.UNCERTAIN and any(it in word for it in PERSON_S)


def rings_again(incident: Incident, alarm: Alarm, priority: Priority) -> bool:
    """Whether one more alarm, of this priority, would ring in a running incident."""
    if priority is Priority.P1 or is_a_person_s(alarm):
        return True
    joins = TABLE[alarm.kind]
    if stands(incident, alarm):
        again = joins.same
    elif _is_one_too_many(incident, alarm):
        again = Again.NEVER
    else:
        again = joins.urgent if priority <= incident.priority else joins.less
    return again is Again.ALWAYS or (again is Again.PUT_AWAY and is_put_away(incident))


def stands(incident: Incident, alarm: Alarm) -> bool:
    """Whether the very same condition is in the incident."""
    return any(_condition(it) == _condition(alarm) for it in incident.alarms)


def is_put_away(incident: Incident) -> bool:
    """Whether somebody thinks that it is over, has put it by, or knows how the resident is."""
    return incident.state is IncidentState.RESOLVED or incident.contact or bool(pending(incident))


def _condition(alarm: Alarm) -> tuple[str, ...]:
    """What makes two alarms the same: of most kinds the kind; else also which device, and its word."""
    if alarm.kind is AlarmKind.UNCERTAIN:
        return alarm.kind, alarm.device, _word(alarm)
    if alarm.kind is AlarmKind.RETAINED_PANIC:
        return alarm.kind, alarm.device
    return (alarm.kind,)


def _is_one_too_many(incident: Incident, alarm: Alarm) -> bool:
    known = {_condition(it) for it in incident.alarms if it.kind is AlarmKind.UNCERTAIN}
    return alarm.kind is AlarmKind.UNCERTAIN and len(known) >= MOST_NEW


def _word(alarm: Alarm) -> str:
    return alarm.said or alarm.detail
