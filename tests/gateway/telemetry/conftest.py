"""A journal to write by hand, and a side stream that follows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from followed import Followed
from metric_store import MetricStore, new_metric_store


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    journal = Followed(tmp_path)
    yield journal
    journal.close()


@pytest.fixture
def metric_store() -> Iterator[MetricStore]:
    store = new_metric_store()
    yield store
    store.close()
