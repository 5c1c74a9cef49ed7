"""How soon the page behind a link is usable on a slow network, and its weight: ``python -m tests.browser.slow_phone``.

Chromium's "Slow 3G": 400 ms until an answer begins, 400 kbit/s. Cold: nothing is cached. Usable: the PIN can be typed,
or the next step tapped.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from centre import Centre  # noqa: E402 - found by the line above
from playwright.async_api import CDPSession, Page, async_playwright  # noqa: E402
from screens import Screens  # noqa: E402
from test_job_link import PIN, Sent, Weighed, sent  # noqa: E402

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TIMES = """() => ({
  painted_ms: Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime),
  usable_ms: Math.round(performance.getEntriesByType("navigation")[0].domInteractive),
  all_ms: Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd),
})"""


async def loaded(page: Page, session: CDPSession, path: str, *, cold: bool) -> dict[str, int]:
    """Open the page once, on the slow network: its times, and its bytes."""
    if cold:
        await session.send("Network.clearBrowserCache")
    weighed = Weighed(session)
    await page.goto(path, wait_until="networkidle")
    return {**await page.evaluate(TIMES), "bytes": weighed.bytes}


async def measured(it: Sent) -> dict[str, dict[str, int]]:
    """The page before the PIN and the page of the job, cold and warm."""
    page = await it.screens.visit("/sign-in", phone=True)
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setBypassServiceWorker", {"bypass": True})
    await session.send("Network.emulateNetworkConditions", SLOW_3G)
    found = {"pin_cold": await loaded(page, session, it.path, cold=True)}
    found["pin_warm"] = await loaded(page, session, it.path, cold=False)
    await page.get_by_label("您的 PIN").fill(PIN)
    await page.get_by_role("button", name="20 分钟").click()
    await page.wait_for_selector(".job-address")
    found["job_cold"] = await loaded(page, session, it.path, cold=True)
    found["job_warm"] = await loaded(page, session, it.path, cold=False)
    return found


async def main() -> None:
    """Measure, and print it."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder:
        centre = Centre(Path(folder))
        await centre.start()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            screens = Screens(browser, centre, await centre.serve())
            print(json.dumps(await measured(await sent(screens))))  # noqa: T201 - what it is for
            await screens.close()
            await browser.close()
        await centre.stop()


if __name__ == "__main__":
    asyncio.run(main())
