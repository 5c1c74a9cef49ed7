"""The store fails, really: a press rings all the same, marked, and is recorded, receipted, acknowledged afterwards."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from centre import P1, Centre
from on_both_stores import only_sqlite
from postgres import NoServerError, PostgresServer
from store_away import read_only, told

from alerting.commands import Close, Note
from alerting.model import EntryKind, Outcome
from gateway.desk.contract import QueueRow
from gateway.ingest import RECEIVE_MAXIMUM
from gateway.writing.recorder import BOUND_S
from gateway.writing.writer import MOST_KEPT
from nuanhu.town.homes import Home

RINGS_WITHIN_S = 5.0
BACK_WITHIN_S = 15.0

Failure = Callable[[Centre], Any]


def database(centre: Centre) -> Path:
    return centre.folder / "data" / "nuanhu.db"


@contextmanager
def full(centre: Centre) -> Any:
    """No page more than there are, and what deleted rows have left free is taken by something else."""
    with told(centre, "max_page_count=1", "max_page_count=1073741823"):
        connection = centre.gateway.store.seat.engine.raw_connection()
        with suppress(sqlite3.OperationalError):
            connection.cursor().execute("CREATE TABLE filler (bytes BLOB)")
            while True:
                connection.cursor().execute("INSERT INTO filler VALUES (zeroblob(4000))")
        connection.close()
        yield


@contextmanager
def no_space(centre: Centre) -> Any:
    """The operating system refuses every byte that would make a file longer than the store's log is now."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = database(centre).with_name("nuanhu.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def locked(centre: Centre) -> Any:
    """Somebody else holds the write lock for longer than the writer waits for it."""
    with told(centre, "busy_timeout=300", "busy_timeout=10000"):
        other = sqlite3.connect(database(centre), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def slow(centre: Centre) -> Any:
    """Somebody else holds the write lock, and the commit waits for it."""
    centre.gateway.writer._recorder.bound_s = BOUND_S
    other = sqlite3.connect(database(centre), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def gone(centre: Centre) -> Any:
    """The store's files are somewhere else."""
    aside = centre.folder / "aside"
    aside.mkdir()
    files = list(database(centre).parent.glob("nuanhu.db*"))
    for file in files:
        file.rename(aside / file.name)
    yield
    for file in files:
        (aside / file.name).rename(file)


@contextmanager
def replaced(centre: Centre) -> Any:
    """Another file lies in the store's place."""
    file = database(centre)
    aside = file.rename(file.with_name("original"))
    file.write_bytes(b"")
    yield
    aside.rename(file)


WAYS = (full, no_space, read_only, locked, slow, gone, replaced)


async def shown_unrecorded(centre: Centre, home: Home) -> QueueRow:
    """Wait for the home's row on the consoles, marked as not recorded, within the promised time."""
    async with asyncio.timeout(RINGS_WITHIN_S):
        while not (rows := [row for row in await centre.queue() if row.household == home.household]):
            await asyncio.sleep(0.02)
    assert [row.recorded for row in rows] == [False]
    return rows[0]


async def recorded(centre: Centre) -> None:
    """Wait until the store is back and everything is in it."""
    async with asyncio.timeout(BACK_WITHIN_S):
        while centre.gateway.writer.unrecorded.since is not None:
            await asyncio.sleep(0.02)
    await centre.settled()


@asynccontextmanager
async def away(centre: Centre, way: Failure) -> AsyncIterator[None]:
    with way(centre):
        yield
    await recorded(centre)


@only_sqlite
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_a_press_rings_and_is_recorded_once_when_the_store_is_back(centre: Centre, way: Failure) -> None:
    home = centre.home()
    centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    await centre.settled()
    told = centre.gateway.writer.messages
    async with away(centre, way):
        event = await centre.press(home, settle=False)
        row = await shown_unrecorded(centre, home)
        assert (row.priority, row.unacknowledged) == (P1, True)
        await centre.told()
        assert centre.rang == [row.incident]
        assert "store" in (await centre.gateway.desk.health()).faults
        assert any(change.wrong and "store" in change.wrong for change in centre.changes)
        assert centre.gateway.writer.messages == told
        assert not centre.heard
        assert centre.gateway.ingest._pending
        view = await centre.incident(row.incident)
        assert view.home is not None
        assert [entry.kind for entry in view.timeline] == [EntryKind.ALARM]
    await centre.until(lambda: centre.heard, "the receipt")
    assert [receipt["id"] for _, receipt in centre.heard] == [event]
    assert not centre.gateway.ingest._pending
    again = await centre.row_of(home)
    assert (again.incident, again.alarm_count, again.recorded) == (row.incident, 1, True)
    await centre.told()
    assert centre.rang == [row.incident]
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.SHOWN_UNRECORDED]
    assert (await centre.gateway.desk.health()).faults == ()
    await centre.until(lambda: centre.changes[-1].wrong == (), "the consoles to hear that all is well")


@only_sqlite
async def test_everybody_who_presses_meanwhile_rings_and_telemetry_waits(centre: Centre) -> None:
    first, second, zigbee = centre.home(), centre.home(nth=1), centre.zigbee_home
    topic = f"{zigbee.bridge.prefix}/{centre.device(zigbee, 'panic').inner}"
    async with away(centre, read_only):
        await centre.press(first, settle=False)
        await shown_unrecorded(centre, first)
        await centre.event(second, "motion", "motion", state="detected", settle=False)
        await centre.press(second, settle=False)
        await shown_unrecorded(centre, second)
        await centre.say(zigbee.bridge.id, topic, {"action": "emergency"}, settle=False)
        await shown_unrecorded(centre, zigbee)
        assert len(centre.gateway.writer.inbox) == 1
    await centre.told()
    assert len(centre.rang) == 3
    for home in (first, second, zigbee):
        row = await centre.row_of(home)
        assert (row.alarm_count, row.recorded) == (1, True)
    assert not centre.gateway.ingest._pending


@only_sqlite
async def test_no_amount_of_telemetry_keeps_a_press_waiting(centre: Centre) -> None:
    first, second = centre.home(), centre.home(nth=1)
    bridge = centre.client(second.bridge.id)
    topic = f"{second.bridge.prefix}/up/{centre.device(second, 'motion').inner}/status"
    async with away(centre, read_only):
        await centre.press(first, settle=False)
        await shown_unrecorded(centre, first)
        for n in range(RECEIVE_MAXIMUM + 1_000):
            said = bridge.publish(topic, msgspec.json.encode({"boot": "b1", "seq": 1000 + n, "at": None}), qos=1)
        await asyncio.to_thread(said.wait_for_publish, 60)
        await centre.press(second, settle=False)
        async with asyncio.timeout(60):
            while centre.gateway.ingest.received < RECEIVE_MAXIMUM + 1_002:
                await asyncio.sleep(0.05)
        await shown_unrecorded(centre, second)
        await centre.until(lambda: len(centre.gateway.writer.inbox) <= MOST_KEPT, "the oldest to be acknowledged")
    async with asyncio.timeout(60):
        while centre.gateway.ingest._pending:
            await asyncio.sleep(0.05)
    for home in (first, second):
        row = await centre.row_of(home)
        assert (row.alarm_count, row.recorded) == (1, True)


@only_sqlite
async def test_only_calls_for_help_are_held_in_memory(centre: Centre) -> None:
    zigbee = centre.zigbee_home
    topic = f"{zigbee.bridge.prefix}/{centre.device(zigbee, 'panic').inner}"
    async with away(centre, read_only):
        await centre.press(centre.home(), settle=False)
        await shown_unrecorded(centre, centre.home())
        held = centre.gateway.writer.unrecorded._pieces
        for battery in range(10, 60):
            await centre.say(zigbee.bridge.id, topic, {"battery": battery}, settle=False)
        await centre.until(lambda: len(centre.gateway.writer.inbox) == 50, "what may be a call and is none")
        assert centre.gateway.writer.unrecorded._pieces <= held  # fewer, when a commit begun before was still under way
        await centre.say(zigbee.bridge.id, topic, {"action": "emergency"}, settle=False)
        await shown_unrecorded(centre, zigbee)
    assert not centre.gateway.ingest._pending


@only_sqlite
async def test_an_event_said_again_meanwhile_is_still_one(centre: Centre) -> None:
    home = centre.home()
    async with away(centre, read_only):
        await centre.press(home, event_id="same", seq=7, settle=False)
        await shown_unrecorded(centre, home)
        await centre.press(home, event_id="same", seq=7, settle=False)
        await centre.press(home, event_id="other", seq=8, settle=False)
        await centre.until(lambda: len(centre.rang) == 2, "the second press")
    row = await centre.row_of(home)
    assert row.alarm_count == 2
    await centre.told()
    assert len(centre.rang) == 2


@only_sqlite
async def test_a_press_that_was_recorded_before_does_not_ring_again(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home, event_id="before", seq=3)
    async with away(centre, full):
        await centre.press(home, event_id="before", seq=3, settle=False)
        await centre.press(centre.home(nth=1), settle=False)
        await shown_unrecorded(centre, centre.home(nth=1))
    assert (await centre.row_of(home)).alarm_count == 1


@only_sqlite
async def test_an_alarm_can_be_claimed_without_the_store_and_nothing_else_can_be_done(centre: Centre) -> None:
    home = centre.home()
    async with away(centre, read_only):
        await centre.press(home, settle=False)
        row = await shown_unrecorded(centre, home)
        answer = await centre.claim(row)
        assert (answer.refused, answer.recorded) == ("", False)
        row = await centre.row_of(home)
        assert (row.claimed_by, row.unacknowledged, row.recorded) == ("zuoxi1", False, False)
        note = Note(key=row.key, incident=row.incident, by="zuoxi1", text="spoke to her")
        assert (await centre.ask(note)).refused == "store_away"
        close = Close(key=row.key, incident=row.incident, by="zuoxi1", outcome=Outcome.WAS_WELL)
        assert (await centre.ask(close)).refused == "store_away"
    row = await centre.row_of(home)
    assert (row.claimed_by, row.recorded) == ("zuoxi1", True)
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.CLAIMED, EntryKind.SHOWN_UNRECORDED]
    assert (await centre.close(row)).done


