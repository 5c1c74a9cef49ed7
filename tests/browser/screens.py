"""People at their screens: real Chromium pages of a centre, watched for what no page may ever do."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from centre import DUTY_PHONE, Centre
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize, expect
from pydantic import SecretStr

from alerting.casefile import Household
from alerting.model import Entry, Incident
from gateway.desk.contract import QueueRow
from nuanhu.demo.people import PASSWORD
from nuanhu.town.homes import Home

PATIENCE_MS = 20_000
CLOSES_WITHIN_S = 5
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}

LOOKS = os.environ.get("SCREENSHOTS", "")
"""A folder for pictures of the screens, for whoever wants to look at them; without it none is taken."""

Held = tuple[Incident, tuple[Entry, ...]]


class Screens:
    """Opens pages of the served centre, each in a browser profile of its own.

    Attributes:
        centre: The centre behind them.
        complaints: Errors said on a page, breaches of the content policy, and requests that left the origin.
    """

    def __init__(self, browser: Browser, centre: Centre, address: str) -> None:
        self._browser = browser
        self.centre = centre
        self.address = address
        self.complaints: list[str] = []
        self._expected: list[str] = []
        self._pages: list[Page] = []

    # pages ------------------------------------------------------------------------------------------------------

    async def visit(
        self, path: str = "/", *, login: str = "", scripts: bool = True, phone: bool = False, before: str = ""
    ) -> Page:
        """A new browser profile, at this path; signed in already when a login is given.

        ``before``: a script that runs ahead of the page's own, to make the browser one that can less.
        """
        context = await self._browser.new_context(
            base_url=self.address,
            java_script_enabled=scripts,
            viewport=PHONE if phone else DESK,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if before:
            await context.add_init_script(before)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"not caught: {error.error}"))
        context.on("request", self._follow)
        if login:
            form = await (await context.request.get("/sign-in")).text()
            token = re.search(r'name="csrf" value="(\w+)"', form)
            assert token is not None
            fields = {"csrf": token[1], "login": login, "password": PASSWORD}
            assert (await context.request.post("/sign-in", form=fields, max_redirects=0)).status == 303
        page = await context.new_page()
        page.on("websocket", lambda socket: self._stay_home(socket.url))
        self._pages.append(page)
        await page.goto(path)
        return page

    async def sign_in(self, login: str, path: str = "/", *, scripts: bool = True, phone: bool = False) -> Page:
        """A page of somebody who has signed in, connected if it watches."""
        page = await self.visit(path, login=login, scripts=scripts, phone=phone)
        if scripts and await page.query_selector("#connection"):
            await self.connected(page)
        return page

    async def sign_in_by_form(self, login: str, page: Page) -> None:
        """Somebody signs in on the page they have before them, by keyboard."""
        await page.wait_for_selector("input[name=login]:focus")
        await page.keyboard.type(login)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("header.top")

    async def connected(self, page: Page) -> None:
        """Wait until the page follows the centre."""
        await page.wait_for_selector("#connection[data-state=live]")

    # what must never happen -------------------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"said: {message.text} ({message.location.get('url', '')})")

    def _follow(self, request: Request) -> None:
        self._stay_home(request.url)

    def _stay_home(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"left the origin: {url}")

    def expects(self, *patterns: str) -> None:
        """Errors that this test provokes itself: a refused request, a server that is gone."""
        self._expected += patterns

    async def unexpected(self) -> list[str]:
        """The complaints so far that this test did not expect."""
        for page in self._pages:
            # whatever was said before has arrived when this is answered
            await asyncio.wait_for(page.title(), PATIENCE_MS / 1000)
        return [said for said in self.complaints if not any(re.search(known, said) for known in self._expected)]

    async def close(self) -> None:
        """Everybody goes home."""
        for page in self._pages:
            with suppress(TimeoutError):  # what Chromium does not close now it closes with itself
                await asyncio.wait_for(page.context.close(), CLOSES_WITHIN_S)

    # what the centre knows --------------------------------------------------------------------------------------

    def household(self, home: Home) -> Household:
        """The case file of a home."""
        return next(case for case in self.centre.plan.registry.households if case.key == home.household)

    async def pressed(self, home: Home) -> QueueRow:
        """Somebody presses the panic button of a home; its row in the queue."""
        await self.centre.press(home)
        return await self.centre.row_of(home)

    async def stored(self, row: QueueRow) -> Held:
        """The incident as it stands in the store, with its timeline."""
        view = await self.centre.incident(row.incident)
        return view.incident, view.timeline


def row_in(page: Page, group: str, row: QueueRow) -> Locator:
    """An incident's row in a group of the queue, ``unclaimed`` or ``progress``."""
    return page.locator(f'#{group} a.row[data-incident="{row.incident}"]')


async def stands(page: Page, state: str) -> None:
    """Wait until the incident shown is in this state."""
    await expect(page.locator("#panel")).to_have_attribute("data-state", state)


async def rail_of(page: Page) -> list[str]:
    """The addresses in the page's own navigation: all pages that this account has."""
    links: list[str] = await page.locator("nav.rail a").evaluate_all("links => links.map(link => link.pathname)")
    assert len(links) > 5
    return links


async def link_of(screens: Screens, row: QueueRow) -> str:
    """The path of the link in the page about an incident that nobody takes; its person has the PIN 2468."""
    centre = screens.centre
    outside = centre.gateway.outside
    outside.settings.page_pins[DUTY_PHONE] = SecretStr("2468")
    outside.links._base_url = screens.address
    await centre.pass_time(seconds=90)
    await centre.until(centre.pages, "the page")
    (text,) = centre.pages()
    assert row.incident in text
    return next(line for line in text.splitlines() if "/p/" in line).removeprefix(screens.address)


async def picture(page: Page, name: str) -> None:
    """What the page looks like now, if pictures are wanted."""
    if LOOKS:
        await page.screenshot(path=Path(LOOKS) / f"{name}.png", full_page=True)


AT_SIGHT = """([key, selector]) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector(selector)) return requestAnimationFrame(look);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    done();
  };
  look();
})"""


async def press_at_sight(page: Page, key: str, selector: str) -> None:
    """Press a key in the very moment in which something comes into view, however busy the machine is."""
    await page.evaluate(AT_SIGHT, [key, selector])
