"""Devices come, move, are swapped and go while the gateway runs; what they say counts as what they are by then."""

import msgspec
from centre import P1, Centre

from alerting.casefile import Bridge, Device, DeviceStage, DeviceStatus
from alerting.enrolment.command import RegistryCommand
from alerting.enrolment.commands import (
    EnrolDevice,
    PlaceDevice,
    RenameDevice,
    RetireDevice,
    RevokeBridge,
    SaveBridge,
    SaveHousehold,
    StageDevice,
    SwapDevice,
    TakeDownDevice,
)
from alerting.model import AlarmKind
from gateway.desk.contract import Answer
from gateway.store import schema
from gateway.store.values import encode

BUTTON = "0x00124b00aaaa0001"
SECOND = "0x00124b00aaaa0002"


async def ask(centre: Centre, command: RegistryCommand) -> Answer:
    return await centre.ask(msgspec.structs.replace(command, by="zhuangji"))


def button(centre: Centre, inner: str = BUTTON) -> Device:
    home = centre.zigbee_home
    return Device(
        id="",
        bridge=home.bridge.id,
        inner=inner,
        household=home.household,
        role="panic",
        room="bedroom",
        stage=DeviceStage.REGISTERED,
    )


async def enrolled(centre: Centre, inner: str = BUTTON) -> str:
    answer = await ask(centre, EnrolDevice(device=button(centre, inner)))
    assert answer.done, answer
    return answer.made


async def press(centre: Centre, inner: str = BUTTON) -> None:
    home = centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/{inner}", {"action": "emergency"})


async def test_a_device_registered_while_the_gateway_runs_rings_at_its_home(centre: Centre) -> None:
    await enrolled(centre)
    await press(centre)
    row = await centre.row_of(centre.zigbee_home)
    assert (row.priority, row.alarms[0].room) == (P1, "bedroom")


async def test_it_is_there_after_a_restart_with_who_and_when(centre: Centre) -> None:
    id_ = await enrolled(centre)
    assert (await ask(centre, RenameDevice(device=id_, title="床头"))).done
    await centre.close_gateway()
    await centre.open_gateway()
    device = await centre.gateway.desk.device(id_)
    assert device is not None
    assert device.title == "床头"
    history = await centre.gateway.desk.registrations("device", id_)
    assert [(it.what, it.by) for it in history] == [("rename_device", "zhuangji"), ("enrol_device", "zhuangji")]
    assert history[0].at == centre.clock.now()
    assert msgspec.json.decode(history[0].before, type=Device).title == ""
    assert history[1].before == ""
    await press(centre)
    assert (await centre.row_of(centre.zigbee_home)).alarms[0].kind is AlarmKind.PANIC


async def test_a_cut_between_the_commit_and_the_home_is_made_good_at_the_next_start(centre: Centre) -> None:
    home = centre.zigbee_home
    before = centre.gateway.judge.states.memory_of(home.household)
    id_ = await enrolled(centre)
    with centre.gateway.store.seat.engine.begin() as c:  # as if the home had never been told
        hot = schema.hot_state
        c.execute(hot.update().where(hot.c.key == home.household).values(body=encode(before.hot)))
    await centre.close_gateway()
    await centre.open_gateway()
    assert id_ in centre.gateway.judge.memory_of(home.household).hot.devices
    await press(centre)
    assert (await centre.row_of(home)).priority is P1


async def test_a_device_taken_down_rings_as_moved_with_its_last_home(centre: Centre) -> None:
    id_ = await enrolled(centre)
    assert (await ask(centre, TakeDownDevice(device=id_))).done
    await press(centre)
    rows = await centre.queue()
    assert [(row.household, row.alarms[0].detail) for row in rows] == [("", "moved")]
    last = (await centre.incident(rows[0].incident)).last_home
    assert last is not None
    assert last.key == centre.zigbee_home.household
    assert id_ not in centre.gateway.judge.memory_of(centre.zigbee_home.household).hot.devices


