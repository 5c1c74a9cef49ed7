"""Telephone numbers as people, exchanges and providers write them, brought to one form."""

from __future__ import annotations

import re

AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
MOBILE = re.compile(r"1[3-9]\d{9}")
SERVICE_NUMBER = re.compile(r"(?:400|800)\d{7}|9[56]\d{3,6}|1[12]\d{1,3}")
SHORTEST_LOCAL, LONGEST_LOCAL = 7, 8
LONGEST = 20


def normal(number: str, home_code: str = "") -> str:
    """One form for one number: ``+86138…`` and ``0086 138…`` become ``138…``, ``(0510) 555-00001`` ``051055500001``.

    Args:
        number: As it came.
        home_code: The centre's own area code, for numbers without one: ``0510``.

    Returns:
        Digits alone; a number from abroad keeps its plus. Empty when there is no number in it.
    """
    kept = re.sub(r"[^\d+]", "", number[:64].translate(FULL_WIDTH))
    digits = kept.replace("+", "")
    abroad = kept.startswith("+") or digits.startswith("00")
    if abroad:
        while digits.startswith("00"):
            digits = digits[2:]
        if not digits.startswith("86"):
            return f"+{digits}"[:LONGEST] if digits else ""
        digits = digits.removeprefix("86")
    elif digits.startswith("86") and MOBILE.fullmatch(digits[2:]):
        digits = digits[2:]
    return _domestic(digits, home_code, abroad=abroad)[:LONGEST]


FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def _domestic(digits: str, home_code: str, *, abroad: bool) -> str:
    if MOBILE.fullmatch(digits) or SERVICE_NUMBER.fullmatch(digits):
        return digits
    if digits.startswith("0") and MOBILE.fullmatch(digits[1:]):  # 0 before a mobile: dialled from another town
        return digits[1:]
    if AREA_CODE.match(digits):
        return digits
    if abroad:  # +86 510 …: the trunk prefix is left out
        rest = digits.lstrip("0")
        return _domestic(f"0{rest}", home_code, abroad=False) if rest else ""
    if home_code and SHORTEST_LOCAL <= len(digits) <= LONGEST_LOCAL:
        return home_code + digits
    return digits


def e164(number: str, home_code: str = "") -> str:
    """The same with country code, as providers want it: ``+86138…``; empty when there is no number in it."""
    plain = normal(number, home_code)
    if not plain or plain.startswith("+"):
        return plain
    return "+86" + plain.removeprefix("0")


def is_dialable(number: str) -> bool:
    """Whether a number in its one form may be given to an exchange or a provider."""
    return bool(re.fullmatch(r"\+?\d{3,18}", number))


def is_subscriber(number: str) -> bool:
    """Whether a number in its one form is somebody's telephone, and not an emergency call or a service line."""
    return is_dialable(number) and len(number) >= SHORTEST_LOCAL and not number.startswith(("400", "800"))
