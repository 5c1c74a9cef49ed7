"""Words for drills of communications."""

from __future__ import annotations

from enum import StrEnum

from alerting.duty.drill import Called
from dashboard.words import mark


class DrillOutcome(StrEnum):
    """How far a drill has come with somebody."""

    ANSWERED = "answered"
    DECLINED = "declined"
    SEEN = "seen"
    DELIVERED = "delivered"
    SENT = "sent"
    FAILED = "failed"
    WAITING = "waiting"


OUTCOMES: dict[DrillOutcome, str] = {
    DrillOutcome.FAILED: mark("could not be called"),
    DrillOutcome.SENT: mark("called, no answer"),
    DrillOutcome.DELIVERED: mark("has arrived, no answer"),
    DrillOutcome.SEEN: mark("link opened, no answer"),
    DrillOutcome.DECLINED: mark("answered: could not have come"),
    DrillOutcome.ANSWERED: mark("answered"),
    DrillOutcome.WAITING: mark("not called yet"),
}
"""How far it has come with somebody; the ones to be looked at first."""

WHY_NOT: dict[str, str] = {
    "no_address": mark("no verified address"),
    "off": mark("off by the roster"),
    "on_job": mark("has a job now"),
}
"""Why somebody is not called."""


def outcome(it: Called) -> DrillOutcome:
    """How far it has come with somebody."""
    if it.answered_s:
        return DrillOutcome.DECLINED if it.declined else DrillOutcome.ANSWERED
    if it.seen_s:
        return DrillOutcome.SEEN
    if it.delivered_s:
        return DrillOutcome.DELIVERED
    if it.sent_s:
        return DrillOutcome.SENT
    return DrillOutcome.FAILED if it.error else DrillOutcome.WAITING