async def test_a_device_moved_to_another_home_rings_there_and_must_be_tested_anew(centre: Centre) -> None:
    id_ = await enrolled(centre)
    for stage in (DeviceStage.INSTALLED, DeviceStage.TESTED, DeviceStage.ARMED):
        assert (await ask(centre, StageDevice(device=id_, stage=stage))).done
    other = centre.home("zigbee2mqtt", 1)
    assert (await ask(centre, PlaceDevice(device=id_, household=other.household, room="hall", mounted_cm=90))).done
    device = centre.gateway.directory.devices[id_]
    assert (device.stage, device.household, device.mounted_cm) == (DeviceStage.INSTALLED, other.household, 90)
    await press(centre)
    assert (await centre.row_of(other)).alarms[0].room == "hall"
    assert [row.household for row in await centre.queue()] == [other.household]


async def test_a_device_moved_to_another_bridge_is_known_as_moved_on_the_one_before(centre: Centre) -> None:
    id_ = await enrolled(centre)
    other = centre.home("zigbee2mqtt", 1)
    there = PlaceDevice(device=id_, household=other.household, room="hall", bridge=other.bridge.id)
    answer = await ask(centre, there)
    assert answer.done, answer
    assert answer.made != id_
    await press(centre)
    assert [(row.household, row.alarms[0].detail) for row in await centre.queue()] == [("", "moved")]
    await centre.say(other.bridge.id, f"{other.bridge.prefix}/{BUTTON}", {"action": "emergency"})
    assert (await centre.row_of(other)).priority is P1


async def test_a_swap_puts_the_new_device_in_the_place_of_the_old_one(centre: Centre) -> None:
    old = await enrolled(centre)
    placed = PlaceDevice(
        device=old, household=centre.zigbee_home.household, room="bedroom", mounted_cm=60, must_not_see=("window",)
    )
    assert (await ask(centre, placed)).done
    new = await ask(centre, SwapDevice(device=old, new=button(centre, SECOND)))
    assert new.done, new
    device = centre.gateway.directory.devices[new.made]
    assert (device.room, device.mounted_cm, device.must_not_see) == ("bedroom", 60, ("window",))
    assert (device.replaces, device.stage) == (old, DeviceStage.INSTALLED)
    assert centre.gateway.directory.devices[old].status is DeviceStatus.RETIRED
    await press(centre, SECOND)
    assert (await centre.row_of(centre.zigbee_home)).alarms[0].room == "bedroom"
    await press(centre)
    assert [row.alarms[0].detail for row in await centre.queue() if not row.household] == ["moved"]


async def test_what_cannot_be_registered_is_refused_with_the_word_for_it(centre: Centre) -> None:
    id_ = await enrolled(centre)
    other = centre.home("zigbee2mqtt", 1)
    elsewhere = msgspec.structs.replace(button(centre), bridge=other.bridge.id, household=other.household)
    nowhere = msgspec.structs.replace(button(centre, SECOND), household="NO-SUCH")
    by_nobody = msgspec.structs.replace(button(centre, SECOND), bridge="no-such")
    below = Bridge(id="x", adapter="zigbee2mqtt", prefix=f"{other.bridge.prefix}/x")
    asked: list[tuple[RegistryCommand, str]] = [
        (EnrolDevice(device=button(centre)), "taken"),
        (EnrolDevice(device=elsewhere), "on_other_bridge"),
        (EnrolDevice(device=nowhere), "unknown_home"),
        (EnrolDevice(device=by_nobody), "unknown_bridge"),
        (StageDevice(device=id_, stage=DeviceStage.ARMED), "stage_not_allowed"),
        (PlaceDevice(device=id_, household=other.household, mounted_cm=5000), "bad_height"),
        (SaveBridge(bridge=below), "prefix_overlaps"),
        (SaveBridge(bridge=Bridge(id="x", adapter="none", prefix="x/y")), "no_adapter"),
        (RetireDevice(device="no-such"), "unknown_device"),
    ]
    assert [(await ask(centre, command)).refused for command, _ in asked] == [word for _, word in asked]
    assert (await ask(centre, RetireDevice(device=id_))).done
    assert (await ask(centre, PlaceDevice(device=id_, household=other.household))).refused == "retired"
    assert len(await centre.gateway.desk.registrations("device", id_)) == 2


