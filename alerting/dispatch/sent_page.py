"""What whoever is sent gets on their telephone: a message with a link of their own to the job."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.casefile import Channel
from alerting.decisions import PageAsked
from alerting.duty.page import page_about
from alerting.duty.reach import RESPONDER
from alerting.model import Incident
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
    return [
        msgspec.structs.replace(page_about(incident, person, line.channel, now, policy), home=home, of_job=True)
        for line in person.lines
        if line.channel in WITH_A_LINK
    ]
