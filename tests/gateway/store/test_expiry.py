"""What may go after its time, and what must not, on either store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from presses import ORIGIN, a_press
from sqlalchemy import select

from alerting.care.decided import CareDutyChanged, CareKept, WarningAnswered, WarningKept
from alerting.care.duty import CareDuty, CareEnd, CareGiven, CareKind, CareResult, care_key
from alerting.care.warning import EarlyWarning, WarningAnswer, WarningCode
from alerting.commands import Note
from alerting.decisions import FaultOpened, IncidentChanged
from alerting.events import AnyEvent, Commanded, PeopleKnown, SignalHeard, TimePassed
from alerting.model import Aggregate, FaultKind, IncidentState, partition_of
from device_adapters.signals import AnySignal, Motion, Panic
from gateway.store import schema
from gateway.store.batch import Batch
from gateway.store.care_tables import care_duty, care_given, care_warning
from gateway.store.expiry import MOST_A_PIECE, Expired, old_records, old_signals
from gateway.store.values import ms
from nuanhu.wiring import Store
from tests.gateway.store.presses import NOON, incident

KEY = "h1"
PARTITION = partition_of(KEY)
OLD = datetime(2026, 1, 5, tzinfo=UTC)
YOUNG = OLD + timedelta(days=30)
BETWEEN_MS = ms(OLD + timedelta(days=14))


def heard(signal: AnySignal) -> SignalHeard:
    return SignalHeard(device_id="d", signal=signal)


def add(
    store: Store, seq: int, event: AnyEvent, at: datetime = OLD, *, decided: bool = False, failed: str = ""
) -> None:
    batch = Batch()
    place = (PARTITION, seq, Aggregate.HOUSEHOLD, KEY)
    batch.note_event(place, at, event, policy=1, failed=failed)
    if decided:
        batch.note_decision(place, 0, at, FaultOpened(device="d", kind=FaultKind.TAMPER))
    store.write(batch)


def delete(store: Store, pieces: list[Expired]) -> None:
    for piece in pieces:
        batch = Batch()
        batch.expired = [piece]
        assert not batch.is_empty()
        store.write(batch)


def left(store: Store) -> list[int]:
    with store.engine.connect() as c:
        return [int(seq) for seq in c.scalars(select(schema.journal.c.seq).order_by(schema.journal.c.seq))]


def test_only_old_signals_that_led_to_nothing_go(store: Store) -> None:
    movement = heard(Motion(state="detected"))
    add(store, 1, movement)
    add(store, 2, heard(Panic()))
    add(store, 3, movement, decided=True)
    add(store, 4, movement, failed="ValueError")
    add(store, 5, Commanded(command=Note(key=KEY, incident="none", text="")))
    add(store, 6, TimePassed())
    add(store, 7, PeopleKnown(number=1))
    add(store, 8, movement, YOUNG)
    add(store, 9, movement, YOUNG)
    delete(store, list(old_signals(store.engine, BETWEEN_MS, None)))
    assert left(store) == [2, 3, 4, 5, 7, 8, 9]
    assert list(old_signals(store.engine, BETWEEN_MS, None)) == []


def test_the_last_row_stays_and_the_numbers_go_on(store: Store) -> None:
    for seq in (1, 2, 3):
        add(store, seq, TimePassed())
    delete(store, list(old_signals(store.engine, BETWEEN_MS, None)))
    delete(store, list(old_records(store.engine, BETWEEN_MS, None)))
    assert left(store) == [3]
    assert store.reads.last_sequences() == {PARTITION: 3}


def test_what_telemetry_does_not_have_yet_stays(store: Store) -> None:
    for seq in range(1, 6):
        add(store, seq, heard(Motion(state="detected")))
    assert list(old_signals(store.engine, BETWEEN_MS, {})) == []
    assert list(old_records(store.engine, BETWEEN_MS, {})) == []
    delete(store, list(old_signals(store.engine, BETWEEN_MS, {PARTITION: 2})))
    assert left(store) == [3, 4, 5]


def test_much_goes_in_small_pieces_and_what_is_kept_is_stepped_over(store: Store) -> None:
    many = 3 * MOST_A_PIECE
    batch = Batch()
    for seq in range(1, many + 2):
        place = (PARTITION, seq, Aggregate.HOUSEHOLD, KEY)
        batch.note_event(place, OLD, heard(Panic()) if seq <= MOST_A_PIECE + 5 else TimePassed(), policy=1)
    store.write(batch)
    pieces = list(old_signals(store.engine, BETWEEN_MS, None))
    assert sum(len(piece.keys) for piece in pieces) == many - MOST_A_PIECE - 5
    assert max(len(piece.keys) for piece in pieces) <= MOST_A_PIECE
    delete(store, pieces)
    assert left(store) == [*range(1, MOST_A_PIECE + 6), many + 1]


def test_records_go_after_their_years_but_not_what_is_open_and_never_the_id_of_a_press(store: Store) -> None:
    store.write(a_press(KEY, 1, "e1"))
    closed = Batch()
    place = (PARTITION, 2, Aggregate.HOUSEHOLD, KEY)
    closed.note_event(place, NOON, TimePassed(), policy=1)
    closed.note_decision(place, 0, NOON, IncidentChanged(incident=incident("h2", IncidentState.CLOSED)))
    closed.note_event((PARTITION, 3, Aggregate.HOUSEHOLD, KEY), NOON, TimePassed(), policy=1)
    store.write(closed)
    later_ms = ms(NOON + timedelta(days=1))
    for piece in old_records(store.engine, later_ms, None):  # the next is looked for when this one is gone
        delete(store, [piece])
    assert left(store) == [3]
    with store.engine.connect() as c:
        assert c.scalars(select(schema.decision.c.seq)).all() == []
        assert c.scalars(select(schema.timeline.c.seq)).all() == [1]  # of the one that is open
        assert c.scalars(select(schema.outbox.c.seq)).all() == []
        assert c.scalars(select(schema.fault.c.device)).all() == ["d"]
        assert c.scalars(select(schema.incident.c.id)).all() == [f"{KEY}-1"]
    assert store.reads.recalled(ORIGIN, "e1") == b"seen"


def test_care_that_has_ended_goes_and_what_is_owed_stays(store: Store) -> None:
    batch, place = Batch(), (partition_of(care_key(KEY)), 1, Aggregate.CARE, care_key(KEY))
    batch.note_event(place, OLD, TimePassed(), policy=1)
    duties = [CareDuty(CareKind.VISIT, number, 0, 1) for number in (1, 2)]
    given = CareGiven(number=1, kind=CareKind.VISIT, at=OLD, by="li", result=CareResult.WELL)
    warned = [EarlyWarning(number=number, code=WarningCode.TRAFFIC, source="x") for number in (1, 2)]
    decisions = [
        CareDutyChanged(duty=duties[0], ended=CareEnd.DONE),
        CareDutyChanged(duty=duties[1]),
        CareKept(given=given),
        *(WarningKept(warning=it) for it in warned),
        WarningAnswered(number=1, answer=WarningAnswer.HELPED, by="li"),
    ]
    for n, decision in enumerate(decisions):
        batch.note_decision(place, n, OLD, decision)
    store.write(batch)
    for piece in old_records(store.engine, BETWEEN_MS, None):
        delete(store, [piece])
    with store.engine.connect() as c:
        assert c.scalars(select(care_duty.c.number)).all() == [2]
        assert c.scalars(select(care_given.c.number)).all() == []
        assert c.scalars(select(care_warning.c.number)).all() == [2], "what is not answered stays"
