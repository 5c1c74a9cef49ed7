"""Words for what comes after an incident: follow-up calls and notes of the case file."""

from __future__ import annotations

from alerting.incidents.afterwards import CallResult, FollowUpEnd
from dashboard.words import mark

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
