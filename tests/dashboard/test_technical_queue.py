"""The technical queue on the screens: filtered, taken, planned, done, made a work order; within one's own area."""

from __future__ import annotations

import html
import threading
from typing import Any
from urllib.parse import urlencode

import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.model import FaultKind
from alerting.repair import RepairState
from gateway.equipment import live_repairs
from gateway.equipment.repair_desk import RepairRow
from nuanhu.town.homes import OWN, Home
from tests.dashboard.visitor import Visitor, arrived

LOW = FaultKind.BATTERY_LOW


async def low_battery(centre: Centre, home: Home, percent: int = 5) -> None:
    device = centre.device(home, "motion")
    status = {"boot": "b1", "seq": percent, "at": None, "battery_percent": percent}
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/up/{device.inner}/status", status)


async def work(centre: Centre) -> list[RepairRow]:
    await centre.barrier()
    return list(await centre.gateway.desk.repairs())


def area_of(centre: Centre, home: Home) -> str:
    return centre.gateway.directory.households[home.household].area


def one_path(centre: Centre, home: Home) -> str:
    asked = {"household": home.household, "device": centre.device(home, "motion").id, "kind": LOW.value}
    return f"/faults/one?{urlencode(asked)}"


async def shown(visitor: Visitor, path: str) -> str:
    return html.unescape(await visitor.go(path))


async def test_a_technician_takes_plans_and_finishes_on_the_telephone(centre: Centre) -> None:
    home = centre.home(OWN)
    await low_battery(centre, home)
    technician = arrived(centre, "tech", Role.INSTALLER)
    page = await shown(technician, "/my-faults")
    assert "您还没有接单" in page
    assert "无人接单" in page
    await technician.send("/faults/take_home")
    (row,) = await work(centre)
    assert row.standing.taken_by == "tech"
    page = await shown(technician, "/my-faults")
    assert "没有：每条故障都有人负责。" in page
    assert "/add?swaps=" in page, "one tap to the installer's page"
    await technician.send("/faults/plan", until="2026-01-09")
    (row,) = await work(centre)
    assert row.standing.due_at.isoformat() == "2026-01-09T10:00:00+00:00"
    await technician.send("/faults/done", how="")
    assert "请选择做了什么处理" in technician.page
    await technician.send("/faults/done", how="battery", note="CR2450")
    (row,) = await work(centre)
    assert row.standing.state is RepairState.DONE
    await low_battery(centre, home, 90)
    assert await work(centre) == []
    page = await shown(technician, one_path(centre, home))
    assert "已换电池" in page
    assert "CR2450" in page
    assert "起已恢复正常" in page


async def test_the_queue_is_filtered_by_town_and_kind_and_grouped_by_village(centre: Centre) -> None:
    here, there = centre.home(OWN), centre.home(OWN, 1)
    for home in (here, there):
        await low_battery(centre, home)
    town, other = (area_of(centre, home).rsplit(".", 1)[0] for home in (here, there))
    assert town != other
    boss = arrived(centre, "boss", Role.SUPERVISOR)
    here_name, there_name = (centre.gateway.directory.households[it.household].title for it in (here, there))
    page = await shown(boss, f"/faults?area={town}")
    assert here_name in page
    assert there_name not in page
    assert here_name not in await shown(boss, f"/faults?kind={FaultKind.TAMPER}")
    page = await shown(boss, f"/faults?kind={LOW}&group=village")
    assert page.count('class="card village"') == 2
    assert "1 户" in page


async def test_nobody_sees_or_takes_a_fault_of_another_area(centre: Centre) -> None:
    here, there = centre.home(OWN), centre.home(OWN, 1)
    await low_battery(centre, here)
    mine = arrived(centre, "mine", Role.INSTALLER, area=area_of(centre, here))
    stranger = arrived(centre, "other", Role.INSTALLER, area=area_of(centre, there))
    assert (await stranger.web.get(one_path(centre, here))).status_code == 404
    assert centre.gateway.directory.households[here.household].title not in await shown(stranger, "/faults")
    await mine.go(one_path(centre, here))
    form = mine.form("/faults/take")
    await stranger.go("/my-faults")
    stolen = {k: v for k, v in form.items() if k not in {"csrf", "once"}}
    await stranger.go("/faults?x=1")
    token = (await stranger.web.get("/installs")).text.split('name="csrf" value="')[1].split('"')[0]
    assert (await stranger.post("/faults/take", csrf=token, who="other", **stolen)).status_code == 404
    await mine.send("/faults/take", who="other")
    assert mine.status == 404, "nor can it be given to somebody who may not see it"
    (row,) = await work(centre)
    assert row.standing.taken_by == ""


async def test_only_faults_of_the_area_are_made_up_and_never_on_the_event_loop(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a mass outage everybody's open faults are tens of thousands, and the presses come through the same loop."""
    here, there = centre.home(OWN), centre.home(OWN, 1)
    for home in (here, there):
        await low_battery(centre, home)
    await centre.barrier()
    made: list[threading.Thread] = []
    truly = live_repairs.standing

    def standing(*args: Any, **more: Any) -> Any:
        made.append(threading.current_thread())
        return truly(*args, **more)

    monkeypatch.setattr(live_repairs, "standing", standing)
    (row,) = await centre.gateway.desk.repairs(area_of(centre, here))
    assert row.household == here.household
    assert len(made) == 1
    assert made[0] is not threading.current_thread()


async def test_a_supervisor_makes_it_a_work_order_with_one_tap(centre: Centre) -> None:
    home = centre.home(OWN)
    await low_battery(centre, home)
    technician = arrived(centre, "tech", Role.INSTALLER)
    page = await shown(technician, one_path(centre, home))
    assert "转为装机工单" not in page
    about = {k: v for k, v in technician.form("/faults/take").items() if k != "once"}
    assert (await technician.post("/faults/order", **about)).status_code == 403
    boss = arrived(centre, "boss", Role.SUPERVISOR)
    await boss.go(one_path(centre, home))
    await boss.send("/faults/order", note="先打电话")
    (order,) = [it for it in await centre.gateway.desk.work_orders() if it.household == home.household]
    assert "电量低" in order.order
    assert "先打电话" in order.order
    page = await shown(technician, "/installs")
    assert "电量低" in page


async def test_the_swap_form_knows_the_old_device_and_its_place(centre: Centre) -> None:
    home = centre.home(OWN)
    device = centre.device(home, "motion")
    technician = arrived(centre, "tech", Role.INSTALLER)
    page = await technician.go(f"/installs/{home.household}/add?swaps={device.id}")
    assert f'<option value="{device.id}" selected>' in page
    assert '<option value="motion" selected>' in page
    assert f'<option value="{device.room}" selected>' in page
