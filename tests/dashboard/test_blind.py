"""The page of the homes that are to be confirmed: by risk, with whom to telephone, one button a home."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.model import RiskTier
from dashboard.pages import blind
from tests.dashboard.visitor import arrived, told

SCRIPT = {"accept": "application/json"}
ROWS = re.compile(r'action="/blind/([^"/]+)/confirm"')


async def away(centre: Centre) -> None:
    """The gateway is away for ten minutes."""
    await centre.pass_time(seconds=30)
    await centre.close_gateway()
    centre.clock.advance(timedelta(minutes=10))
    await centre.open_gateway()
    await centre.barrier()


async def test_without_an_outage_the_page_says_so(centre: Centre) -> None:
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/blind")
    assert "所有住户均有信号" in browser.page


async def test_homes_stand_by_risk_with_the_resident_s_telephone(centre: Centre) -> None:
    await away(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/blind")
    keys = ROWS.findall(browser.page)
    homes = centre.gateway.directory.households
    assert set(keys) == set(homes)
    tiers = [list(RiskTier).index(homes[key].tier) for key in keys]
    assert tiers == sorted(tiers)
    assert tiers[0] != tiers[-1]
    for home in homes.values():
        assert f"tel:{home.residents[0].phone}" in browser.page
        assert f"tel:{home.contacts[-1].phone}" in browser.page
    assert "网关中断" in browser.page


async def test_one_button_confirms_a_home_and_says_when_it_already_is(centre: Centre) -> None:
    await away(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/blind")
    first, second, *_ = ROWS.findall(browser.page)
    form = browser.form(f"/blind/{first}/confirm")
    await browser.send(f"/blind/{first}/confirm")
    assert first not in ROWS.findall(browser.page)
    assert second in ROWS.findall(browser.page)
    late = await browser.post(f"/blind/{first}/confirm", headers=SCRIPT, csrf=form["csrf"], once="another")
    assert (late.status_code, told(late)["refused"]) == (409, "not_blind")
    again = await browser.post(f"/blind/{first}/confirm", headers=SCRIPT, csrf=form["csrf"], once=form["once"])
    assert again.status_code == 200


async def test_nobody_confirms_beyond_their_area_or_role(centre: Centre) -> None:
    await away(centre)
    homes = centre.gateway.directory.households
    mine = next(iter(homes.values())).area
    other = next(home.key for home in homes.values() if home.area != mine)
    browser = arrived(centre, "wang", Role.OPERATOR, area=mine)
    await browser.go("/blind")
    keys = ROWS.findall(browser.page)
    assert {homes[key].area for key in keys} == {mine}
    form = browser.form("/blind/")
    assert (await browser.post(f"/blind/{other}/confirm", csrf=form["csrf"], once="x")).status_code == 404
    assert (await browser.post(f"/blind/{keys[0]}/confirm", csrf="stale", once="x")).status_code == 403
    supervisor = arrived(centre, "zhu", Role.SUPERVISOR)
    await supervisor.go("/blind")
    assert homes[other].title in supervisor.page
    assert ROWS.findall(supervisor.page) == []
    assert (await supervisor.post(f"/blind/{other}/confirm", once="x")).status_code == 403


async def test_a_long_list_comes_in_parts(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind, "A_PAGE", 5)
    await away(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    seen: list[str] = []
    for part, count in ((1, 5), (2, 5), (3, 2), (99, 2)):
        await browser.go(f"/blind?part={part}")
        keys = ROWS.findall(browser.page)
        assert len(keys) == count
        seen += keys if part < 99 else []
        assert '<span class="count" id="blind-total">12</span>' in browser.page
    assert len(set(seen)) == 12


async def test_the_console_counts_them(centre: Centre) -> None:
    await away(centre)
    await centre.move(centre.home())
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/")
    assert '<b data-counter="blind">11</b>' in browser.page
