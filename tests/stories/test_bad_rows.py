"""The store is there, but will not have a row: that home rings as not judged, and its neighbours notice nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from centre import P1, Centre
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from alerting.model import AlarmKind, FaultKind, IncidentState, partition_of
from gateway.desk.contract import QueueRow
from gateway.store import schema
from gateway.store.batch import Batch
from gateway.store.engine import postgresql_engine, sqlite_engine, store_address


@contextmanager
def refusing(centre: Centre, table: str, key: str) -> Iterator[None]:
    """A constraint in the store itself keeps a home's rows out of a table."""
    address = store_address(centre.gateway.store.url)
    if address.get_backend_name() == "sqlite":
        engine = sqlite_engine(address)
        when = f"BEFORE INSERT ON {table} WHEN NEW.key = '{key}'"
        begin = f"CREATE TRIGGER refusing {when} BEGIN SELECT RAISE(ABORT, 'no'); END"
        end = "DROP TRIGGER refusing"
    else:
        engine = postgresql_engine(address, "")
        begin = f"ALTER TABLE {table} ADD CONSTRAINT refusing CHECK (key <> '{key}') NOT VALID"
        end = f"ALTER TABLE {table} DROP CONSTRAINT refusing"
    with engine.begin() as c:
        c.execute(text(begin))
    try:
        yield
    finally:
        with engine.begin() as c:
            c.execute(text(end))
        engine.dispose()


def receipts(centre: Centre) -> list[str]:
    return [said["id"] for topic, said in centre.heard if topic.endswith("/receipt")]


async def failed(centre: Centre) -> list[QueueRow]:
    return [row for row in await centre.queue() if row.alarms[0].kind is AlarmKind.RULE_FAILED]


async def test_a_press_that_cannot_be_written_rings_as_not_judged_and_its_neighbour_s_as_ever(centre: Centre) -> None:
    bad, neighbour = centre.home(nth=0), centre.home(nth=1)
    for home in (bad, neighbour):
        centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    with refusing(centre, "hot_state", bad.household):
        await centre.press(bad, settle=False, event_id="bad")
        await centre.press(neighbour, event_id="good")
        assert (await centre.row_of(neighbour)).priority is P1
        [rung] = await failed(centre)
        assert (rung.priority, rung.recorded) == (P1, True)
        assert bad.household in rung.key
        assert [row for row in await centre.queue() if row.household == bad.household] == []
        await centre.until(lambda: sorted(receipts(centre)) == ["bad", "good"], "both receipts")
        await centre.press(bad, event_id="bad")  # its device has not heard the receipt
        assert [row.alarm_count for row in await failed(centre)] == [1]
        await centre.press(bad, event_id="again")
        assert [row.alarm_count for row in await failed(centre)] == [2]
    assert centre.gateway.writer.trouble == ""
    await centre.close_gateway()
    await centre.open_gateway()
    assert [row.alarm_count for row in await failed(centre)] == [2]
    await centre.press(bad)
    assert (await centre.row_of(bad)).alarm_count == 1


async def test_a_place_in_the_journal_that_is_taken_costs_one_event(centre: Centre) -> None:
    home = centre.home()
    partition = partition_of(home.household)
    taken = centre.gateway.store.reads.last_sequences().get(partition, 0) + 1
    row = {"partition": partition, "seq": taken, "aggregate": "household", "key": "another", "at_ms": 0, "policy": 1}
    address = store_address(centre.gateway.store.url)
    engine = sqlite_engine(address) if address.get_backend_name() == "sqlite" else postgresql_engine(address, "")
    with engine.begin() as c:
        c.execute(insert(schema.journal).values(**row, edition=0, judged=True, reason="", event=b"{}"))
    engine.dispose()
    await centre.press(home)
    assert len(await failed(centre)) == 1
    faults = [f for f in await centre.gateway.desk.faults() if f.kind is FaultKind.NOT_JUDGED]
    assert [f.household for f in faults] == [home.household]
    assert faults[0].detail.startswith("not recorded: ")
    await centre.press(home)
    assert (await centre.row_of(home)).alarm_count == 1
    assert len(await failed(centre)) == 1


async def test_a_home_of_which_nothing_can_be_written_still_rings_and_what_it_said_is_in_quarantine(
    centre: Centre,
) -> None:
    home = centre.home(nth=1)
    centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    with refusing(centre, "journal", home.household):
        await centre.press(home, event_id="p1")
        [rung] = await failed(centre)
        assert (rung.priority, rung.recorded) == (P1, True)
        await centre.until(lambda: receipts(centre) == ["p1"], "the receipt")
        [kept] = (await centre.gateway.desk.quarantine()).rows
        assert kept.reason.startswith("not recorded: ")
        await centre.press(home, event_id="p1")
        assert [row.alarm_count for row in await failed(centre)] == [1]
    assert centre.gateway.writer.trouble == ""


async def test_a_home_that_cannot_be_written_is_watched_again_later(centre: Centre) -> None:
    home = centre.home(nth=1)
    await centre.move(home)
    with refusing(centre, "journal", home.household):
        await centre.pass_time(hours=14)  # its limit is over, and cannot be written
        assert home.household not in {row.household for row in await centre.queue()}
    await centre.pass_time(minutes=11)
    assert home.household in {row.household for row in await centre.queue()}


async def test_a_command_that_cannot_be_written_is_refused_and_changes_nothing(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    with refusing(centre, "journal", home.household):
        answer = await centre.claim(await centre.row_of(home))
        assert answer.refused == "not_judged"
        assert (await centre.row_of(home)).state == IncidentState.OPEN.value
        await centre.barrier()
    assert (await centre.claim(await centre.row_of(home))).done
    assert (await centre.close(await centre.row_of(home))).done


async def test_a_bad_row_among_what_waited_for_the_store_does_not_keep_it_away(centre: Centre) -> None:
    bad, neighbour = centre.home(nth=0), centre.home(nth=1)
    recorder = centre.gateway.writer._recorder
    real = recorder._write

    def away(_: Batch) -> None:
        raise OperationalError("", {}, Exception("gone"))

    with refusing(centre, "hot_state", bad.household):
        recorder._write = away
        await centre.press(bad, settle=False)
        await centre.press(neighbour, settle=False)
        await centre.until(lambda: len(centre.rang) == 2, "both to ring unrecorded")
        recorder._write = real
        await centre.until(lambda: centre.gateway.writer.trouble == "", "the store to be back")
        await centre.settled()
        assert (await centre.row_of(neighbour)).recorded
        assert len(await failed(centre)) == 1
