"""Absences as people without scripts note them: the desk, a responsible person, and family by their link."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Household, Role
from tests.dashboard.visitor import Visitor, arrived


def home_of(centre: Centre) -> Household:
    return next(home for home in centre.gateway.directory.households.values() if home.contacts)


def field(centre: Centre, hours: float) -> str:
    """A moment as a browser's field sends it, by the clock on the wall in China."""
    return (centre.clock.now() + timedelta(hours=hours + 8)).strftime("%Y-%m-%dT%H:%M")


async def test_on_the_household_s_page_it_is_noted_put_off_and_ended(centre: Centre) -> None:
    browser, home = arrived(centre, "wang", Role.OPERATOR), home_of(centre)
    page = f"/households/{home.key}"
    await browser.go(page)
    await browser.send(f"/absences/{home.key}/begin", kind="hospital", who="女儿", reason="<b>骨折</b>")
    assert browser.path == page
    for text in ("住院", "女儿", "&lt;b&gt;骨折&lt;/b&gt;", "测试wang"):
        assert text in browser.page
    row = await centre.gateway.desk.absence_of(home.key)
    assert row is not None
    assert row.until - centre.clock.now() == timedelta(days=7), "left empty it is as long as usual for the reason"
    await browser.send(f"/absences/{home.key}/change", until=field(centre, 24 * 300))
    assert "结束时间必须在将来" in browser.page
    await browser.send(f"/absences/{home.key}/change", until=field(centre, 48))
    row = await centre.gateway.desk.absence_of(home.key)
    assert row is not None
    assert row.until == centre.clock.now().replace(second=0, microsecond=0) + timedelta(hours=48)
    await browser.go("/absences")
    assert home.title in browser.page
    await browser.send(f"/absences/{home.key}/end")
    assert browser.path == "/absences"
    assert "目前没有外出登记" in browser.page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": "someday"}, "日期和时间请写成"),
        ({"who": " "}, "请写明是谁说的"),
        ({"until": "2020-01-01T00:00"}, "结束时间必须在将来"),
        ({"until": "9999-12-31T23:59"}, "结束时间必须在将来"),
        ({"until": "0001-01-01T00:00"}, "日期和时间请写成"),
    ],
)
async def test_what_cannot_be_is_said_so(centre: Centre, fields: dict[str, str], said: str) -> None:
    browser, home = arrived(centre, "wang", Role.OPERATOR), home_of(centre)
    await browser.go(f"/households/{home.key}")
    await browser.send(f"/absences/{home.key}/begin", **{"kind": "travel", "who": "邻居", **fields})
    assert said in browser.page
    assert await centre.gateway.desk.absence_of(home.key) is None


async def test_from_the_incident_in_one_step_and_back_to_it(centre: Centre) -> None:
    browser, home = arrived(centre, "wang", Role.OPERATOR), centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await browser.go(f"/?incident={row.incident}")
    await browser.send(f"/absences/{home.household}/begin", kind="hospital", who="邻居")
    assert row.incident in browser.path
    assert "登记外出" in browser.page
    assert (await centre.row_of(home)).state == row.state


async def test_a_responsible_person_sees_and_notes_their_own_homes_alone(centre: Centre) -> None:
    home = home_of(centre)
    other = next(it for it in centre.gateway.directory.households.values() if it.key != home.key)
    other = msgspec.structs.replace(other, village_responder="r-other", town_responder="")
    mine = msgspec.structs.replace(home, village_responder="r-mine", town_responder="")
    centre.gateway.directory.households.update({home.key: mine, other.key: other})
    browser = arrived(centre, "li", Role.RESPONDER, responder="r-mine")
    await browser.go("/absences")
    assert home.title in browser.page
    assert other.address not in browser.page
    await browser.send(f"/absences/{home.key}/begin", kind="visit")
    row = await centre.gateway.desk.absence_of(home.key)
    assert row is not None
    assert (row.said_by, row.who) == ("responsible", "测试li")
    token = browser.form(f"/absences/{home.key}/end")
    answer = await browser.post(f"/absences/{other.key}/begin", **token, kind="visit")
    assert answer.status_code == 404
    assert await centre.gateway.desk.absence_of(other.key) is None
    idle = arrived(centre, "zhao", Role.RESPONDER)
    assert home.title not in await idle.go("/absences")


