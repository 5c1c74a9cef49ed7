"""Another budget is tried on the stored windows of last month beside everything else, and only then put in force."""

from __future__ import annotations

import asyncio
import html
import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

import msgspec
import pytest
from centre import Centre
from sqlalchemy import text

from alerting.budget.spending import Budget
from alerting.casefile import Role
from alerting.commands import BeginAbsence
from alerting.homes.away import AwayKind
from alerting.model import RiskTier
from alerting.silence.inactivity import cap_s
from gateway.absence.asked import AbsenceRow
from gateway.budget.trying import Job, Trial
from gateway.store.engine import StoreError, reading_engine
from nuanhu.replay.windows import _after_absences, both_over
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
    assert len(found.days) == DAYS, "days before the first stored window are left out"
    assert found.only_now + found.both > found.both > -1, "shorter caps ring where the present limits did not"
    assert found.all.limit_now_s < found.all.limit_then_s
    other = msgspec.structs.replace(
        before, editions=msgspec.structs.replace(before.editions, budget=WANTED, budget_number=1)
    )
    homes = [centre.gateway.directory.households[key] for key in sorted(centre.gateway.directory.households)]
    span = (trial.since, trial.until)
    both = both_over(homes, centre.gateway.store.reads, (before, other), *span, lambda _: None)
    assert (both.would.inactivity.only_now, both.then.mean_limit_s) == (found.only_now, found.all.limit_then_s)
    for groups in (found.tiers, found.towns):
        assert sum(it.homes for it in groups) == found.all.homes == 1
        assert sum(it.now for it in groups) == found.all.now > found.all.then
    page = html.unescape(await browser.go("/budget/trial"))
    assert "五分钟活动窗口" in page
    assert f"所选 28 天中仅存有 {DAYS} 天" in page
    assert centre.home().household in page
    await browser.send("/budget", **browser.form("/budget"))
    assert centre.gateway.judge.policy.budget == WANTED
    assert (await centre.gateway.desk.budget()).history[0].by == "zhuguan9"
    await browser.go("/budget/trial")
    assert "已有其他预算生效" in html.unescape(browser.page)


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
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == 19, "everything else goes first"
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
    assert multiprocessing.active_children() == [], "nothing is left of it"
    assert centre.gateway.judge.policy.budget == Budget()


