"""Test mode and protected homes as people at a browser without scripts use them."""

from __future__ import annotations

import re

from centre import Centre

from alerting.casefile import Role
from tests.dashboard.visitor import arrived


async def test_an_operator_starts_a_test_press_and_finds_its_evidence(centre: Centre) -> None:
    home = centre.home()
    operator = arrived(centre, "op", Role.OPERATOR)
    await operator.go(f"/households/{home.household}")
    device = centre.device(home, "panic").id
    await operator.send(f"/tests/{home.household}/begin", device=device)
    assert operator.path == f"/households/{home.household}"
    assert "测试模式至" in operator.page
    assert "测试op" in operator.page
    await centre.press(home)
    await operator.go(f"/households/{home.household}")
    assert "测试通过" in operator.page
    assert await centre.queue() == []


async def test_it_can_be_ended_from_the_page_and_is_refused_with_its_reason(centre: Centre) -> None:
    home = centre.home()
    operator = arrived(centre, "op", Role.OPERATOR)
    await operator.go(f"/households/{home.household}")
    begin = operator.form(f"/tests/{home.household}/begin")
    await operator.send(f"/tests/{home.household}/begin", device=centre.device(home, "panic").id)
    await operator.send(f"/tests/{home.household}/end")
    assert "提前结束" in operator.page
    await centre.press(home)
    again = {**begin, "once": "another", "device": centre.device(home, "panic").id}
    answer = await operator.post(f"/tests/{home.household}/begin", **again)
    assert "refused=incident_open" in answer.headers["location"]
    assert "有未结案警情" in await operator.go(answer.headers["location"])


async def test_a_supervisor_sees_who_owes_a_test_press_by_town(centre: Centre) -> None:
    supervisor = arrived(centre, "sup", Role.SUPERVISOR)
    page = await supervisor.go("/tests")
    assert "/begin" not in page, "none is due yet"
    await centre.pass_time(days=25)
    page = await arrived(centre, "sup2", Role.SUPERVISOR).go("/tests")
    assert page.count("/begin") == len(centre.plan.homes), "all are due within a week"


async def test_the_number_of_protected_homes_is_on_the_overview_and_for_monitors(centre: Centre) -> None:
    supervisor = arrived(centre, "sup", Role.SUPERVISOR)
    page = await supervisor.go("/overview")
    assert re.search(r"<b>12</b>在守户 · 100.00 %", page)
    page = await supervisor.go("/protected")
    assert "99.50 %" in page
    told = (await supervisor.web.get("/healthz")).json()
    assert (told["homes"], told["protected"]) == (12, 12)
    numbers = (await supervisor.web.get("/api/protected")).json()
    assert (numbers["homes"], numbers["protected"], numbers["goal"]) == (12, 12, 0.995)
    assert all(area["homes"] == area["protected"] for area in numbers["areas"])


async def test_an_area_sees_its_own_homes_alone(centre: Centre) -> None:
    village = centre.plan.registry.households[0].area
    supervisor = arrived(centre, "sup", Role.SUPERVISOR, area=village)
    mine = sum(home.area == village for home in centre.plan.registry.households)
    numbers = (await supervisor.web.get("/api/protected")).json()
    assert numbers["homes"] == mine


async def test_a_responder_can_neither_see_nor_start_tests(centre: Centre) -> None:
    responder = arrived(centre, "res", Role.RESPONDER)
    await responder.go("/tests")
    assert responder.status == 403
