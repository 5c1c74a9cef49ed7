"""The terms of follow-up calls as a page tells them."""

from __future__ import annotations

from alerting.incidents.afterwards import FollowUpTerms
from alerting.model import Outcome, Priority
from dashboard.speech import Speech


def called_after(terms: FollowUpTerms, say: Speech) -> list[str]:
    """After which incidents the home is telephoned, and when: a line for each outcome; by the terms in force."""
    lines = []
    for outcome in Outcome:
        days = {priority: terms.wanted_in_days(outcome, priority) for priority in Priority}
        for wanted in sorted({n for n in days.values() if n}):
            which = say.joined(say.priority(priority) for priority, n in days.items() if n == wanted)
            later = say.ngettext("%(num)s day later", "%(num)s days later", wanted)
            lines.append(f"{say.outcome(outcome)} · {which} · {later}")
    return lines
