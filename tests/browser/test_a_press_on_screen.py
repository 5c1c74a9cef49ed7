"""A press shows on every console at once: who, where, what and how urgent, by word and by shape."""

from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

from dashboard.kept_files import STATIC
from gateway.desk.contract import QueueRow


async def _shows(page: Page, screens: Screens, row: QueueRow) -> None:
    case = screens.household(screens.centre.home())
    shown = row_in(page, "unclaimed", row)
    await expect(shown).to_be_visible()
    for text in ("紧急按钮", case.title, case.address, "P1 紧急"):
        await expect(shown).to_contain_text(text)
    shape = shown.locator("svg.shape use")
    box = await shown.locator("svg.shape").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 8
    sprite, _, name = (await shape.get_attribute("href") or "").partition("#")
    assert f'id="{name}"' in await (await page.request.get(sprite)).text()
    await expect(page).to_have_title("(1) 值班台 · 暖护")
    await expect(page.locator("#favicon")).to_have_attribute("href", f"{STATIC}/favicon-alarm.svg")
    await expect(page.locator("#hearsay")).to_contain_text(case.title)
    await expect(page.locator(".counters [data-counter=unclaimed]")).to_have_text("1")


async def test_a_press_is_a_row_on_every_console(screens: Screens) -> None:
    first, second = await screens.sign_in("zuoxi1"), await screens.sign_in("zuoxi2")
    for page in (first, second):
        await expect(page.locator("#unclaimed-empty")).to_be_visible()
        await expect(page).to_have_title("值班台 · 暖护")
    row = await screens.pressed(screens.centre.home())
    for page in (first, second):
        await _shows(page, screens, row)
    await screens.centre.claim(row)
    for page in (first, second):
        await expect(row_in(page, "progress", row)).to_contain_text("坐席一号")
        await expect(page).to_have_title("值班台 · 暖护")
        await expect(page.locator("#favicon")).to_have_attribute("href", f"{STATIC}/favicon.svg")


async def test_the_oldest_of_the_most_urgent_stands_first_and_has_its_mark_on_the_map(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    rows = []
    for nth in range(3):
        rows.append(await screens.pressed(screens.centre.home(nth=nth)))
        await screens.centre.pass_time(seconds=1)
    await expect(page.locator("#unclaimed a.row")).to_have_count(3)
    shown = await page.locator("#unclaimed a.row").evaluate_all("rows => rows.map(row => row.dataset.incident)")
    assert shown == [row.incident for row in rows]
    await expect(page.locator("#map .map-dot")).to_have_count(3)
    await row_in(page, "unclaimed", rows[1]).click()
    await stands(page, "open")
    await expect(page.locator("#panel-title")).to_contain_text(rows[1].resident)
