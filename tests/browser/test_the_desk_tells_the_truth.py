"""What the console says of an incident is what is so: who waits how long, who stands there, what was really done."""

from __future__ import annotations

from playwright.async_api import expect
from screens import Screens, row_in, stands

from alerting.commands import AcceptJob, Dispatch, RecordArrival, RecordCall
from alerting.model import Outcome


async def test_a_press_repeated_while_nobody_takes_it_makes_it_no_younger(screens: Screens) -> None:
    centre = screens.centre
    first = await screens.pressed(centre.home(nth=0))
    await centre.pass_time(seconds=30)
    second = await screens.pressed(centre.home(nth=1))
    page = await screens.sign_in("zuoxi1")
    await centre.pass_time(seconds=40)
    await screens.pressed(centre.home(nth=0))
    row = row_in(page, "unclaimed", first)
    await expect(row).to_contain_text("再次按下")
    age = row.locator("> .age")
    await expect(age).to_have_class("age is-too-late")
    seconds = await row.locator(".age").evaluate_all("ages => ages.map(age => Number(age.dataset.since))")
    assert (seconds[1] - seconds[0]) / 1000 == 70, "the first press, and the latest"
    await expect(row_in(page, "unclaimed", second).locator(".age")).to_have_class("age is-late")
    order = await page.locator("#unclaimed a.row").evaluate_all("rows => rows.map(row => row.dataset.incident)")
    assert order == [first.incident, second.incident]

    await page.keyboard.press("Space")
    await stands(page, "claimed")
    await expect(page.locator("#panel")).to_have_attribute("data-incident", first.incident)
    await expect(row_in(page, "progress", first)).not_to_contain_text("再次按下")


async def test_the_panel_shows_both_the_wait_and_the_latest_press_without_scripts(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.pass_time(seconds=250)
    await screens.pressed(centre.home())
    await centre.pass_time(seconds=12)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}", scripts=False)
    await expect(page.locator(".panel-age")).to_contain_text("4 分钟")
    await expect(page.locator(".panel-age")).to_contain_text("再次按下 12 秒")
    await expect(row_in(page, "unclaimed", row)).to_contain_text("再次按下 12 秒")


async def test_a_claim_that_lapsed_while_somebody_is_at_the_door_names_them(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.claim(row)
    who = (await centre.gateway.desk.responders(row.area))[0]
    ask = {"key": row.key, "incident": row.incident}
    assert (await centre.ask(Dispatch(**ask, by="zuoxi1", responder=who.id))).done
    assert (await centre.ask(AcceptJob(**ask, by=f"responder:{who.id}"))).done
    assert (await centre.ask(RecordArrival(**ask, by=f"responder:{who.id}"))).done
    page = await screens.sign_in("zuoxi2")
    await expect(row_in(page, "progress", row)).to_contain_text("已到场")
    while (await centre.row_of(centre.home())).claimed_by:
        await centre.pass_time(minutes=5)

    await expect(row_in(page, "unclaimed", row)).to_contain_text(f"{who.name} 已到门口")
    await row_in(page, "unclaimed", row).click()
    await expect(page.locator(".steps")).to_contain_text(f"{who.name}：已到门口")
    await expect(page.locator("#do-claim")).to_contain_text("接手处置")
    claimed = page.locator(".path li").nth(1)
    await expect(claimed).to_contain_text("未做")
    await expect(claimed).to_have_class("path-skipped")

    await screens.pressed(centre.home())
    await expect(page.locator("#do-claim")).to_contain_text("受理新报警")


async def test_what_was_left_out_is_not_shown_as_done_when_it_is_closed(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.claim(row)
    who = (await centre.gateway.desk.responders(row.area))[0]
    ask = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    assert (await centre.ask(Dispatch(**ask, responder=who.id))).done
    assert (await centre.ask(RecordCall(**ask, whom=row.resident, result="well"))).done
    assert (await centre.close(row, Outcome.ACCIDENTAL)).done
    page = await screens.sign_in("zuoxi1", f"/incidents/{row.incident}")
    how = await page.locator(".path li").evaluate_all("them => them.map(it => it.className)")
    assert how == [f"path-{it}" for it in ("done", "done", "done", "done", "skipped", "skipped", "now")]
    await expect(page.locator(".path")).to_contain_text(f"{who.name} 曾派单，未记录接单")
    await expect(page.locator("#send .tag-strong")).to_have_text("曾派单，未记录接单")
    await expect(page.locator("body")).not_to_contain_text("尚未接单")


async def test_an_unregistered_device_is_named_by_its_bridge_and_leads_to_the_list_of_them(screens: Screens) -> None:
    centre, home = screens.centre, screens.centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/0x00124b00deadbeef", {"action": "emergency"})
    (row,) = await centre.queue()
    page = await screens.sign_in("zuoxi1")
    shown = row_in(page, "unclaimed", row)
    await expect(shown).to_contain_text("未登记设备")
    await expect(shown.locator(".row-where")).to_contain_text("设备号 0x00124b00deadbeef")
    await shown.click()
    await expect(page.locator(".panel-place")).to_contain_text(home.bridge.title or home.bridge.id)
    for part in ("#queue", ".panel-head"):
        assert "~" not in await page.locator(part).inner_text()
    await page.locator(".stray a").click()
    await expect(page.locator("article.stranger")).to_contain_text("0x00124b00deadbeef")
    await expect(page.get_by_role("link", name="登记到住户")).to_have_count(0)


async def test_whose_incident_it_is_stays_in_view_while_the_keys_lead_down(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1")
    await page.set_viewport_size({"width": 1280, "height": 720})
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await page.keyboard.press("Space")
    await stands(page, "claimed")
    await expect(page.locator(".steps-who")).to_be_hidden()
    await page.locator("#middle").evaluate("middle => middle.scrollTo(0, middle.scrollHeight)")
    await expect(page.locator(".steps-who")).to_be_in_viewport()
    await expect(page.locator(".steps-who")).to_contain_text(row.resident)
    await page.keyboard.press("d")
    await expect(page.locator("#send button[name=responder]").first).to_be_focused()


async def test_an_open_incident_on_its_own_page_belongs_to_the_console(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1", f"/incidents/{row.incident}")
    await expect(page.locator("nav.rail [aria-current]")).to_have_attribute("href", "/")
    await screens.centre.claim(row)
    await screens.centre.spoke(row)
    await screens.centre.close(row, Outcome.TEST)
    await page.reload()
    await expect(page.locator("nav.rail [aria-current]")).to_have_attribute("href", "/incidents")
