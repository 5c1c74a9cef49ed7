"""What one commit writes: the rows of many judged events, all in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from alerting.decisions import (
    ActivitySeen,
    AnyDecision,
    EditionSaved,
    Learned,
    Registered,
    Slept,
    Wake,
)
from alerting.model import Aggregate, partition_of
from gateway.store import absence, aftercare, care, drills, referrals, schema, warnings
from gateway.store.books import BookRows
from gateway.store.bulk import Row, insert_rows, upsert_rows
from gateway.store.care_tables import care_photo
from gateway.store.decision_rows import MAKE_SO, WAKE, Place
from gateway.store.erasing import Blanked, write_blanked
from gateway.store.exchange_tables import push_cursor
from gateway.store.expiry import Expired, delete_expired
from gateway.store.home_photos import home_photo
from gateway.store.home_tests import write_tests
from gateway.store.keys import bounded
from gateway.store.protection import write_protection
from gateway.store.quarantine import write_quarantine
from gateway.store.strangers import write_strangers
from gateway.store.values import encode, ms

QUARANTINE_HEAD = 200
STATE_KEPT = 65_536
"""Bytes of a state that could not be read: all of it, whatever it has become."""
NOT_STORED_AS_DECISIONS = (Wake, Slept, ActivitySeen, Learned, EditionSaved, Registered)


class Batch:
    """Rows gathered by the writer until it commits. Later states of the same thing replace earlier ones.

    Attributes:
        refused: Whose rows the store does not take, and why, although it took the others.
    """

    def __init__(self) -> None:
        """An empty batch."""
        self.journal: list[Row] = []
        self.decisions: list[Row] = []
        self.hot: dict[tuple[str, str], Row] = {}
        self.learned: dict[tuple[str, str], Row] = {}
        self.incidents: dict[str, Row] = {}
        self.timeline: list[Row] = []
        self.timers: dict[tuple[str, str], Row | None] = {}
        self.outbox: list[Row] = []
        self.sent: list[Row] = []
        self.sent_log: list[Row] = []
        self.page_tests: list[Row] = []
        self.editions: list[Row] = []
        self.remembered: list[Row] = []
        self.remembered_of: list[str] = []
        self.activity: dict[tuple[str, int], Row] = {}
        self.faults: list[Row] = []
        self.cleared: list[Row] = []
        self.blind: list[Row] = []
        self.seen: list[Row] = []
        self.follow_ups: dict[tuple[str, int], Row] = {}
        self.notes: list[Row] = []
        self.struck: list[Row] = []
        self.absences: list[Row] = []
        self.absences_changed: list[Row] = []
        self.care_duties: dict[tuple[str, str, int], Row] = {}
        self.care_given: list[Row] = []
        self.care_struck: list[Row] = []
        self.warnings: list[Row] = []
        self.warnings_answered: list[Row] = []
        self.referrals: dict[tuple[str, int], Row] = {}
        self.referral_steps: list[Row] = []
        self.drilled = drills.DrillRows()
        self.photos: list[Row] = []
        self.home_photos: list[Row] = []
        self.tests, self.tested = list[Row](), list[Row]()
        self.protection: list[Row] = []
        self.quarantine: list[Row] = []
        self.names: dict[tuple[str, str], Row] = {}
        self.books = BookRows()
        self.strangers: dict[tuple[str, str], Row | None] = {}
        self.cursors: dict[tuple[str, int], Row] = {}
        self.pushed: dict[str, Row] = {}
        self.expired: list[Expired] = []
        self.blanked: list[Blanked] = []
        self.checkpoints: list[Row] = []
        self.alive_ms = 0
        self.refused: dict[str, str] = {}
        self._tried = False

    def note_event(
        self,
        where: tuple[int, int, Aggregate, str],
        at: datetime,
        event: object,
        *,
        policy: int,
        edition: int = 0,
        failed: str = "",
    ) -> None:
        """One journal row. ``where`` is (partition, sequence, aggregate, key); ``failed`` marks *not judged*.

        ``policy`` and ``edition`` number what was in force.
        """
        partition, seq, aggregate, key = where
        self.journal.append(
            {
                "partition": partition,
                "seq": seq,
                "aggregate": aggregate.value,
                "key": key,
                "at_ms": ms(at),
                "policy": policy,
                "edition": edition,
                "judged": not failed,
                "reason": failed,
                "event": encode(event),
            }
        )

    def note_state(self, where: tuple[int, int, Aggregate, str], state: object) -> None:
        """The hot state after the event."""
        partition, seq, aggregate, key = where
        self.hot[aggregate.value, key] = {
            "aggregate": aggregate.value,
            "key": key,
            "partition": partition,
            "seq": seq,
            "body": state,
        }

    def note_decision(
        self, where: tuple[int, int, Aggregate, str], n: int, at: datetime, decision: AnyDecision
    ) -> None:
        """The rows that make one decision so."""
        partition, seq, aggregate, key = where
        if not isinstance(decision, NOT_STORED_AS_DECISIONS):
            row: Row = {"partition": partition, "seq": seq, "n": n, "aggregate": aggregate.value, "key": key}
            self.decisions.append({**row, "at_ms": ms(at), "body": encode(decision)})
        make_so = MAKE_SO.get(type(decision))
        if make_so is not None:
            make_so(self, Place(partition, seq, n, aggregate.value, key, ms(at)), decision)

    def wake_done(self, aggregate: Aggregate, key: str) -> None:
        """The timer of this aggregate has fired; a new wish in the same batch replaces the deletion."""
        self.timers[aggregate.value, key] = None

    def note_quarantine(
        self,
        at: datetime,
        topic: str,
        bridge: str,
        reason: str,
        payload: bytes,
        *,
        keep: int = QUARANTINE_HEAD,
        size: int | None = None,
    ) -> None:
        """A message that could not be used, or a state that could not be read: so many of its bytes are kept.

        ``size`` is of the whole where ``payload`` is only its beginning.
        """
        self.quarantine.append(
            {
                "at_ms": ms(at),
                "topic": topic[:500],
                "bridge": bridge,
                "reason": reason[:300],
                "size": len(payload) if size is None else size,
                "head": payload[:keep],
            }
        )

    def remember(self, origin: str, id_: str, key: str, at: datetime, body: bytes = b"") -> None:
        """An event id that must never be judged twice; ``key`` says whose event it was."""
        row: Row = {"origin": bounded(origin), "id": bounded(id_), "partition": partition_of(key)}
        self.remembered.append({**row, "at_ms": ms(at), "body": body})
        self.remembered_of.append(key)

    def note_stranger(self, place: tuple[str, str], row: Row | None) -> None:
        """An unregistered device is known so; None: no more."""
        self.strangers[place] = row

    def note_cursor(self, target: str, upto: dict[int, int]) -> None:
        """A side stream has safely got this far in these partitions."""
        for partition, seq in upto.items():
            self.cursors[target, partition] = {"target": target, "partition": partition, "seq": seq}

    def note_pushed(self, target: str, cursor: str, at: datetime) -> None:
        """A target has safely got what is up to this cursor."""
        self.pushed[target] = {"target": target, "cursor": cursor, "at_ms": ms(at)}

    def note_photo(self, home: str, number: int, by: str, at: datetime, sealed: bytes) -> None:
        """The photo of a visit."""
        self.photos.append({"household": home, "number": number, "at_ms": ms(at), "login": by, "body": sealed})

    def note_home_photo(self, home: str, what: str, by: str, at: datetime, sealed: bytes) -> None:
        """A photo of a case file; empty: it is taken out."""
        self.home_photos.append({"household": home, "what": what, "at_ms": ms(at), "login": by, "body": sealed})

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.journal
            or self.quarantine
            or self.names
            or self.sent
            or self.sent_log
            or self.page_tests
            or self.alive_ms
            or self.activity
            or self.timers
            or self.cursors
            or self.pushed
            or self.strangers
            or self.expired
            or self.blanked
            or self.photos
            or self.home_photos
            or self.checkpoints
        )

    def commit(self, engine: Engine) -> None:
        """Write everything in one transaction. Raises what the database raises; nothing is written then.

        With one exception: when the connection broke at the end, nobody knows. So the same batch may be given again
        and is written once.
        """
        with engine.begin() as connection:
            if self._tried and self._is_there(connection):
                return
            self._tried = True
            self._write(connection)

    def _is_there(self, c: Connection) -> bool:
        """Whether an earlier try went through after all. What has no journal row may be written twice without harm."""
        if not self.journal:
            return False
        j, first = schema.journal.c, self.journal[0]
        mine = select(j.seq).where(j.partition == first["partition"], j.seq == first["seq"])
        return c.execute(mine).first() is not None

    def _write(self, c: Connection) -> None:
        insert_rows(c, schema.journal, self.journal)
        insert_rows(c, schema.decision, self.decisions)
        for row in self.hot.values():
            row["body"] = row["body"] if isinstance(row["body"], bytes) else encode(row["body"])
        upsert_rows(c, schema.hot_state, list(self.hot.values()), ("seq", "body"))
        upsert_rows(c, schema.learned_state, list(self.learned.values()), ("seq", "body"))
        changed = ("state", "priority", "closed_ms", "body")
        upsert_rows(c, schema.incident, list(self.incidents.values()), changed)
        insert_rows(c, schema.timeline, self.timeline)
        self._write_timers(c)
        insert_rows(c, schema.outbox, self.outbox)
        if self.sent:
            o = schema.outbox.c
            done = update(schema.outbox).where(o.partition == bindparam("b_partition"), o.seq == bindparam("b_seq"))
            c.execute(done.where(o.n == bindparam("b_n")).values(sent_ms=bindparam("b_ms")), self.sent)
        upsert_rows(c, schema.sent, self.sent_log, ("at_ms", "ok", "error"))
        upsert_rows(c, schema.page_test, self.page_tests, ("ok", "error"))
        upsert_rows(c, schema.edition, self.editions, ("body",))
        upsert_rows(c, schema.remembered, self.remembered, ("partition",))  # judged again when nobody could say
        upsert_rows(c, schema.activity, list(self.activity.values()), ("rooms", "door"))
        upsert_rows(c, schema.fault, self.faults, ("cleared_ms", "detail"))
        if self.cleared:
            f = schema.fault.c
            open_ = update(schema.fault).where(f.household == bindparam("b_household"), f.cleared_ms.is_(None))
            mine = open_.where(f.device == bindparam("b_device"), f.kind == bindparam("b_kind"))
            c.execute(mine.values(cleared_ms=bindparam("b_ms")), self.cleared)
        self._write_blind(c)
        aftercare.write(c, self)
        absence.write(c, self)
        care.write(c, self)
        warnings.write(c, self)
        referrals.write(c, self)
        self.drilled.write(c)
        upsert_rows(c, care_photo, self.photos, ("at_ms", "login", "body"))
        upsert_rows(c, home_photo, self.home_photos, ("login", "body"))
        write_tests(c, self.tests, self.tested)
        write_protection(c, self.protection)
        write_quarantine(c, self.quarantine)
        upsert_rows(c, schema.device_name, list(self.names.values()), ("inner",))
        self.books.write(c)
        write_strangers(c, self.strangers)
        upsert_rows(c, schema.telemetry_cursor, list(self.cursors.values()), ("seq",))
        upsert_rows(c, push_cursor, list(self.pushed.values()), ("cursor", "at_ms"))
        delete_expired(c, self.expired)
        write_blanked(c, self.blanked)
        upsert_rows(c, schema.checkpoint, self.checkpoints, ("seq", "body"))
        if self.alive_ms:
            upsert_rows(c, schema.meta, [{"name": "alive_ms", "value": str(self.alive_ms)}], ("value",))

    def _write_timers(self, c: Connection) -> None:
        gone = [{"b_aggregate": a, "b_key": k} for (a, k), row in self.timers.items() if row is None]
        if gone:
            t = schema.due_timers.c
            mine = delete(schema.due_timers).where(t.aggregate == bindparam("b_aggregate"), t.key == bindparam("b_key"))
            c.execute(mine.where(t.name == WAKE), gone)
        upsert_rows(c, schema.due_timers, [row for row in self.timers.values() if row is not None], ("due_ms",))

    def _write_blind(self, c: Connection) -> None:
        upsert_rows(c, schema.blind, self.blind, ("cause", "cleared_ms", "how", "login", "note"))
        if self.seen:
            b = schema.blind.c
            mine = update(schema.blind).where(b.household == bindparam("b_key"), b.since_ms == bindparam("b_since"))
            ended = {"cleared_ms": "b_ms", "how": "b_how", "login": "b_login", "note": "b_note"}
            c.execute(mine.values({name: bindparam(value) for name, value in ended.items()}), self.seen)
