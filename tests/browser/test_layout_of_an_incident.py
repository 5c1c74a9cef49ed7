"""On a wide desk: left the person, in the middle the script, right the why with its plot, and the timeline below."""

from playwright.async_api import Page
from screens import Screens

PLACES = ("pair-person", "pair-script", "pair-why", "pair-told")


async def _places(page: Page) -> dict[str, dict[str, float]]:
    found = {}
    for name in PLACES:
        box = await page.locator(f".{name}").bounding_box()
        assert box is not None, name
        found[name] = dict(box)
    return found


async def test_person_script_why_beside_each_other_and_the_timeline_below(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    await screens.centre.claim(row, "zuoxi1")
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    person, script, why, told = (await _places(page)).values()
    assert person["y"] == script["y"] == why["y"]
    assert person["x"] + person["width"] <= script["x"]
    assert script["x"] + script["width"] <= why["x"]
    assert told["y"] >= max(it["y"] + it["height"] for it in (person, script, why)) - 1
    assert await page.locator(".pair-why [data-part=plot] svg.plot").count() == 1

    before = await _places(page)
    await screens.pressed(screens.centre.home(nth=1))
    await page.wait_for_selector("#unclaimed .row")
    assert await _places(page) == before


async def test_on_a_narrow_desk_one_below_the_other_and_the_script_first(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    await screens.centre.claim(row, "zuoxi1")
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.set_viewport_size({"width": 1280, "height": 800})
    tops = []
    for part in ("script", "who", "why", "rooms", "call", "timeline"):
        box = await page.locator(f"#panel [data-part={part}]").bounding_box()
        assert box is not None, part
        tops.append(box["y"])
    assert tops == sorted(tops)
