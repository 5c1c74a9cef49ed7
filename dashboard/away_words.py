"""Words of screens about absences. Chinese in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerting.homes.away import AwayEnd, AwayKind, SaidBy
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

KINDS: dict[AwayKind, str] = {
    AwayKind.HOSPITAL: mark("in hospital"),
    AwayKind.TRAVEL: mark("travelling"),
    AwayKind.VISIT: mark("visiting family"),
    AwayKind.OTHER: mark("away for another reason"),
}
"""Why nobody is at home."""

SAID_BY: dict[SaidBy, str] = {
    SaidBy.OPERATOR: mark("the desk was told"),
    SaidBy.RESPONSIBLE: mark("responsible person"),
    SaidBy.RELATIVE: mark("family, by their link"),
}
"""Who says so."""

ENDS: dict[AwayEnd, str] = {
    AwayEnd.TIME: mark("its end had come"),
    AwayEnd.MOTION: mark("somebody moved in the home"),
    AwayEnd.SAID: mark("somebody said so"),
}
"""How an absence ended."""

STAGES: dict[str, str] = {
    "planned": mark("planned"),
    "away": mark("away"),
    "ends_soon": mark("ends soon"),
    "moved": mark("movement: watched again"),
    "to_confirm": mark("to be confirmed"),
    "none": mark("over"),
}
"""How an absence stands."""

REFUSALS: dict[str, str] = {
    "no_absence": mark("No absence is known of this home any more. Look at the page again."),
    "absence_known": mark("An absence of this home is known already: put its end off, or end it."),
    "bad_until": mark(
        "The end must lie in the future: for hospital 90 days ahead at most, for travel and family 60, else 14."
    ),
    "bad_since": mark("An absence is announced 60 days ahead at most."),
    "bad_moment": mark("Write date and time as in 2026-03-02T18:30."),
    "no_who": mark("Write down who says so."),
}
"""Why a command about an absence was not carried out."""


class AwayWords:
    """What a template says of absences, in one language."""

    def __init__(self, say: Speech) -> None:
        """Speak this language."""
        self._say = say

    def kind(self, word: str) -> str:
        """Why nobody is at home."""
        return self._said(KINDS, word)

    def said_by(self, word: str) -> str:
        """Who says so."""
        return self._said(SAID_BY, word)

    def end(self, word: str) -> str:
        """How it ended."""
        return self._said(ENDS, word)

    def stage(self, word: str) -> str:
        """How it stands."""
        return self._said(STAGES, word)

    def field(self, moment: datetime) -> str:
        """A moment as a form's field has it: local, to the minute."""
        return self._say.times.local(moment).strftime("%Y-%m-%dT%H:%M")

    def _said(self, table: Mapping[Any, str], word: str) -> str:
        return self._say.gettext(table[word]) if word in table else word


def in_timeline(text: str, say: Speech) -> str:
    """A line of an incident's timeline: why, until when, and in which words."""
    kind, until, reason = (*text.split("|", 2), "", "")[:3]
    time = say.times.full(datetime.fromisoformat(until))
    told = say.gettext(mark("%(kind)s until %(time)s"), kind=AwayWords(say).kind(kind), time=time)
    return f"{told} · {reason}" if reason else told
