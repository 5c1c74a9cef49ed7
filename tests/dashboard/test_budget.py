"""The page of the budget: what may be had, what came and where, what another number would mean; saved and undone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from centre import Centre
from sqlalchemy import Engine

from alerting.budget.spending import Budget
from alerting.casefile import Role
from alerting.commands import Reopen, SaveBudget
from alerting.model import Incident, Outcome
from dashboard.budget_plot import budget_plot
from dashboard.plots import Heading
from gateway.budget.asked import BudgetDay
from gateway.budget.came import FALSE, OPEN, REAL, Came
from gateway.store.editions import Saved
from nuanhu.town.homes import OWN, Home
from tests.dashboard.visitor import Visitor, arrived


async def rung(centre: Centre, home: Home, outcome: Outcome) -> None:
    """A silence of this home rings, and is answered."""
    await centre.move(home)
    for _ in range(15):
        await centre.pass_time(hours=1)
        for fitted in home.fitted:
            await centre.alive(home, fitted.device)
        await centre.settled()
        mine = [row for row in await centre.queue() if row.household == home.household]
        if mine:
            break
    row = await centre.row_of(home)
    await centre.claim(row)
    assert (await centre.close(row, outcome)).done


async def test_what_came_is_counted_by_what_operators_answered(centre: Centre) -> None:
    home, other = centre.home(OWN), centre.home(OWN, 1)
    await rung(centre, other, Outcome.ACCIDENTAL)
    for outcome in (Outcome.WAS_WELL, Outcome.NOT_AT_HOME, Outcome.EQUIPMENT, Outcome.REAL):
        await rung(centre, home, outcome)
    seen = await centre.gateway.desk.budget()
    assert (seen.all.month, seen.all.real) == (3, 1), "faulty equipment is neither"
    assert [(spend.key, spend.month) for spend in seen.most] == [(home.household, 2), (other.household, 1)]
    assert sum(spend.month for spend in seen.tiers) == sum(spend.month for spend in seen.towns) == 3
    assert sum(day.false for day in seen.days) == 3
    assert len(seen.days) == 28
    assert seen.days[-1].day == (centre.clock.now() + timedelta(hours=8)).date(), "by the clock on the wall"
    assert seen.expected_per_day > 0
    assert seen.per_day == pytest.approx(centre.gateway.judge.policy.editions.price.budget_per_day, rel=0.01)
    nobody = await centre.gateway.desk.budget("no.such.area")
    assert nobody.all.month == 0


class Watched(Saved):
    """Questions to the store, and which incidents were read."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.read: list[list[str]] = []

    def incidents(self, ids: Sequence[str]) -> Iterator[Incident]:
        self.read.append([*ids])
        return super().incidents(ids)


async def test_what_was_closed_is_read_once_and_again_when_it_was_taken_up(centre: Centre) -> None:
    began, home = centre.clock.now(), centre.home(OWN)
    await rung(centre, home, Outcome.WAS_WELL)
    (row,) = await centre.gateway.desk.closed()
    saved = Watched(centre.gateway.store.engine)
    came = Came(saved)
    assert [(key, word) for key, _, word in came.since(began)] == [(home.household, FALSE)]
    assert came.since(began) == came.since(began)
    assert saved.read == [[row.incident], [], []]
    await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi1"))
    assert [word for _, _, word in came.since(began)] == [OPEN]
    await centre.claim(row)
    assert (await centre.close(row, Outcome.REAL)).done
    assert [word for _, _, word in came.since(began)] == [REAL]
    assert [word for _, _, word in came.since(began)] == [REAL]
    assert saved.read[3:] == [[row.incident], [row.incident], []]


async def test_the_first_days_are_not_compared_and_the_chart_ends_with_the_numbers_beside_it(centre: Centre) -> None:
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    page = html.unescape(await browser.go("/budget"))
    assert "天数不足" in page
    assert "-100 %" not in page
    await centre.pass_time(days=6)
    seen = await centre.gateway.desk.budget()
    assert seen.counted_days == 6
    assert (seen.days[-1].budget, seen.days[-1].expected) == (seen.per_day, seen.expected_per_day)
    browser = arrived(centre, "zhuguan8", Role.SUPERVISOR)
    page = html.unescape(await browser.go("/budget"))
    assert "天数不足" not in page
    assert "-100 %" in page, "a week without a single one"


