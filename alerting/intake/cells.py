"""What stands in a cell, as a value; or the word for why it is none."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from alerting.intake.datum import BD09, GCJ02, WGS84
from alerting.model import RiskTier


class CellError(ValueError):
    """The cell cannot be read; the text is the word."""


_BETWEEN = re.compile(r"[、;；\n]+")
_YEAR = re.compile(r"(\d{4})年?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_IN_ONE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YES = frozenset({"是", "有", "√", "y", "yes", "1", "true", "同意", "对"})
_NO = frozenset({"否", "无", "没有", "×", "x", "n", "no", "0", "false", "不同意"})
_TIERS = {
    "紧急干预": RiskTier.URGENT,
    "纳入兜底": RiskTier.COVERED,
    "需要关爱": RiskTier.CARE,
    "持续关注": RiskTier.WATCH,
} | {tier.value: tier for tier in RiskTier}
_DATUMS = {
    **dict.fromkeys(("wgs84", "gps"), WGS84),
    **dict.fromkeys(("gcj02", "火星", "高德", "腾讯"), GCJ02),
    **dict.fromkeys(("bd09", "百度"), BD09),
}


def narrow(text: str) -> str:
    """Digits, letters and signs in their narrow forms."""
    return unicodedata.normalize("NFKC", text).strip()


def words(text: str) -> tuple[str, ...]:
    """Several words with commas or the like between them."""
    return tuple(word for part in _BETWEEN.split(text) if (word := part.strip()))


def birth_year(text: str) -> int:
    """The year of a year, a month or a day of birth. Raises ``CellError`` when there is no such day."""
    said = narrow(text)
    if found := _YEAR.fullmatch(said):
        return int(found[1])
    if found := _DAY.fullmatch(said) or _IN_ONE.fullmatch(said) or _MONTH.fullmatch(said):
        year, month, day = (*(int(part) for part in found.groups()), 1)[:3]
        try:
            return date(year, month, day).year
        except ValueError as no_day:
            raise CellError("impossible_date") from no_day
    raise CellError("bad_year")


def whole(text: str) -> int:
    """A whole number. Raises ``CellError``."""
    said = narrow(text)
    if not re.fullmatch(r"-?\d{1,9}(\.0+)?", said):
        raise CellError("not_a_number")
    return int(said.partition(".")[0])


def degrees(text: str) -> float:
    """Degrees as a decimal number. Raises ``CellError``."""
    said = narrow(text).rstrip("°")
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", said):
        raise CellError("not_a_number")
    return float(said)


def yes(text: str) -> bool:
    """Yes or no. Raises ``CellError``."""
    said = narrow(text).lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise CellError("not_yes_or_no")


def tier(text: str) -> RiskTier:
    """An urgency label by its name. Raises ``CellError``."""
    found = _TIERS.get(narrow(text).lower())
    if found is None:
        raise CellError("bad_tier")
    return found


def datum(text: str) -> str:
    """The datum of a position. Raises ``CellError``."""
    said = re.sub(r"[\s_-]|\(.*\)", "", narrow(text).lower()).removesuffix("坐标系").removesuffix("坐标")
    if said not in _DATUMS:
        raise CellError("bad_datum")
    return _DATUMS[said]


def phone(text: str) -> str:
    """A telephone number as people write it, in narrow digits."""
    return narrow(text)


def digits(number: str) -> str:
    """What two ways of writing one number have in common."""
    return re.sub(r"\D", "", number)


def day(text: str) -> date:
    """A day. Raises ``CellError`` when there is none."""
    found = _DAY.fullmatch(narrow(text)) or _IN_ONE.fullmatch(narrow(text))
    if found is None:
        raise CellError("bad_date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as no_day:
        raise CellError("impossible_date") from no_day
