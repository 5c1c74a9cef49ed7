"""What the crash points have to say at the end of a run, and the seed that chooses among them."""

from __future__ import annotations

import os

import pytest

_said: list[str] = []


@pytest.fixture
def boundaries() -> list[str]:
    """One line for each way through the gateway: how many boundaries it has, and how many were tried."""
    return _said


@pytest.fixture(scope="session")
def crash_seed() -> int:
    """The same one in every run, so that a run does not hang on chance; ``CRASH_SEED`` asks for another."""
    return int(os.environ.get("CRASH_SEED") or 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it, also when all is well."""
    if _said:
        terminalreporter.section("crash points")
        for line in _said:
            terminalreporter.line(line)
