"""Times of the work are changed on a page within their bounds: at once, also for what runs, replay knows since when."""

from __future__ import annotations

import asyncio
import html
from datetime import timedelta

import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.incidents.values import usual
from alerting.model import EntryKind, IncidentState, Priority
from gateway.store.engine import StoreError
from nuanhu.replay.table import show
from tests.dashboard.visitor import Visitor, arrived, filled
from tests.stories.test_replay_of_older_settings import replayed, settings_file


async def keeper(centre: Centre, area: str = "") -> Visitor:
    visitor = arrived(centre, "guanli", Role.ADMINISTRATOR, area=area)
    await visitor.go("/values")
    return visitor


async def change(visitor: Visitor, note: str = "夜班人手不足", **fields: str) -> str:
    await visitor.go("/values")
    sent = filled(visitor.page, "/values") | {name: [value] for name, value in fields.items()} | {"note": [note]}
    answer = await visitor.web.post("/values", data=sent)
    visitor.status = answer.status_code
    return html.unescape(answer.text)


async def test_a_shorter_time_counts_at_once_for_a_claim_that_runs(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.pass_time(seconds=50)
    assert (await centre.row_of(home)).claimed_by
    visitor = await keeper(centre)
    await change(visitor, p1_step_s="40")
    assert visitor.status == 303
    await centre.barrier()
    assert (await centre.incident(row.incident)).timeline[-1].kind is EntryKind.LAPSED
    page = await visitor.go("/values")
    assert "夜班人手不足" in page
    assert "有 1 项不同于通常值" in page


async def test_out_of_bounds_without_a_reason_or_on_an_old_page_nothing_is_changed(centre: Centre) -> None:
    visitor = await keeper(centre)
    assert "30 秒 至 5 分钟" in await change(visitor, p1_step_s="29")
    assert visitor.status == 409
    assert "不是秒数" in await change(visitor, p1_step_s="soon")
    assert "请写明原因" in await change(visitor, note="", p1_step_s="40")
    assert (await centre.gateway.desk.values()) == usual()
    await change(visitor, p1_step_s="40")
    assert "他人" in await change(visitor, p1_step_s="50", based_on="0")
    assert centre.gateway.judge.policy.values.step_s != usual().step_s
    local = await keeper(centre, "990100.01.01")
    assert 'id="values-save"' not in local.page, "they count for the whole city"
    token = local.form("/sign-out")["csrf"]
    assert (await local.post("/values", csrf=token, p1_step_s="60")).status_code == 403


async def test_an_edition_is_put_back_and_the_settings_too_and_both_outlive_a_restart(centre: Centre) -> None:
    await centre.set_up(values={"p1_step_s": 60})
    visitor = await keeper(centre)
    assert "现行：设置文件中的值" in visitor.page
    await change(visitor, p1_step_s="40")
    first = (await centre.gateway.desk.value_editions()).number
    await change(visitor, p1_step_s="45")
    await visitor.go("/values")
    await visitor.send(f"/values/editions/{first}")
    assert _step_s(centre) == 40
    await centre.close_gateway()
    await centre.open_gateway()
    assert _step_s(centre) == 40
    visitor = await keeper(centre)
    await visitor.send("/values/editions/0")
    assert _step_s(centre) == 60
    await centre.close_gateway()
    await centre.open_gateway()
    assert _step_s(centre) == 60


async def test_a_replay_judges_what_was_before_the_change_by_what_was_in_force_then(centre: Centre) -> None:
    since, home = centre.clock.now() - timedelta(minutes=1), centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.pass_time(seconds=95)
    visitor = await keeper(centre)
    await change(visitor, p1_step_s="40", p1_no_console_s="40")
    await centre.claim(await centre.row_of(home))
    await centre.pass_time(seconds=45)
    report = await asyncio.to_thread(replayed, centre, since, settings_file(centre, centre.settings, "today.toml"))
    assert report.decisions > 5
    assert report.same is True, show(report)


def _step_s(centre: Centre) -> int:
    return centre.gateway.judge.policy.values.step_s[IncidentState.CLAIMED][Priority.P1]


async def test_nothing_is_put_back_without_the_store_s_answer_or_over_what_was_saved_meanwhile(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await keeper(centre)
    await change(visitor, p1_step_s="40")
    first = (await centre.gateway.desk.value_editions()).number
    await change(visitor, p1_step_s="45")
    page = await visitor.go("/values")
    await change(visitor, p1_step_s="50")
    for number in (first, 0):
        visitor.page = page
        assert "他人" in html.unescape(await visitor.send(f"/values/editions/{number}"))
        assert (visitor.status, _step_s(centre)) == (409, 50)

    def away(*_: object) -> None:
        raise StoreError("locked")

    await visitor.go("/values")
    monkeypatch.setattr(centre.gateway.desk._saved, "one", away)
    await visitor.send(f"/values/editions/{first}")
    assert (visitor.status, _step_s(centre)) == (409, 50)
