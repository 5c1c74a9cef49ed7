"""No page must be pushed sideways, neither at a desk nor on a telephone, whoever it is for."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, ViewportSize, expect
from screens import Screens, rail_of

from tests.referred import organised, sent

SIZES: dict[str, ViewportSize] = {
    "small desk": {"width": 1280, "height": 720},
    "desk": {"width": 1440, "height": 900},
    "telephone": {"width": 360, "height": 740},
}
LOGINS = ("admin", "zuoxi1", "zhuguan", "anzhuang", "chuzhi")
TOO_WIDE = """() => {
  const parts = document.querySelectorAll("header.top > *, header.top .top-right > *");
  const ends = [...parts].map((part) => part.getBoundingClientRect().right);
  return Math.max(document.documentElement.scrollWidth, ...ends) - innerWidth;
}"""


async def _busy(screens: Screens) -> None:
    """An hour was missed, a button was pressed, and a device that nobody knows called."""
    centre = screens.centre
    await centre.stop_serving()
    await centre.close_gateway()
    centre.clock.advance(timedelta(hours=1))
    await centre.open_gateway()
    screens.address = await centre.serve()
    await screens.pressed(centre.home())
    home = centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/0x00124b00deadbeef", {"action": "emergency"})


SEEN: set[tuple[str, str]] = set()
"""Pages that fit, by language: the administrator comes first and sees nearly all of them."""


async def _paths(screens: Screens, page: Page, login: str) -> list[str]:
    """Every page of somebody's rail, and those behind them."""
    links: list[str] = await page.locator("nav.rail a").evaluate_all("links => links.map(link => link.pathname)")
    row = await screens.centre.row_of(screens.centre.home())
    if login in {"admin", "zuoxi1"}:
        links += [f"/?incident={row.incident}", f"/households/{row.key}", f"/new-incident?q={row.key}"]
    if login in {"admin", "anzhuang"}:
        links += [f"/installs/{row.key}", f"/homes/{row.key}"]
    if login == "admin":
        links += [
            "/figures?by=village",
            "/bulletin?of=2026-01",
            "/hand-over?which=now",
            "/import",
            "/export",
            "/upkeep?what=incomplete",
            f"/households/{row.key}/assess",
        ]
        links += [
            f"/households/{row.key}/edit",
            "/password",
            "/accounts?change=zuoxi1",
            "/areas?change=990100.01",
            "/areas",
        ]
        links += ["/channels"]
        await sent(screens.centre, screens.centre.home(), await organised(screens.centre), "admin")
        links += ["/referrals", f"/referrals/{row.key}/1", f"/referrals/new?home={row.key}", "/organisations"]
    return [*links, f"/incidents/{row.incident}"] if login == "zhuguan" else links


@pytest.mark.timeout(600)
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_every_page_fits_every_window(screens: Screens, language: str, login: str) -> None:
    await _busy(screens)
    page = await screens.sign_in(login)
    await page.context.add_cookies([{"name": "nuanhu_language", "value": language, "url": screens.address}])
    every = await _paths(screens, page, login)
    for path in [path for path in every if (language, path) not in SEEN or path == "/"]:
        SEEN.add((language, path))
        await page.goto(path)
        await expect(page.locator("h1, #panel-title").first).to_be_attached()
        for size, window in SIZES.items():
            await page.set_viewport_size(window)
            wide = await page.evaluate(TOO_WIDE)
            assert wide <= 0, f"{path} is {wide} px too wide for a {size}"
        if path == "/blind":
            assert await page.locator("#blind tbody tr").count() > 0


@pytest.mark.parametrize("size", ["small desk", "desk"])
async def test_the_whole_rail_of_the_administrator_is_seen_at_once(screens: Screens, size: str) -> None:
    page = await screens.sign_in("admin", "/health")
    await page.set_viewport_size(SIZES[size])
    assert "/budget" in await rail_of(page)
    hidden = await page.evaluate("(rail => rail.scrollHeight - rail.clientHeight)(document.querySelector('nav.rail'))")
    assert hidden <= 0, f"{hidden} px of the rail are below the window"
    signs = await page.locator("nav.rail use").evaluate_all("uses => uses.map(use => use.getAttribute('href'))")
    assert len(set(signs)) == len(signs), "two pages have the same sign"
    names = await page.locator("nav.rail span").all_inner_texts()
    assert len(set(names)) == len(names)
