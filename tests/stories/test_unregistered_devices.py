"""A device nobody has registered is listed with what it says, and counts as soon as it is assigned."""

from centre import P1, Centre

from alerting.casefile import Device
from alerting.enrolment.commands import EnrolDevice
from gateway.writing.strangers import KEPT_OF_A_BRIDGE

INNER = "0x00124b00bbbb0001"


async def say(centre: Centre, inner: str, **said: object) -> None:
    home = centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/{inner}", said)


async def test_it_is_listed_with_what_it_says_and_what_it_seems_to_be(centre: Centre) -> None:
    await say(centre, INNER, occupancy=True, battery=87, linkquality=66)
    await centre.pass_time(minutes=5)
    await say(centre, INNER, occupancy=False)
    (view,) = await centre.gateway.desk.strangers()
    assert (view.stranger.inner, view.stranger.count, view.household) == (INNER, 2, centre.zigbee_home.household)
    assert view.stranger.said["motion"] == "clear"
    assert view.stranger.said["battery"] == "87 %"
    assert (view.stranger.last_at - view.stranger.first_at).total_seconds() == 300
    assert view.role == "motion"
    home = centre.gateway.directory.households[centre.zigbee_home.household]
    assert [it.stranger.inner for it in await centre.gateway.desk.strangers(home.area)] == [INNER]
    assert await centre.gateway.desk.strangers("999999") == []


async def test_it_is_there_after_a_restart_and_counts_once_it_is_assigned(centre: Centre) -> None:
    home = centre.zigbee_home
    await say(centre, INNER, action="emergency")
    assert [row.alarms[0].detail for row in await centre.queue()] == ["unregistered"]
    await centre.close_gateway()
    await centre.open_gateway()
    (view,) = await centre.gateway.desk.strangers()
    assert view.role == "panic"
    device = Device(id="", bridge=view.bridge.id, inner=INNER, household=view.household, role=view.role)
    assert (await centre.ask(EnrolDevice(device=device, by="zhuangji"))).done
    assert await centre.gateway.desk.strangers() == []
    await say(centre, INNER, action="emergency", linkquality=1)
    assert (await centre.row_of(home)).priority is P1
    await centre.close_gateway()
    await centre.open_gateway()
    assert await centre.gateway.desk.strangers() == []


async def test_a_hub_that_invents_devices_does_not_fill_the_memory(centre: Centre) -> None:
    for n in range(KEPT_OF_A_BRIDGE + 5):
        home = centre.zigbee_home
        await centre.say(home.bridge.id, f"{home.bridge.prefix}/0x{n:016x}", {"occupancy": True}, settle=False)
    await centre.settled()
    kept = await centre.gateway.desk.strangers()
    assert len(kept) == KEPT_OF_A_BRIDGE
    assert kept[0].stranger.inner == f"0x{KEPT_OF_A_BRIDGE + 4:016x}"
    assert len(centre.gateway.store.reads.strangers()) == KEPT_OF_A_BRIDGE
