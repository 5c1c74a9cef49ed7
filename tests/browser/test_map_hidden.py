"""The map is hidden beside an incident in a low window, and stands as ever once there is room for it again."""

from playwright.async_api import Page, ViewportSize, expect
from screens import Screens

LOW: ViewportSize = {"width": 1280, "height": 700}
HIGH: ViewportSize = {"width": 1280, "height": 900}
STANDS = """() => {
  const wide = (it) => it.width > 20 && it.height > 20;
  const areas = [...document.querySelectorAll("path.map-area")];
  const dot = document.querySelector(".map-dot")?.getBoundingClientRect();
  const map = document.getElementById("map").getBoundingClientRect();
  return areas.length && areas.some((it) => wide(it.getBoundingClientRect())) && dot && wide(map)
    && dot.left > map.left + 5 && dot.right < map.right - 5 && dot.top > map.top + 5 && dot.bottom < map.bottom - 5;
}"""


async def low(page: Page) -> None:
    await page.set_viewport_size(LOW)
    await expect(page.locator("#map")).to_be_hidden()


async def test_opened_on_an_incident_or_hidden_later_it_is_drawn_when_there_is_room(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1")
    await page.set_viewport_size(LOW)
    await page.goto(f"/?incident={row.incident}")
    await screens.connected(page)
    await expect(page.locator("#towns button").first).to_be_attached()  # the map has been made
    await low(page)
    for _ in range(2):
        await page.set_viewport_size(HIGH)
        await page.wait_for_function(STANDS)
        await low(page)
        await screens.centre.pass_time(seconds=5)
    await page.evaluate("document.querySelector('#middle .panel').remove()")
    await page.wait_for_function(STANDS)
