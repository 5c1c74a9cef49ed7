"""A home that is quiet for too long: the screen says since when, how long, and against which limit, and draws it."""

from playwright.async_api import expect
from screens import Screens

from alerting.model import AlarmKind
from nuanhu.town.homes import Home


async def _quiet(screens: Screens, home: Home, hours: int) -> None:
    """Nobody moves, every device of the home gives signs of life."""
    for _ in range(hours):
        await screens.centre.pass_time(hours=1)
        for fitted in home.fitted:
            await screens.centre.alive(home, fitted.device)
        await screens.centre.settled()


async def test_an_inactivity_incident_says_why_and_draws_the_days(screens: Screens) -> None:
    home = screens.centre.home()
    await screens.centre.move(home)
    await _quiet(screens, home, 11)
    row = await screens.centre.row_of(home)
    alarm = row.alarms[0]
    assert alarm.kind is AlarmKind.INACTIVITY

    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await expect(page.locator("#panel-title")).to_contain_text("长时间无活动")
    why = page.locator("[data-part=why]")
    await expect(why).to_contain_text("自 08:00 起家中没有任何活动，已持续 11 小时")
    hours, minutes = divmod(alarm.limit_s // 60, 60)
    await expect(why).to_contain_text(f"上限为 {hours} 小时" + (f" {minutes} 分" if minutes else ""))

    plot = page.get_by_role("img", name="近 14 天活动图")
    await expect(plot).to_be_visible()
    assert await plot.locator("title").text_content() == "近 14 天活动图"
    assert "11 小时前" in (await plot.locator("desc").text_content() or "")
    for mark in (".plot-active-1", ".plot-quiet", ".plot-over"):
        box = await plot.locator(mark).first.bounding_box()
        assert box is not None, mark
        assert box["width"] > 0, mark
