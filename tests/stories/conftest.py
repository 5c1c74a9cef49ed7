"""Every promise is kept on either store: those about what is kept on both in every run, each other one on one of them.

Which one is drawn by the name of the test, and is the same in every run; the other is marked slow: ``scripts/test
tests/stories`` runs all.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from pathlib import Path

import pytest
from on_both_stores import store_url

__all__ = ["store_url"]

HERE = Path(__file__).parent
STORE = re.compile(r"\b(sqlite|postgresql)\b")
ABOUT_THE_STORE = frozenset(
    (
        "test_a_press_rings.py",
        "test_bad_rows.py",
        "test_bad_state_at_boot.py",
        "test_erased.py",
        "test_live_registry.py",
        "test_news_is_pushed.py",
        "test_replayed.py",
        "test_retention.py",
        "test_said_twice.py",
    )
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave each of the others one of its two stores."""
    twins: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.path.parent == HERE and item.path.name not in ABOUT_THE_STORE and "store_url" in _drawn(item):
            twins[STORE.sub("", item.nodeid)].append(item)
    for name, both in twins.items():
        if len(both) == 2:
            both[zlib.crc32(name.encode()) % 2].add_marker(pytest.mark.slow)


def _drawn(item: pytest.Item) -> frozenset[str]:
    spec = getattr(item, "callspec", None)
    return frozenset(spec.params if spec is not None else ())
