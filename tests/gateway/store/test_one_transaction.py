"""All of a batch is written or nothing; later states replace earlier ones; what must be kept is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from centre import town
from presses import NOON, ORIGIN, PRESSED, a_press, add_press, counts, incident, where
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from alerting.decisions import ActivitySeen, FaultCleared, IncidentChanged
from alerting.homes.state import HouseholdState
from alerting.model import Aggregate, FaultKind, IncidentState
from gateway.settings import Settings
from gateway.store import schema
from gateway.store.batch import Batch
from gateway.store.engine import StoreError
from gateway.store.values import ms
from nuanhu.wiring import Store

MANY = 60
"""More rows than are written one by one."""


def test_a_press_is_written_whole(store: Store) -> None:
    store.write(a_press("h1", 1))
    assert counts(store) == PRESSED
    assert [it.id for it in store.reads.open_incidents()] == ["h1-1"]
    assert store.reads.recalled(ORIGIN, "e1") == b"seen"


@pytest.mark.parametrize("others", [0, MANY])
def test_a_failure_in_the_middle_leaves_nothing(store: Store, others: int) -> None:
    store.write(a_press("h1", 1))
    broken = Batch()
    for n in range(others):
        add_press(broken, f"x{n}", 1, f"x{n}")
    add_press(broken, "h2", 1, "e2")
    broken.outbox.append(broken.outbox[-1])  # twice the same row: the journal row before it must not stay
    with pytest.raises(StoreError):
        store.write(broken)
    assert counts(store) == PRESSED
    store.write(a_press("h2", 1, "e2"))
    assert counts(store)["journal"] == 2


def test_a_batch_given_again_after_its_answer_was_lost_is_written_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = store.seat.engine.dialect
    commit = dialect.do_commit

    def commit_and_break(connection: object) -> None:
        commit(connection)  # type: ignore[arg-type]
        raise OperationalError("COMMIT", None, ConnectionResetError("the line broke"))

    batch = a_press("h1", 1)
    with monkeypatch.context() as broken:
        broken.setattr(dialect, "do_commit", commit_and_break)
        with pytest.raises(StoreError):
            store.write(batch)
    store.write(batch)
    assert counts(store) == PRESSED


def test_a_batch_given_again_after_it_failed_is_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_batch: Batch, _connection: Connection) -> None:
        raise OperationalError("INSERT", None, OSError("no space left"))

    batch = a_press("h1", 1)
    with monkeypatch.context() as broken:
        broken.setattr("gateway.store.batch.write_quarantine", full)
        with pytest.raises(StoreError):
            store.write(batch)
    assert counts(store) == {}
    store.write(batch)
    assert counts(store) == PRESSED


@pytest.mark.parametrize("homes", [1, MANY])
def test_later_states_replace_earlier_ones(store: Store, homes: int) -> None:
    for seq in (1, 2):
        batch = Batch()
        for n in range(homes):
            add_press(batch, f"h{n}", seq, f"h{n}e{seq}")
        store.write(batch)
    held = counts(store)
    assert (held["journal"], held["timeline"], held["outbox"], held["remembered"]) == (2 * homes,) * 4
    assert (held["hot_state"], held["incident"], held["due_timers"], held["fault"]) == (homes,) * 4
    memory = store.reads.memory("h0")
    assert memory is not None
    assert memory.hot.incidents == 2
    assert {due for due, _, _ in store.reads.timers()} == {ms(NOON + timedelta(minutes=2))}
    assert {fault.detail for fault in store.reads.open_faults("", MANY)} == {"the 2th"}


def test_two_states_of_the_same_thing_in_one_batch_are_the_later_one(store: Store) -> None:
    batch = Batch()
    for n in range(MANY):
        add_press(batch, "h1", n + 1, f"e{n}")  # the very same fault each time
    store.write(batch)
    assert counts(store)["fault"] == 1
    assert [fault.detail for fault in store.reads.open_faults("", 10)] == [f"the {MANY}th"]


def test_a_closed_incident_and_a_cleared_fault_are_open_no_more(store: Store) -> None:
    store.write(a_press("h1", 1))
    batch = Batch()
    closed = IncidentChanged(incident=incident("h1", IncidentState.CLOSED))
    for n, decision in enumerate((closed, FaultCleared(device="d", kind=FaultKind.TAMPER))):
        batch.note_decision(where("h1", 2), n, NOON, decision)
    batch.note_event(where("h1", 2), NOON, HouseholdState(key="h1"), policy=1)
    store.write(batch)
    assert store.reads.open_incidents() == []
    assert [it.id for it in store.reads.closed_incidents("", 10)] == ["h1-1"]
    assert store.reads.open_fault_keys() == set()


def test_a_timer_that_fired_is_gone_unless_there_is_a_new_wish(store: Store) -> None:
    store.write(a_press("h1", 1))
    fired = Batch()
    fired.wake_done(Aggregate.HOUSEHOLD, "h1")
    store.write(fired)
    assert store.reads.timers() == []
    again = Batch()
    again.wake_done(Aggregate.HOUSEHOLD, "h1")
    add_press(again, "h1", 2, "e2")
    store.write(again)
    assert len(store.reads.timers()) == 1


def test_what_is_sent_is_not_sent_again(store: Store) -> None:
    store.write(a_press("h1", 1))
    (row,) = store.outgoing.unsent()
    assert (row.channel, row.recipient, row.attempts) == ("device", "d", 0)
    partition, seq, n = row.place
    tried = Batch()
    key = {"partition": partition, "seq": seq, "n": n, "recipient": "d", "at_ms": 1}
    tried.sent_log += [{**key, "attempt": attempt, "ok": False, "error": "failed"} for attempt in (1, 2)]
    store.write(tried)
    assert [row.attempts for row in store.outgoing.unsent()] == [2]
    done = Batch()
    done.sent.append({"b_partition": partition, "b_seq": seq, "b_n": n, "b_ms": 1})
    done.sent_log.append({**key, "attempt": 3, "ok": True, "error": ""})
    store.write(done)
    assert store.outgoing.unsent() == []
    assert [(attempt, ok) for attempt, _, _, ok, _ in store.outgoing.sent_log(row.place)] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_sequences_timers_and_ids_go_on_after_reopening(settings: Settings) -> None:
    first = Store(settings)
    for seq in range(1, 4):
        first.write(a_press("h1", seq, f"e{seq}"))
    first.write(a_press("h2", 1, "other"))
    first.close()
    again = Store(settings)
    partitions = {where(key, 0)[0]: seq for key, seq in (("h1", 3), ("h2", 1))}
    assert again.reads.last_sequences() == partitions
    assert len(again.reads.timers()) == 2
    again.write(a_press("h1", 4, "e4"))
    assert again.reads.last_sequences()[where("h1", 0)[0]] == 4
    again.close()


def test_an_id_is_remembered_for_ever(settings: Settings) -> None:
    store = Store(settings)
    store.write(a_press("h1", 1, "the first"))
    late = Batch()
    years_later = NOON + timedelta(days=20 * 365)
    for n in range(2000):
        late.remember(ORIGIN, f"id {n}", "k", years_later)
    late.alive_ms = ms(years_later)
    store.write(late)
    store.close()
    again = Store(settings)
    assert again.reads.recalled(ORIGIN, "the first") == b"seen"
    assert again.reads.recalled("another bridge/sos", "the first") is None
    again.close()


def test_the_quarantine_is_bounded_and_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.quarantine.KEPT", 10)
    for _ in range(3):
        batch = Batch()
        for n in range(MANY):
            batch.note_quarantine(NOON, f"topic/{n}", "b", "unreadable: each in its own way", b"\x00\xff{")
        store.write(batch)
    view = store.reads.quarantine(100)
    assert len(view.rows) == 10
    assert view.by_reason == {"unreadable": 3 * MANY}
    assert view.rows[0].topic == f"topic/{MANY - 1}"


def test_a_nul_in_what_a_device_says_does_not_stop_a_commit(store: Store) -> None:
    batch = a_press("h1", 1, "e\x001")
    batch.names["b", "the\x00lamp"] = {"bridge": "b", "name": "the\x00lamp", "inner": "0x1"}
    batch.note_quarantine(NOON, "t\x00t", "b", "no\x00", b"\x00")
    store.write(batch)
    assert store.reads.recalled(ORIGIN, "e\x001") == b"seen"
    assert store.reads.recalled(ORIGIN, "e1") is None
    many = Batch()
    for n in range(MANY):
        many.remember(ORIGIN, f"m\x00{n}", "k", NOON)
    store.write(many)
    assert store.reads.recalled(ORIGIN, "m\x007") is not None
    assert store.reads.find_households("", "a\x00", 5) == []


def test_ids_of_any_length_are_told_apart(store: Store) -> None:
    endless = "".join(chr(33 + n * n % 89) for n in range(9000))
    for seq, id_ in enumerate(("one", "two"), 1):
        store.write(a_press("h1", seq, endless + id_))
    store.write(a_press("h1", 3, endless[:200]))
    held = [store.reads.recalled(ORIGIN, endless + id_) for id_ in ("one", "two", "three")]
    assert held == [b"seen", b"seen", None]
    assert store.reads.recalled(ORIGIN, endless[:200]) == b"seen"
    assert store.reads.recalled(ORIGIN, endless[:160]) is None


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_absurd_times_are_stored(store: Store, year: int) -> None:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    batch = Batch()
    batch.note_event(where("h1", 1), moment, HouseholdState(key="h1"), policy=1)
    store.write(batch)
    with store.engine.connect() as c:
        assert c.execute(select(schema.journal.c.at_ms)).scalar_one() == ms(moment)


def test_activity_comes_back_as_it_was(store: Store) -> None:
    batch = Batch()
    for n in range(MANY):
        seen = ActivitySeen(window=NOON + timedelta(minutes=5 * n), rooms="hall,living", door=n % 2 == 0)
        batch.note_decision(where("h1", 1), n, NOON, seen)
    store.write(batch)
    windows = store.reads.activity("h1", NOON, NOON + timedelta(hours=8))
    assert [window.door for window in windows] == [n % 2 == 0 for n in range(MANY)]
    assert windows[0].start == NOON
    assert windows[0].rooms == ("hall", "living")


def test_the_registry_comes_back_as_it_was(store: Store) -> None:
    registry = town().registry
    store.register(registry)
    store.register(registry)
    held = store.registry()
    for field in registry.__struct_fields__:
        given = sorted(getattr(registry, field), key=msgspec.json.encode)
        assert sorted(getattr(held, field), key=msgspec.json.encode) == given
        keys = [next(iter(msgspec.to_builtins(row).values())) for row in getattr(held, field)]
        assert keys == sorted(keys), "in the order of bytes, whatever language the database was made for"


def test_looking_for_a_home_takes_signs_as_they_are(store: Store) -> None:
    registry = town().registry
    first, *others = registry.households
    odd = msgspec.structs.replace(first, address="100%_号", area="330_x%.01")
    store.register(msgspec.structs.replace(registry, households=(odd, *others)))
    assert [key for key, _ in store.reads.find_households("", "100%_", 5)] == [odd.key]
    assert store.reads.find_households("", "1%号", 5) == []
    assert [key for key, _ in store.reads.find_households("330_x%", "", 5)] == [odd.key]
    assert store.reads.find_households("330__", "", 5) == []
    assert [key for key, _ in store.reads.find_households("", others[0].title, 5)] == [others[0].key]


def test_an_area_whose_key_begins_like_another_s_is_another_area(store: Store) -> None:
    registry = town().registry
    first, second, *_ = registry.households
    mine = msgspec.structs.replace(first, area="330.1")
    beside = msgspec.structs.replace(second, area="330.11")
    store.register(msgspec.structs.replace(registry, households=(mine, beside), devices=()))
    assert [key for key, _ in store.reads.find_households("330.1", "", 5)] == [mine.key]
    assert [key for key, _ in store.reads.find_households("330", "", 5)] == [mine.key, beside.key]
