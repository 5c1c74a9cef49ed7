"""In a flood and under an outage the queue stays readable: folds open to their list, P1 and P2 stand by themselves."""

from urllib.parse import quote

import msgspec
from one_street import one_village, own_homes, power_cut
from playwright.async_api import expect
from screens import Screens, picture, row_in, stands

from alerting.casefile import Role
from alerting.commands import AcceptJob, OpenManual
from alerting.model import Priority
from alerting.policy import Policy

MOST = Policy().floods.flood_incidents


async def _happens(screens: Screens, homes: range, priority: Priority) -> None:
    for nth in homes:
        key = screens.centre.plan.homes[nth].household
        asked = OpenManual(key=key, incident="", by="zuoxi1", priority=priority, text="停电了")
        assert (await screens.centre.ask(asked)).done


async def test_a_flood_folds_what_is_less_urgent_and_says_so(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    await _happens(screens, range(MOST), Priority.P3)
    await expect(page.locator("#unclaimed a.row")).to_have_count(MOST)
    await expect(page.locator("#flood")).to_be_hidden()
    pressed = await screens.pressed(screens.centre.home(nth=6))
    band = page.locator("#flood")
    await expect(band).to_be_visible()
    await expect(band).to_contain_text("洪峰模式")
    await expect(row_in(page, "unclaimed", pressed)).to_be_visible()
    folds = page.locator("#unclaimed details")
    assert await folds.count() > 0
    assert await page.locator("#unclaimed details a.row.p1, #unclaimed details a.row.p2").count() == 0
    await expect(page.locator("[data-counter=unclaimed]").first).to_have_text(str(MOST + 1 - _joined(screens)))
    await picture(page, "flood")
    summary = folds.first.locator("summary")
    await summary.focus()
    await page.keyboard.press("Enter")
    await expect(folds.first.locator("a.row").first).to_be_visible()
    await picture(page, "flood-open")
    other = await screens.sign_in("zuoxi2")
    await expect(other.locator("#flood")).to_be_visible()


def _joined(screens: Screens) -> int:
    """The home that pressed may have had an incident of its own: then the press has joined it."""
    pressed = screens.centre.home(nth=6).household
    return int(pressed in {home.household for home in screens.centre.plan.homes[:MOST]})


async def test_an_outage_is_one_row_and_its_panel_lists_the_homes(screens: Screens) -> None:
    await one_village(screens.centre)
    street = own_homes(screens.centre)[:5]
    await screens.centre.stop_serving()
    screens.address = await screens.centre.serve()
    page = await screens.sign_in("zuoxi1")
    await power_cut(screens.centre, street)
    await screens.centre.pass_time(seconds=5)
    row = page.locator("#unclaimed a.row")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("多户失联")
    await expect(row).to_contain_text("5/5 户未恢复")
    await page.keyboard.press("ArrowDown")
    await stands(page, "open")
    homes = page.locator("[data-part=homes] tbody tr")
    await expect(homes).to_have_count(5)
    await page.keyboard.press("a")
    await stands(page, "claimed")
    await picture(page, "area")
    await page.goto("/faults")
    fold = page.locator("details.fault-fold")
    await expect(fold).to_contain_text("折叠 5 条故障")
    await expect(fold.locator("tr").first).to_be_hidden()
    await expect(page.locator("h1 .count")).to_have_text("5")
    await fold.locator("summary").click()
    await expect(fold.locator("tbody tr")).to_have_count(5)
    await picture(page, "faults")
    english = await screens.sign_in("zuoxi2")
    await english.get_by_role("button", name="English").click()
    await english.locator("a.row").first.click()
    await expect(english.locator("[data-part=homes] h3")).to_contain_text("5 of 5 not back")
    await picture(english, "area-en")


async def test_somebody_is_sent_to_the_village_by_keyboard_and_to_one_home_from_its_line(screens: Screens) -> None:
    centre = screens.centre
    await one_village(centre)
    street = own_homes(centre)[:5]
    await centre.stop_serving()
    screens.address = await centre.serve()
    await power_cut(centre, street)
    (row,) = await centre.queue()
    account = next(it for it in centre.plan.registry.accounts if it.role is Role.RESPONDER)
    me = msgspec.structs.replace(centre.gateway.directory.responders[account.responder], area=row.area)
    centre.gateway.directory.responders[me.id] = me
    page = await screens.sign_in("zuoxi1", f"/?incident={quote(row.incident)}")
    await page.keyboard.press("a")
    await stands(page, "claimed")
    await page.keyboard.press("d")
    await expect(page.locator("#send button[name=responder]").first).to_be_focused()
    await page.locator(f"#send button[value='{me.id}']").focus()
    await page.keyboard.press("Enter")
    await stands(page, "dispatched")
    await expect(page.locator("#send .tag-strong")).to_have_text("已派单，尚未接单")
    phone = await screens.sign_in("chuzhi", phone=True)
    card = phone.locator("article.job")
    await expect(card).to_contain_text("5/5 户未恢复")
    await picture(phone, "area-job")
    await phone.click("#job-accept-1")
    await expect(page.locator("#send .tag-strong")).to_have_text("已接单")
    await phone.get_by_role("button", name="我已到现场").click()
    await stands(page, "on_scene")
    line = page.locator(f"tr[data-member='{street[2].household}']")
    await line.locator("select").select_option(index=1)
    await line.get_by_role("button", name="派单").click()
    own = line.locator(".tag-strong")
    await expect(own).to_contain_text("已派单，尚未接单")
    await expect(page.locator("[data-part=timeline]")).to_contain_text("前往")
    sent = next(it for it in await centre.queue() if it.household == street[2].household)
    by = {"key": sent.key, "incident": sent.incident, "by": f"responder:{sent.responder}"}
    assert (await centre.ask(AcceptJob(**by))).done
    await expect(own).to_contain_text("已接单")
    await picture(page, "area-sent")
    await page.locator("#homes").scroll_into_view_if_needed()
    await page.locator("[data-part=homes] tbody tr").last.scroll_into_view_if_needed()
    await picture(page, "area-sent-homes")
