"""Whoever says that they cannot come gets nothing more of that step: what waits to be tried again is cancelled."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import msgspec
from centre import Centre
from on_duty import LAST, in_force, plan, pushed_to, step, village

from alerting.decisions import PageAsked
from alerting.events import PageTold
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow
from gateway.paging.outbox import OutboxNews
from gateway.store.outgoing import Unsent

PUSHED = "pushed.jsonl"


async def waits_to_be_tried_again(centre: Centre, away: Path) -> tuple[QueueRow, str]:
    """A press; the push to the village's responsible person cannot be delivered as long as a folder is not there."""
    home = centre.home()
    person = village(centre, home)
    await centre.replace_registry(pushed_to(centre.plan.registry, person, f"record://{away}/{PUSHED}"))
    await in_force(centre, plan(step(30, "village"), LAST))
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await centre.told_of(row.incident, EntryKind.PAGE_FAILED)
    assert to(centre, person), "it waits to be tried again"
    return row, person


def to(centre: Centre, person: str) -> list[Unsent]:
    return [it for it in centre.gateway.store.outgoing.unsent() if it.recipient == person]


async def declines(centre: Centre, row: QueueRow, person: str) -> None:
    """They say so by the link of another page of the same step."""
    asked = msgspec.json.decode(to(centre, person)[0].body, type=PageAsked)
    place = {"round": asked.round, "step": asked.step}
    event = PageTold(incident=row.incident, to=person, what="declined", detail="link", **place)
    news = OutboxNews(lambda judge, at: judge.told(row.key, "declined", event, at) and None, Future())
    centre.gateway.writer.inbox.put(news, urgent=True)
    await centre.until(news.done.done, "the answer")
    await centre.told_of(row.incident, EntryKind.PAGE_DECLINED)


async def test_who_has_declined_gets_nothing_more_and_the_row_is_cancelled(centre: Centre) -> None:
    away = centre.folder / "away"
    row, person = await waits_to_be_tried_again(centre, away)
    await declines(centre, row, person)
    await centre.until(lambda: not to(centre, person), "the row to be cancelled")
    away.mkdir()
    await centre.pass_time(seconds=20)
    await centre.barrier()
    assert not (away / PUSHED).exists()
    assert (await centre.row_of(centre.home())).incident == row.incident, "it climbs on to others"


async def test_a_decline_is_remembered_over_a_restart(centre: Centre) -> None:
    away = centre.folder / "away"
    row, person = await waits_to_be_tried_again(centre, away)
    centre.gateway.outbox.follow = lambda _changed: None  # killed before the row is marked
    await declines(centre, row, person)
    assert to(centre, person)
    await centre.close_gateway()
    away.mkdir()
    await centre.open_gateway()
    await centre.until(lambda: not to(centre, person), "the row to be cancelled")
    assert not (away / PUSHED).exists()


async def test_a_later_step_calls_them_again(centre: Centre) -> None:
    away = centre.folder / "away"
    row, person = await waits_to_be_tried_again(centre, away)
    await declines(centre, row, person)
    await centre.until(lambda: not to(centre, person), "the row to be cancelled")
    away.mkdir()
    await centre.pass_time(seconds=900)
    await centre.until((away / PUSHED).exists, "the page of a later step")
