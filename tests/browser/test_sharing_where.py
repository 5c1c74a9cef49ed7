"""Whoever goes there may share where they are: after a tap, seen on the desk's map, gone once they are at the door."""

from playwright.async_api import expect
from screens import Screens
from test_job_link import sent

THERE = {"latitude": 31.5, "longitude": 120.3, "accuracy": 12.0}


async def test_it_is_seen_only_while_it_is_shared_and_until_the_door(screens: Screens) -> None:
    there = await sent(screens)
    desk = await screens.sign_in("zuoxi1", f"/?incident={there.row.incident}")
    phone = await there.opened()
    await phone.context.grant_permissions(["geolocation"], origin=screens.address)
    await phone.context.set_geolocation(THERE)
    site = screens.centre.gateway.app.state.site
    share = phone.locator("button[data-share]")
    await expect(share).to_have_text("向坐席共享我的位置")
    assert (await (await desk.request.get("/api/whereabouts")).json())["people"] == []
    await share.click()
    await expect(share).to_have_text("正在共享位置：点此停止")
    await screens.centre.until(lambda: site.whereabouts._of, "the place to be told")
    (person,) = (await (await desk.request.get("/api/whereabouts")).json())["people"]
    assert (person["incident"], person["lat"], person["lon"]) == (there.row.incident, 31.5, 120.3)
    await expect(desk.locator(".map-person")).to_have_count(1)

    await share.click()
    await expect(share).to_have_text("向坐席共享我的位置")
    await screens.centre.until(lambda: not site.whereabouts._of, "the place to be forgotten")
    await expect(desk.locator(".map-person")).to_have_count(0)

    await share.click()
    await screens.centre.until(lambda: site.whereabouts._of, "the place to be told again")
    await phone.get_by_role("button", name="我已到门口").click()
    await expect(desk.locator("#panel")).to_have_attribute("data-state", "on_scene")
    assert (await (await desk.request.get("/api/whereabouts")).json())["people"] == []
    await expect(desk.locator(".map-person")).to_have_count(0)
