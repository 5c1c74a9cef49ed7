"""Where scripts do not run, plain forms do the whole work."""

from centre import done
from playwright.async_api import expect
from screens import Screens

from alerting.model import EntryKind, IncidentState, Outcome
from nuanhu.demo.people import PASSWORD


async def test_sign_in_claim_dispatch_and_close_by_plain_forms(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.visit(scripts=False)
    await page.fill("input[name=login]", "zuoxi1")
    await page.fill("input[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.locator(f'#unclaimed a[data-incident="{row.incident}"]').click()
    await expect(page.locator("#panel-title")).to_contain_text(row.resident)

    await page.click("#do-claim")
    await expect(page.locator("#panel[data-state=claimed]")).to_be_visible()
    await page.locator("#call button[value=well]").first.click()
    await expect(page.locator("#call .call-said").first).to_contain_text("平安")
    await page.locator("#send button[name=responder]").first.click()
    await expect(page.locator("#panel[data-state=dispatched]")).to_be_visible()
    await page.fill("#note-text", "没有脚本也能记")
    await page.click("#do-note")
    await expect(page.locator(".timeline .line-note")).to_contain_text("没有脚本也能记")

    await page.click("#go-resolve")
    await page.fill("#resolve-text", "已扶起")
    await page.click("#do-resolve")
    await expect(page.locator("#panel[data-state=resolved]")).to_be_visible()
    await page.click("#go-close")
    await page.get_by_label("确需救助，已救助").check()
    await page.click("#do-close")
    await expect(page.locator("#panel[data-state=closed]")).to_be_visible()
    await expect(page.locator("#queue a.row")).to_have_count(0)

    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.outcome) == (IncidentState.CLOSED, Outcome.REAL)
    assert [entry.kind for entry in done(timeline)] == [
        EntryKind.ALARM,
        EntryKind.CLAIMED,
        EntryKind.CALLED,
        EntryKind.DISPATCHED,
        EntryKind.NOTE,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
        EntryKind.FOLLOW_UP_PLANNED,
    ]


async def test_a_step_that_is_refused_says_why_without_scripts(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1", f"/incidents/{row.incident}", scripts=False)
    await screens.centre.claim(row, by="zuoxi2")
    await page.click("#do-claim")
    await expect(page.get_by_role("alert").filter(has_text="坐席二号")).to_be_visible()
    assert (await screens.stored(row))[0].claimed_by == "zuoxi2"
