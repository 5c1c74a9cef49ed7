"""Words for early warnings of other departments, and the columns of a file of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerting.care.warning import WarningAnswer, WarningCode
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

CODES: dict[str, str] = {
    WarningCode.MEDICAL_COST: mark("Large medical cost"),
    WarningCode.TRAFFIC: mark("Traffic accident"),
    WarningCode.ACCIDENT: mark("Work accident or natural disaster"),
    WarningCode.BREADWINNER: mark("The main earner has died"),
    WarningCode.DISABLED: mark("Newly severe disability"),
}
"""What has happened."""

ANSWERS: dict[str, str] = {
    WarningAnswer.HELPED: mark("Visited, help is arranged"),
    WarningAnswer.WATCHED: mark("Visited, to be watched on"),
    WarningAnswer.NO_NEED: mark("Visited, no help is needed"),
    WarningAnswer.REFERRED: mark("Handed to another department"),
    WarningAnswer.NOT_HERE: mark("Not found, or moved away"),
}
"""What came of it."""

REFUSALS: dict[str, str] = {
    "no_warning": mark("This early warning is answered already."),
    "no_source": mark("Say which department it comes from."),
    "no_words": mark("Say what was found and done."),
    "unknown_code": mark("This kind of early warning is not known."),
    "bad_day": mark("This is no day, or it lies ahead: write 2026-01-31."),
    "no_rows": mark("The file has no row."),
    "no_columns": mark("The first row must name the columns; take the template."),
    "rows_refused": mark("Rows of the file cannot be taken, so none was. They are listed below."),
}
"""Why something about it was not carried out."""

COLUMNS: dict[str, str] = {
    "home": "档案号",
    "code": "预警类别",
    "source": "来源部门",
    "text": "情况说明",
    "on": "发生日期",
}
"""The columns of a file, by field; a file is Chinese whoever reads the screen."""

IN_FILES: dict[str, WarningCode] = {
    "大额医疗支出": WarningCode.MEDICAL_COST,
    "交通事故": WarningCode.TRAFFIC,
    "安全事故和自然灾害": WarningCode.ACCIDENT,
    "安全事故": WarningCode.ACCIDENT,
    "自然灾害": WarningCode.ACCIDENT,
    "主要劳动力去世": WarningCode.BREADWINNER,
    "新增重残": WarningCode.DISABLED,
    **{code.value: code for code in WarningCode},
}
"""What a file calls them."""


class WarningWords:
    """What is said of early warnings in the viewer's language.

    Args:
        say: The viewer's speech.
    """

    def __init__(self, say: Speech) -> None:
        """Speak so."""
        self._say = say

    def code(self, code: str) -> str:
        """What has happened."""
        return self._say.gettext(CODES[code]) if code in CODES else code

    def note(self, note: str) -> str:
        """A note that a warning has left: what has happened stands first in it, as its code."""
        code, space, more = note.partition(" ")
        return f"{self.code(code)}{space}{more}" if code in CODES else note

    def answer(self, answer: str) -> str:
        """What came of it."""
        return self._say.gettext(ANSWERS[answer]) if answer in ANSWERS else answer
