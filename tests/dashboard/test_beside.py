"""Beside an incident: the resident's photo while it is open, a strip of rooms, and what became of those before."""

from __future__ import annotations

import html
import re

from centre import Centre

from alerting.casefile import Role
from gateway.care.photos_asked import PhotoOf
from tests.dashboard.test_visit_photo import taken
from tests.dashboard.visitor import Visitor, arrived


async def panel_of(browser: Visitor, incident: str) -> str:
    return html.unescape(await browser.go(f"/incidents/{incident}/panel"))


async def test_the_photo_is_shown_while_the_incident_is_open_and_not_after(centre: Centre) -> None:
    home, browser = centre.home(), arrived(centre, "zuoxi9", Role.OPERATOR)
    assert await centre.gateway.desk.keep_home_photo(home.household, PhotoOf.RESIDENT, "zhu", taken())
    await centre.press(home)
    row = await centre.row_of(home)
    address = f"/portraits/{row.incident}/resident"
    assert f'src="{address}"' in await panel_of(browser, row.incident)
    shown = await browser.web.get(address)
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert (await browser.web.get(f"/portraits/{row.incident}/entrance")).status_code == 404, "there is none"
    elsewhere = arrived(centre, "zuoxi8", Role.OPERATOR, area="nowhere")
    assert (await elsewhere.web.get(address)).status_code == 404
    installer = arrived(centre, "an9", Role.INSTALLER)
    assert (await installer.web.get(address)).status_code == 403
    await centre.claim(row)
    await centre.spoke(row)
    await centre.close(row)
    assert "/portraits/" not in await panel_of(browser, row.incident)
    assert (await browser.web.get(address)).status_code == 404


async def test_without_a_photo_there_is_no_gap_for_one(centre: Centre) -> None:
    home, browser = centre.home(), arrived(centre, "zuoxi9", Role.OPERATOR)
    await centre.press(home)
    page = await panel_of(browser, (await centre.row_of(home)).incident)
    assert "portraits" not in page
    assert "who-with-photo" not in page


async def test_rooms_stand_with_the_latest_in_front_and_what_is_quiet_says_so(centre: Centre) -> None:
    home, browser = centre.home(), arrived(centre, "zuoxi9", Role.OPERATOR)
    await centre.move(home)
    await centre.pass_time(minutes=20)
    await centre.press(home)
    page = await panel_of(browser, (await centre.row_of(home)).incident)
    strip = page.split('class="rooms"')[1].split("</ol>")[0]
    rooms = re.findall(r"<strong>(\S+?)</strong>", strip)
    say = centre.gateway.app.state.site.speeches["zh_CN"]
    assert rooms[:2] == [say.room(centre.device(home, role).room) for role in ("panic", "motion")]
    assert strip.count("is-latest") == 1
    assert "20 分钟" in strip.split("</li>")[1]
    assert set(rooms) >= {say.room(it.device.room) for it in home.fitted if it.device.room}
    assert "无活动" in strip


async def test_the_outcomes_of_this_home_s_incidents_before_are_counted(centre: Centre) -> None:
    home, browser = centre.home(), arrived(centre, "zuoxi9", Role.OPERATOR)
    for _ in range(2):
        await centre.press(home)
        row = await centre.row_of(home)
        page = await panel_of(browser, row.incident)
        await centre.claim(row)
        await centre.spoke(row)
        await centre.close(row)
        await centre.pass_time(hours=1)
    assert "× 1" in page
    await centre.press(home)
    row = await centre.row_of(home)
    past = (await panel_of(browser, row.incident)).split('data-part="past"')[1].split("</section>")[0]
    assert "× 2" in past
    assert past.count("<li>") == 2
    assert row.incident not in past
