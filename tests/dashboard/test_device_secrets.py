"""Secrets of devices on the installer's pages: a bind key is written only, an install code is shown once."""

from __future__ import annotations

import html

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Bridge, Device, Role
from alerting.commands import AnnounceStep
from alerting.enrolment.commands import EnrolDevice, SaveBridge, StageDevice
from tests.dashboard.visitor import Visitor, arrived

KEY = "231d39c1d7cc1ab1aee224cd096db932"
CODE = "83FED3407A939723A5C639B26916D505C3B5"
LABEL = f"Z:00124B00DDDD0001$I:{CODE}"


def written(centre: Centre) -> bytes:
    """Everything that the centre has on disk but the broker's part."""
    data = centre.folder / "data"
    return b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())


async def add_by_label(centre: Centre, technician: Visitor) -> Device:
    home = centre.zigbee_home
    await technician.go(f"/installs/{home.household}/add")
    await technician.send(f"/installs/{home.household}/label", code=LABEL)
    assert technician.path == f"/installs/{home.household}/label", "the form itself: no address has the code"
    assert technician.headers["cache-control"] == "no-store"
    await technician.send(
        f"/installs/{home.household}/enrol",
        bridge=home.bridge.id,
        inner="0x00124b00dddd0001",
        role="motion",
        room="living",
    )
    (device,) = [d for d in centre.gateway.directory.devices_of(home.household) if d.inner == "0x00124b00dddd0001"]
    return device


@pytest.mark.parametrize("typed", [KEY, KEY.upper(), " ".join(KEY[n : n + 8] for n in range(0, 32, 8))])
async def test_a_bind_key_is_written_and_never_shown(centre: Centre, typed: str) -> None:
    home = centre.zigbee_home
    bridge = Bridge(id="ble-1", adapter="ble", prefix="homes/ble-1", title="蓝牙网关")
    assert (await centre.ask(SaveBridge(bridge=bridge, by="admin"))).done
    new = Device(id="", bridge="ble-1", inner="e8e07ea6b001", household=home.household, role="motion", room="living")
    id_ = (await centre.ask(EnrolDevice(device=new, by="admin"))).made
    technician = arrived(centre, "tech", Role.INSTALLER)
    page = f"/installs/{home.household}/devices/{id_}"
    assert "绑定密钥" in await technician.go(page)
    await technician.send(f"/installs/{home.household}/key", key="1234")
    assert "绑定密钥为 32 位" in html.unescape(technician.page)
    await technician.send(f"/installs/{home.household}/key", key=typed)
    assert technician.path == page
    assert "已保存密钥" in technician.page
    assert "已设绑定密钥" in technician.page
    assert KEY not in technician.page.lower()
    device = centre.gateway.directory.devices[id_]
    assert await centre.gateway.desk.opened(device.sealed_key) == KEY
    assert KEY.encode() not in written(centre).lower()
    assert bytes.fromhex(KEY) not in written(centre)
    history = await centre.gateway.desk.registrations("device", id_)
    assert history
    assert device.sealed_key not in "".join(it.before + it.after for it in history)
    await technician.send(f"/installs/{home.household}/key", forget="1", key="")
    assert centre.gateway.directory.devices[id_].sealed_key == ""


async def test_the_key_opens_what_the_device_says_at_once(centre: Centre) -> None:
    """The adapter has the key from the moment at which it is typed: nothing is started anew."""
    home = centre.zigbee_home
    bridge = Bridge(id="ble-1", adapter="ble", prefix="homes/ble-1", title="蓝牙网关")
    assert (await centre.ask(SaveBridge(bridge=bridge, by="admin"))).done
    new = Device(id="", bridge="ble-1", inner="5448e68f80a5", household=home.household, role="motion", room="living")
    id_ = (await centre.ask(EnrolDevice(device=new, by="admin"))).made
    known = centre.gateway.directory
    assert known.known_of("ble-1").devices["5448e68f80a5"].key == ""
    technician = arrived(centre, "tech", Role.INSTALLER)
    await technician.go(f"/installs/{home.household}/devices/{id_}")
    await technician.send(f"/installs/{home.household}/key", key=KEY)
    assert known.known_of("ble-1").devices["5448e68f80a5"].key == KEY


