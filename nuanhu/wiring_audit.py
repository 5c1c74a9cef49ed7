"""Joins the auditor with what it compares."""

from __future__ import annotations

from gateway.clock import Clock
from gateway.desk.changes import Changes
from gateway.desk.live_desk import LiveDesk
from gateway.paging.outbox import Outbox
from gateway.self_supervision.auditor import Auditor
from gateway.store.reads import Reads
from gateway.writing.writer import Writer


def auditor_of(
    reads: Reads,
    writer: Writer,
    outbox: Outbox,
    desk: LiveDesk,
    changes: Changes,
    clock: Clock,
    every_s: float,
) -> Auditor:
    """The auditor of a gateway; ``reads`` looks into the store."""
    told = (desk.watches, changes.rings_by_incident)
    return Auditor(reads.evidence, reads.state_of, writer, outbox, *told, clock, every_s)
