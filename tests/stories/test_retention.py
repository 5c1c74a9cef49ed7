"""What was kept long enough goes at night, a little at a time; a press is neither delayed nor forgotten by it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from centre import Centre
from sqlalchemy import select

from gateway.retention import ExpiredGiven
from gateway.store import schema
from gateway.store.batch import Batch
from gateway.store.expiry import MOST_A_PIECE
from gateway.writing.judge import Judge
from nuanhu.town.homes import OWN


async def walked(centre: Centre) -> None:
    for _ in range(3):
        for nth in range(2):
            await centre.move(centre.home(OWN, nth))


def movements(centre: Centre) -> int:
    j = schema.journal.c
    with centre.gateway.store.engine.connect() as c:
        return sum(b'"kind":"motion"' in event for event in c.scalars(select(j.event)))


async def nights(centre: Centre, days: int) -> None:
    """Let days pass, and the round of the night they end with."""
    rounds = centre.gateway.retention.rounds
    await centre.pass_time(days=days)
    await centre.until(lambda: centre.gateway.retention.rounds > rounds, "the round at night")


async def test_movements_go_after_two_weeks_and_a_press_stays(centre: Centre) -> None:
    home = centre.home()
    press = await centre.press(home)
    await walked(centre)
    before = movements(centre)
    assert before >= 6
    await nights(centre, 13)
    assert movements(centre) == before
    await nights(centre, 2)
    assert movements(centre) <= 2  # the last row of a partition stays
    assert centre.gateway.retention.deleted >= before - 2
    view = await centre.incident((await centre.row_of(home)).incident)
    assert view.timeline[0].alarm is not None
    rang = (await centre.row_of(home)).alarm_count
    await centre.press(home, event_id=press)
    assert (await centre.row_of(home)).alarm_count == rang
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.press(home)
    assert (await centre.row_of(home)).alarm_count == rang + 1


async def test_a_time_series_store_that_was_away_for_weeks_loses_nothing(centre: Centre) -> None:
    await centre.set_up(influx_url="http://127.0.0.1:9", influx_org="o", influx_token="t")
    await walked(centre)
    before = movements(centre)
    await nights(centre, 30)
    assert movements(centre) == before
    await centre.set_up(influx_url="")  # nobody waits for them any more
    await nights(centre, 1)
    assert movements(centre) < before


async def test_a_press_overtakes_what_is_to_be_deleted(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer is held at the first piece: a press that comes meanwhile is the next thing it does."""
    home, writer = centre.home(), centre.gateway.writer
    await walked(centre)
    held, go_on = threading.Event(), threading.Event()
    wrote: list[str] = []
    really_into_batch, really_write = ExpiredGiven.write, writer._recorder._write

    def into_batch(given: ExpiredGiven, judge: Judge, now: datetime) -> None:
        held.set()
        go_on.wait()
        really_into_batch(given, judge, now)

    def write(batch: Batch) -> None:
        if batch.expired or batch.checkpoints:
            wrote.append("piece")
            assert sum(len(piece.keys) for piece in batch.expired) <= MOST_A_PIECE
        if any(row["aggregate"] == "household" and b'"panic"' in row["event"] for row in batch.journal):  # type: ignore[operator]
            wrote.append("press")
        really_write(batch)

    monkeypatch.setattr(ExpiredGiven, "write", into_batch)
    writer._recorder._write = write
    try:
        centre.clock.advance(timedelta(days=20))
        await centre.until(held.is_set, "the first piece")
        await centre.press(home, settle=False)
        await centre.until(lambda: len(writer.inbox) > 0, "the press to lie there")
    finally:
        go_on.set()
    await centre.settled()
    await centre.until(lambda: centre.gateway.retention.rounds > 0, "the round at night")
    assert wrote[:2] == ["piece", "press"]
    assert wrote.count("piece") > 1
