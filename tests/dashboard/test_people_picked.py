"""People are picked by name in the forms of plans and roster, and a plan says in which hours it applies."""

from __future__ import annotations

import html
import re

import msgspec
import pytest
from centre import Centre
from on_duty import LAST, in_force, name, plan, shift, step, town, village

from alerting.casefile import Role
from alerting.duty.plan import Step, Target, TargetKind
from alerting.duty.roster import DayKind, Roster, Times
from dashboard.i18n import load_languages
from dashboard.labels import Labels, who_is_meant
from dashboard.plan_words import hours_of
from dashboard.speech import Speech
from dashboard.times import LocalTime
from tests.dashboard.visitor import arrived, press

ZH = Speech(load_languages()["zh_CN"], LocalTime(8))
NEW, ROSTER = "/duty/plans/edit?plan=", "/duty/roster/edit"
PEOPLE = Labels({"R1": "王志强 · 村级 · 柳溪村", "R2": "王志强 · 网格员 · 河东村", "R3": "李梅 · 网格员 · 河东村"})


@pytest.mark.parametrize("typed", ["R3", "李梅", "李梅 · 网格员 · 河东村", " 李梅 "])
def test_one_person_is_meant_by_name_by_the_whole_label_or_by_id(typed: str) -> None:
    assert who_is_meant(PEOPLE, typed) == ("R3", "")


def test_of_several_with_one_name_each_is_named_to_choose_from() -> None:
    found, flaw = who_is_meant(PEOPLE, "王志强")
    assert found is None
    said = ZH.flaw(flaw)
    assert "有多人同名，请从列表中选择" in said
    assert "王志强 · 村级 · 柳溪村；王志强 · 网格员 · 河东村" in said
    assert ZH.flaw(who_is_meant(PEOPLE, "查无此人")[1]) == "没有此人员：查无此人"


async def test_somebody_is_picked_from_the_list_and_stands_in_the_step(centre: Centre) -> None:
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    page = html.unescape(await visitor.go(NEW))
    first, second = village(centre, centre.home()), town(centre, centre.home())
    choices = page.split('id="all-people"')[1].split("</datalist>")[0]
    options = re.findall(r'<option value="([^"]+)">([^<]+)</option>', choices)
    labels = {id_: label for label, id_ in options}
    assert labels[second].startswith(name(centre, second))
    await press(visitor, NEW, "check", **{"pick.2": labels[first]})
    await press(visitor, NEW, "save", **{"name": "点名", "pick.2": labels[second]})
    assert visitor.status == 303
    (saved,) = centre.gateway.judge.policy.editions.plans
    assert [t.role for t in saved.steps[1].targets if t.kind is TargetKind.PERSON] == [first, second]


async def test_namesakes_are_told_at_the_field_of_either_form(centre: Centre) -> None:
    first, second = village(centre, centre.home()), town(centre, centre.home())
    theirs = {it.partition(":")[2] for it in (first, second)}
    registry = centre.plan.registry
    responders = tuple(msgspec.structs.replace(r, name="王志强") if r.id in theirs else r for r in registry.responders)
    await centre.replace_registry(msgspec.structs.replace(registry, responders=responders))
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    await visitor.go(NEW)
    page = await press(visitor, NEW, "check", **{"pick.1": "王志强"})
    assert "有多人同名" in page.split('data-field="call.1"')[1].split("</p>")[0]
    await visitor.go(ROSTER)
    await press(visitor, ROSTER, "add:shift")
    page = await press(visitor, ROSTER, "check", **{"shift.role.1": "grid", "shift.pick.1": "王志强"})
    assert "有多人同名" in page.split('data-field="shift.persons.1"')[1].split("</p>")[0]
    page = await press(visitor, ROSTER, "hand", hand_to="王志强")
    assert "有多人同名" in page.split('data-field="pick"')[1].split("</p>")[0]


async def test_namesakes_are_told_apart_wherever_somebody_is_chosen(centre: Centre) -> None:
    home = centre.home()
    first, second = village(centre, home), town(centre, home)
    theirs = {it.partition(":")[2] for it in (first, second)}
    registry = centre.plan.registry
    responders = tuple(msgspec.structs.replace(r, name="王志强") if r.id in theirs else r for r in registry.responders)
    await centre.replace_registry(msgspec.structs.replace(registry, responders=responders))
    person = Target(kind=TargetKind.PERSON, role=first)
    roster = Roster(shifts=(shift("grid", second, "zhuguan"),))
    await in_force(centre, plan(Step(after_s=30, targets=(person,)), LAST, name="点名"), roster=roster)
    areas = centre.gateway.judge.policy.editions.people.areas
    of = {it.id: it for it in responders}
    villages, towns = (
        f"王志强 · {duty} · {areas[of[it].area]}"
        for duty, it in zip(
            ("村级帮扶责任人", "镇级帮扶责任人"), (first.partition(":")[2], second.partition(":")[2]), strict=True
        )
    )
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    page = html.unescape(await visitor.go("/duty"))
    assert f"30 秒: {villages}" in page
    week = html.unescape(await visitor.go(ROSTER)).split('id="week"')[1].split("</table>")[0]
    assert f"> {towns}</label>" in week
    assert "> 值班主管</label>" in week, "who has no namesake is called by the name alone"
    tried = html.unescape(await visitor.go(f"/duty/try?try_area={home.household}&try_priority=1&try_when=now"))
    assert f"<li>{villages} " in tried
    await centre.press(home)
    row = await centre.row_of(home)
    desk = html.unescape(await arrived(centre, "op", Role.OPERATOR).go(f"/incidents/{row.incident}"))
    send = desk.split('id="send"')[1].split("</section>")[0]
    for one in theirs:
        assert f"{ZH.duty(of[one].duty)} · {areas[of[one].area]}</span>" in send
    called = re.findall(r'</strong> <span class="muted">(.*?)</span>', send)
    assert sum(" · " in it for it in called) == len(theirs), "nobody else has a namesake"


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (None, "全天候"),
        (Times(), "全天候"),
        (Times(from_min=480, to_min=1200), "08:00–20:00"),
        (Times(from_min=1200), "20:00–24:00"),
        (Times(from_min=1320, to_min=360, days=(6, 5)), "22:00 至次日 06:00 · 周五 周六"),
        (Times(on=DayKind.OFF), "休息日"),
        (Times(from_min=480, to_min=480), "自 08:00 起 24 小时"),
    ],
)
def test_the_hours_of_a_plan_in_words(times: Times | None, said: str) -> None:
    assert hours_of(times, ZH) == said


async def test_each_plan_on_the_page_of_duty_says_when_it_applies(centre: Centre) -> None:
    night = Times(from_min=1320, to_min=360)
    await in_force(
        centre,
        plan(step(30, "village"), LAST, name="夜间", times=night),
        plan(step(30, "town"), LAST, name="平时"),
    )
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    page = html.unescape(await visitor.go(f"/duty?home={centre.home().household}"))
    told = re.findall(r'class="plan-hours">([^<]+)<', page)
    assert told == ["22:00 至次日 06:00", "全天候"]
    assert "全天候" in page.split("平时")[1].split("</h3>")[0]
