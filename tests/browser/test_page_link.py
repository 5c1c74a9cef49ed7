"""The page behind the link in a message: on a telephone, without scripts, with a PIN."""

from screens import Screens, link_of

from alerting.model import EntryKind


async def test_a_person_takes_it_over_on_a_telephone_without_scripts(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.visit(await link_of(screens, row), phone=True, scripts=False)
    box = await page.get_by_role("button", name="我来接手").bounding_box()
    assert box is not None
    assert box["height"] >= 48, "big enough for a thumb"
    assert box["y"] + box["height"] <= 844, "without scrolling"
    screens.expects("401")
    await page.get_by_label("您的 PIN").fill("0000")
    await page.get_by_role("button", name="我来接手").click()
    assert await page.get_by_role("alert").inner_text() == "PIN 不正确。"
    await page.get_by_label("您的 PIN").fill("2468")
    await page.keyboard.press("Enter")
    assert "您已接手" in await page.get_by_role("status").inner_text()
    assert row.address in await page.locator("main").inner_text()
    timeline = (await screens.centre.incident(row.incident)).timeline
    assert [e.kind for e in timeline].count(EntryKind.PAGE_ACCEPTED) == 1
