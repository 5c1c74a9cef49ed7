"""The stories, and the paper that names them, belong together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.story_paper import PAPER, STORIES, drawn, promise

TEXT = PAPER.read_text(encoding="utf-8")
OTHERS_FAULTS = (
    "inactivity clock ran late",
    "bad state at the start",
    "raced an alarm",
    '"motion stopped" was lost',
    "acknowledgement never expired",
    "closed incident still paged",
    "nobody in it waited",
    "dead after a restart",
    "sent twice after a retry",
    "held alarm hid a new one",
    "stepped back",
    "removed was still paged",
    "checker itself was dead",
)


def test_every_story_is_in_the_paper() -> None:
    assert drawn(TEXT) == TEXT, "run: python -m tests.story_paper"


def test_every_story_in_the_paper_is_there() -> None:
    assert set(re.findall(r"`(test_\w+\.py)`", TEXT)) - {path.name for path in STORIES} == set()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_s_first_line_is_its_promise(path: Path) -> None:
    assert promise(path).endswith("."), promise(path)
    assert len(promise(path)) > 30


def test_there_are_at_least_sixty() -> None:
    found = [re.findall(r"^(?:async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE) for path in STORIES]
    assert len(STORIES) >= 60
    assert sum(map(len, found)) >= 200


@pytest.mark.parametrize("fault", OTHERS_FAULTS)
def test_each_fault_of_other_systems_has_a_story(fault: str) -> None:
    rows = [line for line in TEXT.splitlines() if fault in line and line.startswith("|")]
    assert len(rows) == 1, fault
    assert re.search(r"`test_\w+\.py`", rows[0])
