"""What rang and why, as stored: every alarm in an incident's timeline beside the journalled signal it came from."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, and_, select

from alerting.events import AnyEvent, SignalHeard
from alerting.meaning import calls_for_help
from alerting.model import AlarmKind, Entry
from gateway.store import schema

_event = msgspec.json.Decoder(AnyEvent)
_entry = msgspec.json.Decoder(Entry)


class RungAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm of one incident that a device's call for help led to.

    Attributes:
        incident: Id of the incident that holds it.
        kind: What kind of alarm.
        at: When it rang, service time.
        device: Registry id of the device; empty when it is not registered.
        bridge: Bridge through which it spoke.
        inner: Its id inside that bridge.
        event_id: The make's own id of the event; empty where it has none.
    """

    incident: str
    kind: AlarmKind
    at: datetime
    device: str
    bridge: str
    inner: str
    event_id: str


def rung_alarms(engine: Engine) -> list[RungAlarm]:
    """Every alarm that a signal led to, of every incident there is, in the order of the journal."""
    t, j, i = schema.timeline.c, schema.journal.c, schema.incident.c
    same_event = and_(t.partition == j.partition, t.seq == j.seq)
    statement = (
        select(i.id, t.body, j.event)
        .select_from(schema.timeline)
        .join(schema.journal, same_event)
        .join(schema.incident, t.incident == i.id)
        .order_by(t.partition, t.seq, t.n)
    )
    with engine.connect() as c:
        rows = c.execute(statement).all()
    found = (_rung(incident, _entry.decode(entry), _event.decode(event)) for incident, entry, event in rows)
    return [alarm for alarm in found if alarm is not None]


def _rung(incident: str, entry: Entry, event: AnyEvent) -> RungAlarm | None:
    if entry.alarm is None or not isinstance(event, SignalHeard):
        return None
    signal = next((s for s in (event.signal, *event.more) if calls_for_help(s)), None)
    if signal is None:
        return None
    return RungAlarm(
        incident=incident,
        kind=entry.alarm.kind,
        at=entry.alarm.at,
        device=event.device_id,
        bridge=signal.bridge,
        inner=signal.device,
        event_id=signal.event_id or "",
    )
