"""Words for drills of communications."""

from __future__ import annotations

from alerting.duty.drill import Called
from dashboard.words import mark

ANSWERED, DECLINED, SEEN, DELIVERED, SENT, FAILED, WAITING = (
    *("answered", "declined", "seen", "delivered", "sent", "failed", "waiting"),
)

OUTCOMES: dict[str, str] = {
    FAILED: mark("could not be called"),
    SENT: mark("called, no answer"),
    DELIVERED: mark("has arrived, no answer"),
    SEEN: mark("link opened, no answer"),
    DECLINED: mark("answered: could not have come"),
    ANSWERED: mark("answered"),
    WAITING: mark("not called yet"),
}
"""How far it has come with somebody; the ones to be looked at first."""

WHY_NOT: dict[str, str] = {
    "no_address": mark("no verified address"),
    "off": mark("off by the roster"),
    "on_job": mark("has a job now"),
}
"""Why somebody is not called."""


def outcome(it: Called) -> str:
    """How far it has come with somebody: one of ``OUTCOMES``."""
    if it.answered_s:
        return DECLINED if it.declined else ANSWERED
    if it.seen_s:
        return SEEN
    if it.delivered_s:
        return DELIVERED
    if it.sent_s:
        return SENT
    return FAILED if it.error else WAITING
