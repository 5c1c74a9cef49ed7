"""In the dark colours of the night shift every text can be read."""

from pathlib import Path

from playwright.async_api import Page
from screens import PHONE, Screens, picture

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


async def _faint(page: Page, where: str) -> list[str]:
    background = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert max(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")) < 60, background
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
            await page.wait_for_selector("#towns button")
        await picture(page, f"dark-{path.strip('/').split('/')[0].split('{')[0].strip('?=') or 'console'}")
        faint += await _faint(page, path)
    await page.set_viewport_size(PHONE)
    await page.goto("/jobs")
    faint += await _faint(page, "/jobs")
    assert not faint, "\n" + "\n".join(faint)
