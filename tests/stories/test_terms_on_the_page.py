"""Each group of the centre's terms is changed on a page within bounds: at once, put back, replayed by its edition."""

from __future__ import annotations

import asyncio
import html
from datetime import timedelta

import pytest
from centre import Centre
from sqlalchemy import func, select

from alerting.care.duty import care_key
from alerting.casefile import Role
from alerting.model import Aggregate, Priority
from alerting.term_groups import GROUPS
from gateway.store import schema
from gateway.store.engine import StoreError
from gateway.writing.looking_again import About
from nuanhu.replay.table import show
from tests.dashboard.visitor import Visitor, arrived, filled
from tests.stories.test_replay_of_older_settings import replayed, settings_file
from tests.stories.test_weekly_care import is_told, people, until

OTHER = {
    "ladder": ("p1_steps_s.2", "45"),
    "floods": ("outage_share", "0.3"),
    "equipment": ("hub.silent", "60"),
    "follow_up": ("was_well.p1", "3"),
    "care": ("visit.urgent", "3"),
    "goals": ("test_every_days", "7"),
}


async def change(visitor: Visitor, group: str, note: str = "试行", **fields: str) -> str:
    await visitor.go("/values")
    action = f"/values/terms/{group}"
    sent = filled(visitor.page, action) | {name: [value] for name, value in fields.items()} | {"note": [note]}
    answer = await visitor.web.post(action, data=sent)
    visitor.status = answer.status_code
    return html.unescape(answer.text)


def keeper(centre: Centre, area: str = "") -> Visitor:
    return arrived(centre, "guanli", Role.ADMINISTRATOR, area=area)


def number(centre: Centre, group: str, name: str) -> float:
    policy = centre.gateway.judge.policy
    return GROUPS[group].numbers(getattr(policy.editions.terms, group) or getattr(policy.own_terms, group))[name]


def steps(centre: Centre, incident: str) -> int:
    running = centre.gateway.judge.states.running_as(incident)
    assert running is not None
    return running.ladder.step


async def test_an_incident_that_climbs_climbs_sooner_at_once(centre: Centre) -> None:
    home, since = centre.home(), centre.clock.now() - timedelta(minutes=1)
    await centre.press(home)
    await centre.pass_time(seconds=31)
    row = await centre.row_of(home)
    assert steps(centre, row.incident) == 1
    visitor = keeper(centre)
    fields = {"p1_steps_s.1": "10", "p1_steps_s.2": "15", "p1_steps_s.3": "20", "p1_steps_s.4": "200"}
    await change(visitor, "ladder", **fields)
    assert visitor.status == 303
    await centre.barrier()
    assert steps(centre, row.incident) == 3, "what is due by the new steps is due now"
    await centre.pass_time(seconds=100)
    assert steps(centre, row.incident) == 3
    await change(visitor, "floods", flood_incidents="3")
    await change(visitor, "equipment", **{"hub.silent": "60"})
    await centre.pass_time(seconds=100)
    report = await asyncio.to_thread(replayed, centre, since, settings_file(centre, centre.settings, "today.toml"))
    assert report.decisions > 5
    assert report.same is True, show(report)


async def test_what_breaks_a_bound_or_an_order_is_said_at_its_field_and_nothing_is_changed(centre: Centre) -> None:
    visitor = keeper(centre)
    page = await change(visitor, "ladder", **{"p1_steps_s.2": "20"})
    assert visitor.status == 409
    assert "必须大于“P1 · " in page
    assert 'aria-invalid="true"' in page
    assert "5% 至 80%".replace("%", " %") in await change(visitor, "floods", outage_share="0.9")
    assert "不是可以设定的数字" in await change(visitor, "floods", calls_homes="3.5")
    assert "不得小于" in await change(visitor, "care", town_days="9")
    assert "请写明原因" in await change(visitor, "goals", note="", test_every_days="7")
    await change(visitor, "floods", calls_homes="5")
    assert "他人" in await change(visitor, "floods", calls_homes="6", based_on="0")
    assert number(centre, "floods", "calls_homes") == 5
    local = keeper(centre, "990100.01.01")
    await local.go("/values")
    assert 'id="floods-save"' not in local.page, "they count for the whole city"
    token = local.form("/sign-out")["csrf"]
    assert (await local.post("/values/terms/floods", csrf=token)).status_code == 403


@pytest.mark.parametrize("group", GROUPS)
async def test_every_group_is_saved_put_back_and_outlives_a_restart(centre: Centre, group: str) -> None:
    visitor, (name, value) = keeper(centre), OTHER[group]
    before = number(centre, group, name)
    await change(visitor, group, **{name: value})
    assert visitor.status == 303
    assert number(centre, group, name) == float(value)
    first = (await centre.gateway.desk.terms_of(group)).number
    await visitor.go("/values")
    await visitor.send(f"/values/terms/{group}/editions/0")
    assert number(centre, group, name) == before
    await visitor.go("/values")
    await visitor.send(f"/values/terms/{group}/editions/{first}")
    await centre.close_gateway()
    await centre.open_gateway()
    assert number(centre, group, name) == float(value)
    seen = await centre.gateway.desk.terms_of(group)
    assert [(it.by, it.note) for it in seen.history] == [("guanli", f"← {first}"), ("guanli", "←"), ("guanli", "试行")]


