"""What the desk says of who waits, who was sent and what really happened."""

from __future__ import annotations

from datetime import datetime

from alerting.model import AlarmKind, Incident, IncidentState
from dashboard.words import mark
from gateway.desk.contract import QueueRow
from gateway.desk.duty_desk import MemberRow

RANG_AGAIN: dict[str, str] = {
    "press": mark("pressed again"),
    "first_press": mark("and now the button was pressed"),
    "alarm": mark("rang again"),
    "no_alarm": mark("rings again, no new alarm"),
}
"""What its latest ring was for."""

SENT: dict[str, str] = {
    "asked": mark("asked, has not accepted yet"),
    "accepted": mark("has accepted"),
    "there": mark("at the door"),
}
"""How far who was sent has come."""

WAS_SENT: dict[str, str] = {
    "asked": mark("was asked, no acceptance recorded"),
    "accepted": mark("had accepted, no arrival recorded"),
    "there": mark("was there"),
}
"""The same, once the incident is resolved or closed."""

CLAIMS: dict[str, str] = {
    "first": mark("Claim"),
    "alarm": mark("Claim the new alarm"),
    "own": mark("Noted: go on with the work"),
    "over": mark("Take it over"),
}
"""What claiming means as the incident stands."""


def far_of(incident: Incident | QueueRow | MemberRow) -> str:
    """How far who was sent has come: ``asked``, ``accepted`` or ``there``; empty when nobody was sent."""
    if not incident.responder:
        return ""
    return "there" if incident.arrived else "accepted" if incident.accepted else "asked"


def is_new_alarm(incident: Incident | QueueRow) -> bool:
    """Whether an alarm is what it rings for, and not something that has lapsed or was declined."""
    return incident.unacknowledged and any(alarm.at >= incident.rang_at for alarm in incident.alarms)


def alarmed_at(incident: Incident) -> datetime:
    """When the alarm happened for which it rang last; what rings anew because nobody came has no alarm of its own."""
    before = [alarm.at for alarm in incident.alarms if alarm.at <= incident.rang_at]
    return max(before, default=incident.opened_at)


def ring_of(incident: Incident | QueueRow) -> str:
    """What its latest ring was for: a key of ``RANG_AGAIN``."""
    if not is_new_alarm(incident):
        return "no_alarm"
    *before, last = incident.alarms
    if last.kind is not AlarmKind.PANIC:
        return "alarm"
    return "first_press" if before and all(it.kind is not AlarmKind.PANIC for it in before) else "press"


def claim_word(incident: Incident, login: str) -> str:
    """What claiming would mean to this operator: a key of ``CLAIMS``."""
    if incident.state is IncidentState.OPEN:
        return "first"
    if is_new_alarm(incident):
        return "alarm"
    return "own" if incident.claimed_by == login else "over"
