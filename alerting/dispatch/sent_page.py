"""What whoever is sent gets on their telephone: a message with a link of their own to the job, and a call."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from alerting.casefile import Channel
from alerting.decisions import PageAsked
from alerting.duty.page import page_about
from alerting.duty.reach import RESPONDER
from alerting.model import Incident
from alerting.policy import Policy

WITH_A_LINK = frozenset({Channel.PUSH.value, Channel.SMS.value})
"""Channels that can carry a link."""
BY_VOICE = frozenset({Channel.VOICE.value})
"""A call: what it says is heard by who sleeps, and a key answers it."""


def pages_of_job(
    incident: Incident,
    responder: str,
    home: str,
    now: datetime,
    policy: Policy,
    channels: Collection[str] = WITH_A_LINK,
    not_wanted: str = "",
) -> list[PageAsked]:
    """The messages to somebody who has just been sent; none when no such channel of theirs is verified.

    Args:
        incident: As it stands afterwards.
        responder: Their id.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: People, and how long a page is worth sending.
        channels: By which channels.
        not_wanted: Why nobody needs to go, where that is all it says.
    """
    person = policy.editions.people.persons.get(f"{RESPONDER}{responder}")
    if person is None:
        return []
    of_job = {"home": home, "of_job": True, "not_wanted": not_wanted}
    return [
        msgspec.structs.replace(page_about(incident, person, line.channel, now, policy), **of_job)
        for line in person.lines
        if line.channel in channels
    ]
