"""The seed that chooses among the crash points."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def crash_seed() -> int:
    """The same one in every run, so that a run does not hang on chance; ``CRASH_SEED`` asks for another."""
    return int(os.environ.get("CRASH_SEED") or 1)