def deaf(pipe: Connection, _url: str, _job: Job) -> None:
    """A child that does not listen when it is asked to go."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pipe.send(0.25)
    time.sleep(600)


async def test_a_child_that_is_killed_is_told_on_the_page_and_another_can_be_tried(centre: Centre) -> None:
    centre.gateway.trials._work = lasting
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    await send(browser, "/budget/trial", cap_day_h="8")
    await until_part(centre)
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    assert (await tried(centre)).state == "failed"
    assert "未能完成试算" in html.unescape(await browser.go("/budget/trial"))
    centre.gateway.trials._work = failing
    assert not await centre.gateway.desk.begin_trial(WANTED, 7, "admin", 0)
    trial = await tried(centre)
    assert (trial.state, trial.until - trial.since) == ("failed", timedelta(days=7))


async def test_one_that_does_not_go_when_asked_is_killed_and_no_other_begins_before(centre: Centre) -> None:
    centre.gateway.trials._work = deaf
    assert not await centre.gateway.desk.begin_trial(WANTED, 7, "admin", 0)
    await until_part(centre)
    (child,) = multiprocessing.active_children()
    ends = [asyncio.create_task(centre.gateway.desk.end_trial()) for _ in range(2)]
    await asyncio.sleep(0.3)
    assert await centre.gateway.desk.begin_trial(WANTED, 14, "admin", 0) == "trial_runs", "the old one is still there"
    await asyncio.gather(*ends)
    assert not child.is_alive()
    trial = centre.gateway.desk.trial()
    assert trial is not None
    assert trial.state == "ended"
    centre.gateway.trials._work = lasting
    assert not await centre.gateway.desk.begin_trial(WANTED, 14, "admin", 0)
    await until_part(centre)
    trial = centre.gateway.desk.trial()
    assert trial is not None
    assert (trial.state, trial.until - trial.since) == ("running", timedelta(days=14)), "the old one clears nothing"


async def test_a_gateway_that_stops_leaves_no_child_and_begins_none(centre: Centre) -> None:
    centre.gateway.trials._work = deaf
    desk = centre.gateway.desk
    assert not await desk.begin_trial(WANTED, 7, "admin", 0)
    await until_part(centre)
    (child,) = multiprocessing.active_children()
    await centre.close_gateway()
    assert not child.is_alive()
    assert multiprocessing.active_children() == []
    assert await desk.begin_trial(WANTED, 7, "admin", 0) == "trial_runs"


async def test_who_began_from_an_older_edition_is_told_and_undoes_nothing(centre: Centre) -> None:
    centre.gateway.trials._work = lasting
    browser, other = arrived(centre, "zhuguan9", Role.SUPERVISOR), arrived(centre, "zhuguan8", Role.SUPERVISOR)
    await browser.go("/budget")
    older = browser.form("/budget")["based_on"]
    await send(other, "/budget", cap_day_h="9")
    newer = centre.gateway.judge.policy.editions.budget_number
    for _ in range(2):  # also from the page that refuses
        await send(browser, "/budget/trial", cap_day_h="8", note="春节前", based_on=older)
        assert "其间已有他人保存" in html.unescape(browser.page)
        assert browser.status == 409
        assert browser.form("/budget")["based_on"] == older != str(newer)
        assert "春节前" in html.unescape(browser.page)
    assert centre.gateway.desk.trial() is None
    await send(browser, "/budget/trial", cap_day_h="8")
    await until_part(centre)
    await send(other, "/budget/trial", cap_day_h="8", note="试一试", days="14")
    page = html.unescape(other.page)
    assert "已有试算正在进行" in page
    assert "试一试" in page
    assert '<option value="14" selected>' in page
    await send(other, "/budget", cap_day_h="10")
    await centre.gateway.desk.end_trial()
    await browser.go("/budget/trial")
    assert "已有其他预算生效" in html.unescape(browser.page)
    await browser.send("/budget", **browser.form("/budget"))
    assert centre.gateway.judge.policy.budget.cap_day_h == 10, "nothing is undone unseen"


async def test_without_a_price_for_it_none_is_tried(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.desk.asking.WITHIN_S", 0.0)
    for _ in range(2):
        assert await centre.gateway.desk.begin_trial(WANTED, 7, "admin", 0) == "store_away"
    assert centre.gateway.desk.trial() is None


async def test_without_a_stored_window_it_says_so_and_shows_no_numbers(centre: Centre) -> None:
    browser = arrived(centre, "zhuguan9", Role.SUPERVISOR)
    assert "尚未试算" in html.unescape(await browser.go("/budget/trial"))
    await send(browser, "/budget/trial", cap_day_h="8", days="90")
    trial = await tried(centre)
    assert (trial.state, trial.until - trial.since) == ("done", timedelta(days=90))
    page = html.unescape(await browser.go("/budget/trial"))
    assert "尚无任何活动记录" in page
    assert "trial-numbers" not in page


async def test_a_silence_of_an_absence_does_not_ring_and_is_counted(centre: Centre) -> None:
    home = centre.home()
    await live(centre, home)
    await centre.move(home)
    now = centre.clock.now()
    until = now + timedelta(hours=30)
    who = {"key": home.household, "kind": AwayKind.TRAVEL, "who": "女儿", "by": "zuoxi1"}
    assert (await centre.ask(BeginAbsence(**who, since=now, until=until))).done
    await centre.pass_time(hours=29)
    await centre.move(home)
    await centre.pass_time(hours=24)
    assert not await centre.gateway.desk.begin_trial(WANTED, 28, "admin", 0)
    found = (await tried(centre)).found
    assert found is not None
    assert found.absent_then == found.absent_now == 1
    assert found.all.then < found.all.now


MOVED = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said_by", "stage", "since_h", "told_h", "rings_h"),
    [
        ("operator", "none", 1, 1, 72 + 6),
        ("relative", "none", 1, 1, 24 + 6),
        ("relative", "to_confirm", 1, 1, 24 + 6),
        ("relative", "ends_soon", 1, 1, 72 + 6),
        ("operator", "none", 1, 0, 72 + 6),
        ("operator", "none", 3, 0, 6),
        ("operator", "away", 3, 0, 72 + 6),
        ("operator", "none", 3, 3, 72 + 6),
        ("relative", "none", 30, 30, 6),
    ],
)
def test_what_is_not_confirmed_holds_a_silence_back_no_longer_than_live(
    said_by: str, stage: str, since_h: int, told_h: int, rings_h: int
) -> None:
    hours = [MOVED + timedelta(hours=n) for n in (since_h, 72, told_h)]
    told = AbsenceRow(
        key="h", number=1, stage=stage, kind="travel", since=hours[0], until=hours[1], said_by=said_by, told_at=hours[2]
    )
    assert _after_absences(MOVED, timedelta(hours=6), [told]) == MOVED + timedelta(hours=rings_h)


async def test_the_child_cannot_write_and_the_writer_does_not_wait_for_what_it_reads(centre: Centre) -> None:
    engine = reading_engine(centre.gateway.store.url)
    try:
        with engine.connect() as reading:
            assert reading.execute(text("SELECT count(*) FROM activity")).scalar() == 0
            await centre.move(centre.home())
            await centre.settled()
            assert reading.execute(text("SELECT count(*) FROM activity")).scalar() == 0, "it sees one moment"
            with pytest.raises(StoreError):
                reading.execute(text("DELETE FROM activity"))
    finally:
        engine.dispose()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
async def test_who_may_not_change_the_budget_tries_none(centre: Centre, role: Role) -> None:
    town = next(area.key for area in centre.plan.registry.areas if area.level.value == "town")
    browser = arrived(centre, "zhen9", role, area=town)
    await browser.go("/budget/trial")
    assert browser.status == 403