async def test_neighbours_and_goals_of_an_edition_are_those_the_rules_ask_for(centre: Centre) -> None:
    visitor = keeper(centre)
    await change(visitor, "ladder", neighbours_from="2", p2_accept_s="600")
    await change(visitor, "goals", test_every_days="7", protected_goal="0.9")
    policy = centre.gateway.judge.policy
    assert (policy.neighbours_from, policy.accept_s[Priority.P2]) == (Priority.P2, 600)
    assert (policy.test_every_s, policy.equipment.goal) == (7 * 24 * 3600, 0.9)
    assert policy.equipment.required == policy.own_equipment.required


async def test_a_store_that_does_not_answer_puts_nothing_back(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = keeper(centre)
    await change(visitor, "floods", calls_homes="5")
    first = (await centre.gateway.desk.terms_of("floods")).number
    await change(visitor, "floods", calls_homes="6")
    await visitor.go("/values")

    def away(*_: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(centre.gateway.desk._saved, "one", away)
    page = html.unescape(await visitor.send(f"/values/terms/floods/editions/{first}"))
    assert visitor.status == 409
    assert "存储暂时无法写入" in page
    assert number(centre, "floods", "calls_homes") == 6
    assert filled(page, "/values/terms/floods")["calls_homes"] == ["6"]


@pytest.mark.parametrize("which", ["first", "settings"])
async def test_nothing_is_put_back_over_what_somebody_else_has_saved_meanwhile(centre: Centre, which: str) -> None:
    one, other = keeper(centre), keeper(centre)
    await change(one, "floods", calls_homes="5")
    first = (await centre.gateway.desk.terms_of("floods")).number
    await change(one, "floods", calls_homes="6")
    await one.go("/values")
    await change(other, "floods", calls_homes="7")
    to = first if which == "first" else 0
    page = html.unescape(await one.send(f"/values/terms/floods/editions/{to}"))
    assert (one.status, "他人" in page) == (409, True)
    assert number(centre, "floods", "calls_homes") == 7
    assert filled(page, "/values/terms/floods")["calls_homes"] == ["5" if to else "7"]
    assert filled(page, "/values/terms/floods")["outage_share"] != ["0"]


def armed(centre: Centre) -> dict[str, int]:
    """When each home's care is next looked at."""
    owed = centre.gateway.judge.states.care.owed
    return {home: owed[care_key(home)].armed_s for home in centre.gateway.directory.households}


def looks_at_care(centre: Centre) -> int:
    j = schema.journal.c
    with centre.gateway.store.engine.connect() as c:
        asked = select(func.count()).select_from(schema.journal).where(j.aggregate == Aggregate.CARE.value)
        return int(c.execute(asked).scalar_one())


async def told(centre: Centre) -> None:
    await centre.until(lambda: not centre.gateway.judge.to_tell, "every home being told")
    await centre.barrier()


async def test_terms_of_care_count_also_for_homes_that_a_restart_left_untold(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = centre.home()
    village, _ = people(centre, home)
    before = armed(centre)
    with monkeypatch.context() as busy:
        busy.setattr("gateway.writing.writer.tell_some", lambda *_, **__: None)
        await change(keeper(centre), "care", remind_days="4")
        assert armed(centre) == before
        await centre.close_gateway()
    await centre.open_gateway()
    await told(centre)
    after = armed(centre)
    assert all(after[key] < before[key] for key in before)
    await until(centre, 7, 9)
    await is_told(centre, village)
    known = looks_at_care(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    await told(centre)
    assert looks_at_care(centre) == known, "a look that is no news is not written down"


async def test_of_equipment_no_care_is_looked_at_and_a_home_waits_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(centre)
    visitor, known, homes = keeper(centre), looks_at_care(centre), sorted(centre.gateway.directory.households)
    with monkeypatch.context() as busy:
        busy.setattr("gateway.writing.writer.tell_some", lambda *_, **__: None)
        await change(visitor, "equipment", **{"hub.silent": "60"})
        await change(visitor, "equipment", **{"hub.silent": "70"})
        assert centre.gateway.judge.to_tell == dict.fromkeys(homes, About.FACTS)
        await centre.press(centre.home())
        pressed = centre.home().household
        assert pressed not in centre.gateway.judge.to_tell, "one that says something is told first"
        assert pressed not in centre.gateway.judge.homes_to_enrol()
        homes = [key for key in homes if key != pressed]
        await change(visitor, "care", town_days="3")
        both = dict.fromkeys(homes, About.FACTS | About.CARE)
        assert centre.gateway.judge.to_tell == both | {pressed: About.CARE}
    await told(centre)
    assert looks_at_care(centre) == known, "nothing is owed otherwise yet"
    assert centre.gateway.judge.homes_to_enrol() == []
