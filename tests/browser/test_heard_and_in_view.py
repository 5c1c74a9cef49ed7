"""A new alarm is said once, moves nothing for those who want that, and takes the keyboard from nobody."""

from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect
from screens import PHONE, Screens, row_in

TABS = 45
LISTENING = """() => {
  window.said = [];
  for (const region of document.querySelectorAll("[aria-live=assertive], [role=alert]"))
    new MutationObserver(() => window.said.push(region.textContent.trim()))
      .observe(region, { childList: true, characterData: true, subtree: true });
}"""
HOLDS = "() => document.activeElement.dataset.incident ?? document.activeElement.id"
MOVING = "() => document.getAnimations().map((it) => it.animationName ?? it.transitionProperty)"
HAS_KEYBOARD = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))); // has been scrolled to
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  if (it === document.body || box.width < 2) return null;
  const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, innerHeight) / 2];
  const there = document.elementFromPoint(x, y);
  return {
    what: `${it.tagName} ${it.id || it.name} ${it.textContent.trim().slice(0, 20)}, under ${there?.className}`,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isInView: there !== null && (it.contains(there) || there.contains(it)),
  };
}"""


async def test_a_new_p1_is_said_once_and_whatever_follows_is_not_said_as_new(screens: Screens) -> None:
    centre = screens.centre
    page = await screens.sign_in("zuoxi1")
    await page.evaluate(LISTENING)
    row = await screens.pressed(centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    said = await page.evaluate("window.said")
    assert len(said) == 1, said
    assert "新报警" in said[0]
    assert row.resident in said[0]
    await centre.claim(row)
    await centre.spoke(row)
    await expect(row_in(page, "progress", row)).to_be_visible()
    assert await page.evaluate("window.said") == said
    await screens.pressed(centre.home())
    await expect(row_in(page, "progress", row)).to_contain_text("再次按下")
    assert len(await page.evaluate("window.said")) == 2, "pressed once more: said once more"


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
async def test_a_row_comes_without_motion_where_nobody_wants_any(screens: Screens, wish: Any) -> None:
    page = await screens.sign_in("zuoxi1")
    await page.emulate_media(reduced_motion=wish)
    await screens.pressed(screens.centre.home(nth=1))
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    moving = await page.evaluate(MOVING)
    assert moving == [] if wish == "reduce" else "arrive" in moving


async def test_the_keyboard_stays_where_it_is_while_rows_come_change_and_open(screens: Screens) -> None:
    centre = screens.centre
    first = await screens.pressed(centre.home())
    page = await screens.sign_in("zuoxi1")
    await row_in(page, "unclaimed", first).focus()
    second = await screens.pressed(centre.home(nth=1))
    await expect(row_in(page, "unclaimed", second)).to_be_visible()
    assert await page.evaluate(HOLDS) == first.incident, "a row came"
    await centre.claim(first)
    await expect(row_in(page, "progress", first)).to_be_visible()
    assert await page.evaluate(HOLDS) == first.incident, "its own row went to the other group"
    await page.keyboard.press("Enter")
    await expect(page.locator("#panel")).to_have_attribute("data-incident", first.incident)
    assert await page.evaluate(HOLDS) == first.incident, "its incident was opened beside it"
    await page.keyboard.press("m")
    await expect(page.locator("#note-text")).to_be_focused()
    await screens.pressed(centre.home(nth=2))
    await centre.spoke(first)
    await expect(page.locator("#panel")).to_have_attribute("data-state", "verifying")
    await expect(page.locator("#note-text")).to_be_focused()


async def _tabbed(page: Page, key: str) -> list[str]:
    """Where the keyboard was, and could not be seen, in so many steps."""
    lost = []
    for _ in range(TABS):
        await page.keyboard.press(key)
        found = await page.evaluate(HAS_KEYBOARD)
        if found and not (found["isMarked"] and found["isInView"]):
            lost.append(f"{key}: {found}")
    return lost


@pytest.mark.parametrize(
    ("login", "path", "window"),
    [
        ("zuoxi1", "/?incident={incident}", {"width": 1280, "height": 720}),
        ("admin", "/households/{home}", {"width": 1280, "height": 720}),
        ("chuzhi", "/jobs", PHONE),
        ("admin", "/households/{home}/edit", {"width": 360, "height": 740}),
    ],
)
async def test_who_has_the_keyboard_is_always_seen(
    screens: Screens, login: str, path: str, window: ViewportSize
) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in(login, path.format(incident=row.incident, home=row.household))
    await page.set_viewport_size(window)
    lost = await _tabbed(page, "Tab") + await _tabbed(page, "Shift+Tab")
    assert not lost, "\n" + "\n".join(lost)
