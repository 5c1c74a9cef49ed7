"""Batches as a writer would make them, and what a store holds of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from alerting.decisions import FaultOpened, IncidentChanged, Noted, PromptAsked, Wake
from alerting.events import TimePassed
from alerting.homes.state import HouseholdState
from alerting.model import (
    Aggregate,
    Alarm,
    AlarmKind,
    Entry,
    EntryKind,
    FaultKind,
    Incident,
    IncidentState,
    Priority,
    partition_of,
)
from gateway.store import schema
from gateway.store.batch import Batch
from nuanhu.wiring import Store

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
ORIGIN = "bridge/sos"
Where = tuple[int, int, Aggregate, str]


def where(key: str, seq: int) -> Where:
    """Place of an event in the journal of the home's partition."""
    return partition_of(key), seq, Aggregate.HOUSEHOLD, key


def incident(key: str, state: IncidentState = IncidentState.OPEN) -> Incident:
    return Incident(
        id=f"{key}-1",
        key=key,
        aggregate=Aggregate.HOUSEHOLD,
        state=state,
        priority=Priority.P1,
        alarm_count=1,
        unacknowledged=True,
        opened_at=NOON,
        rang_at=NOON,
        changed_at=NOON,
        closed_at=NOON if state is IncidentState.CLOSED else None,
        alarms=(Alarm(kind=AlarmKind.PANIC, at=NOON),),
    )


def add_press(batch: Batch, key: str, seq: int, event_id: str = "e1") -> None:
    """What one press in a home writes: a row in each table that a press touches."""
    place = where(key, seq)
    batch.note_event(place, NOON, TimePassed(), policy=1)
    batch.note_state(place, HouseholdState(key=key, incidents=seq))
    decisions = (
        IncidentChanged(incident=incident(key)),
        Noted(entry=Entry(incident=f"{key}-1", kind=EntryKind.ALARM, at=NOON)),
        Wake(at=NOON + timedelta(minutes=seq)),
        PromptAsked(id=f"p{seq}", device="d", until=NOON),
        FaultOpened(device="d", kind=FaultKind.TAMPER, detail=f"the {seq}th"),
    )
    for n, decision in enumerate(decisions):
        batch.note_decision(place, n, NOON, decision)
    batch.remember(ORIGIN, event_id, place[3], NOON, b"seen")


def a_press(key: str, seq: int, event_id: str = "e1") -> Batch:
    """A batch of one press."""
    batch = Batch()
    add_press(batch, key, seq, event_id)
    return batch


def counts(store: Store) -> dict[str, int]:
    """Rows by table, of tables that have any."""
    with store.engine.connect() as c:
        found = {
            t.name: c.execute(select(func.count()).select_from(t)).scalar_one() for t in schema.metadata.sorted_tables
        }
    return {name: n for name, n in found.items() if n}


PRESSED = {
    "journal": 1,
    "decision": 4,
    "hot_state": 1,
    "incident": 1,
    "timeline": 1,
    "due_timers": 1,
    "outbox": 1,
    "fault": 1,
    "remembered": 1,
}
"""What ``counts`` says after one press."""
