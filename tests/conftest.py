"""The whole service for story tests: real broker, real store, real rules and Desk; only the clock is scripted."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from gateway.broker.mosquitto import MOSQUITTO

sys.path.insert(0, str(Path(__file__).parent))

from centre import Centre
from postgres import NoServerError, PostgresServer

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("new", deadline=None)
hypothesis.settings.load_profile("new" if os.environ.get("FUZZ") else "same")
"""What is drawn is the same in every run, so that none hangs on chance; ``FUZZ=1`` draws anew."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for all tests of a run."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    except NoServerError as why:
        pytest.skip(f"PostgreSQL does not run here: {why}")
    finally:
        server.stop()


@pytest.fixture
def store_url() -> str:
    """Where a centre under test keeps its store; empty: SQLite in its folder. Folders of tests may override it."""
    return ""


@pytest.fixture
async def centre(tmp_path: Path, store_url: str) -> AsyncIterator[Centre]:
    """A running gateway for twelve homes, at eight in the morning of a winter day."""
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    running = Centre(tmp_path, store_url)
    await running.start()
    yield running
    await running.stop()
