"""Days on which hardly anybody moves are one incident, not one a silence; and none is longer than a day."""

import asyncio
from concurrent.futures import Future
from datetime import timedelta

import msgspec
from centre import Centre
from on_both_stores import only_sqlite

from alerting.events import HistoryLoaded
from alerting.model import Aggregate, AlarmKind, Outcome
from nuanhu.town.homes import Home
from tests.stories.test_asked_first import rhythm
from tests.stories.test_replayed import replayed

USUAL = (60,) * 14
"""Active windows of the days before: a day with one or two is of low activity."""


async def known(centre: Centre, home: Home, normal: tuple[int, ...]) -> None:
    done: Future[None] = Future()
    past = msgspec.structs.replace(rhythm(), normal=normal)
    centre.gateway.give_history(home.household, HistoryLoaded(rhythm=past), [], done)
    await asyncio.wrap_future(done)
    await centre.move(home)


async def rung(centre: Centre, home: Home) -> int:
    """How many incidents for inactivity the home has had."""
    view = await centre.gateway.desk.household(home.household)
    assert view is not None
    kinds = [{alarm.kind for alarm in row.alarms} for row in view.incidents]
    return sum(AlarmKind.INACTIVITY in it for it in kinds)


@only_sqlite
async def test_a_run_of_such_days_rings_once_until_the_longest_of_all_limits(centre: Centre) -> None:
    quiet, control = centre.home(), centre.home(nth=1)
    await known(centre, quiet, USUAL)
    await known(centre, control, ())
    await both(centre, quiet, control, 5)
    for home in (quiet, control):
        row = await centre.row_of(home)
        await centre.claim(row)
        assert (await centre.close(row, Outcome.NOT_AT_HOME)).done
    await both(centre, quiet, control, 20)
    for home in (quiet, control):
        await centre.move(home)
    moved, first = centre.clock.now(), await rung(centre, quiet)
    assert first == await rung(centre, control) > 0
    for row in await centre.queue():
        await centre.claim(row)
        assert (await centre.close(row, Outcome.NOT_AT_HOME)).done
    await both(centre, quiet, control, 13)
    assert await rung(centre, control) > first, "a home that lives so has its limit, and at most the cap of a day"
    assert await rung(centre, quiet) == first, "the second silence of the run is the same one"
    await both(centre, quiet, control, 10)
    assert await rung(centre, quiet) == first
    await both(centre, quiet, control, 2)
    assert await rung(centre, quiet) == first + 1
    assert centre.clock.now() - moved > timedelta(hours=24), "a whole day without anybody rings all the same"
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def both(centre: Centre, one: Home, other: Home, hours: int) -> None:
    """Time passes with every device of both homes alive."""
    for _ in range(hours * 2):
        await centre.pass_time(minutes=30)
        for home in (one, other):
            for fitted in home.fitted:
                await centre.alive(home, fitted.device)
        await centre.settled()
