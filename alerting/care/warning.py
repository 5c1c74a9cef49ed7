"""The words of early warnings (预警): what other departments push onto a household, and how the village answers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

LONGEST_TEXT = 500
LONGEST_SOURCE = 80


class WarningCode(StrEnum):
    """What has happened: 大额医疗支出, 交通事故, 安全事故和自然灾害, 主要劳动力去世, 新增重残."""

    MEDICAL_COST = "medical_cost"
    TRAFFIC = "traffic"
    ACCIDENT = "accident"
    """An accident at work, or a natural disaster."""
    BREADWINNER = "breadwinner"
    """The main earner has died."""
    DISABLED = "disabled"
    """Somebody is severely disabled since."""


class WarningAnswer(StrEnum):
    """What came of looking into it."""

    HELPED = "helped"
    """Visited; help is arranged."""
    WATCHED = "watched"
    """Visited; to be watched on."""
    NO_NEED = "no_need"
    """Visited; no help is needed."""
    REFERRED = "referred"
    """Handed to a department or organisation."""
    NOT_HERE = "not_here"
    """Nobody of that name lives there, or they have moved away."""


class EarlyWarning(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One early warning.

    Attributes:
        number: Counted per household, from 1.
        code: What has happened.
        source: Department that says so.
        text: In its words.
        on: When it happened, local day; None: not told.
        by: Login or peer under which it came.
    """

    number: int
    code: WarningCode
    source: str
    text: str = ""
    on: date | None = None
    by: str = ""
