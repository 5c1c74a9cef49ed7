"""Words for the visits and calls that are owed to a home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerting.care.duty import CareEnd, CareKind, CareResult, CareStage
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

KINDS: dict[str, str] = {
    CareKind.VISIT: mark("Visit"),
    CareKind.CALL: mark("Telephone call"),
    CareKind.WARNING: mark("Early warning"),
    CareKind.REFERRAL: mark("Referral"),
}
"""What is owed."""

KINDS_OF_WEEK: dict[str, str] = {CareKind.VISIT: mark("Visits"), CareKind.CALL: mark("Telephone calls")}
"""The same of many homes."""

STAGES: dict[CareStage, str] = {
    CareStage.OWED: mark("in time"),
    CareStage.REMINDED: mark("reminded"),
    CareStage.DEPUTY: mark("late: deputy asked"),
    CareStage.TOWN: mark("late: town asked"),
    CareStage.SUPERVISOR: mark("late: for the supervisor"),
}
"""How far it has climbed."""

ENDS: dict[str, str] = {
    CareEnd.DONE: mark("done in time"),
    CareEnd.LATE: mark("done late"),
    CareEnd.AWAY: mark("resident away"),
    CareEnd.MISSED: mark("never done"),
    CareEnd.CHANGED: mark("not owed any more"),
}
"""How it has ended."""

RESULTS: dict[str, dict[str, str]] = {
    CareKind.VISIT: {
        CareResult.WELL: mark("Seen, is well"),
        CareResult.NEEDS: mark("Seen, needs something"),
        CareResult.NOBODY: mark("Nobody opened"),
        CareResult.AWAY: mark("Away: hospital, travel, family"),
        CareResult.REFUSED: mark("Does not want a visit"),
    },
    CareKind.CALL: {
        CareResult.WELL: mark("Spoken with, is well"),
        CareResult.NEEDS: mark("Spoken with, needs something"),
        CareResult.NOBODY: mark("Nobody answered"),
        CareResult.AWAY: mark("Away: hospital, travel, family"),
        CareResult.REFUSED: mark("Does not want to be called"),
    },
}
"""What became of a visit or call."""

REFUSALS: dict[str, str] = {
    "not_recorder": mark("Only whoever recorded it last can take it back."),
    "too_late": mark("It can be taken back for ten minutes only."),
    "not_a_photo": mark("This is no photo that can be opened. Nothing was recorded."),
    "photo_too_large": mark("The photo is larger than 12 MB. Nothing was recorded."),
    "photo_not_kept": mark("The visit is recorded, but its photo could not be kept."),
}
"""Why something about it was not carried out."""


class CareWords:
    """What is said of care in the viewer's language.

    Args:
        say: The viewer's speech.
    """

    def __init__(self, say: Speech) -> None:
        """Speak so."""
        self._say = say

    def kind(self, kind: str) -> str:
        """Visit or call."""
        return self._word(KINDS, kind)

    def kinds(self, kind: str) -> str:
        """Visits or calls."""
        return self._word(KINDS_OF_WEEK, kind)

    def stage(self, stage: int) -> str:
        """How far it has climbed."""
        return self._say.gettext(STAGES[CareStage(stage)])

    def end(self, how: str) -> str:
        """How it has ended."""
        return self._word(ENDS, how)

    def result(self, kind: str, result: str) -> str:
        """What became of it."""
        return self._word(RESULTS.get(kind, {}), result)

    def _word(self, table: dict[str, str], word: str) -> str:
        return self._say.gettext(table[word]) if word in table else word


def in_timeline(text: str, say: Speech) -> str:
    """A line of an incident's timeline: which, what became of it, and in which words."""
    kind, result, words = (*text.split("|", 2), "", "")[:3]
    if result == "taken_back":
        return say.gettext(mark("taken back: it was recorded by mistake"))
    care = CareWords(say)
    told = f"{care.kind(kind)}: {care.result(kind, result)}"
    return f"{told} · {words}" if words else told
