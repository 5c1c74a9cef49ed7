"""A small town for all tests, and a real broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nuanhu.town.plan import TownPlan, plan_town
from tests.town.town_broker import MOSQUITTO, Broker


@pytest.fixture(scope="session")
def plan() -> TownPlan:
    return plan_town(7, 60)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    started = Broker(tmp_path)
    started.start()
    yield started
    started.stop()
