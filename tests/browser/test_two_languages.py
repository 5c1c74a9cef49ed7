"""English is complete: what is left of Chinese is people, places and what their case files say. And back again."""

import re
from collections.abc import Iterator

import msgspec
from centre import DUTY_PHONE
from playwright.async_api import Page, expect
from screens import Screens, rail_of
from texts import texts_of

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _of_the_registry(screens: Screens) -> list[str]:
    """Everything Chinese that people have registered or set up, the longest first."""
    found = {DUTY_PHONE, *_strings(msgspec.to_builtins(screens.centre.plan.registry))}
    return sorted((text for text in found if CHINESE.search(text) and len(text) > 1), key=len, reverse=True)


async def _left(page: Page, registered: list[str]) -> list[str]:
    """Texts of a page with Chinese in them that nobody has registered."""
    left = []
    for text in await texts_of(page):
        rest = text
        for known in registered:
            rest = rest.replace(known, "")
        if CHINESE.search(rest) and text != "中文":
            left.append(text)
    return left


async def _in_english(page: Page, paths: list[str], registered: list[str]) -> None:
    for path in paths:
        await page.goto(path)
        assert await page.get_attribute("html", "lang") == "en", path
        assert await _left(page, registered) == [], path


async def test_console_and_incident_in_english_and_back(screens: Screens) -> None:
    home = screens.centre.home()
    page, registered = await screens.sign_in("zuoxi1"), _of_the_registry(screens)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="Start shift", exact=True)).to_be_visible()
    await screens.connected(page)
    row = await screens.pressed(home)
    await screens.pressed(home)
    await expect(page.locator("#unclaimed a.row")).to_contain_text("Emergency button")
    await expect(page.locator("#towns button")).to_have_count(12)
    assert await _left(page, registered) == []
    await page.keyboard.press("Space")
    await expect(page.locator("#panel")).to_have_attribute("data-state", "claimed")
    await page.locator("#send button[name=responder]").first.click()
    await expect(page.locator("#panel")).to_have_attribute("data-state", "dispatched")
    assert await _left(page, registered) == []
    await _in_english(page, [f"/?incident={row.incident}", f"/incidents/{row.incident}"], registered)

    await page.get_by_role("button", name="中文").click()
    assert await page.get_attribute("html", "lang") == "zh-CN"
    assert page.url.endswith(f"/incidents/{row.incident}")
    await expect(page.locator("#panel-title")).to_contain_text("紧急按钮")
    await expect(page.get_by_role("button", name="English")).to_be_visible()


OUTSIDE_THE_RAIL = (
    "/households/{home}",
    "/homes/{home}",
    "/new-incident?q=19900",
    "/jobs",
    "/nowhere",
    "/import",
    "/export",
    "/password",
    "/accounts?change=zuoxi1",
    "/areas",
    "/areas?change=990100.01",
    "/channels",
)


async def test_every_page_is_complete_in_english(screens: Screens) -> None:
    screens.expects("404.*/nowhere")
    home = screens.centre.home()
    await screens.pressed(home)
    await screens.centre.say(home.bridge.id, f"nuanhu/1/{home.bridge.id}/up/sos/event", b"[1, 2")
    page = await screens.sign_in("admin")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="中文")).to_be_visible()
    paths = [path.format(home=home.household) for path in OUTSIDE_THE_RAIL]
    await _in_english(page, await rail_of(page) + paths, _of_the_registry(screens))


async def test_the_sign_in_page_speaks_english_too(screens: Screens) -> None:
    screens.expects("401.*/sign-in")
    page = await screens.visit("/sign-in")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Account")).to_be_visible()
    await page.fill("input[name=login]", "zuoxi1")
    await page.fill("input[name=password]", "wrong")
    await page.press("input[name=password]", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Account or password is not right.")
    assert await _left(page, []) == []
