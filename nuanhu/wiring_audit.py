"""Joins the auditor with what it compares."""

from __future__ import annotations

from sqlalchemy import Engine

from gateway.clock import Clock
from gateway.desk.changes import Changes
from gateway.desk.live_desk import LiveDesk
from gateway.paging.outbox import Outbox
from gateway.self_supervision.auditor import Auditor
from gateway.store.evidence import Evidence, read_evidence
from gateway.writing.writer import Writer


def auditor_of(
    engine: Engine, writer: Writer, outbox: Outbox, desk: LiveDesk, changes: Changes, clock: Clock, every_s: float
) -> Auditor:
    """The auditor of a gateway; it reads the store through this engine."""

    def read(now_ms: int) -> Evidence:
        return read_evidence(engine, now_ms)

    return Auditor(read, writer, outbox, desk.watches, changes.rings_by_incident, clock, every_s)
