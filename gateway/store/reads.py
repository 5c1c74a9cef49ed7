"""Short, read-only questions to the store. Every one opens and ends its own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Select, func, literal, or_, select

from alerting.areas.member import AreaCause, key_of
from alerting.enrolment.stranger import Stranger
from alerting.homes.state import HouseholdState
from alerting.model import PARTITIONS, Aggregate, Entry, Incident, IncidentState
from alerting.silence.day import WINDOW_S
from gateway.desk.contract import ActivityWindow, QuarantineRow, QuarantineView
from gateway.registry.registry_desk import Registration
from gateway.store import schema
from gateway.store.absence import AbsenceReads
from gateway.store.aftercare import AftercareReads
from gateway.store.batch import QUARANTINE_HEAD
from gateway.store.care import CareReads
from gateway.store.case_files import CaseFiles
from gateway.store.courses import CourseReads
from gateway.store.drills import DrillReads
from gateway.store.evidence import Evidence, read_evidence
from gateway.store.finding import found
from gateway.store.home_photos import HomePhotoReads
from gateway.store.keys import bounded, in_area
from gateway.store.referrals import ReferralReads
from gateway.store.state_rows import StateReads, incident_in
from gateway.store.strangers import load_strangers
from gateway.store.values import when
from gateway.store.visit_photos import PhotoReads
from gateway.store.warnings import WarningReads

_incident = msgspec.json.Decoder(Incident)
_entry = msgspec.json.Decoder(Entry)
_household = msgspec.json.Decoder(HouseholdState)
_CLOSED = IncidentState.CLOSED.value


class FaultRow(msgspec.Struct, frozen=True):
    """A fault as stored."""

    household: str
    device: str
    kind: str
    opened_at: datetime
    cleared_at: datetime | None
    detail: str


class Reads(
    StateReads,
    AftercareReads,
    AbsenceReads,
    CareReads,
    WarningReads,
    ReferralReads,
    DrillReads,
    PhotoReads,
    HomePhotoReads,
    CourseReads,
):
    """Questions to one store, from any thread."""

    @property
    def case_files(self) -> CaseFiles:
        """Questions about who has looked into case files."""
        return CaseFiles(self._engine)

    def evidence(self, now_ms: int) -> Evidence:
        """What is open, due and unsent, for the auditor."""
        return read_evidence(self._engine, now_ms)

    def registrations(self, kind: str, id_: str, limit: int) -> list[Registration]:
        """History of something registered, the latest first."""
        r = schema.registration.c
        told = select(r.at_ms, r.login, r.what, r.note, r.before, r.after).where(r.kind == kind, r.id == id_)
        with self._engine.connect() as c:
            rows = c.execute(told.order_by(r.at_ms.desc(), r.seq.desc(), r.n.desc()).limit(limit)).all()
        return [
            Registration(
                at=when(at_ms),
                by=login,
                what=what,
                note=note,
                kind=kind,
                id=id_,
                before=bytes(before).decode(),
                after=bytes(after).decode(),
            )
            for at_ms, login, what, note, before, after in rows
        ]

    def strangers(self) -> list[Stranger]:
        """Devices that speak and are not registered, the one heard last at the end."""
        return load_strangers(self._engine)

    def _bodies(self, statement: Select[bytes]) -> list[bytes]:
        with self._engine.connect() as c:
            return list(c.scalars(statement).all())

    def open_incidents(self) -> list[Incident]:
        """All that are not closed and whose row can be read, oldest first; the auditor finds the others."""
        t = schema.incident.c
        bodies = self._bodies(select(t.body).where(t.state != _CLOSED).order_by(t.opened_ms))
        return [it for body in bodies if (it := incident_in(body)) is not None]

    def closed_incidents(self, area: str, limit: int) -> list[Incident]:
        """Closed ones of an area and its homes, latest first. Those without a home only for the whole city."""
        t, h = schema.incident, schema.household
        statement = select(t.c.body).where(t.c.state == _CLOSED).order_by(t.c.closed_ms.desc()).limit(limit)
        if area:
            homes = select(h.c.key).where(in_area(h.c.area, area))
            of_area = [in_area(t.c.key, key_of(cause, area)) for cause in AreaCause]
            statement = statement.where(or_(t.c.key.in_(homes), *of_area))
        return [_incident.decode(b) for b in self._bodies(statement)]

    def incidents_of(self, key: str, limit: int = 20) -> list[Incident]:
        """Of one household, latest first."""
        t = schema.incident.c
        statement = select(t.body).where(t.key == key).order_by(t.opened_ms.desc()).limit(limit)
        return [_incident.decode(b) for b in self._bodies(statement)]

    def incident(self, id_: str) -> tuple[Incident, list[Entry]] | None:
        """One incident and its timeline, oldest line first."""
        i, t = schema.incident.c, schema.timeline.c
        with self._engine.connect() as c:
            body = c.execute(select(i.body).where(i.id == id_)).scalar()
            if body is None:
                return None
            lines = c.execute(select(t.body).where(t.incident == id_).order_by(t.at_ms, t.seq, t.n)).scalars()
            return _incident.decode(body), [_entry.decode(line) for line in lines]

    def last_sequences(self) -> dict[int, int]:
        """Highest journal sequence of each partition that has one."""
        t = schema.journal.c
        number = select(literal(0).label("number")).cte("every", recursive=True)
        number = number.union_all(select(number.c.number + 1).where(number.c.number < PARTITIONS - 1))
        # One look at the index for each: a grouped question would read the whole journal.
        last = select(func.max(t.seq)).where(t.partition == number.c.number).scalar_subquery()
        with self._engine.connect() as c:
            found = c.execute(select(number.c.number, last)).all()
        return {partition: int(seq) for partition, seq in found if seq is not None}

    def timers(self) -> list[tuple[int, str, str]]:
        """(due in epoch milliseconds, aggregate, key) of every timer."""
        t = schema.due_timers.c
        with self._engine.connect() as c:
            return [(due, a, k) for due, a, k in c.execute(select(t.due_ms, t.aggregate, t.key))]

    def recalled(self, origin: str, id_: str) -> bytes | None:
        """What is remembered of an event id; None when it was never judged."""
        t = schema.remembered.c
        statement = select(t.body).where(t.origin == bounded(origin), t.id == bounded(id_))
        with self._engine.connect() as c:
            body: bytes | None = c.execute(statement).scalar()
        return body

    def alive_at(self) -> datetime | None:
        """When a gateway last noted that it was running."""
        t = schema.meta.c
        with self._engine.connect() as c:
            value = c.execute(select(t.value).where(t.name == "alive_ms")).scalar()
        return when(int(value)) if value else None

    def names(self) -> dict[str, dict[str, str]]:
        """Inner id by friendly name, by bridge."""
        t = schema.device_name.c
        names: dict[str, dict[str, str]] = {}
        with self._engine.connect() as c:
            for bridge, name, inner in c.execute(select(t.bridge, t.name, t.inner)):
                names.setdefault(bridge, {})[name] = inner
        return names

    def activity(self, key: str, since: datetime, until: datetime) -> list[ActivityWindow]:
        """Active windows of a household, oldest first."""
        t = schema.activity.c
        first, last = int(since.timestamp()) // WINDOW_S, int(until.timestamp()) // WINDOW_S
        statement = select(t.window, t.rooms, t.door).where(t.household == key, t.window.between(first, last))
        with self._engine.connect() as c:
            rows = c.execute(statement.order_by(t.window)).all()
        return [ActivityWindow(when(w * WINDOW_S * 1000), tuple(rooms.split(",")), door) for w, rooms, door in rows]

    def open_faults(self, area: str, limit: int) -> list[FaultRow]:
        """Open faults in an area, latest first."""
        f, h = schema.fault, schema.household
        statement = select(f).where(f.c.cleared_ms.is_(None)).order_by(f.c.opened_ms.desc()).limit(limit)
        if area:
            statement = statement.join(h, h.c.key == f.c.household).where(in_area(h.c.area, area))
        with self._engine.connect() as c:
            rows = c.execute(statement).mappings().all()
        return [FaultRow(r["household"], r["device"], r["kind"], when(r["opened_ms"]), None, r["detail"]) for r in rows]

    def open_fault_keys(self) -> set[tuple[str, str, str]]:
        """(household, device, kind) of every open fault."""
        t = schema.fault.c
        with self._engine.connect() as c:
            return {
                (a, b, k) for a, b, k in c.execute(select(t.household, t.device, t.kind).where(t.cleared_ms.is_(None)))
            }

    def find_households(self, area: str, text: str, limit: int) -> list[tuple[str, HouseholdState | None]]:
        """(key, hot state) of homes in an area that have the text in what they are found by, or in a device's id."""
        keys, s = found(self._engine, area, text, limit), schema.hot_state.c
        asked = select(s.key, s.body).where(s.aggregate == Aggregate.HOUSEHOLD.value, s.key.in_(keys))
        with self._engine.connect() as c:
            bodies = {row.key: row.body for row in c.execute(asked)} if keys else {}
        return [(key, _household.decode(bodies[key]) if key in bodies else None) for key in keys]

    def quarantine(self, limit: int) -> QuarantineView:
        """What was set aside, latest first, and totals by reason."""
        q, t = schema.quarantine.c, schema.quarantine_total.c
        with self._engine.connect() as c:
            totals = {r: int(n) for r, n in c.execute(select(t.reason, t.total).order_by(t.total.desc()))}
            rows = c.execute(
                select(q.at_ms, q.topic, q.bridge, q.reason, q.size, q.head).order_by(q.id.desc()).limit(limit)
            ).all()
        return QuarantineView(total=sum(totals.values()), by_reason=totals, rows=tuple(_quarantined(rows)))

    def hot_bytes(self) -> int:
        """Total size of all hot states, bytes."""
        with self._engine.connect() as c:
            return int(c.execute(select(func.coalesce(func.sum(func.length(schema.hot_state.c.body)), 0))).scalar_one())

    def quarantine_count(self) -> int:
        """How many messages were set aside since the beginning."""
        with self._engine.connect() as c:
            return int(c.execute(select(func.coalesce(func.sum(schema.quarantine_total.c.total), 0))).scalar_one())


def _quarantined(rows: Sequence[tuple[int, str, str, str, int, bytes]]) -> list[QuarantineRow]:
    """As the page shows them: of a state that was set aside whole the beginning, as of a message."""
    return [
        QuarantineRow(
            at=when(at), topic=topic, bridge=bridge, reason=reason, size=size, head=_printable(head[:QUARANTINE_HEAD])
        )
        for at, topic, bridge, reason, size, head in rows
    ]


def _printable(head: bytes) -> str:
    text = head.decode("utf-8", "replace")
    return "".join(ch if ch.isprintable() else "·" for ch in text)
