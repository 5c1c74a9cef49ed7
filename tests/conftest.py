"""The whole service for story tests: real broker, real store, real rules and Desk; only the clock is scripted."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
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


SAYS = "says "
LONG = (
    "test_every_state.py",
    "test_crash_points.py",
    "test_broker_lines.py",
    "test_protected_month.py",
    "test_speed.py",
    "test_replay_of_older_settings.py",
    "test_every_page.py",
    "test_erased.py",
    "test_scripts.py",
    "test_evaluate.py",
    "test_nuanhu_replay.py",
    "test_retention.py",
    "test_importing.py",
    "test_tidy.py",
    "test_beside_the_work.py",
    "test_accessible.py",
    "test_responder_answers.py",
)
"""Begun first, so that no process is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """``say(heading, line)``: what a report wants to know of a test also when all is well, said at the end of a run."""
    return lambda heading, line: record_property(SAYS + heading, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it; it comes with the reports, from whichever process ran the test."""
    said: dict[str, list[str]] = {}
    for reports in terminalreporter.stats.values():
        for name, line in (it for report in reports for it in getattr(report, "user_properties", ())):
            if name.startswith(SAYS) and line not in said.setdefault(name, []):
                said[name].append(line)
    for name in sorted(said):
        terminalreporter.section(name.removeprefix(SAYS))
        for line in sorted(said[name]):
            terminalreporter.line(line)


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
