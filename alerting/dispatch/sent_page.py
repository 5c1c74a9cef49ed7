"""What whoever is sent gets on their telephone: a message with a link of their own to the job."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerting.casefile import Channel
from alerting.decisions import PageAsked
from alerting.duty.reach import RESPONDER
from alerting.model import EscalationLevel, Incident
from alerting.policy import Policy

WITH_A_LINK = frozenset({Channel.PUSH.value, Channel.SMS.value})
"""Channels that can carry a link. A call cannot: who is sent by the desk is telephoned by the desk."""


def pages_of_job(incident: Incident, responder: str, home: str, now: datetime, policy: Policy) -> list[PageAsked]:
    """The messages to somebody who has just been sent; none when no channel of theirs is verified.

    Args:
        incident: As it stands afterwards.
        responder: Their id.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: People, and how long a page is worth sending.
    """
    person = policy.editions.people.persons.get(f"{RESPONDER}{responder}")
    if person is None:
        return []
    gravest = min(incident.alarms, key=lambda alarm: (policy.priorities[alarm.kind], -alarm.at.timestamp()))
    away = sum(not it.back_s for it in incident.members)
    return [
        PageAsked(
            incident=incident.id,
            key=incident.key,
            home=home,
            round=0,
            step=0,
            level=EscalationLevel.CHAIN,
            to=person.id,
            priority=incident.priority,
            kind=gravest.kind,
            since=now,
            until=now + timedelta(seconds=policy.page_s),
            channel=line.channel,
            name=person.name,
            detail=f"{away}|{len(incident.members)}" if incident.members else "",
            of_job=True,
        )
        for line in person.lines
        if line.channel in WITH_A_LINK
    ]
