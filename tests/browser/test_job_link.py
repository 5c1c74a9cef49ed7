"""Whoever is sent opens the link of the message at 360 px: one PIN, then taps, with a network and without."""

from __future__ import annotations

import re
from typing import Any

from centre import PERSONS
from playwright.async_api import CDPSession, Page, expect
from pydantic import SecretStr
from screens import Screens, picture

from alerting.casefile import Household
from alerting.commands import Dispatch, Recall
from alerting.dispatch.job import Job, Stage
from gateway.desk.contract import QueueRow

PIN = "2468"
MOST_BYTES = 60_000


class Weighed:
    """Bytes on the wire of all that a page loads, as the browser counts them."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


class Sent:
    """Somebody who was sent by zuoxi1: the incident, and their link."""

    def __init__(self, screens: Screens, row: QueueRow, who: str, path: str) -> None:
        self.screens = screens
        self.row = row
        self.who = who
        self.path = path

    @property
    def file(self) -> Household:
        return self.screens.centre.gateway.directory.households[self.row.household]

    async def job(self) -> Job:
        job = (await self.screens.centre.incident(self.row.incident)).incident.job_of(self.who)
        assert job is not None
        return job

    async def opened(self) -> Page:
        """The link is opened at 360 px, and accepted with the PIN."""
        page = await self.screens.visit("/sign-in", phone=True)
        await page.set_viewport_size({"width": 360, "height": 740})
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")
        self.weighed = Weighed(session)
        await page.goto(self.path)
        await expect(page.get_by_role("heading", level=1)).to_contain_text("紧急按钮")
        assert self.file.address not in await page.content()
        await picture(page, "job-link-pin")
        await page.get_by_label("您的 PIN").fill(PIN)
        await page.get_by_role("button", name="20 分钟").click()
        await expect(page.locator(".job-address")).to_contain_text(self.file.address)
        return page


async def sent(screens: Screens) -> Sent:
    """A press that zuoxi1 has claimed, and the nearest responsible person sent there."""
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.claim(row)
    who = centre.gateway.directory.households[row.household].village_responder
    outside = centre.gateway.outside
    outside.settings.page_pins[f"responder:{who}"] = SecretStr(PIN)
    outside.links._base_url = screens.address
    assert (await centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=who))).done
    file = centre.folder / PERSONS
    await centre.until(lambda: file.exists() and "/p/" in file.read_text(), "the message")
    found = re.search(r"(/p/[\w.~-]+)", file.read_text())
    assert found is not None
    return Sent(screens, row, who, found[1])


async def test_with_the_network_cut_in_the_middle_every_tap_arrives_with_its_time(screens: Screens) -> None:
    it = await sent(screens)
    centre = screens.centre
    await centre.pass_time(seconds=100)
    page = await it.opened()
    await picture(page, "job-link-card")
    await page.wait_for_load_state("networkidle")
    assert 0 < it.weighed.bytes < MOST_BYTES, "before the PIN and after it, with all scripts"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.wait_for_function(
        "async () => Boolean(await (await caches.open('nuanhu-job')).match(location.pathname))"
    )
    screens.expects("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")
    await page.context.set_offline(True)
    for name in ("我已出发", "我已到门口", "我已进门"):
        button = page.get_by_role("button", name=name)
        await expect(button).to_have_class(re.compile("button-next"))
        await button.click()
        await expect(page.locator("#queued")).to_contain_text(name)
        await expect(button).to_be_hidden()
    await expect(page.get_by_role("button", name="本人平安")).to_have_class(re.compile("button-next"))
    await picture(page, "job-link-queued")
    await page.reload()
    await expect(page.locator("#queued li")).to_have_count(3)
    await expect(page.locator(".job-address")).to_contain_text(it.file.address)
    assert (await it.job()).stage is Stage.ACCEPTED
    await centre.pass_time(minutes=10)
    await page.context.set_offline(False)
    await expect(page.locator("#queued")).to_be_hidden()
    await expect(page.locator("article.job")).to_have_attribute("data-stage", "inside")
    job = await it.job()
    accepted, now = job.at(Stage.ACCEPTED), centre.clock.now()
    assert accepted is not None
    for stage in (Stage.EN_ROUTE, Stage.ON_SCENE, Stage.INSIDE):
        at = job.at(stage)
        assert at is not None
        assert accepted < at < now, "when it was tapped, not when it was heard"

    await page.get_by_label("被守护人情况如何？做了哪些处置？").fill("老人在家，平安")
    await page.get_by_role("button", name="本人平安").click()
    await page.get_by_role("button", name="已移交 · 移交家属").click()
    await expect(page.get_by_role("heading", name="此任务已结束")).to_be_visible()
    assert it.file.address not in await page.content()
    kept = "async () => (await (await caches.open('nuanhu-job')).keys()).some((it) => it.url.includes('/p/'))"
    assert not await page.evaluate(kept), "gone from the telephone"


async def test_what_is_refused_stays_on_the_page_with_its_reason(screens: Screens) -> None:
    it = await sent(screens)
    page = await it.opened()
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    screens.expects("ERR_INTERNET_DISCONNECTED", "410", "Failed to load resource")
    await page.context.set_offline(True)
    await page.locator("summary", has_text="不能前往").click()
    await page.get_by_role("button", name="退回任务，请换人前往").click()
    await expect(page.locator("#queued li")).to_have_count(1)
    recall = Recall(key=it.row.key, incident=it.row.incident, by="zuoxi1", responder=it.who)
    assert (await screens.centre.ask(recall)).done
    await page.context.set_offline(False)
    await expect(page.locator("#refused li")).to_contain_text("此任务已结束")
    await expect(page.get_by_role("heading", name="此任务已结束")).to_be_visible()
    await page.get_by_role("button", name="已知悉").click()
    await expect(page.locator("#refused")).to_be_hidden()