@only_sqlite
async def test_what_nobody_takes_climbs_from_memory(centre: Centre) -> None:
    home = centre.home()
    async with away(centre, locked):
        await centre.press(home, settle=False)
        row = await shown_unrecorded(centre, home)
        centre.clock.advance(timedelta(seconds=61))
        await centre.until(lambda: len(centre.rang) > 1, "the consoles to ring again")
        await centre.told()
        assert set(centre.rang) == {row.incident}
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert {EntryKind.UNCLAIMED, EntryKind.ESCALATED} <= set(kinds)
    assert (await centre.row_of(home)).alarm_count == 1


@only_sqlite
async def test_nobody_is_called_inactive_for_what_waited_at_the_broker(centre: Centre) -> None:
    home, other = centre.home(), centre.home(nth=1)
    await centre.move(other)
    async with away(centre, read_only):
        await centre.press(home, settle=False)
        await shown_unrecorded(centre, home)
        centre.clock.advance(timedelta(hours=30))
        await asyncio.sleep(0.5)
    assert [row for row in await centre.queue() if row.household == other.household] == []


async def test_a_database_server_that_dies_and_comes_back(tmp_path: Path) -> None:
    server = PostgresServer()
    try:
        server.start()
    except NoServerError as why:
        pytest.skip(f"PostgreSQL does not run here: {why}")
    centre = Centre(tmp_path, server.database())
    try:
        await centre.start()
        home = centre.home()
        await centre.press(centre.home(nth=1))
        await asyncio.to_thread(server.halt, kill=True)
        await centre.press(home, settle=False)
        row = await shown_unrecorded(centre, home)
        assert "store" in (await centre.gateway.desk.health()).faults
        await asyncio.to_thread(server.resume)
        await recorded(centre)
        again = await centre.row_of(home)
        assert (again.incident, again.alarm_count, again.recorded) == (row.incident, 1, True)
        await centre.told()
        assert len(centre.rang) == 2
    finally:
        await centre.stop()
        server.stop()
