"""Visits and calls as people without scripts record them: a responsible person, the desk, a supervisor."""

from __future__ import annotations

import re

import msgspec
from centre import Centre

from alerting.care.duty import WEEKLY, CareKind
from alerting.casefile import Household, Role
from tests.dashboard.visitor import Visitor, arrived


def home_of(centre: Centre) -> Household:
    return centre.gateway.directory.households[centre.home().household]


def responsible(centre: Centre, home: Household) -> Visitor:
    return arrived(centre, "li", Role.RESPONDER, area=home.area, responder=home.village_responder)


async def kinds_owed(centre: Centre, home: Household) -> set[CareKind]:
    return {row.kind for row in await centre.gateway.desk.care_of([home.key])}


async def test_on_the_telephone_with_one_tap_and_taken_back(centre: Centre) -> None:
    home = home_of(centre)
    browser = responsible(centre, home)
    await browser.go("/rounds")
    assert home.title in browser.page
    assert "见到本人，平安" in browser.page
    await browser.send(f"/care/{home.key}/record", kind="visit", result="well")
    assert browser.path == "/rounds"
    assert await kinds_owed(centre, home) == {CareKind.CALL}
    await browser.send(f"/care/{home.key}/take-back")
    assert await kinds_owed(centre, home) == {CareKind.CALL, CareKind.VISIT}
    (given,) = await centre.gateway.desk.care_given(home.key)
    assert (given.by, given.struck_at is not None) == ("li", True)


async def test_a_note_and_where_it_was_are_kept_and_nonsense_is_not(centre: Centre) -> None:
    home = home_of(centre)
    browser = responsible(centre, home)
    await browser.go("/rounds")
    where = {"lat": "31.123456789", "lon": "120.5", "accuracy": "12.4"}
    fields = {"kind": "visit", "result": "needs", "text": "<b>要换药</b>"}
    await browser.send(f"/care/{home.key}/record", **fields, **where)
    await browser.go("/rounds")
    nowhere = {"lat": "nan", "lon": "999", "accuracy": "1"}
    await browser.send(f"/care/{home.key}/record", kind="call", result="nobody", **nowhere)
    call, visit = await centre.gateway.desk.care_given(home.key)
    assert (visit.lat, visit.lon, visit.accuracy_m, visit.text) == (31.123457, 120.5, 12, "<b>要换药</b>")
    assert (call.lat, call.accuracy_m) == (None, None)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go("/care")
    assert "&lt;b&gt;要换药&lt;/b&gt;" in desk.page, "needs that were found stand on the supervisor's page"
    await desk.go(f"/households/{home.key}")
    assert "无人接听" in desk.page


async def test_other_people_s_homes_are_nobody_s_to_record(centre: Centre) -> None:
    home = home_of(centre)
    browser = arrived(centre, "wai", Role.RESPONDER, area=home.area, responder="village-none")
    await browser.go("/rounds")
    assert home.title not in browser.page
    token = re.search(r'name="csrf" value="(\w+)"', browser.page)
    assert token is not None
    answer = await browser.post(f"/care/{home.key}/record", csrf=token[1], kind="visit", result="well")
    assert answer.status_code == 404
    far = arrived(centre, "yuan", Role.SUPERVISOR, area="990100.77")
    await far.go("/care")
    assert home.title not in far.page
    token = re.search(r'name="csrf" value="(\w+)"', far.page)
    assert token is not None
    for path in (f"/care/{home.key}/record", f"/care/{home.key}/take-back"):
        answer = await far.post(path, csrf=token[1], kind="visit", result="well", number="1")
        assert answer.status_code == 404
    assert (await far.web.get(f"/households/{home.key}/wall-card")).status_code == 404
    assert await kinds_owed(centre, home) == set(WEEKLY)


async def test_a_deputy_finds_the_home_among_the_others_and_by_search(centre: Centre) -> None:
    home = home_of(centre)
    mine = msgspec.structs.replace(home, village_deputy="village-b")
    centre.gateway.directory.households[home.key] = mine
    browser = arrived(centre, "fu", Role.RESPONDER, responder="village-b")
    await browser.go("/rounds")
    assert "我负责的其他住户" in browser.page
    assert home.title in browser.page
    await browser.go("/rounds?q=nobody-of-this-name")
    assert home.address not in browser.page


async def test_the_card_for_the_wall_is_for_whoever_has_said_why(centre: Centre) -> None:
    home = home_of(centre)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go(f"/households/{home.key}/wall-card")
    assert desk.path == f"/households/{home.key}"
    await desk.send(f"/households/{home.key}/open", reason="duty")
    await desk.go(f"/households/{home.key}/wall-card")
    responder = centre.gateway.directory.responders[home.village_responder]
    for text in (responder.name, responder.phone, "请按红色按钮", "<svg"):
        assert text in desk.page


async def test_nonsense_in_a_form_is_refused(centre: Centre) -> None:
    home = home_of(centre)
    browser = responsible(centre, home)
    await browser.go("/rounds")
    for fields in ({"kind": "dance", "result": "well"}, {"kind": "visit", "result": "?"}):
        token = browser.form(f"/care/{home.key}/record")["csrf"]
        assert (await browser.post(f"/care/{home.key}/record", csrf=token, **fields)).status_code == 400
    assert (await browser.post(f"/care/{home.key}/record", kind="visit", result="well")).status_code == 403
