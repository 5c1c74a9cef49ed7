"""The page of duty: what applies, who stands, gaps ahead; edited as text, refused with reasons, undone."""

from __future__ import annotations

import html
from datetime import timedelta

import msgspec
import pytest
from centre import Centre
from on_duty import LAST, case, in_force, name, plan, save_roster, shift, step, town, village

from alerting.casefile import Role
from alerting.duty.plan import NAMED, Plan, TargetKind
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Absence, DayKind, Post, Roster, Swap, Times
from dashboard import duty_words
from dashboard.edition_text import (
    ROSTER_EXAMPLE,
    UnreadableError,
    plan_example,
    plans_text,
    read_plans,
    read_roster,
    roster_text,
)
from nuanhu.town import duty as demo_duty
from tests.dashboard.visitor import arrived, told


def shown(page: str) -> str:
    return html.unescape(page)


def test_plans_and_rosters_are_the_same_whichever_way_they_go(centre: Centre) -> None:
    now = centre.clock.now().replace(microsecond=0)
    roster = demo_duty.roster(centre.plan.registry, ("zhuguan", "zhuguan2"), now)
    whole = Roster(
        shifts=(*roster.shifts, shift("x", "a", times=Times(from_min=5, to_min=0, days=(1, 7), on=DayKind.OFF))),
        posts=(*roster.posts, Post(role="x", area="1.2")),
        absences=roster.absences,
        swaps=(Swap(person="a", instead='b "quoted"', since=now, until=now + timedelta(hours=3)),),
        deputies=roster.deputies,
        holidays=roster.holidays,
        workdays=roster.workdays,
        left=("gone",),
    )
    assert read_roster(roster_text(whole), whole.utc_offset_s) == whole
    plans: tuple[Plan, ...] = (
        *demo_duty.plans(),
        plan(
            step(10, *(kind.value for kind in TargetKind if kind not in NAMED), "on_duty:x", "person:responder:1"),
            name='引"号',
        ),
        plan(step(0, "consoles"), next_working_day=True, everybody=False, rounds=1, area="1"),
    )
    assert read_plans(plans_text(plans)) == plans
    assert read_roster(roster_text(Roster()), 8 * 3600) == Roster()
    assert read_plans("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[plan]",
        '[[plan]]\nname = "x"\nsteps = [{after_s = "soon", call = []}]',
        '[[plan]]\nname = "x"\ncolour = "red"',
        '[[plan]]\nhours = "25:00-26:00"',
        "[[plan]]\npriority = 9",
        '[[plan]]\nsteps = [{after_s = 30, call = ["somebody"]}]',
        '[[plan]]\nsteps = [{after_s = 30, call = ["on_duty"]}]',
    ],
)
def test_a_text_that_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"\w"):
        read_plans(text)


def test_every_target_has_its_words() -> None:
    assert set(duty_words.TARGETS) == set(TargetKind)


async def test_who_is_on_duty_and_which_plan_applies_to_a_home(centre: Centre) -> None:
    home = centre.home()
    where = case(centre, home).area.rpartition(".")[0]
    who = village(centre, home)
    roster = Roster(
        shifts=(shift("town_duty", who, area=where, times=Times(from_min=6 * 60, to_min=22 * 60)),),
        posts=(Post(role="town_duty", area=where),),
    )
    await in_force(centre, plan(step(30, "village"), LAST, name="本镇预案", area=where), roster=roster)
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    page = shown(await visitor.go(f"/duty?home={home.household}"))
    assert "本镇预案" in page
    assert name(centre, who) in page
    assert "01-05 22:00 至 01-06 06:00 无人值守" in page or "22:00 至" in page
    assert "无人" in page
    assert 'id="no-cover"' in await visitor.go("/overview")
    assert "未来 24 小时内有无人可呼叫的时段" in shown(await visitor_of_health(centre))


async def visitor_of_health(centre: Centre) -> str:
    return await arrived(centre, "root", Role.ADMINISTRATOR).go("/health")


async def test_plans_are_edited_as_text_refused_with_reasons_and_undone(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST, name="一"))
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    await visitor.go("/duty")
    wrong = plans_text((plan(step(30, "village"), name="缺末步"),))
    page = shown(await visitor.send("/duty/plans", text=wrong))
    assert visitor.status == 409
    assert "P1 预案的最后一步须任何时刻都有人" in page
    assert "缺末步" in page, "the text is kept for mending"
    page = shown(await visitor.send("/duty/plans", text="[[plan]"))
    assert "内容无法识别" in page
    await visitor.send("/duty/plans", text=plans_text((plan(step(40, "town"), LAST, name="二"),)), note="试行")
    editions = centre.gateway.judge.policy.editions
    assert [it.name for it in editions.plans] == ["二"]
    page = shown(await visitor.go("/duty"))
    assert "试行" in page
    await visitor.send("/duty/editions/")
    assert [it.name for it in centre.gateway.judge.policy.editions.plans] == ["一"]
    assert centre.gateway.judge.policy.editions.plans_number > editions.plans_number


async def test_a_roster_is_edited_too(centre: Centre) -> None:
    home = centre.home()
    a, b, now = village(centre, home), town(centre, home), centre.clock.now()
    roster = Roster(absences=(Absence(person=a, since=now, until=now + timedelta(hours=4)),), deputies={a: b})
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    await visitor.go("/duty")
    page = shown(await visitor.send("/duty/roster", text=roster_text(Roster(shifts=(shift("x", "nobody"),)))))
    assert "没有此人员：nobody" in page
    await visitor.send("/duty/roster", text=roster_text(roster))
    assert centre.gateway.judge.policy.editions.roster == roster


