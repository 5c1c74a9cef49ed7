"""In the dark colours of the night shift every text can be read."""

from pathlib import Path

from playwright.async_api import Page
from screens import PHONE, Screens, link_of, picture

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PATHS = (
    "/?incident={incident}",
    "/overview",
    "/households/{home}",
    "/incidents",
    "/faults",
    "/duty",
    "/protected",
    "/wall",
)


async def _is_dark(page: Page) -> bool:
    background: str = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return max(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")) < 60


async def _faint(page: Page, where: str) -> list[str]:
    assert await _is_dark(page), where
    judged = await page.evaluate(CONTRAST)
    assert judged["judged"] > 5, where
    return [f"{where}: {line}" for line in judged["faint"]]


async def test_every_text_can_be_read_in_the_dark(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await screens.pressed(centre.home(nth=1))
    await centre.claim(row, "admin")
    page = await screens.sign_in("admin")
    await page.emulate_media(color_scheme="dark")
    faint = []
    for path in PATHS:
        await page.goto(path.format(incident=row.incident, home=centre.home().household))
        if path.startswith("/?"):
            await page.wait_for_selector("#towns button", state="attached")
        await picture(page, f"dark-{path.strip('/').split('/')[0].split('{')[0].strip('?=') or 'console'}")
        faint += await _faint(page, path)
    await page.set_viewport_size(PHONE)
    await page.goto("/jobs")
    faint += await _faint(page, "/jobs")
    assert not faint, "\n" + "\n".join(faint)


async def test_what_somebody_has_chosen_counts_more_than_the_system(screens: Screens) -> None:
    page = await screens.sign_in("admin", "/overview")
    assert not await _is_dark(page)
    for look, dark, system in (("深色", True, "light"), ("浅色", False, "dark"), ("跟随系统", True, "dark")):
        await page.locator(".menu summary").click()
        await page.get_by_role("group", name="配色").get_by_role("button", name=look).click()
        await page.wait_for_load_state()
        await page.emulate_media(color_scheme=system)
        assert await _is_dark(page) == dark, look
        assert page.url.endswith("/overview")
    row = await screens.pressed(screens.centre.home())
    phone = await screens.visit(await link_of(screens, row), phone=True, scripts=False)
    await phone.get_by_role("button", name="深色").click()
    await phone.wait_for_load_state()
    assert await _is_dark(phone), "pages behind a link have their styles in them"
    assert await phone.get_by_role("button", name="深色").get_attribute("aria-pressed") == "true"
    assert not await _faint(phone, "the page behind a link")
