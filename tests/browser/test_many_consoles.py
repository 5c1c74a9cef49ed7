"""Every console shows the same in the same order: two beside each other, and ten tabs of one browser."""

from playwright.async_api import Page, expect
from screens import Screens, row_in

TABS = 10
PLACES = """() => [".top", ".counters", "#connection", "#clock", "nav.rail", "#panel", ".step-row", "#map", "#towns"]
  .map((it) => document.querySelector(it).getBoundingClientRect()).map(({ x, y, width }) => [x, y, width])"""
LOGGED = """() => {
  window.said = [];
  const look = () => {
    const shown = [...document.querySelectorAll("#unclaimed a.row, #progress a.row")];
    const text = shown.map((row) => `${row.closest("ol.rows").id} ${row.dataset.incident}`).join(", ");
    if (window.said.at(-1) !== text) window.said.push(text);
  };
  new MutationObserver(look).observe(document.getElementById("queue"), { childList: true, subtree: true });
}"""


async def test_two_consoles_show_the_same_course(screens: Screens) -> None:
    centre = screens.centre
    first, second = await screens.sign_in("zuoxi1"), await screens.sign_in("zuoxi2")
    for page in (first, second):
        await page.evaluate(LOGGED)
    row = await screens.pressed(centre.home())
    for page in (first, second):
        await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await expect(second.locator("#hearsay")).to_contain_text("新报警")
    assert await second.locator("#hearsay").get_attribute("aria-live") == "assertive"
    await first.keyboard.press("Space")
    for page in (first, second):
        await expect(row_in(page, "progress", row)).to_be_visible()
    await expect(row_in(second, "progress", row)).to_contain_text("坐席")
    other = await screens.pressed(centre.home(nth=1))
    await centre.spoke(row)
    await centre.close(row)
    for page in (first, second):
        await expect(row_in(page, "unclaimed", other)).to_be_visible()
        await expect(page.locator("#queue a.row")).to_have_count(1)
    courses = [await page.evaluate("window.said") for page in (first, second)]
    assert courses[0] == courses[1]
    assert len(courses[0]) == 4, courses[0]


async def _tab(page: Page) -> Page:
    tab = await page.context.new_page()
    await tab.goto("/")
    return tab


async def test_ten_tabs_of_one_browser_all_follow(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    tabs = [page, *[await _tab(page) for _ in range(TABS - 1)]]
    for tab in tabs:
        await screens.connected(tab)
    row = await screens.pressed(screens.centre.home())
    for tab in tabs:
        await expect(row_in(tab, "unclaimed", row)).to_be_visible()
    await screens.centre.claim(row)
    for tab in tabs:
        await expect(row_in(tab, "progress", row)).to_be_visible()
        await tab.close() if tab is not page else None


async def test_a_row_that_arrives_moves_nothing_but_the_queue(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.claim(row)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.wait_for_selector("#towns button", state="attached")
    before = await page.evaluate(PLACES)
    other = await screens.pressed(centre.home(nth=1))
    await expect(row_in(page, "unclaimed", other)).to_be_visible()
    assert await page.evaluate(PLACES) == before
