"""What was checked, how it came out, and the table of it."""

from __future__ import annotations

import sys
import unicodedata
from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How a check came out. *Not seen*: nothing happened from which it could be told."""

    OK = "ok"
    FAILED = "failed"
    NOT_SEEN = "not seen"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check. ``section`` is the heading it comes from, ``detail`` what was found, in words."""

    about: str
    name: str
    section: str
    verdict: Verdict
    detail: str = ""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a whole run."""

    broker: str
    checks: tuple[Check, ...]
    ok: int
    failed: int
    not_seen: int


def findings(broker: str, checks: list[Check]) -> Findings:
    """Checks with their totals."""
    verdicts = [check.verdict for check in checks]
    return Findings(
        broker=broker,
        checks=tuple(checks),
        ok=verdicts.count(Verdict.OK),
        failed=verdicts.count(Verdict.FAILED),
        not_seen=verdicts.count(Verdict.NOT_SEEN),
    )


COLOURS = {Verdict.OK: "32", Verdict.FAILED: "31;1", Verdict.NOT_SEEN: "33"}


def table(found: Findings) -> str:
    """For people: one line a check, the verdict first, and the totals."""
    coloured = sys.stdout.isatty()
    width = max((_columns(check.name) for check in found.checks), default=0)
    sections = max((_columns(check.section) for check in found.checks), default=0)
    lines: list[str] = []
    about = ""
    for check in found.checks:
        if check.about != about:
            about = check.about
            lines += ["", about]
        word = f"{check.verdict.value:<8}"
        if coloured:
            word = f"\033[{COLOURS[check.verdict]}m{word}\033[0m"
        lines.append(f"  {word}  {_wide(check.name, width)}  {_wide(check.section, sections)}  {check.detail}".rstrip())
    lines += ["", f"{found.ok} ok, {found.failed} failed, {found.not_seen} not seen"]
    return "\n".join(lines)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _wide(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
