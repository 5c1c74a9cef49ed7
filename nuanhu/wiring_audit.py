"""Joins the auditor with what it compares."""

from __future__ import annotations

from collections.abc import Callable

from gateway.clock import Clock
from gateway.desk.changes import Changes
from gateway.desk.live_desk import LiveDesk
from gateway.paging.outbox import Outbox
from gateway.self_supervision.auditor import Auditor
from gateway.store.evidence import Evidence
from gateway.writing.writer import Writer


def auditor_of(
    read: Callable[[int], Evidence],
    writer: Writer,
    outbox: Outbox,
    desk: LiveDesk,
    changes: Changes,
    clock: Clock,
    every_s: float,
) -> Auditor:
    """The auditor of a gateway; ``read`` looks into the store."""
    return Auditor(read, writer, outbox, desk.watches, changes.rings_by_incident, clock, every_s)
