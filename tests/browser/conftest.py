"""Real Chromium before a whole centre; every page is watched, whatever else a test is about."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from centre import Centre
from playwright.async_api import Browser, async_playwright, expect

from gateway.broker.mosquitto import MOSQUITTO

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
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    return CHROMIUM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests; every page has a profile of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, tmp_path: Path) -> AsyncIterator[Screens]:
    """Screens of a served centre of their own, with nothing asserted about what the pages did."""
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    centre = Centre(tmp_path)
    await centre.start()
    opened = Screens(browser, centre, await centre.serve())
    yield opened
    await opened.close()
    await centre.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(watched: Screens) -> AsyncIterator[Screens]:
    """Screens of a served centre; no page may say an error, breach the content policy or leave the origin."""
    yield watched
    complaints = await watched.unexpected()
    assert not complaints, "\n" + "\n".join(complaints)
