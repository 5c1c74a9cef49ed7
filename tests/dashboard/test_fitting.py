"""An installer of one area puts no device into a home of another, and none behind another home's bridge."""

from __future__ import annotations

import re

import msgspec
from centre import ZIGBEE, Centre

from alerting.casefile import Role, covers
from nuanhu.town.homes import Home
from tests.dashboard.visitor import Visitor, arrived

INNER = "0x00124b00eeee0001"


def town_of(centre: Centre, home: Home) -> str:
    return centre.gateway.directory.households[home.household].area.rpartition(".")[0]


def hubs(centre: Centre) -> tuple[Home, Home]:
    """Two homes with a bridge of their own, in two towns."""
    homes = [home for home in centre.plan.homes if len(centre.gateway.directory.homes_behind(home.bridge.id)) == 1]
    mine = next(home for home in homes if home.make == ZIGBEE)
    area = centre.gateway.directory.households
    other = next(home for home in homes if not covers(town_of(centre, mine), area[home.household].area))
    return mine, other


async def posted(browser: Visitor, home: Home, act: str, **fields: str) -> int:
    await browser.go(f"/installs/{home.household}/add")
    token = browser.form(f"/installs/{home.household}")
    return (await browser.post(f"/installs/{home.household}/{act}", None, **token, **fields)).status_code


async def test_a_device_is_not_moved_to_a_home_of_another_area(centre: Centre) -> None:
    mine, other = hubs(centre)
    device = centre.device(mine, "panic")
    browser = arrived(centre, "zhuang", Role.INSTALLER, area=town_of(centre, mine))
    fields = {"device": device.id, "room": "hall"}
    assert await posted(browser, mine, "place", household=other.household, **fields) == 404
    assert await posted(browser, mine, "place", household=mine.household, bridge=other.bridge.id, **fields) == 404
    assert centre.gateway.directory.devices[device.id] == device
    assert await posted(browser, mine, "place", household=mine.household, **fields) == 303
    assert centre.gateway.directory.devices[device.id].room == "hall"
    assert await posted(browser, mine, "place", household="NO-SUCH", **fields) == 303
    assert centre.gateway.directory.devices[device.id].household == mine.household


async def test_a_city_wide_installer_moves_it_where_the_work_is(centre: Centre) -> None:
    mine, other = hubs(centre)
    device = centre.device(mine, "panic")
    browser = arrived(centre, "zhuang", Role.INSTALLER)
    assert await posted(browser, mine, "place", household=other.household, device=device.id, room="hall") == 303
    assert centre.gateway.directory.devices[device.id].household == other.household


async def test_no_new_device_is_behind_the_bridge_of_a_home_of_another_area(centre: Centre) -> None:
    mine, other = hubs(centre)
    device = centre.device(mine, "panic")
    browser = arrived(centre, "zhuang", Role.INSTALLER, area=town_of(centre, mine))
    fields = {"inner": INNER, "role": "panic", "room": "bedroom"}
    for more in ({}, {"swaps": device.id}):
        assert await posted(browser, mine, "enrol", bridge=other.bridge.id, **fields, **more) == 404
        assert await posted(browser, mine, "enrol", bridge="no-such", **fields, **more) == 404
    assert centre.gateway.directory.named(INNER) == []
    assert await posted(browser, mine, "enrol", bridge=mine.bridge.id, **fields) == 303
    assert [it.household for it in centre.gateway.directory.named(INNER)] == [mine.household]


async def test_no_role_and_no_room_is_offered_twice_and_an_old_name_stays_where_it_was_given(centre: Centre) -> None:
    home = centre.home()
    technician = arrived(centre, "fitter", Role.INSTALLER)
    await technician.go(f"/installs/{home.household}/add")
    for name in ("role", "room"):
        offered = re.search(rf'<select name="{name}".*?</select>', technician.page, re.DOTALL)
        assert offered is not None
        words = re.findall(r"<option[^>]*>([^<]+)<", offered[0])
        assert len(words) > 8
        assert len(words) == len(set(words))
    door = centre.device(home, "door")
    old = msgspec.structs.replace(door, role="contact", room="door")
    centre.gateway.directory.devices[door.id] = old
    await technician.go(f"/installs/{home.household}/devices/{door.id}")
    assert 'value="contact" selected' in technician.page
    assert 'value="door" selected' in technician.page
