"""A portable alarm says where it is: the desk sees that it is not at home, and chooses where to send somebody."""

from __future__ import annotations

import base64
import html
import re

from at_the_door import AtTheDoor, at_the_door
from centre import Centre
from on_both_stores import only_sqlite

from alerting.casefile import Device
from alerting.intake.datum import from_wgs84
from nuanhu.town.homes import CITY_SERVER, Home
from tests.dashboard.visitor import Visitor

TRACKER = "24e124fffff00aaa"


def tracker(home: Home) -> Device:
    """A tracker that the resident wears outside, heard through the city's network."""
    return Device(
        id=f"{home.household}-tracker",
        bridge=CITY_SERVER.id,
        inner=TRACKER,
        household=home.household,
        role="pendant",
        vendor="Milesight",
        model="AT101",
    )


async def is_at(centre: Centre, lat: float, lon: float) -> None:
    """The tracker tells its position."""
    place = b"".join(round(degrees * 1e6).to_bytes(4, "little", signed=True) for degrees in (lat, lon))
    uplink = {
        "deduplicationId": "00000000-0000-4000-8000-0000000000aa",
        "deviceInfo": {"devEui": TRACKER, "deviceProfileName": "AT101"},
        "fCnt": 7,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("0488") + place + b"\x00").decode(),
        "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -60, "snr": 8}],
    }
    await centre.say("chirpstack", f"application/town/device/{TRACKER}/event/up", uplink)


async def away(door: AtTheDoor) -> tuple[float, float]:
    """The resident is a good kilometre to the north; a minute passes."""
    place = door.file.place
    spot = (round(place.lat + 0.011, 5), round(place.lon, 5))
    await is_at(door.centre, *spot)
    await door.centre.pass_time(minutes=1)
    return spot


async def panel_of(door: AtTheDoor) -> Visitor:
    """The incident as the one who has it sees it; zuoxi1 is signed in."""
    account = next(it for it in door.centre.plan.registry.accounts if it.login == "zuoxi1")
    desk = Visitor(door.centre)
    desk.enter(account)
    await desk.go(f"/?incident={door.it.row.incident}")
    return desk


async def test_sent_to_the_last_position_the_telephone_shows_that_place_and_the_way_there(centre: Centre) -> None:
    await centre.fit(tracker(centre.home()))
    async with at_the_door(centre) as door:
        lat, lon = await away(door)
        desk = await panel_of(door)
        assert 'id="not-at-home"' in desk.page
        assert "距家 1.2 km" in desk.page
        assert re.search(r'id="where-fix" checked', desk.page)
        fields = {k: html.unescape(v) for k, v in desk.form(f"/incidents/{door.it.row.incident}/dispatch").items()}
        assert (fields["fix_lat"], fields["fix_lon"]) == (f"{lat:.6f}", f"{lon:.6f}")
        answer = await desk.post(
            f"/incidents/{door.it.row.incident}/dispatch", **fields, where="fix", responder=door.who.id
        )
        assert answer.status_code == 303
        job = await door.it.job(door.who.id)
        assert job.spot == (lat, lon)
        assert "08:00:00 收到" in job.destination
        assert door.file.address not in job.destination
        await centre.until(lambda: door.story.main.texts(door.who.phone), "the message")
        door.path = await door.story.link(door.who.phone)
        page = await door.opened()
        assert job.destination in page
        gcj = from_wgs84(lat, lon, "GCJ-02")
        assert f"position={gcj[1]:.6f},{gcj[0]:.6f}&coordinate=gaode" in page
        assert f"geo:{lat:.6f},{lon:.6f}" in page
        assert page.count('rel="noreferrer noopener" referrerpolicy="no-referrer"') == 4


@only_sqlite
async def test_sent_home_the_position_stands_beside_the_address(centre: Centre) -> None:
    await centre.fit(tracker(centre.home()))
    async with at_the_door(centre) as door:
        lat, lon = await away(door)
        await door.sent()
        page = await door.opened()
        assert door.file.address in page
        assert "可能不在家" in page
        assert f"geo:{lat:.6f},{lon:.6f}" in page
        assert f"geo:{door.file.place.lat:.6f},{door.file.place.lon:.6f}" in page


@only_sqlite
async def test_words_of_the_desk_count_before_a_position(centre: Centre) -> None:
    await centre.fit(tracker(centre.home()))
    async with at_the_door(centre) as door:
        await away(door)
        desk = await panel_of(door)
        action = f"/incidents/{door.it.row.incident}/dispatch"
        wrong = {**desk.form(action), "where": "fix", "fix_lat": "91", "responder": door.who.id}
        assert (await desk.post(action, **wrong)).status_code == 400
        await desk.post(action, **{**wrong, "destination": "村口公交站"})
        job = await door.it.job(door.who.id)
        assert (job.destination, job.spot) == ("村口公交站", None)


@only_sqlite
async def test_near_home_or_a_day_old_it_says_nothing_against_the_address(centre: Centre) -> None:
    await centre.fit(tracker(centre.home()))
    async with at_the_door(centre) as door:
        await is_at(centre, door.file.place.lat + 0.0005, door.file.place.lon)
        assert 'id="not-at-home"' not in (await panel_of(door)).page
        assert 'id="where-home" checked' in (await panel_of(door)).page
        await away(door)
        await centre.pass_time(days=1)
        assert 'name="where"' not in (await panel_of(door)).page
