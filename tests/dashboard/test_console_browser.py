"""The console in a real Chromium: nothing typed is lost, everybody sees the same, no page makes it complain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from centre import Centre
from playwright.async_api import Page, async_playwright, expect

from alerting.casefile import Role
from alerting.model import IncidentState
from dashboard.site import SIGN_IN_COOKIE
from tests.dashboard.visitor import enrol

CHROMIUM = Path("/usr/bin/chromium")
WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[SimpleNamespace]:
    """A served centre, and a browser window of an administrator at it; complaints of the browser are kept."""
    base = await centre.serve()
    account = enrol(centre, "wang", Role.ADMINISTRATOR)
    cookie = centre.gateway.app.state.site.tokens.write(account.login, account.password_hash, centre.clock.now())
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        window = await browser.new_context(viewport={"width": 1440, "height": 860})
        await window.add_cookies([{"name": SIGN_IN_COOKIE, "value": cookie, "url": base}])
        page = await window.new_page()
        page.set_default_timeout(WAIT_MS)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield SimpleNamespace(centre=centre, base=base, page=page, complaints=complaints)
        await browser.close()


async def on_shift(page: Page, base: str) -> None:
    """Open the console and start the shift, so that sound runs."""
    await page.goto(base)
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()
    await page.click("#start-shift")
    await expect(page.locator("#silent")).to_be_hidden()


async def state(page: Page, word: IncidentState) -> None:
    """Wait until the incident in the middle is in this state."""
    await expect(page.locator(f"#panel[data-state={word}]")).to_be_visible()


async def test_keys_do_nothing_while_somebody_types_and_a_change_takes_nothing_away(desk: SimpleNamespace) -> None:
    page, centre = desk.page, desk.centre
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    await centre.claim(row, by="wang")
    await page.goto(f"{desk.base}/?incident={row.incident}")
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()
    await page.click("#note-text")
    await page.keyboard.type("a c d x ")
    await state(page, IncidentState.CLAIMED)
    await centre.press(centre.home())
    await expect(page.locator("#do-claim")).to_be_visible()
    await expect(page.locator("#note-text")).to_be_focused()
    await expect(page.locator("#note-text")).to_have_value("a c d x ")
    await page.keyboard.type("后记")
    await page.keyboard.press("Enter")
    await expect(page.locator(".timeline li").first).to_contain_text("a c d x 后记")
    await expect(page.locator("#note-text")).to_have_value("")
    assert desk.complaints == []


async def test_two_operators_see_each_other_s_claims_at_once(desk: SimpleNamespace) -> None:
    page, centre = desk.page, desk.centre
    await on_shift(page, desk.base)
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    await page.click(f"a[data-incident='{row.incident}']")
    await state(page, IncidentState.OPEN)
    await centre.claim(row, by="zuoxi2")
    await state(page, IncidentState.CLAIMED)
    await expect(page.locator("#progress a.row")).to_contain_text("坐席二号")
    await expect(page.locator(".steps")).to_contain_text("坐席二号")
    await expect(page.locator("#do-claim")).to_have_count(0)


async def test_no_page_makes_the_browser_complain(desk: SimpleNamespace) -> None:
    page, key = desk.page, desk.centre.home().household
    pages = ["/", "/overview", "/households", f"/households/{key}", "/homes", "/faults", "/incidents", "/quarantine"]
    for path in [*pages, "/health", "/accounts", "/jobs", f"/new-incident?q={key}"]:
        await page.goto(desk.base + path)
        await expect(page.locator("#connection[data-state=live]")).to_be_visible()
        assert desk.complaints == [], path
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
    await expect(page.locator(".counters [data-counter=households]")).to_have_text("12")
