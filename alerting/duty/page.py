"""A page about an incident: the same words, whether the climb sends it or something beside the climb."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerting.decisions import PageAsked
from alerting.duty.reach import Person
from alerting.model import EscalationLevel, Incident
from alerting.policy import Policy


def page_about(
    incident: Incident,
    to: Person,
    channel: str,
    now: datetime,
    policy: Policy,
    *,
    since: datetime | None = None,
    at: tuple[int, int] = (0, 0),
    level: EscalationLevel = EscalationLevel.CHAIN,
) -> PageAsked:
    """What somebody is told of an incident, by the climb or beside it.

    Args:
        incident: What about.
        to: Whom.
        channel: By which of their channels; empty: a duty telephone.
        now: Service time, aware UTC.
        policy: Which alarm is the gravest, and how long a page is worth sending.
        since: Since when nobody has taken it, UTC; None: from now.
        at: Round and step of the climb; 0 and 0 beside it.
        level: How high it has climbed.
    """
    gravest = min(incident.alarms, key=lambda alarm: (policy.priorities[alarm.kind], -alarm.at.timestamp()))
    return PageAsked(
        incident=incident.id,
        key=incident.key,
        home="",
        round=at[0],
        step=at[1],
        level=level,
        to=to.id,
        priority=incident.priority,
        kind=gravest.kind,
        since=since or now,
        until=now + timedelta(seconds=policy.page_s),
        channel=channel,
        name=to.name,
        detail=_homes_told(incident),
    )


def _homes_told(incident: Incident) -> str:
    """Of an area incident: how many homes are not back, bar, how many it has; of any other nothing."""
    away = sum(not it.back_s for it in incident.members)
    return f"{away}|{len(incident.members)}" if incident.members else ""
