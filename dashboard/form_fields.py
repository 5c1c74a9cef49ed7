"""What was typed into a field, as what it means; None where it means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from starlette.datastructures import FormData

from alerting.duty.roster import DAY_MIN, DayKind, Times

LONGEST = 400
LONGEST_LIST = 20_000
"""Characters of a field that names many people or days: everybody of a city in one shift."""
MOST_DIGITS = 7
MOST_ROWS = 15_000
"""More than the fields that a form may have make rows of: none is left out in silence."""
BETWEEN = "、"
MINUTE = "%Y-%m-%dT%H:%M"


def typed(form: Mapping[str, object], name: str) -> str:
    """One field as it was sent, without blanks around it: nothing is cut, see ``too_long``."""
    return str(form.get(name, "")).strip()


def too_long(text: str, most: int = LONGEST) -> list[str]:
    """The flaw of a text with more characters than this; none when it fits."""
    return [f"too_long|{most}"] if len(text) > most else []


def chosen(form: FormData, name: str) -> tuple[str, ...]:
    """All boxes of one name that are ticked."""
    return tuple(str(it) for it in form.getlist(name))


def whole(text: str) -> int | None:
    """A whole number that is not negative."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None


def minute(text: str) -> int | None:
    """Minute of the day of ``22:00``; 24:00 is midnight."""
    hours, colon, minutes = text.partition(":")
    h, m = whole(hours), whole(minutes[:2])
    if not colon or h is None or m is None or m > 59 or h * 60 + m > DAY_MIN:  # noqa: PLR2004 - minutes of an hour
        return None
    return (h * 60 + m) % DAY_MIN


def clock(of_day_min: int) -> str:
    """The opposite of ``minute``."""
    return f"{of_day_min // 60:02}:{of_day_min % 60:02}"


def moment(text: str, utc_offset_s: int) -> datetime | None:
    """A moment typed by the clock on the wall, UTC."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    return wall.replace(tzinfo=timezone(timedelta(seconds=utc_offset_s))).astimezone(UTC)


def wall(at: datetime, utc_offset_s: int) -> str:
    """The opposite of ``moment``, to the minute."""
    return at.astimezone(timezone(timedelta(seconds=utc_offset_s))).strftime(MINUTE)


def day(text: str) -> date | None:
    """A date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def listed(text: str) -> list[str]:
    """Several names in one field, between commas of any kind or semicolons."""
    for mark in ("，", ",", "；", ";", "\n"):
        text = text.replace(mark, BETWEEN)
    return [part.strip() for part in text.split(BETWEEN) if part.strip()]


def picked_too(form: Mapping[str, object], name: str, pick: str) -> str:
    """A field with several names, and behind them the one that was picked in the field beside it."""
    return BETWEEN.join(part for part in (typed(form, name), typed(form, pick)) if part)


def times_of(from_at: str, to_at: str, days: Iterable[str], on: str) -> Times | None:
    """Hours, weekdays and kind of day; no hours at all: the whole day."""
    from_min, to_min = minute(from_at or "00:00"), minute(to_at or "00:00")
    weekdays = [whole(it) for it in days]
    if from_min is None or to_min is None or on not in set(DayKind):
        return None
    if any(it is None or not 1 <= it <= 7 for it in weekdays):  # noqa: PLR2004 - days of a week
        return None
    return Times(from_min=from_min, to_min=to_min, days=tuple(it for it in weekdays if it), on=DayKind(on))
