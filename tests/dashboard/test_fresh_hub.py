"""A hub that nobody has registered devices behind yet: it belongs to whoever installs it, within their area."""

from __future__ import annotations

from centre import Centre

from alerting.casefile import Bridge, Device, Role
from alerting.enrolment.commands import EnrolDevice, SaveBridge
from nuanhu.town.homes import OWN, Home
from tests.dashboard.visitor import Visitor, arrived

HUB = "fresh-hub"
INNER = "0x00124b00eeee0001"


async def hub(centre: Centre, area: str = "") -> None:
    bridge = Bridge(id=HUB, adapter="zigbee2mqtt", prefix=f"homes/{HUB}", title="新网关", area=area)
    assert (await centre.ask(SaveBridge(bridge=bridge, by="admin"))).done


def installer_of(centre: Centre, home: Home) -> Visitor:
    area = centre.gateway.directory.households[home.household].area
    return arrived(centre, f"tech-{area}", Role.INSTALLER, area=area)


async def fit(visitor: Visitor, home: Home, at: Home | None = None) -> int:
    """A button behind the fresh hub, for a home, from the page of a home; the status of the answer."""
    page = (at or home).household
    await visitor.go(f"/installs/{page}/add")
    body = visitor.form(f"/installs/{page}/enrol")
    device = {"bridge": HUB, "inner": INNER, "role": "panic", "room": "bedroom"}
    answer = await visitor.web.post(f"/installs/{home.household}/enrol", data={**body, **device})
    return answer.status_code


async def test_the_first_installer_takes_a_fresh_hub_for_a_home_of_their_area(centre: Centre) -> None:
    home = centre.home(OWN)
    await hub(centre)
    mine = installer_of(centre, home)
    assert HUB in await mine.go(f"/installs/{home.household}/add")
    assert await fit(mine, home) == 303
    await centre.say("stranger", f"homes/{HUB}/{INNER}", {"action": "emergency"})
    assert (await centre.row_of(home)).household == home.household


async def test_it_is_no_longer_anybody_s_once_it_serves_a_home(centre: Centre) -> None:
    here, there = centre.home(OWN), centre.home(OWN, 1)
    await hub(centre)
    assert await fit(installer_of(centre, here), here) == 303
    other = installer_of(centre, there)
    assert HUB not in await other.go(f"/installs/{there.household}/add")
    assert await fit(other, there) == 404, "nor by a form of their own making"
    devices = centre.gateway.directory.devices_of(there.household)
    assert [device for device in devices if device.bridge == HUB] == []


async def test_nobody_fits_a_fresh_hub_into_a_home_of_another_area(centre: Centre) -> None:
    here, there = centre.home(OWN), centre.home(OWN, 1)
    await hub(centre)
    assert await fit(installer_of(centre, there), here, at=there) == 404
    assert list(centre.gateway.directory.homes_behind(HUB)) == []


async def test_a_hub_made_for_an_area_is_seen_and_taken_there_alone(centre: Centre) -> None:
    here, there = centre.home(OWN), centre.home(OWN, 1)
    await hub(centre, centre.gateway.directory.households[here.household].area)
    mine, other = installer_of(centre, here), installer_of(centre, there)
    await centre.say("stranger", f"homes/{HUB}/{INNER}", {"occupancy": True})
    assert INNER in await mine.go("/strangers"), "what speaks behind it is theirs to assign"
    assert INNER not in await other.go("/strangers")
    assert HUB not in await other.go(f"/installs/{there.household}/add")
    assert await fit(other, there) == 404
    forced = Device(id="", bridge=HUB, inner=INNER, household=there.household, role="panic", room="bedroom")
    assert (await centre.ask(EnrolDevice(device=forced, by="boss"))).refused == "bridge_elsewhere"
    assert await fit(mine, here) == 303
    assert [d.household for d in centre.gateway.directory.behind(HUB)] == [here.household]
