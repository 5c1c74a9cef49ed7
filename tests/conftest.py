"""The whole service for story tests: real broker, real store, real rules and Desk; only the clock is scripted."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.broker.mosquitto import MOSQUITTO

sys.path.insert(0, str(Path(__file__).parent))

from centre import Centre


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    """A running gateway for twelve homes, at eight in the morning of a winter day."""
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    running = Centre(tmp_path)
    await running.start()
    yield running
    await running.stop()
