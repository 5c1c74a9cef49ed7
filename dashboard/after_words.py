"""Words for what comes after an incident: follow-up calls and notes of the case file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerting.incidents.afterwards import CallResult, FollowUpEnd, FollowUpTerms
from alerting.model import Outcome, Priority
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

STAGES: dict[str, str] = {
    "planned": mark("planned"),
    "due": mark("to be called"),
    "late": mark("late"),
    "waits": mark("an incident is open"),
}
"""How far a follow-up call has come."""

RESULTS: dict[CallResult, str] = {
    CallResult.SPOKE: mark("Spoke"),
    CallResult.NO_ANSWER: mark("No answer"),
    CallResult.REFUSED: mark("Does not want to be called"),
}
"""What became of a follow-up call."""

ENDS: dict[FollowUpEnd, str] = {
    FollowUpEnd.SPOKE: mark("Spoke"),
    FollowUpEnd.REFUSED: mark("Does not want to be called"),
    FollowUpEnd.INCIDENT: mark("taken care of in a newer incident"),
    FollowUpEnd.TAKEN_UP: mark("the incident was taken up again"),
    FollowUpEnd.RAISED: mark("an incident was opened"),
}
"""How a follow-up has ended."""

TERMS: dict[str, str] = {
    "hour": mark("Called from this local hour on"),
    "until_hour": mark("Not called any more from this local hour on"),
    "again_s": mark("After no answer it is tried again in"),
    "tries": mark("So many calls without an answer make an incident"),
    "late_s": mark("It is late when it has been due for"),
    "raise_s": mark("It becomes an incident when it has been due for"),
}
"""Terms of follow-up calls, beside the days."""

WHYS: dict[str, str] = {
    "not_answered": mark("Nobody has answered the follow-up calls after the last incident."),
    "not_called": mark("Nobody has made the follow-up call after the last incident in time."),
}
"""Why a follow-up has become an incident."""


def called_after(terms: FollowUpTerms, say: Speech) -> list[str]:
    """After which incidents the home is telephoned, and when: a line for each outcome; by the terms in force."""
    lines = []
    for outcome in Outcome:
        days = {priority: terms.wanted_in_days(outcome, priority) for priority in Priority}
        for wanted in sorted({n for n in days.values() if n}):
            of = "、" if say.language.code == "zh_CN" else ", "
            which = of.join(say.priority(priority) for priority, n in days.items() if n == wanted)
            later = say.ngettext("%(num)s day later", "%(num)s days later", wanted)
            lines.append(f"{say.outcome(outcome)} · {which} · {later}")
    return lines
