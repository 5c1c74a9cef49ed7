"""An open store, on either kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from on_both_stores import store_url
from ready_store import put_ready_store

from gateway.settings import Settings
from nuanhu.wiring import Store

sys.path.insert(0, str(Path(__file__).parent))

__all__ = ["store_url"]


@pytest.fixture
def settings(tmp_path: Path, store_url: str) -> Settings:
    """Settings that lead to a store of this test alone."""
    return Settings(data=tmp_path / "data", store_url=store_url)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A new store, migrated, with the writer's seat taken."""
    if not settings.store_url:
        put_ready_store(settings.data)
    opened = Store(settings)
    yield opened
    opened.close()
