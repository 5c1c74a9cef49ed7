"""The technical queue on a telephone: a fault is taken and closed with what was done; the hub's power-cut test."""

import re

from playwright.async_api import expect
from screens import Screens, picture

from alerting.casefile import Device, DeviceStage
from alerting.enrolment.commands import EnrolDevice, StageDevice
from alerting.model import FaultKind
from alerting.repair import RepairAct, RepairState
from nuanhu.town.homes import OWN


async def test_a_fault_is_taken_done_and_closed_by_the_device_s_own_word(screens: Screens) -> None:
    centre = screens.centre
    home = centre.home(OWN)
    sensor = centre.device(home, "motion")
    topic = f"{home.bridge.prefix}/up/{sensor.inner}/status"
    await centre.say(home.bridge.id, topic, {"boot": "b1", "seq": 1, "at": None, "battery_percent": 5})
    page = await screens.sign_in("anzhuang", "/faults", phone=True)
    await expect(page.get_by_role("link", name="电量低", exact=True)).to_be_visible()
    await picture(page, "faults")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "it fits on a telephone"

    await page.goto("/my-faults")
    free = page.locator("form.free-fault", has_text=centre.gateway.directory.households[home.household].address)
    await free.get_by_role("button", name="我来接手").click()
    card = page.locator(f'article[data-fault="{home.household}|{sensor.id}|battery_low"]')
    await expect(card).to_be_visible()
    await picture(page, "mine")
    await card.get_by_label("做了什么处理").select_option(RepairAct.BATTERY.value)
    await card.get_by_label("备注").first.fill("换了两节")
    await card.get_by_role("button", name="处理完成").click()
    await expect(page.locator("#waiting")).to_contain_text("已换电池")
    await expect(card).to_have_count(0)
    await picture(page, "done")
    (row,) = [it for it in await centre.gateway.desk.repairs() if it.household == home.household]
    assert (row.standing.state, row.kind) == (RepairState.DONE, FaultKind.BATTERY_LOW)

    await centre.say(home.bridge.id, topic, {"boot": "b1", "seq": 2, "at": None, "battery_percent": 100})
    await centre.barrier()
    assert not [it for it in await centre.gateway.desk.repairs() if it.household == home.household]
    await page.goto("/my-faults")
    await expect(page.locator("h1")).to_be_visible()
    await expect(page.locator("article.fault, #waiting")).to_have_count(0)


async def test_the_hub_s_plug_is_pulled_and_put_back_on_the_installer_s_page(screens: Screens) -> None:
    centre = screens.centre
    screens.expects("409")  # the hand-over, before anybody was telephoned
    home = centre.zigbee_home
    hub = Device(id="", bridge=home.bridge.id, inner="hub-x", household=home.household, role="hub", room="living")
    id_ = (await centre.ask(EnrolDevice(device=hub, by="admin"))).made
    await centre.ask(StageDevice(device=id_, stage=DeviceStage.INSTALLED, by="admin"))
    page = await screens.sign_in("anzhuang", f"/installs/{home.household}", phone=True)
    card = page.locator("article.device", has_text="家庭主机")
    await card.get_by_role("button", name=re.compile("断电测试")).click()
    await expect(card.get_by_text("正在等待信号")).to_be_visible()
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/bridge/state", {"state": "offline"})
    await expect(card.get_by_text("信号已到达")).to_be_visible()
    await expect(card.get_by_text("请重新插上电源")).to_be_visible()
    await picture(page, "unplugged")
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/bridge/state", {"state": "online"})
    await expect(card.get_by_text("请重新插上电源")).to_be_hidden()
    await page.get_by_label("看到什么").fill("指示灯灭，插回后恢复")
    await page.locator("section", has=page.get_by_label("看到什么")).get_by_role("button", name="记录").click()
    await expect(page.get_by_text("指示灯灭")).to_be_visible()
    await page.get_by_role("button", name="装机交付").click()
    await expect(page.get_by_text("联系人尚未试拨。")).to_be_visible()
    assert centre.gateway.directory.devices[id_].stage is DeviceStage.TESTED
    assert await centre.queue() == []