async def test_what_was_spent_beyond_the_budget_is_shown_as_such(centre: Centre) -> None:
    assert (await centre.ask(SaveBudget(key="", by="admin", budget=Budget(city_per_day=0.1), based_on=0))).done
    await rung(centre, centre.home(OWN), Outcome.WAS_WELL)
    await centre.pass_time(days=6)
    week = (await centre.gateway.desk.budget()).all.week
    assert week == 1, "where seven tenths of one may be had"
    page = html.unescape(await arrived(centre, "zhuguan7", Role.SUPERVISOR).go("/budget"))
    assert "7 天超出预算" in page
    assert "+43 %" in page


async def test_a_supervisor_tries_a_number_saves_it_and_takes_it_back(centre: Centre) -> None:
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    page = html.unescape(await browser.go("/budget"))
    assert "无活动预算" in page
    assert "尚未保存过" in page
    await send(browser, "/budget", city_per_day="6", **{"try": "1"})
    assert browser.status == 200
    assert 'id="meant"' in browser.page
    assert centre.gateway.judge.policy.editions.budget_number == 0, "nothing is saved by trying"
    await send(browser, "/budget", city_per_day="6", tier_urgent="1.5")
    assert browser.path == "/budget"
    budget = centre.gateway.judge.policy.budget
    assert (budget.city_per_day, budget.tier_per_day) == (6.0, {"urgent": 1.5})
    first = centre.gateway.judge.policy.editions.budget_number
    await send(browser, "/budget", city_per_day="0", tier_urgent="")
    assert centre.gateway.judge.policy.budget.city_per_day == 0
    await browser.go("/budget")
    await send(browser, f"/budget/editions/{first}")
    assert centre.gateway.judge.policy.budget == budget


async def send(browser: Visitor, action: str, **fields: str) -> None:
    """Send the form of the page with these fields changed."""
    await browser.go("/budget")
    usual = {
        "city_per_day": "0",
        "home_per_week": "0.23",
        "home_most_per_week": "1",
        "weight_urgent": "2",
        "weight_covered": "1.4",
        "weight_care": "1",
        "weight_watch": "0.7",
    }
    hidden = browser.form(action)
    await browser.send(action, **(hidden | usual | fields))


async def give(browser: Visitor, home: Home, page: str, **fields: str) -> None:
    """Send the form of one home's own number, from this page."""
    action = f"/budget/homes/{home.household}"
    await browser.go(page)
    await browser.send(action, **(browser.form(action) | fields))


async def test_one_home_has_a_number_of_its_own_that_other_numbers_leave_alone_and_that_is_taken_back(
    centre: Centre,
) -> None:
    home, browser = centre.home(OWN), arrived(centre, "zhuguan9", Role.SUPERVISOR)
    page = f"/households/{home.household}"
    assert "为该户单设额度" not in html.unescape(await browser.go(page))
    await give(browser, home, page, per_week="2.5")
    assert browser.path == page
    assert "此为该户单设额度" in html.unescape(browser.page)
    budget = centre.gateway.judge.policy.budget
    assert budget == Budget(homes_per_week={home.household: 2.5}), "all else as it was"
    view = await centre.gateway.desk.household(home.household)
    assert view is not None
    assert view.rhythm is not None
    assert (view.rhythm.budget_per_week, view.rhythm.is_own) == (2.5, True)
    seen = await centre.gateway.desk.budget()
    assert [(row.key, row.per_week) for row in seen.own] == [(home.household, 2.5)]
    assert seen.history[0].note == f"{home.household}: 2.5"
    await send(browser, "/budget", city_per_day="6")
    assert centre.gateway.judge.policy.budget.homes_per_week == {home.household: 2.5}
    await give(browser, home, "/budget", per_week="")
    assert browser.path == "/budget"
    assert centre.gateway.judge.policy.budget == Budget(city_per_day=6)


@pytest.mark.parametrize("per_week", ["viel", "99", "nan", "-1"])
async def test_a_home_s_number_that_cannot_be_is_refused(centre: Centre, per_week: str) -> None:
    home, browser = centre.home(OWN), arrived(centre, "zhuguan9", Role.SUPERVISOR)
    await give(browser, home, f"/households/{home.household}", per_week=per_week)
    assert "单户额度须在每周 0.02 至 10 次之间" in html.unescape(browser.page)
    assert centre.gateway.judge.policy.editions.budget_number == 0


