"""What the crash points have to say at the end of a run, and the seed that chooses among them."""

from __future__ import annotations

import os
import secrets

import pytest

_said: list[str] = []


@pytest.fixture
def boundaries() -> list[str]:
    """One line for each way through the gateway: how many boundaries it has, and how many were tried."""
    return _said


@pytest.fixture(scope="session")
def crash_seed() -> int:
    """Another one in every run, so that in time all boundaries are tried; ``CRASH_SEED`` asks for one."""
    return int(os.environ.get("CRASH_SEED") or secrets.randbelow(10_000))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it, also when all is well."""
    if _said:
        terminalreporter.section("crash points")
        for line in _said:
            terminalreporter.line(line)
