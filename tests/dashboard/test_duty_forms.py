"""Plans and roster as forms: what was typed stays, each mistake stands at its field, only what is right is saved."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from centre import Centre
from on_duty import LAST, case, in_force, name, plan, save_roster, shift, step, town, village
from starlette.datastructures import FormData

from alerting.casefile import Role
from alerting.duty.plan import Target, TargetKind
from alerting.duty.roster import DayKind, Roster, Swap, Times
from alerting.duty.week import Standing, Turn
from alerting.model import Priority
from dashboard import plan_form, roster_form, roster_swaps
from dashboard.form_fields import clock, listed, minute, moment, wall
from dashboard.labels import Labels, people_labels
from dashboard.pages.roster_edit import known_in
from nuanhu.town import duty as town_duty
from tests.dashboard.visitor import Visitor, arrived, filled, press


def boss(centre: Centre) -> Visitor:
    return arrived(centre, "boss", Role.SUPERVISOR)


def plans_of(centre: Centre) -> list[str]:
    return [it.name for it in centre.gateway.judge.policy.editions.plans]


NEW, ROSTER = "/duty/plans/edit?plan=", "/duty/roster/edit"


def field_wrong(page: str, field: str) -> str:
    """What stands beside a field."""
    found = re.findall(rf'data-field="{re.escape(field)}">(.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", it).strip() for it in found)


async def test_a_plan_is_edited_in_its_place_calls_people_by_name_and_is_taken_away(centre: Centre) -> None:
    await in_force(
        centre,
        plan(step(30, "village"), LAST, name="first"),
        plan(step(30, "town"), LAST, name="b", priority=Priority.P2),
    )
    visitor = boss(centre)
    await visitor.go("/duty/plans/edit?plan=first")
    who = town(centre, centre.home())
    label = people_labels(centre.gateway.judge.policy.editions.people, visitor_speech(centre)).name(who)
    assert name(centre, who) in label
    await press(visitor, "/duty/plans/edit?plan=first", "save", **{"name": "甲", "people.1": label, "note": "点名"})
    assert plans_of(centre) == ["甲", "b"]
    edited = centre.gateway.judge.policy.editions.plans[0]
    assert edited.steps[0].targets == (Target(kind=TargetKind.VILLAGE), Target(kind=TargetKind.PERSON, role=who))
    page = html.unescape(await visitor.go("/duty"))
    assert "点名" in page
    assert "测试boss" in page, "who saved it, by name"
    await visitor.go("/duty/plans/edit?plan=b")
    await press(visitor, "/duty/plans/edit?plan=b", "delete")
    assert plans_of(centre) == ["甲"]


def visitor_speech(centre: Centre) -> Any:
    return centre.gateway.app.state.site.speeches["zh_CN"]


async def test_steps_are_added_moved_and_removed_and_what_was_typed_stays(centre: Centre) -> None:
    visitor = boss(centre)
    await visitor.go(NEW)
    page = await press(visitor, NEW, "add:1", name="夜", rounds="x", **{"people.4": "查无此人"})
    sent = filled(page, NEW)
    assert [sent[f"after_s.{n}"] for n in range(1, 6)] == [["30"], ["45"], ["60"], ["90"], ["120"]]
    assert (sent["name"], sent["rounds"], sent["people.5"]) == (["夜"], ["x"], ["查无此人"])
    assert "不是整数：x" in field_wrong(page, "rounds")
    assert "没有此人员：查无此人" in field_wrong(page, "call.5")
    page = await press(visitor, NEW, "up:5")
    sent = filled(page, NEW)
    assert (sent["people.4"], sent["after_s.4"]) == (["查无此人"], ["90"]), "whom it calls moves, the times keep order"
    page = await press(visitor, NEW, "remove:4")
    assert "没有此人员" not in page
    page = await press(visitor, NEW, "check", rounds="2")
    assert "没有步骤" in field_wrong(page, "call.2"), "the added one calls nobody yet"
    await press(visitor, NEW, "remove:2")
    page = await press(visitor, NEW, "save", rounds="9", **{"after_s.2": "20"})
    assert visitor.status == 409
    assert "各步时间须依次递增" in field_wrong(page, "after_s.2")
    assert field_wrong(page, "rounds")
    assert plans_of(centre) == []


async def test_two_supervisors_at_once_the_second_is_told(centre: Centre) -> None:
    visitor = boss(centre)
    await visitor.go(NEW)
    await in_force(centre, plan(step(30, "village"), LAST, name="先存"))
    await press(visitor, NEW, "save", name="后存")
    assert visitor.status == 409
    assert plans_of(centre) == ["先存"]


@pytest.mark.parametrize("path", [NEW, ROSTER, "/duty/plans/edit"])
async def test_only_who_sees_the_whole_city_edits(centre: Centre, path: str) -> None:
    for login, role, area in (("op", Role.OPERATOR, ""), ("town", Role.SUPERVISOR, "32")):
        visitor = arrived(centre, login, role, area=area)
        await visitor.go(path)
        assert visitor.status == 403


def drawn_up(centre: Centre) -> Roster:
    now = centre.clock.now().replace(second=0, microsecond=0)
    it = town_duty.roster(centre.plan.registry, ("zhuguan", "zhuguan2"), now)
    return Roster(
        shifts=(*it.shifts, shift("社区", "zhuguan", times=Times(from_min=5, to_min=0, days=(1, 7), on=DayKind.OFF))),
        posts=it.posts,
        absences=it.absences,
        swaps=(Swap(person="zhuguan", instead="zhuguan2", since=now, until=now + timedelta(hours=3)),),
        deputies=it.deputies,
        holidays=it.holidays,
        workdays=it.workdays,
        left=("chuzhi",) if "chuzhi" in centre.gateway.judge.policy.editions.people.persons else (),
    )


async def test_a_roster_saved_as_it_was_shown_is_the_same_roster(centre: Centre) -> None:
    whole = drawn_up(centre)
    assert (await save_roster(centre, whole)).done
    visitor = boss(centre)
    await visitor.go(ROSTER)
    await press(visitor, ROSTER, "save", note="未改")
    assert visitor.status == 303
    editions = centre.gateway.judge.policy.editions
    assert editions.roster == whole
    known = known_in(editions, visitor_speech(centre))
    assert roster_form.roster_of(roster_form.draft_of(whole, known), known) == (whole, {})


async def test_a_row_that_cannot_be_read_is_told_at_its_field_and_nothing_is_saved(centre: Centre) -> None:
    visitor = boss(centre)
    await visitor.go(ROSTER)
    await press(visitor, ROSTER, "add:shift")
    page = await press(visitor, ROSTER, "add:deputy", **{"shift.role.1": "supervisor", "shift.persons.1": "无名氏"})
    assert "没有此人员：无名氏" in field_wrong(page, "shift.persons.1")
    who = name(centre, village(centre, centre.home()))
    page = await press(visitor, ROSTER, "save", **{"deputy.person.1": who, "deputy.deputy.1": who})
    assert visitor.status == 409
    assert "不能做自己的代班人" in field_wrong(page, "deputy.deputy.1") or "有多人同名" in field_wrong(
        page, "deputy.person.1"
    ), "a name that several people share is not guessed"
    assert filled(page, ROSTER)["shift.persons.1"] == ["无名氏"]
    assert centre.gateway.judge.policy.editions.roster == Roster()


async def test_a_long_list_of_people_is_kept_whole_and_what_is_too_long_is_told(centre: Centre) -> None:
    homes = centre.gateway.judge.policy.editions.people
    many = tuple(sorted(homes.persons))[:60]
    days = tuple(f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 6))
    whole = Roster(shifts=(shift("grid", *many),), workdays=days, left=many)
    assert (await save_roster(centre, whole)).done
    visitor = boss(centre)
    await visitor.go(ROSTER)
    shown = filled(visitor.page, ROSTER)
    assert min(len(shown[it][0]) for it in ("shift.persons.1", "workdays", "left")) > 400
    await press(visitor, ROSTER, "save", note="未改")
    assert visitor.status == 303
    assert centre.gateway.judge.policy.editions.roster == whole
    await visitor.go(ROSTER)
    far_too_long = {"shift.persons.1": "甲" * 20_001, "shift.role.1": "网" * 401, "workdays": "1" * 20_001}
    page = await press(visitor, ROSTER, "save", **far_too_long, left="乙" * 20_001)
    assert visitor.status == 409
    for field, most in {"shift.persons.1": 20_000, "shift.role.1": 400, "workdays": 20_000, "left": 20_000}.items():
        assert f"内容过长，未作截断；最多字数：{most}" in field_wrong(page, field)
    assert filled(page, ROSTER)["left"] == ["乙" * 20_001], "what was typed stays"
    assert centre.gateway.judge.policy.editions.roster == whole


def test_no_row_of_a_long_table_is_left_out() -> None:
    rows = {f"deputy.{field}.{n}": f"{field}{n}" for n in range(1, 5001) for field in ("person", "deputy")}
    read = roster_form.read_draft(FormData({"deputy": "5000", **rows}))
    assert read.tables["deputy"][-1] == {"person": "person5000", "deputy": "deputy5000"}
    assert len(read.tables["deputy"]) == 5000


async def test_a_step_calls_everybody_it_names(centre: Centre) -> None:
    editions = centre.gateway.judge.policy.editions
    many = sorted(editions.people.persons)[:60]
    labels = people_labels(editions.people, visitor_speech(centre))
    visitor = boss(centre)
    await visitor.go(NEW)
    await press(visitor, NEW, "save", name="众", **{"people.1": "、".join(labels.name(it) for it in many)})
    assert visitor.status == 303
    first = centre.gateway.judge.policy.editions.plans[0].steps[0]
    assert [it.role for it in first.targets if it.kind is TargetKind.PERSON] == many
    await visitor.go(NEW)
    page = await press(visitor, NEW, "save", name="长" * 401, **{"people.1": "甲" * 20_001})
    assert visitor.status == 409
    assert "最多字数：400" in field_wrong(page, "name")
    assert "最多字数：20000" in field_wrong(page, "call.1")


async def test_a_roster_that_leaves_a_p1_plan_without_its_last_step_is_refused(centre: Centre) -> None:
    roster = Roster(shifts=(shift("grid", "zhuguan"),))
    await in_force(centre, plan(step(30, "on_duty:grid"), name="靠网格"), roster=roster)
    visitor = boss(centre)
    await visitor.go(ROSTER)
    page = await press(visitor, ROSTER, "save", **{"shift.to.1": "12:00"})
    assert visitor.status == 409
    assert "P1 预案的最后一步须任何时刻都有人" in page
    assert centre.gateway.judge.policy.editions.roster == roster


async def test_the_trial_is_of_what_stands_in_the_form_and_calls_nobody(centre: Centre) -> None:
    await save_roster(centre, drawn_up(centre))
    home = centre.home()
    visitor = boss(centre)
    await visitor.go(ROSTER)
    page = await press(visitor, ROSTER, "try", try_area=home.household, try_when="now")
    assert "适用预案： <strong>内置预案" in page.replace("</p>", "")
    assert name(centre, village(centre, home)) in page.split('id="trial"', 1)[1]
    assert "您的辖区内没有此住户" in html.unescape(await visitor.go("/duty/try?try_area=nowhere"))
    far = arrived(centre, "far", Role.SUPERVISOR, area="990199")
    page = html.unescape(await far.go(f"/duty/try?try_area={home.household}"))
    assert "您的辖区内没有此住户" in page
    assert case(centre, home).title not in page
    await centre.barrier()
    assert centre.paged_persons() == []


def test_what_changes_hands_twice_is_given_back() -> None:
    people = Labels({"a": "甲", "b": "乙", "c": "丙"})
    known = roster_form.Vocabulary(people, Labels({}), Labels({}), 8 * 3600)
    draft = roster_form.draft_of(Roster(), known)
    begins = moment("2026-01-05T22:00", 8 * 3600)
    assert begins is not None
    night = Turn(begins, begins + timedelta(hours=8), (Standing("a", "a", "a"),))
    later = Turn(begins + timedelta(days=1), begins + timedelta(days=1, hours=8), (Standing("b", "b", "b"),))
    ticks = [roster_swaps.tick_of(it, it.persons[0]) for it in (night, later)]
    once, flaw = roster_swaps.swapped(draft, roster_swaps.picked(ticks), known)
    assert flaw == ""
    assert {(it["person"], it["instead"]) for it in once.tables["swap"]} == {("甲", "乙"), ("乙", "甲")}
    back = [roster_swaps.tick_of(night, Standing("a", "b", "b")), roster_swaps.tick_of(later, Standing("b", "a", "a"))]
    assert roster_swaps.swapped(once, roster_swaps.picked(back), known)[0].tables["swap"] == []
    third, _ = roster_swaps.handed(once, roster_swaps.picked(back[:1]), "c", known)
    assert [(it["person"], it["instead"]) for it in third.tables["swap"]] == [("乙", "甲"), ("甲", "丙")]
    assert roster_swaps.swapped(draft, roster_swaps.picked(ticks[:1]), known)[1] == "pick_two|"
    assert roster_swaps.handed(draft, [], "c", known)[1] == "pick_and_name|"
    assert roster_swaps.picked(["a|b", "", "a|a|x|y"]) == []


def test_every_flaw_of_a_plan_has_a_field() -> None:
    slow = plan(step(5, "village"), step(4, "town"), name="p", accept_s=4000, everybody=False, priority=Priority.P1)
    reasons = [f"{word}|p" for word in ("no_staffed_last_step", "steps_out_of_order", "bad_step_time")]
    placed = plan_form.placed(
        slow, [*reasons, "too_slow_for_p1|p", "name_twice|p", "same_scope|p、q", "bad_rounds|other"]
    )
    assert set(placed) == {"call.2", "after_s.2", "after_s.1", "everybody", "accept_s", "name", "scope", ""}
    assert placed[""] == ["bad_rounds|other"]


def test_fields_mean_what_they_say() -> None:
    assert [minute(it) for it in ("22:00", "24:00", "24:01", "7", "x:1", "07:60")] == [1320, 0, None, None, None, None]
    assert clock(1320) == "22:00"
    assert listed("甲，乙, 丙;丁、戊；") == ["甲", "乙", "丙", "丁", "戊"]
    at = moment("2026-01-05T22:00", 8 * 3600)
    assert at is not None
    assert (at.hour, wall(at, 8 * 3600)) == (14, "2026-01-05T22:00")
    assert moment("soon", 0) is None
    twins = Labels({"1": "王伟 · 甲村", "2": "王伟 · 乙村", "3": "李娜", "4": "李娜"})
    assert (twins.word("王伟"), twins.word("王伟 · 乙村"), twins.word("2"), twins.word("李娜 · 4")) == (
        None,
        "2",
        "2",
        "4",
    )
    assert twins.word("赵") is None
