"""Numbers of resident identity cards (GB 11643-1999): 17 digits and a check character."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
SHOWN_TAIL = 4


def plain(text: str) -> str:
    """The number without blanks, in narrow characters, with a capital X."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def birth_of(number: str) -> date | None:
    """The day of birth in it; None when it is no such number: shape, day or check character is wrong."""
    if not _SHAPE.fullmatch(number) or check_of(number[:17]) != number[17]:
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_of(first: str) -> str:
    """The check character of the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def id_flaw(number: str, birth_year: int) -> str:
    """The word for what is wrong with a number; empty when nothing is.

    Args:
        number: As ``plain`` makes it.
        birth_year: Of the resident; 0: not known.
    """
    born = birth_of(number)
    if born is None:
        return "bad_id_number"
    if birth_year and born.year != birth_year:
        return "id_of_another_year"
    return ""


def masked(number: str) -> str:
    """Its last four characters, and a star for each before."""
    return "*" * max(0, len(number) - SHOWN_TAIL) + number[-SHOWN_TAIL:] if number else ""
