"""A row that a store can never take costs its own home alone, and is not tried for ever."""

from __future__ import annotations

import threading

import pytest
from presses import ORIGIN, add_press, where
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from alerting.decisions import EditionSaved
from alerting.duty import editions
from alerting.events import TimePassed
from gateway.store import schema
from gateway.store.apart import apart
from gateway.store.batch import Batch
from gateway.writing.recorder import Recorder
from nuanhu.wiring import Store
from tests.gateway.store.presses import NOON

TOO_LARGE = 2**70
WAIT_S = 60.0
MANY = 30
"""So many homes are written as arrays."""


def of_homes(homes: int) -> Batch:
    """A press in each, and what belongs to no home."""
    batch = Batch()
    for n in range(homes):
        add_press(batch, f"h{n}", 1, f"e{n}")
    batch.note_quarantine(NOON, "t", "b", "unknown topic", b"?")
    batch.names["b", "kitchen"] = {"bridge": "b", "name": "kitchen", "inner": "1"}
    batch.alive_ms = 1
    batch.note_cursor("influx", {7: 3})
    return batch


def spoil(batch: Batch, what: str) -> None:
    """Put a value into a row of home h1 that no store can hold."""
    if what == "timer":
        row = batch.timers["household", "h1"]
        assert row is not None
        row["due_ms"] = TOO_LARGE
    elif what == "outbox":
        batch.outbox[1]["until_ms"] = TOO_LARGE
    else:
        batch.journal[1]["reason"] = "\ud800"


def record(recorder: Recorder, batch: Batch) -> None:
    """Hand a batch over, and wait until it is durable."""
    durable = threading.Event()
    recorder.on_settled = durable.set
    recorder.record(batch)
    assert durable.wait(WAIT_S), recorder.failure
    recorder.stop()


@pytest.mark.parametrize("what", ["timer", "outbox", "journal"])
@pytest.mark.parametrize("homes", [3, MANY])
def test_a_row_that_cannot_be_written_costs_its_own_home_alone(store: Store, homes: int, what: str) -> None:
    batch = of_homes(homes)
    spoil(batch, what)
    record(Recorder(store.write), batch)
    assert list(batch.refused) == ["h1"]
    assert batch.refused["h1"].startswith("not recorded: ")
    others = {f"h{n}" for n in range(homes)} - {"h1"}
    assert {it.key for it in store.reads.open_incidents()} == others
    with store.engine.connect() as c:
        assert {key for (key,) in c.execute(select(schema.journal.c.key))} == others
        assert {key for (key,) in c.execute(select(schema.due_timers.c.key))} == others
        assert c.execute(select(schema.telemetry_cursor.c.seq)).scalar() == 3
    assert store.reads.recalled(ORIGIN, "e0") == b"seen"
    assert store.reads.recalled(ORIGIN, "e1") is None
    assert store.reads.quarantine_count() == 1
    assert store.reads.names() == {"b": {"kitchen": "1"}}


def test_what_belongs_to_no_home_is_refused_row_by_row(store: Store) -> None:
    batch = of_homes(1)
    for topic in ("u", "v"):
        batch.note_quarantine(NOON, topic, "b", "unknown topic", b"?")
    batch.quarantine[1]["at_ms"] = TOO_LARGE
    record(Recorder(store.write), batch)
    assert batch.refused == {}
    assert store.reads.quarantine_count() == 2


def test_when_the_store_goes_away_in_between_nothing_is_written_twice(store: Store) -> None:
    batch = of_homes(3)
    spoil(batch, "timer")
    calls = 0

    def write(part: Batch) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:  # the whole, the first home, and then
            raise OperationalError("", {}, Exception("gone"))
        store.write(part)

    record(Recorder(write), batch)
    assert list(batch.refused) == ["h1"]
    assert {it.key for it in store.reads.open_incidents()} == {"h0", "h2"}
    assert store.reads.quarantine_count() == 1


KEPT_BY_THE_WHOLE = {"refused", "_tried"}
"""What is said of a batch, and not written."""


def test_every_row_of_a_batch_is_in_exactly_one_of_its_parts() -> None:
    batch = of_homes(2)
    place = batch.journal[0]["partition"], batch.journal[0]["seq"]
    row = {"partition": place[0], "seq": place[1], "key": "h0", "b_key": "h0", "household": "h0", "b_household": "h0"}
    for name, field in vars(batch).items():
        if name not in KEPT_BY_THE_WHOLE and isinstance(field, list | dict) and not field:
            _put(batch, name, row)
    batch.books.history.append(row)
    batch.drilled.begun.append(row)
    parts = apart(batch)
    assert len(parts) > 2
    for name, field in vars(batch).items():
        if name in KEPT_BY_THE_WHOLE:
            continue
        if isinstance(field, list):
            assert sorted(map(id, field)) == sorted(id(it) for part in parts for it in getattr(part, name)), name
        elif isinstance(field, dict):
            assert field == {k: v for part in parts for k, v in getattr(part, name).items()}, name
            assert len(field) == sum(len(getattr(part, name)) for part in parts), name
        else:
            assert sum(getattr(part, name) == field for part in parts) == 1, name


def _put(batch: Batch, name: str, row: dict[str, object]) -> None:
    """One row into a field that has none, whatever it holds."""
    field = getattr(batch, name)
    if isinstance(field, list):
        field.append(dict(row))
    else:
        field["h0", "h0"] = dict(row)


def test_an_edition_and_a_checkpoint_are_written_although_a_home_is_refused(store: Store) -> None:
    batch = of_homes(3)
    spoil(batch, "timer")
    place = where(editions.KEY, 1)
    batch.note_event(place, NOON, TimePassed(), policy=1)
    batch.note_decision(place, 0, NOON, EditionSaved(kind=editions.PLANS, number=7, by="x", note="", body="{}"))
    batch.checkpoints.append({"taken_ms": 1, "partition": 0, "seq": 1, "body": b""})
    record(Recorder(store.write), batch)
    assert list(batch.refused) == ["h1"]
    with store.engine.connect() as c:
        assert c.execute(select(schema.edition.c.number)).scalars().all() == [7]
        assert c.execute(select(schema.checkpoint.c.taken_ms)).scalars().all() == [1]
