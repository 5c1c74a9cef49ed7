"""Why a message was set aside is said in Chinese for every reason that an adapter can give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import device_adapters
from dashboard.quarantine_words import UNREAD, word_of

ROOM = Path(device_adapters.__file__).parent
REASON = re.compile(r'Rejected\(\s*f?"([^"]*)"')


def reasons() -> list[str]:
    """All reasons as they are written in the adapters; what is filled in is left in braces."""
    return sorted({found for file in ROOM.rglob("*.py") for found in REASON.findall(file.read_text())})


def test_the_adapters_reasons_are_found() -> None:
    assert len(reasons()) > 30


@pytest.mark.parametrize("reason", reasons())
def test_each_has_a_word_of_its_own(reason: str) -> None:
    assert word_of(reason) != UNREAD or "cannot read it" in reason


def test_what_is_none_of_them_is_told_too() -> None:
    assert word_of("tuya cannot read it (KeyError)") == UNREAD