async def test_who_has_but_a_town_gives_no_home_a_number(centre: Centre) -> None:
    home = centre.home(OWN)
    area = centre.gateway.directory.households[home.household].area.rpartition(".")[0]
    browser, page = arrived(centre, "zhen9", Role.SUPERVISOR, area=area), f"/households/{home.household}"
    await browser.go(page)
    assert browser.status == 200
    assert "/budget/homes/" not in browser.page
    token = re.search(r'name="csrf" value="([^"]+)"', browser.page)
    assert token is not None
    answer = await browser.post(f"/budget/homes/{home.household}", csrf=token[1], per_week="2")
    assert answer.status_code == 404
    assert centre.gateway.judge.policy.budget == Budget()


async def test_own_numbers_together_leave_half_of_the_city_s_to_the_others_and_a_second_press_saves_nothing(
    centre: Centre,
) -> None:
    home, browser = centre.home(OWN), arrived(centre, "zhuguan9", Role.SUPERVISOR)
    await send(browser, "/budget", city_per_day="1")
    page = f"/households/{home.household}"
    await give(browser, home, page, per_week="9")
    assert "不得超过全市额度的一半" in html.unescape(browser.page)
    for _ in range(2):
        await give(browser, home, page, per_week="3")
    editions = centre.gateway.judge.policy.editions
    assert editions.budget == Budget(city_per_day=1, homes_per_week={home.household: 3.0})
    assert len((await centre.gateway.desk.budget()).history) == 2
    await send(browser, "/budget", city_per_day="2")
    await browser.go("/budget")
    await send(browser, f"/budget/editions/{(await centre.gateway.desk.budget()).history[-1].number}")
    assert centre.gateway.judge.policy.budget == editions.budget, "put back, and the home keeps its own"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"city_per_day": "9999"}, "全市每天次数须在"),
        ({"city_per_day": "viel"}, "不是数字：viel"),
        ({"home_per_week": "nan"}, "不是数字"),
        ({"weight_care": "99"}, "权重须在"),
        ({"tier_urgent": "3"}, "只有设了全市数"),
    ],
)
async def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(
    centre: Centre, fields: dict[str, str], told: str
) -> None:
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    await send(browser, "/budget", **fields)
    page = html.unescape(browser.page)
    assert browser.status == 409
    assert told in page
    assert all(f'value="{text}"' in page for text in fields.values())
    assert centre.gateway.judge.policy.editions.budget_number == 0


async def test_a_supervisor_of_one_town_reads_but_does_not_change_it(centre: Centre) -> None:
    town = next(area.key for area in centre.plan.registry.areas if area.level.value == "town")
    browser = arrived(centre, "zhen9", Role.SUPERVISOR, area=town)
    page = await browser.go("/budget")
    assert browser.status == 200
    assert 'action="/budget"' not in page
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    await operator.go("/budget")
    assert operator.status == 403


def test_the_plot_shows_what_came_and_leaves_out_what_nobody_counted() -> None:
    days = [
        BudgetDay(day=date(2026, 1, 1) + timedelta(days=n), false=n % 3, real=int(n == 5), open=int(n == 27))
        for n in range(28)
    ]
    bare = budget_plot(days, Heading("b", "<t>", "text"))
    assert bare.count("plot-false") == sum(n % 3 > 0 for n in range(28))
    assert (bare.count("plot-real"), bare.count("plot-undecided")) == (1, 1)
    assert "polyline" not in bare
    assert "<t>" not in bare
    counted = [
        BudgetDay(day=d.day, false=d.false, real=d.real, open=d.open, budget=4.0, expected=3.0)
        if n not in {10, 11}
        else d
        for n, d in enumerate(days)
    ]
    assert budget_plot(counted, Heading("b", "t", "text")).count("polyline") == 4, "a gap where nobody counted"


async def test_an_inactivity_incident_says_when_somebody_last_moved_in_each_room(centre: Centre) -> None:
    home = centre.home()
    await rung(centre, home, Outcome.WAS_WELL)
    browser = arrived(centre, "zuoxi9", Role.OPERATOR)
    (closed,) = await centre.gateway.desk.closed()
    page = html.unescape(await browser.go(f"/incidents/{closed.incident}"))
    assert "各房间最近活动" in page
    assert "版规则判断" in page