async def test_nobody_beyond_their_area(centre: Centre) -> None:
    home = home_of(centre)
    elsewhere = next(it.area for it in centre.gateway.directory.households.values() if it.area != home.area)
    browser = arrived(centre, "wang", Role.OPERATOR, area=elsewhere)
    await browser.go("/absences")
    csrf = centre.gateway.app.state.site.tokens.form_token(browser.web.cookies["nuanhu_sign_in"])
    answer = await browser.post(f"/absences/{home.key}/begin", csrf=csrf, kind="visit", who="x")
    assert answer.status_code == 404


# family ---------------------------------------------------------------------------------------------------------


async def invited(centre: Centre) -> tuple[str, str]:
    """A link for the first contact, and its PIN."""
    desk, home = arrived(centre, "wang", Role.OPERATOR), home_of(centre)
    await desk.go(f"/households/{home.key}")
    await desk.send(f"/households/{home.key}/relative-link", contact="0")
    link = re.search(r'id="relative-link">[^<]*(/f/[^<]+)<', desk.page)
    pin = re.search(r'id="relative-pin">(\d{6})<', desk.page)
    assert link is not None
    assert pin is not None
    return link[1], pin[1]


async def test_family_tells_of_an_absence_with_link_and_pin_and_sees_the_least(centre: Centre) -> None:
    home = home_of(centre)
    path, pin = await invited(centre)
    phone = Visitor(centre)
    await phone.go(path)
    for secret in (home.title, home.address, home.key, home.contacts[0].phone):
        assert secret not in phone.page
    assert home.contacts[0].name in phone.page
    await phone.send(path, pin=f"{(int(pin) + 1) % 10**6:06d}")
    assert "PIN 不正确" in phone.page
    assert await centre.gateway.desk.absence_of(home.key) is None
    await phone.send(path, pin=pin)
    await phone.send(path, kind="travel")
    row = await centre.gateway.desk.absence_of(home.key)
    assert row is not None
    assert (row.said_by, row.who, row.kind) == ("relative", home.contacts[0].name, "travel")
    for secret in (home.title, home.address, home.contacts[0].phone):
        assert secret not in phone.page
    assert "已登记，坐席可以看到" in phone.page
    await phone.post(path, **phone.form(path), step="end")
    assert await centre.gateway.desk.absence_of(home.key) is None


async def test_opening_a_link_changes_nothing_and_without_its_pin_it_is_closed_soon(centre: Centre) -> None:
    path, pin = await invited(centre)
    phone = Visitor(centre)
    await phone.go(f"{path}?step=begin&kind=travel&pin={pin}")
    assert await centre.gateway.desk.absence_of(home_of(centre).key) is None
    for _ in range(6):
        await phone.send(path, pin="000000" if pin != "000000" else "111111")
    assert phone.status == 429
    await phone.send(path, pin=pin)
    assert "多次错误" in phone.page
    assert (await phone.post(path, pin=pin, step="begin", kind="travel")).status_code == 403, "no form of ours"


async def test_a_link_ends_with_its_time_and_with_its_contact(centre: Centre) -> None:
    home = home_of(centre)
    path, _ = await invited(centre)
    phone = Visitor(centre)
    assert (await phone.web.get(f"{path}x")).status_code == 410
    assert (await phone.web.get("/f/" + path[3:].replace(".", "", 1))).status_code == 410
    moved = msgspec.structs.replace(home.contacts[0], phone="13900000000")
    centre.gateway.directory.households[home.key] = msgspec.structs.replace(home, contacts=(moved, *home.contacts[1:]))
    assert (await phone.web.get(path)).status_code == 410
    centre.gateway.directory.households[home.key] = home
    assert (await phone.web.get(path)).status_code == 200
    centre.clock.advance(timedelta(days=30))
    assert (await phone.web.get(path)).status_code == 410
