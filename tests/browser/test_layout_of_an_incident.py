"""The desk: left the person, then the script, right the why with its plot, the timeline below; read in that order."""

from __future__ import annotations

import pytest
from playwright.async_api import FloatRect, Page, ViewportSize, expect
from screens import Screens

from alerting.commands import ReadRisks
from gateway.desk.contract import QueueRow

WIDE: ViewportSize = {"width": 1920, "height": 1080}
DESKS: tuple[ViewportSize, ...] = (
    {"width": 1024, "height": 768},
    {"width": 1280, "height": 720},
    {"width": 1366, "height": 768},
    {"width": 1440, "height": 900},
    WIDE,
)
PLACES = ("pair-person", "pair-script", "pair-call", "pair-why", "pair-told")
LEAST_PX = 11
LINE_PX = 40
"""What stands beside each other in a line may be so much higher or lower."""

FOCUSED = """() => {
  const it = document.activeElement;
  const column = it.closest(".pair > div, #queue, .side, .path, .steps, [data-part=head], [data-part=climb]");
  const name = column?.id || column?.dataset.part || column?.className.split(" ").pop() || "";
  const box = it.getBoundingClientRect();
  return { name, id: it.id, top: box.top + document.getElementById("middle").scrollTop, left: box.left };
}"""
ZOOMING_MS = 150
"""After so long the map is in the middle of a zoom."""
READ = "() => [...document.querySelectorAll('.pair > div')].map((it) => it.className)"
TEXTS = """() => [...document.querySelectorAll(".pair-why svg.plot text")].map(
  (it) => parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a)"""
SIDEWAYS = """() => ["#middle", "#queue"].map((it) => document.querySelector(it)).filter(
  (it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.id)"""


async def box_of(page: Page, selector: str) -> FloatRect:
    box = await page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box


async def places(page: Page) -> dict[str, FloatRect]:
    return {name: await box_of(page, f".{name}") for name in PLACES}


async def opened(screens: Screens, size: ViewportSize) -> tuple[Page, QueueRow]:
    """A home's incident that one has claimed, on a desk of this size whose shift has begun."""
    row = await screens.pressed(screens.centre.home())
    await screens.centre.claim(row, "zuoxi1")
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.set_viewport_size(size)
    await page.locator("#start-shift").click()
    await page.wait_for_selector("#silent", state="hidden")
    return page, row


async def test_person_script_why_beside_each_other_and_the_timeline_below(screens: Screens) -> None:
    page, _ = await opened(screens, WIDE)
    person, script, call, why, told = (await places(page)).values()
    assert person["y"] == script["y"] == why["y"]
    assert person["x"] + person["width"] <= script["x"] == call["x"]
    assert script["x"] + script["width"] <= why["x"]
    assert told["y"] >= max(it["y"] + it["height"] for it in (person, call, why)) - 1
    assert await page.locator(".pair-why [data-part=plot] svg.plot").count() == 1


@pytest.mark.parametrize("size", DESKS, ids=lambda it: f"{it['width']}x{it['height']}")
async def test_person_next_step_and_why_are_in_sight_and_the_plot_can_be_read(
    screens: Screens, size: ViewportSize
) -> None:
    page, _ = await opened(screens, size)
    for part in ("#panel-title", ".step-row", "[data-part=who]", ".script-now", "[data-part=why]", "svg.plot"):
        box = await box_of(page, f"#middle {part}")
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= size["height"], (part, box)
    person, script, _, why, _ = (await places(page)).values()
    assert person["x"] + person["width"] <= why["x"]
    assert script["x"] + script["width"] <= why["x"]
    texts = await page.evaluate(TEXTS)
    assert len(texts) > 8
    assert min(texts) >= LEAST_PX, texts
    assert await page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("size", DESKS[1:], ids=lambda it: f"{it['width']}x{it['height']}")
async def test_nothing_moves_when_rows_arrive_and_the_panel_is_drawn_anew(screens: Screens, size: ViewportSize) -> None:
    page, row = await opened(screens, size)
    before = await places(page), await box_of(page, "#queue"), await box_of(page, "#middle")
    await screens.pressed(screens.centre.home(nth=1))
    await page.wait_for_selector("#unclaimed .row")
    assert (await places(page), await box_of(page, "#queue"), await box_of(page, "#middle")) == before
    await page.locator("#middle").evaluate("it => it.scrollTop = 120")
    await screens.centre.ask(ReadRisks(key=row.key, incident=row.incident, by="zuoxi1", risks=("狗",)))
    await page.wait_for_selector(".line-risks_read")
    assert await page.locator("#middle").evaluate("it => it.scrollTop") == 120


@pytest.mark.parametrize("size", DESKS, ids=lambda it: f"{it['width']}x{it['height']}")
async def test_tab_goes_through_the_columns_in_the_order_in_which_they_are_read(
    screens: Screens, size: ViewportSize
) -> None:
    page, _ = await opened(screens, size)
    read = [it.split(" ")[0] for it in await page.evaluate(READ)]
    assert read == list(PLACES)
    await page.locator("#queue a.row").first.focus()
    met: list[str] = []
    tops: dict[str, list[float]] = {}
    for _ in range(120):
        found = await page.evaluate(FOCUSED)
        if not found["name"] and met and met[-1] == "pair-told":
            break
        if found["name"] and (not met or met[-1] != found["name"]):
            met.append(found["name"])
        tops.setdefault(found["name"], []).append(round(found["top"]))
        if found["id"] == "do-note":
            break
        await page.keyboard.press("Tab")
    columns = [it for it in met if it in PLACES]
    assert columns == [it for it in PLACES if it in columns], met
    assert {"pair-script", "pair-call", "pair-why", "pair-told"} <= set(columns)
    assert met.index("queue") < met.index("steps") < met.index(columns[0]), met
    if "side" in met:
        assert met.index("queue") < met.index("side") < met.index("steps"), "the map stands below the queue"
    for name in columns:
        assert all(a <= b + LINE_PX for a, b in zip(tops[name], tops[name][1:], strict=False)), (name, tops[name])


async def test_a_map_without_room_breaks_nothing_and_is_there_once_it_has_some(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1")
    for width, height in ((1280, 800), (320, 800), (360, 800), (768, 800), (1024, 800), (1280, 720)):
        await page.set_viewport_size({"width": width, "height": height})
        if (width, height) == (1280, 800):
            await page.goto(f"/?incident={row.incident}")
            await page.wait_for_selector("#towns button", state="attached")
        await page.wait_for_timeout(ZOOMING_MS)
    await page.goto(f"/?incident={row.incident}")
    await screens.connected(page)
    await expect(page.locator("#map")).to_be_hidden()
    await screens.pressed(screens.centre.home(nth=1))
    await expect(page.locator("#unclaimed a.row")).to_have_count(2)
    await page.set_viewport_size(WIDE)
    await expect(page.locator("#map .map-dot")).to_have_count(2)
    for dot in await page.locator("#map .map-dot").all():
        await expect(dot).to_be_in_viewport()
