"""Real Chromium before a whole centre; every page is watched, whatever else a test is about."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import Centre
from playwright.async_api import async_playwright, expect

sys.path.insert(0, str(Path(__file__).parent))

from screens import PATIENCE_MS, Screens

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    return CHROMIUM


@pytest.fixture
async def watched(chromium: str, centre: Centre) -> AsyncIterator[Screens]:
    """Screens of a served centre, with nothing asserted about what the pages did."""
    address = await centre.serve()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield Screens(browser, centre, address)
        await browser.close()


@pytest.fixture
async def screens(watched: Screens) -> AsyncIterator[Screens]:
    """Screens of a served centre; no page may say an error, breach the content policy or leave the origin."""
    yield watched
    complaints = await watched.unexpected()
    assert not complaints, "\n" + "\n".join(complaints)
