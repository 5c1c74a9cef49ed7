"""The wall: who may open it, what its pass is good for, and what it counts."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from centre import Centre

from alerting.casefile import Role, covers
from dashboard.pages.wall import WALL_COOKIE
from dashboard.sign_in import hash_password
from dashboard.site import SIGN_IN_COOKIE
from nuanhu.town.homes import OWN
from tests.dashboard.visitor import Visitor, arrived

OK, FORBIDDEN, SIGNED_OUT = 200, 403, 401


async def kept(centre: Centre, login: str, role: Role = Role.SUPERVISOR, area: str = "") -> Visitor:
    """A browser that has been left with the wall, and in which nobody is signed in any more."""
    browser = arrived(centre, login, role, area=area)
    await browser.go("/wall")
    await browser.send("/wall")
    browser.web.cookies.delete(SIGN_IN_COOKIE)
    return browser


async def test_who_watches_may_open_it_and_nobody_else(centre: Centre) -> None:
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
        assert (await arrived(centre, f"w-{role}", role).web.get("/wall")).status_code == OK
    for role in (Role.RESPONDER, Role.INSTALLER):
        assert (await arrived(centre, f"w-{role}", role).web.get("/wall")).status_code == FORBIDDEN
    stranger = Visitor(centre)
    assert (await stranger.web.get("/api/wall")).status_code == SIGNED_OUT
    assert (await stranger.web.get("/wall")).headers["location"].startswith("/sign-in")


async def test_its_pass_shows_the_wall_alone_and_ends_with_the_password(centre: Centre) -> None:
    browser = await kept(centre, "zhu9")
    assert (await browser.web.get("/wall")).status_code == OK
    assert "keep-wall" not in (await browser.web.get("/wall")).text, "nobody is signed in: nothing to keep"
    for path in ("/overview", "/", "/api/snapshot", "/households"):
        assert (await browser.web.get(path)).status_code in {303, SIGNED_OUT}
    accounts = centre.gateway.directory.accounts
    accounts["zhu9"] = msgspec.structs.replace(accounts["zhu9"], password_hash=hash_password("another password"))
    assert (await browser.web.get("/api/wall")).status_code == SIGNED_OUT


async def test_it_ends_after_thirty_days(centre: Centre) -> None:
    browser = await kept(centre, "zhu9")
    centre.clock.advance(timedelta(days=29))
    assert (await browser.web.get("/api/wall")).status_code == OK
    centre.clock.advance(timedelta(days=2))
    assert (await browser.web.get("/api/wall")).status_code == SIGNED_OUT
    assert browser.web.cookies.get(WALL_COOKIE, path="/wall"), "the browser itself still has it"


async def test_an_account_of_one_town_sees_the_villages_of_its_own(centre: Centre) -> None:
    homes = {it.key: it for it in centre.plan.registry.households}
    here = homes[centre.home().household]
    town = here.area.rpartition(".")[0]
    other = next(it for it in centre.plan.homes if it.make == OWN and not covers(town, homes[it.household].area))
    await centre.press(centre.home())
    await centre.press(other)
    whole = await arrived(centre, "zhu8", Role.SUPERVISOR).go("/wall")
    mine = await arrived(centre, "zhu7", Role.SUPERVISOR, area=town).go("/wall")
    assert '<dd id="wall-unclaimed">2</dd>' in whole
    assert '<dd id="wall-unclaimed">1</dd>' in mine
    areas = {it.key: it.name for it in await centre.gateway.desk.areas()}
    assert areas[here.area] in mine
    assert areas[here.area] not in whole, "towns for the city, villages for a town"
    for file in homes.values():
        assert file.address not in whole
        assert file.residents[0].name not in whole
