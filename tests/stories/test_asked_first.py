"""Before anybody is called the home's own device asks: who answers is left alone, who does not is called as ever."""

import asyncio
from concurrent.futures import Future
from datetime import timedelta

from centre import Centre

from alerting.events import HistoryLoaded
from alerting.model import AlarmKind, EntryKind, Priority
from alerting.silence.grid import GRID
from alerting.silence.rhythm import Rhythm
from alerting.silence.stopping import ROWS, SLOTS, Waits
from nuanhu.town.homes import Home


def rhythm() -> Rhythm:
    """A limit of four hours, asked after two."""
    limit, soft = bytes([GRID.index(48)]), bytes([GRID.index(24)])
    waits = Waits(limit * ROWS, limit * SLOTS, expected_per_week=0.2, price=1e-5, soft=soft * ROWS)
    return Rhythm(days=30, weeks=30 / 7, waits=waits)


async def known(centre: Centre) -> Home:
    """A home whose rhythm is known, in which somebody has just moved."""
    home = centre.home()
    done: Future[None] = Future()
    centre.gateway.give_history(home.household, HistoryLoaded(rhythm=rhythm()), [], done)
    await asyncio.wrap_future(done)
    await centre.move(home)
    return home


async def pass_hours(centre: Centre, home: Home, hours: int) -> None:
    """Time passes with every device alive."""
    for _ in range(hours * 2):
        await centre.pass_time(minutes=30)
        for fitted in home.fitted:
            await centre.alive(home, fitted.device)
        await centre.settled()
    await centre.pass_time(seconds=1)


async def asked(centre: Centre, home: Home) -> str:
    """Wait until the home's hub has been asked; the id of the question."""
    topic = f"{home.bridge.prefix}/down/{centre.device(home, 'hub').inner}/prompt"
    await centre.until(lambda: any(heard == topic for heard, _ in centre.heard), "the question")
    return str(next(body["id"] for heard, body in centre.heard if heard == topic))


async def listening(centre: Centre, home: Home) -> None:
    client = centre.client(home.bridge.id)
    client.subscribe(f"{home.bridge.prefix}/down/+/+", qos=1)


async def test_the_home_is_asked_before_its_limit_and_an_answer_leaves_it_alone(centre: Centre) -> None:
    home = await known(centre)
    await listening(centre, home)
    await pass_hours(centre, home, 2)
    assert (await asked(centre, home)).startswith(home.household)
    assert await centre.queue() == []
    await centre.event(home, "hub", "well")
    await pass_hours(centre, home, 3)
    assert await centre.queue() == []


async def test_no_answer_and_the_incident_comes_at_the_limit_as_ever(centre: Centre) -> None:
    home = await known(centre)
    await listening(centre, home)
    await pass_hours(centre, home, 3)
    await asked(centre, home)
    assert await centre.queue() == []
    await pass_hours(centre, home, 1)
    row = await centre.row_of(home)
    (alarm,) = row.alarms
    assert (alarm.kind, alarm.limit_s) == (AlarmKind.INACTIVITY, 4 * 3600)
    assert alarm.asked_at is not None
    assert timedelta(hours=2) <= alarm.at - alarm.asked_at <= timedelta(hours=2, seconds=2)


async def test_the_panic_key_is_a_panic_also_while_the_home_is_asked(centre: Centre) -> None:
    home = await known(centre)
    await listening(centre, home)
    await pass_hours(centre, home, 2)
    await asked(centre, home)
    await centre.press(home)
    row = await centre.row_of(home)
    assert (row.priority, row.alarms[0].kind) == (Priority.P1, AlarmKind.PANIC)


async def test_a_silence_that_grows_rings_again_and_higher(centre: Centre) -> None:
    home = await known(centre)
    await pass_hours(centre, home, 4)
    row = await centre.row_of(home)
    before = row.priority
    await centre.claim(row)
    centre.rang.clear()
    await pass_hours(centre, home, 10)
    assert row.incident in centre.rang
    grown = await centre.row_of(home)
    assert grown.priority is Priority.P2
    assert grown.priority <= before
    timeline = (await centre.incident(row.incident)).timeline
    assert [entry.kind for entry in timeline].count(EntryKind.GREW) == 1
