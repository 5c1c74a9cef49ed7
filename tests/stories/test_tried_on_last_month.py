"""Another budget is tried on the stored windows of last month beside everything else, and only then put in force."""

from __future__ import annotations

import asyncio
import html
import time
from datetime import timedelta
from multiprocessing.connection import Connection

import msgspec
import pytest
from centre import Centre

from alerting.budget.spending import Budget
from alerting.casefile import Role
from alerting.model import RiskTier
from alerting.silence.inactivity import cap_s
from gateway.budget.trying import Job, Trial
from nuanhu.replay.windows import both_over
from nuanhu.town.homes import Home
from tests.dashboard.visitor import Visitor, arrived

WANTED = Budget(cap_day_h=4, cap_night_h=4)
DAYS = 12


async def live(centre: Centre, home: Home) -> None:
    """Somebody moves every two hours by day, and every third day lies long."""
    for day in range(DAYS):
        for n in range(8):
            if day % 3 or n not in {3, 4, 5}:
                await centre.move(home)
            await centre.pass_time(hours=2)
        await centre.pass_time(hours=8)


async def tried(centre: Centre) -> Trial:
    """The trial once it no longer runs."""
    for _ in range(600):
        trial = centre.gateway.desk.trial()
        if trial is not None and trial.state != "running":
            return trial
        await asyncio.sleep(0.1)
    raise AssertionError("the trial never ended")


async def send(browser: Visitor, action: str, **fields: str) -> None:
    """Send the form of the page of the budget with these fields changed."""
    await browser.go("/budget")
    usual = {"city_per_day": "0", "home_per_week": "0.23", "home_most_per_week": "1"}
    weights = {"weight_urgent": "2", "weight_covered": "1.4", "weight_care": "1", "weight_watch": "0.7"}
    body = browser.form("/budget") | usual | weights | fields
    await browser._show(await browser.post(action, **body))


async def test_a_budget_is_tried_by_the_code_of_replay_kept_and_put_in_force_from_there(centre: Centre) -> None:
    await live(centre, centre.home())
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    before = centre.gateway.judge.policy
    await send(browser, "/budget/trial", cap_day_h="4", cap_night_h="4", days="28")
    assert browser.path == "/budget/trial"
    trial = await tried(centre)
    assert (trial.state, trial.by, trial.budget) == ("done", "zhuguan9", WANTED)
    assert centre.gateway.judge.policy == before, "nothing is saved by trying"
    found = trial.found
    assert found is not None
    assert len(found.days) == 28
    assert found.only_now + found.both > found.both > -1, "shorter caps ring where the present limits did not"
    assert found.limit_now_s < found.limit_then_s
    other = msgspec.structs.replace(
        before, editions=msgspec.structs.replace(before.editions, budget=WANTED, budget_number=1)
    )
    homes = [centre.gateway.directory.households[key] for key in sorted(centre.gateway.directory.households)]
    span = (trial.since, trial.until)
    both = both_over(homes, centre.gateway.store.reads, (before, other), *span, lambda _: None)
    assert (both.would.inactivity.only_now, both.then.mean_limit_s) == (found.only_now, found.limit_then_s)
    page = html.unescape(await browser.go("/budget/trial"))
    assert "五分钟活动窗口" in page
    assert centre.home().household in page
    await browser.send("/budget", **browser.form("/budget"))
    assert centre.gateway.judge.policy.budget == WANTED
    assert (await centre.gateway.desk.budget()).history[0].by == "zhuguan9"
    await browser.go("/budget/trial")
    assert "已有其他额度生效" in html.unescape(browser.page)


async def test_caps_that_are_saved_hold_within_bounds_and_go_back_to_those_of_the_settings(
    centre: Centre,
) -> None:
    browser, policy = arrived(centre, "zhuguan9", Role.SUPERVISOR), centre.gateway.judge.policy
    usual = cap_s(12, RiskTier.CARE, policy), cap_s(2, RiskTier.CARE, policy)
    assert usual == (policy.cap_day_s, policy.cap_night_s)
    await send(browser, "/budget", cap_day_h="3")
    assert "须在 4 至 24 小时之间" in html.unescape(browser.page)
    await send(browser, "/budget/trial", cap_care="9")
    assert "须在 0.25 至 2 之间" in html.unescape(browser.page)
    assert centre.gateway.desk.trial() is None
    await send(browser, "/budget", cap_day_h="8", cap_urgent="0.5")
    policy = centre.gateway.judge.policy
    assert cap_s(12, RiskTier.CARE, policy) == 8 * 3600
    assert cap_s(12, RiskTier.URGENT, policy) == 4 * 3600
    assert cap_s(2, RiskTier.CARE, policy) == usual[1], "what was left empty is as in the settings"
    await send(browser, "/budget")
    policy = centre.gateway.judge.policy
    assert (cap_s(12, RiskTier.CARE, policy), cap_s(2, RiskTier.CARE, policy)) == usual


def test_a_budget_saved_before_there_were_caps_in_it_has_those_of_the_settings() -> None:
    older = b'{"city_per_day":4.0,"home_per_week":0.23,"home_most_per_week":1.0}'
    assert msgspec.json.decode(older, type=Budget) == Budget(city_per_day=4.0)


def lasting(pipe: Connection, _url: str, _job: Job) -> None:
    """A child that is never done."""
    pipe.send(0.25)
    time.sleep(600)


def failing(_pipe: Connection, _url: str, _job: Job) -> None:
    """A child that dies of itself."""
    raise SystemExit(3)


async def until_part(centre: Centre) -> None:
    for _ in range(600):
        trial = centre.gateway.desk.trial()
        if trial is not None and trial.part:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the trial said nothing")


async def test_one_runs_at_a_time_a_press_rings_beside_it_and_it_can_be_ended(centre: Centre) -> None:
    centre.gateway.trials._work = lasting
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    await send(browser, "/budget/trial", cap_day_h="8")
    await until_part(centre)
    assert "25 %" in html.unescape(await browser.go("/budget/trial"))
    await send(browser, "/budget/trial", cap_day_h="9")
    assert "已有试算正在进行" in html.unescape(browser.page)
    await centre.press(centre.home())
    await centre.settled()
    assert await centre.row_of(centre.home())
    await browser.go("/budget/trial")
    await browser.send("/budget/trial/end", **browser.form("/budget/trial/end"))
    trial = centre.gateway.desk.trial()
    assert trial is not None
    assert trial.state == "ended"
    assert centre.gateway.trials._child is None, "nothing is left of it"
    assert centre.gateway.judge.policy.budget == Budget()


async def test_a_child_that_dies_is_told_and_another_can_be_tried(centre: Centre) -> None:
    centre.gateway.trials._work = failing
    assert await centre.gateway.desk.begin_trial(WANTED, 7, "admin")
    assert (await tried(centre)).state == "failed"
    assert await centre.gateway.desk.begin_trial(WANTED, 7, "admin")
    trial = await tried(centre)
    assert trial.until - trial.since == timedelta(days=7)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
async def test_who_may_not_change_the_budget_tries_none(centre: Centre, role: Role) -> None:
    town = next(area.key for area in centre.plan.registry.areas if area.level.value == "town")
    browser = arrived(centre, "zhen9", role, area=town)
    await browser.go("/budget/trial")
    assert browser.status == 403
