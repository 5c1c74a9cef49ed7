"""One key says that one knows what to beware of in a home: just what was shown, and until then it says not yet."""

from __future__ import annotations

import msgspec
from playwright.async_api import expect
from screens import Screens

from alerting.model import EntryKind

RISKS = ("院内有大狗", "煤气罐在门后")


async def test_k_says_it_and_what_was_not_shown_is_shown_first(screens: Screens) -> None:
    screens.expects(r"409 \(Conflict\)")
    homes, home = screens.centre.gateway.directory.households, screens.centre.home()
    file = screens.household(home)
    homes[file.key] = msgspec.structs.replace(file, risks=RISKS[:1])
    row = await screens.pressed(home)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await expect(page.locator("#risks-unread")).to_have_text("尚未确认知悉")
    await expect(page.locator("#do-risks")).to_have_count(0)
    await page.keyboard.press("a")
    await expect(page.locator("#do-risks")).to_be_visible()

    homes[file.key] = msgspec.structs.replace(file, risks=RISKS)
    await page.keyboard.press("k")
    await expect(page.locator("#step-refused")).to_contain_text("注意事项刚有变动")
    await expect(page.locator("[data-part=who]")).to_contain_text("；".join(RISKS))
    await expect(page.locator("#risks-unread")).to_be_visible()

    await page.keyboard.press("k")
    await expect(page.locator("#risks-read")).to_contain_text("已知悉")
    await expect(page.locator("#risks-unread")).to_have_count(0)
    await page.keyboard.press("k")  # there is nothing left to say
    _, timeline = await screens.stored(row)
    (line,) = [it for it in timeline if it.kind is EntryKind.RISKS_READ]
    assert (line.by, line.text.split("|")[2:]) == ("zuoxi1", [*RISKS])