async def test_a_name_that_only_its_hub_gave_may_be_on_two_hubs(centre: Centre) -> None:
    mine, other = centre.home(nth=0), centre.home(nth=1)
    for home in (mine, other):
        device = Device(id="", bridge=home.bridge.id, inner="spare", household=home.household, role="panic")
        assert (await ask(centre, EnrolDevice(device=device))).done


async def test_a_new_bridge_is_heard_at_once_and_a_revoked_one_has_no_devices(centre: Centre) -> None:
    home = centre.zigbee_home
    bridge = Bridge(id="new-hub", adapter="zigbee2mqtt", prefix="homes/new-hub")
    device = msgspec.structs.replace(button(centre), bridge="new-hub")
    assert (await ask(centre, SaveBridge(bridge=bridge))).done
    assert (await ask(centre, EnrolDevice(device=device))).done
    await centre.say("stranger", f"{bridge.prefix}/{BUTTON}", {"action": "emergency"})
    row = await centre.row_of(home)
    assert (await centre.claim(row)).done
    assert (await centre.close(row)).done
    assert (await ask(centre, RevokeBridge(bridge="new-hub"))).done
    await centre.say("stranger", f"{bridge.prefix}/{BUTTON}", {"action": "emergency"})
    assert [row.alarms[0].detail for row in await centre.queue() if not row.household] == ["moved"]
    assert (await ask(centre, SaveBridge(bridge=bridge))).refused == "bridge_revoked"
    await centre.close_gateway()
    await centre.open_gateway()
    assert centre.gateway.directory.bridges["new-hub"].revoked


async def test_a_home_is_registered_by_the_same_way_and_can_be_called_for(centre: Centre) -> None:
    like = centre.gateway.directory.households[centre.zigbee_home.household]
    home = msgspec.structs.replace(like, key="WX09999", address="新村 9 号")
    assert (await ask(centre, SaveHousehold(household=home))).done
    device = msgspec.structs.replace(button(centre), household="WX09999")
    assert (await ask(centre, EnrolDevice(device=device))).done
    await press(centre)
    assert [(row.household, row.address) for row in await centre.queue()] == [("WX09999", "新村 9 号")]
    found = await centre.gateway.desk.households(text="新村 9")
    assert [row.key for row in found] == ["WX09999"]
    assert "WX09999" in centre.gateway.judge.policy.editions.people.homes
    counters = (await centre.gateway.desk.snapshot()).counters
    assert counters.households == len(centre.plan.registry.households) + 1


async def test_the_first_button_behind_a_bridge_that_has_spoken_already_calls_for_help(centre: Centre) -> None:
    bridge = Bridge(id="new-hub", adapter="zigbee2mqtt", prefix="homes/new-hub")
    assert (await ask(centre, SaveBridge(bridge=bridge))).done
    pressed = {"action": "single"}  # of no meaning by itself: a call for help by the role alone
    await centre.say("stranger", f"{bridge.prefix}/{BUTTON}", pressed)
    await centre.settled()
    assert (await ask(centre, EnrolDevice(device=msgspec.structs.replace(button(centre), bridge=bridge.id)))).done
    await centre.say("stranger", f"{bridge.prefix}/{BUTTON}", pressed)
    row = await centre.row_of(centre.zigbee_home)
    assert (row.priority, row.alarms[0].kind) == (P1, AlarmKind.PANIC)