async def test_an_install_code_is_kept_sealed_and_shown_once_for_pairing(centre: Centre) -> None:
    home = centre.zigbee_home
    technician = arrived(centre, "tech", Role.INSTALLER)
    device = await add_by_label(centre, technician)
    assert device.sealed_code
    assert CODE.encode() not in written(centre).upper()
    page = f"/installs/{home.household}/devices/{device.id}"
    assert CODE not in await technician.go(page)
    again = technician.form(f"/installs/{home.household}/pairing")
    await technician.send(f"/installs/{home.household}/pairing")
    assert CODE in technician.page
    assert "install_code/add" in technician.page
    assert technician.headers["cache-control"] == "no-store"
    assert centre.gateway.directory.devices[device.id].sealed_code == ""
    answer = await technician.post(f"/installs/{home.household}/pairing", **again)
    assert "no_install_code" in answer.headers["location"]
    assert "已显示安装码用于配对" in await technician.go(page)
    history = await centre.gateway.desk.registrations("device", device.id)
    assert CODE.lower() not in msgspec.json.encode(history).decode().lower()
    assert device.sealed_code not in "".join(it.before + it.after for it in history), "nor sealed: its key is at hand"


async def test_a_refused_form_keeps_the_install_code_and_no_address_has_it(centre: Centre) -> None:
    home = centre.zigbee_home
    technician = arrived(centre, "tech", Role.INSTALLER)
    await add_by_label(centre, technician)
    path = f"/installs/{home.household}"
    await technician.go(f"{path}/add")
    await technician.send(f"{path}/label", code=LABEL)
    again = technician.form(f"{path}/enrol") | {
        "bridge": home.bridge.id,
        "inner": "0x00124b00dddd0001",
        "role": "motion",
    }
    answer = await technician.post(f"{path}/enrol", **again)
    assert "location" not in answer.headers
    assert CODE in answer.text.upper(), "it need not be scanned again"
    assert answer.headers["cache-control"] == "no-store"
    assert CODE.encode() not in written(centre).upper(), "nor has the journal, of the first form or of the refused one"


async def test_a_hub_is_tested_when_it_was_gone_and_is_back(centre: Centre) -> None:
    """Its broker's last will says that it is gone; the tick alone is not enough, it must come back."""
    home = centre.zigbee_home
    hub = Device(id="", bridge=home.bridge.id, inner="hub-x", household=home.household, role="hub", room="living")
    id_ = (await centre.ask(EnrolDevice(device=hub, by="admin"))).made
    await centre.ask(StageDevice(device=id_, stage=centre.gateway.directory.devices[id_].stage.INSTALLED, by="admin"))
    technician = arrived(centre, "tech", Role.INSTALLER)
    step = AnnounceStep(key=home.household, device=id_, role="hub", by="tech")
    assert (await centre.ask(step)).done
    state = f"{home.bridge.prefix}/bridge/state"
    await centre.say(home.bridge.id, state, {"state": "offline"})
    (test,) = [it for it in await centre.gateway.desk.home_tests(home.household) if it.device == id_]
    assert test.how == "matched"
    page = await technician.go(f"/installs/{home.household}")
    assert "请重新插上电源" in page
    await technician.send(f"/installs/{home.household}/announce", device=id_)
    assert centre.gateway.directory.devices[id_].stage == "installed"
    await centre.say(home.bridge.id, state, {"state": "online"})
    page = await technician.go(f"/installs/{home.household}")
    assert "目前失联" not in page
    await technician.send(f"/installs/{home.household}/hand_over")
    assert centre.gateway.directory.devices[id_].stage == "tested"
    done = await centre.gateway.desk.installation(home.household)
    assert done is not None
    assert "power_cut" in done.installation.steps
