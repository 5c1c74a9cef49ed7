"""Who was sent says on their telephone that they go, or that they cannot; the desk shows which, at once."""

from __future__ import annotations

import re

import pytest
from centre import done
from playwright.async_api import Page, expect
from screens import Screens, row_in

from alerting.casefile import Role
from alerting.commands import Dispatch
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import QueueRow

both = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


async def _sent(screens: Screens) -> tuple[QueueRow, Page]:
    """A press to which zuoxi1 has sent the demo's responder; its row, and the desk that shows it."""
    centre = screens.centre
    row = await screens.pressed(centre.home())
    account = next(item for item in centre.plan.registry.accounts if item.role is Role.RESPONDER)
    await centre.claim(row)
    sent = Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=account.responder)
    assert (await centre.ask(sent)).done
    desk = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await expect(row_in(desk, "progress", row)).to_contain_text("已派单")
    await expect(desk.locator(".path [aria-current]")).to_contain_text("已派单，尚未接单")
    return await centre.row_of(centre.home()), desk


@both
async def test_accepted_on_the_telephone_it_is_accepted_on_the_desk(screens: Screens, scripts: bool) -> None:
    row, desk = await _sent(screens)
    phone = await screens.sign_in("chuzhi", phone=True, scripts=scripts)
    await phone.click("#job-accept-1")
    await expect(phone.locator("#job-accept-1")).to_have_count(0)
    await expect(phone.get_by_role("button", name="我已到门口")).to_be_visible()
    await expect(phone.locator("article.job")).to_contain_text("已接单")
    await expect(row_in(desk, "progress", row)).to_contain_text(f"已接单 · {row.responder_name}")
    await expect(row_in(desk, "progress", row)).not_to_contain_text("已派单")
    await expect(desk.locator(".path [aria-current]")).to_contain_text(f"{row.responder_name} 已接单")
    await expect(desk.locator("#send .tag-strong")).to_have_text("已接单")
    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.accepted) == (IncidentState.DISPATCHED, True)
    assert done(timeline)[-1].kind is EntryKind.JOB_ACCEPTED


@both
async def test_who_cannot_go_says_why_and_the_desk_rings(screens: Screens, scripts: bool) -> None:
    row, desk = await _sent(screens)
    await screens.centre.pass_time(seconds=20)
    phone = await screens.sign_in("chuzhi", phone=True, scripts=scripts)
    await phone.get_by_text("不能前往", exact=True).click()
    await phone.fill("#job-why-1", "车坏在半路")
    await phone.click("#job-decline-1")
    await expect(phone.locator("article.job")).to_have_count(0)
    shown = row_in(desk, "progress", row)
    await expect(shown).to_have_class("row p1 is-ringing")
    await expect(shown).to_contain_text("再次振铃，无新报警")
    await expect(desk.locator(".timeline")).to_contain_text("车坏在半路")
    await expect(desk.locator("#do-claim")).to_contain_text("知悉，继续处置")
    await desk.keyboard.press("a")
    await expect(desk.locator("#do-claim")).to_have_count(0)
    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.responder, incident.unacknowledged) == (IncidentState.CLAIMED, "", False)
    assert EntryKind.JOB_DECLINED in [entry.kind for entry in timeline]


@both
async def test_who_is_on_the_way_gives_it_back_and_the_desk_shows_who_and_why(screens: Screens, scripts: bool) -> None:
    row, desk = await _sent(screens)
    phone = await screens.sign_in("chuzhi", phone=True, scripts=scripts)
    await phone.click("#job-accept-1")
    await expect(row_in(desk, "progress", row)).to_contain_text("已接单")
    name = (await screens.centre.row_of(screens.centre.home())).responder_name
    await phone.get_by_text("不能前往", exact=True).click()
    await phone.fill("#job-why-1", "路被水淹")
    await phone.get_by_role("button", name="退回任务，请换人前往").click()
    await expect(phone.locator("article.job")).to_have_count(0)
    await expect(row_in(desk, "progress", row)).to_have_class("row p1 is-ringing")
    await expect(desk.locator("#gave-back")).to_contain_text(f"{name} 不能前往：路被水淹")
    await desk.keyboard.press("a")
    await expect(desk.locator("#gave-back")).to_have_count(0)
    await expect(desk.locator(".timeline")).to_contain_text("路被水淹")


async def test_clock_and_age_run_while_the_page_is_open_and_somebody_writes_in_it(screens: Screens) -> None:
    await _sent(screens)
    phone = await screens.sign_in("chuzhi", phone=True)
    clock, age = phone.locator("#clock"), phone.locator("article.job .age")
    await phone.get_by_text("不能前往", exact=True).click()
    await phone.locator("#job-why-1").fill("车坏在半路")
    seen = await clock.inner_text(), await age.inner_text()
    await expect(clock).not_to_have_text(seen[0])
    await expect(age).not_to_have_text(seen[1])
    assert re.fullmatch(r"\d+:\d\d", await age.inner_text())
    await expect(phone.locator("#job-why-1")).to_have_value("车坏在半路")


async def test_signed_in_without_a_network_the_page_stays_and_taps_arrive_with_their_time(screens: Screens) -> None:
    row, _ = await _sent(screens)
    phone = await screens.sign_in("chuzhi", phone=True)
    async with phone.expect_navigation():
        await phone.click("#job-accept-1")
    await expect(phone.get_by_role("button", name="我已到门口")).to_be_visible()
    await phone.reload()  # from here on the keeper sees the page and its parts
    await phone.wait_for_function("async () => Boolean(await (await caches.open('nuanhu-job')).match('/jobs'))")
    await phone.wait_for_function("navigator.serviceWorker.ready.then((it) => new URL(it.scope).pathname === '/jobs')")
    screens.expects("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")
    await phone.context.set_offline(True)
    await phone.get_by_role("button", name="我已到门口").click()
    await expect(phone.locator("#queued li")).to_have_count(1)
    await phone.reload()
    await expect(phone.locator("#queued li")).to_contain_text("我已到门口")
    await expect(phone.locator(".job-address")).to_contain_text(row.address)
    await screens.centre.pass_time(minutes=5)
    await phone.context.set_offline(False)
    await expect(phone.locator("#queued")).to_be_hidden()
    await expect(phone.locator("article.job")).to_have_attribute("data-stage", "on_scene")
    await phone.locator("details", has_text="退出").first.evaluate("it => (it.open = true)")
    await phone.locator('form[action="/sign-out"] button').evaluate("it => it.click()")
    await phone.wait_for_url("**/sign-in*")
    assert not await phone.evaluate("caches.has('nuanhu-job')"), "gone from the telephone"
