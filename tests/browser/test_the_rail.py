"""The navigation of whoever sees most of it: at once, each page with a sign and a name of its own."""

import pytest
from looks import SIZES
from screens import Screens, rail_of


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
