"""What a device's words have left behind, in a few characters: hot state has room for no more.

A trace is a text of digits to the base 92, printable and never escaped: four about its pauses (``check_ins``), two
about its last change (``stuck``), and the rest about its battery (``cell``). Empty: nothing has been kept.
"""

from __future__ import annotations

DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\')
BASE = len(DIGITS)
MOST = BASE - 1
WORTH = {digit: worth for worth, digit in enumerate(DIGITS)}

PAUSES = slice(0, 4)
CHANGED = slice(4, 6)
CELL = slice(6, None)
BLANK = DIGITS[0] * 6
"""A trace that says nothing yet."""


def digits(number: int, places: int) -> str:
    """The lowest places of a number, the highest first."""
    text = ""
    for _ in range(places):
        number, worth = divmod(number, BASE)
        text = DIGITS[worth] + text
    return text


def number(text: str) -> int:
    """What digits are worth."""
    worth = 0
    for digit in text:
        worth = worth * BASE + WORTH[digit]
    return worth


def replaced(trace: str, part: slice, text: str) -> str:
    """The trace with another text in one of its parts."""
    whole = trace or BLANK
    return whole[: part.start] + text + (whole[part.stop :] if part.stop else "")