async def test_only_who_sees_the_whole_city_edits(centre: Centre) -> None:
    area = case(centre, centre.home()).area.rpartition(".")[0]
    for login, role, where in (("op", Role.OPERATOR, ""), ("town", Role.SUPERVISOR, area)):
        visitor = arrived(centre, login, role, area=where)
        page = await visitor.go("/duty")
        assert visitor.status == 200
        assert "<textarea" not in page
        form = {"csrf": visitor.centre.gateway.app.state.site.tokens.form_token("x"), "text": ""}
        assert (await visitor.post("/duty/plans", **form)).status_code == 403
    responder = arrived(centre, "r", Role.RESPONDER)
    await responder.go("/duty")
    assert responder.status == 403


async def test_on_the_incident_s_page_who_is_called_what_comes_next_and_who_has_accepted(centre: Centre) -> None:
    home = centre.home()
    roster = Roster(shifts=(shift("supervisor", "zhuguan"),))
    await in_force(centre, plan(step(30, "village"), step(60, "supervisor"), LAST, name="本案"), roster=roster)
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    visitor.enter(centre.gateway.directory.accounts["zhuguan"])
    page = shown(await visitor.go(f"/incidents/{row.incident}"))
    assert "本案" in page
    assert f"正在呼叫：{name(centre, village(centre, home))}" in page
    assert "08:01:00" in page, "the supervisor's step"
    page = shown(await visitor.send(f"/accept/{row.incident}"))
    assert "值班主管 已接手处理" in page
    assert "08:05:30" in page, "until when"
    assert (await centre.row_of(home)).accepted_by_name == "值班主管"


async def test_opening_a_page_accepts_nothing_and_who_cannot_be_called_cannot_accept(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST))
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    await visitor.go(f"/incidents/{row.incident}")
    assert (await centre.row_of(home)).accepted_until is None
    page = shown(await visitor.send(f"/accept/{row.incident}"))
    assert "您不在可呼叫人员之列" in page
    answer = await visitor.post(f"/accept/{row.incident}", headers={"accept": "application/json"})
    assert answer.status_code == 403, "without the form's own token"
    assert told(answer)["error"]


async def test_a_responsible_person_who_follows_the_link_decides_on_a_page_of_their_own(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST))
    home = centre.home()
    who = case(centre, home).village_responder
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    visitor = arrived(centre, "walker", Role.RESPONDER, area=case(centre, home).area, responder=who)
    await visitor.go(f"/accept/{row.incident}")
    assert (await centre.row_of(home)).accepted_until is None, "opening it is not accepting it"
    page = shown(await visitor.send(f"/accept/{row.incident}"))
    assert f"{name(centre, village(centre, home))} 已接手处理" in page
    elsewhere = arrived(centre, "far", Role.RESPONDER, area="990199.01", responder=who)
    await elsewhere.go(f"/accept/{row.incident}")
    assert elsewhere.status == 404


async def test_whoever_is_called_or_sent_sees_the_number_of_the_desk_where_there_is_one(centre: Centre) -> None:
    home = centre.home()
    who = case(centre, home).village_responder
    await centre.press(home)
    row = await centre.row_of(home)
    pages = (f"/accept/{row.incident}", "/jobs")
    for number in ("", "0510-55500000"):
        await centre.set_up(desk_phone=number)
        visitor = arrived(centre, "walker", Role.RESPONDER, area=case(centre, home).area, responder=who)
        for path in pages:
            page = await visitor.go(path)
            assert visitor.status == 200
            assert ('href="tel:0510-55500000"' in page) == bool(number)
            assert ('id="desk-phone"' in page) == bool(number)


async def test_the_text_for_experts_says_what_it_is_with_an_example_that_can_be_read(centre: Centre) -> None:
    page = shown(await arrived(centre, "boss", Role.SUPERVISOR).go("/duty"))
    assert "每个预案以一行 <code>[[plan]]</code> 开头" in page
    assert "每个班次以一行 <code>[[shift]]</code> 开头" in page
    for kind, example in (("plans", plan_example("夜间紧急")), ("roster", ROSTER_EXAMPLE)):
        assert example.strip() in page.split(f'id="example-{kind}"')[1].split("</code>")[0]
    (night,) = read_plans(plan_example("夜间紧急"))
    assert [step.after_s for step in night.steps] == [30, 60, 120]
    roster = read_roster(ROSTER_EXAMPLE, 8 * 3600)
    assert (roster.shifts[0].persons, roster.deputies) == (("zhuguan",), {"zhuguan": "zhuguan2"})
    flaws = await centre.gateway.desk.duty_flaws((night,), None)
    assert not flaws, "could be put in force as it stands"


async def test_who_would_be_called_and_has_no_verified_address_is_listed(centre: Centre) -> None:
    home = centre.home()
    who = village(centre, home)
    visitor = arrived(centre, "boss", Role.SUPERVISOR)
    assert 'id="mute"' not in await visitor.go("/duty")
    responders = tuple(
        msgspec.structs.replace(r, means=()) if f"{RESPONDER}{r.id}" == who else r
        for r in centre.plan.registry.responders
    )
    await centre.replace_registry(msgspec.structs.replace(centre.plan.registry, responders=responders))
    page = shown(await arrived(centre, "boss", Role.SUPERVISOR).go("/duty"))
    assert name(centre, who) in page.split('id="mute"', 1)[1].split("</details>", 1)[0]


async def test_gaps_have_no_names_for_monitors(centre: Centre) -> None:
    assert (await save_roster(centre, Roster(posts=(Post(role="supervisor"),)))).done
    visitor = arrived(centre, "root", Role.ADMINISTRATOR)
    answer = await visitor.web.get("/healthz")
    assert answer.json()["warnings"].count("no_cover") == 1
    assert answer.json()["gaps"] == []
