"""How the gateway itself is, as the screens are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.audit import Finding
from alerting.duty.chain import CoverGap
from gateway.paging.outside import ProviderView

QUIET = frozenset({"canary_off", "heartbeat", "continuity_off", "backup_off", "cannot_audit", "push_failing"})
"""What was not set up, or is about whoever is outside: no operator can do anything about it."""

TOLD_AHEAD = timedelta(hours=4)
"""So long before nobody can be called the consoles say so: the shift that sees it can still act."""


class CanaryState(msgspec.Struct, frozen=True, kw_only=True):
    """How the canary is.

    Attributes:
        on: It is set up.
        age_s: Since the last one that came all the way, real seconds; None before the first.
        receipt_s: From the press to the gateway's receipt, the last time, seconds.
        console_s: From the press to the console, the last time, seconds.
        failure: How far the last one that was lost had come: ``broker``, ``receipt`` or ``console``; empty for none.
        failed_at: When that was, service time.
        heartbeat: The outside heartbeat is set up.
        heartbeats: How often the outside has taken it.
        heartbeat_failures: How often it has not, since the last time it did.
    """

    on: bool = False
    age_s: float | None = None
    receipt_s: float = 0.0
    console_s: float = 0.0
    failure: str = ""
    failed_at: datetime | None = None
    heartbeat: bool = False
    heartbeats: int = 0
    heartbeat_failures: int = 0


class AuditState(msgspec.Struct, frozen=True, kw_only=True):
    """What the auditor has seen.

    Attributes:
        on: It is set up.
        last_at: When its latest round came to an end, service time; None before the first.
        rounds: How many have.
        incidents: Open incidents it has looked at then.
        timers: Timers.
        letters: Pages and prompts that had not left yet.
        consoles: People whose consoles were here.
        findings: What is not as it must be.
        trouble: Why the latest round could not come to an end: ``store``, ``writer`` or ``auditor``; empty when it did.
        missing: None has come to an end for too long.
    """

    on: bool = False
    last_at: datetime | None = None
    rounds: int = 0
    incidents: int = 0
    timers: int = 0
    letters: int = 0
    consoles: int = 0
    findings: tuple[Finding, ...] = ()
    trouble: str = ""
    missing: bool = False


class Telemetry(msgspec.Struct, frozen=True, kw_only=True):
    """How far the time-series store has got.

    Attributes:
        behind_s: Age of the oldest event it does not have, seconds; 0 when it has all.
        waiting: Journal rows still to be carried there.
        written: Points it has taken since start, repeats included.
        refused: Points it will never have: set aside, each with a line in the log.
        error: Why it stands still; empty when it does not.
    """

    behind_s: float
    waiting: int
    written: int
    refused: int
    error: str


class PhoneView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One duty telephone and whether it can be reached, as far as known.

    Attributes:
        name: What it is called in the settings.
        tested_at: Latest daily test, service time; None before the first.
        tried_at: Latest time its channel was asked for anything.
        error: Why the channel did not take it then; empty when it did.
    """

    name: str
    tested_at: datetime | None = None
    tried_at: datetime | None = None
    error: str = ""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A copy outside of the store: ``snapshot``, ``pack`` or ``backup``, how old it is (real seconds), and its size."""

    name: str
    age_s: float
    size_bytes: int


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What the machine says.

    Attributes:
        free_bytes: Room left where the store is.
        total_bytes: Size of that disk.
        store_bytes: Size of the embedded store; None where a server keeps it.
        commit_s: How long the last commit took, seconds; None before the first.
        kept: Copies outside of the store that are there.
        versions: Of the parts, by name.
    """

    free_bytes: int
    total_bytes: int
    store_bytes: int | None
    commit_s: float | None
    kept: tuple[Kept, ...]
    versions: dict[str, str]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the gateway itself is. Seconds and counts since start; ``faults`` are words for what is wrong now."""

    started_at: datetime
    now: datetime
    broker_connected: bool
    broker: str
    store: str
    messages: int
    commits: int
    writer_lag_s: float
    loop_lag_s: float
    queue_length: int
    faults: tuple[str, ...]
    backfill_done: int = 0
    """Homes whose history has been put through the rules; equals ``backfill_total`` when there is nothing to do."""
    backfill_total: int = 0
    speed: float = 1.0
    """How much faster than real time the service's clock runs (the demo's town only)."""
    canary: CanaryState = CanaryState()
    audit: AuditState = AuditState()
    warnings: tuple[str, ...] = ()
    """Words for what is not as it should be and hides no press."""
    registry_at: datetime | None = None
    """Of when the registry is, where the store could not be opened at the start."""
    telemetry: Telemetry | None = None
    """None when no time-series store is set up."""
    phones: tuple[PhoneView, ...] = ()
    """Duty telephones, the one that is called first in front."""
    gaps: tuple[CoverGap, ...] = ()
    """Where nobody can be called within the next 24 hours, the first gap first."""
    providers: tuple[ProviderView, ...] = ()
    machine: Machine | None = None
    backup: Kept | None = None
    """The newest back-up of the store that is there."""
    """None where it is not looked at."""

    @property
    def loud(self) -> tuple[str, ...]:
        """What every console shows at once: all but what only the system page says, or what is hours ahead."""
        soon = any(gap.since - self.now < TOLD_AHEAD for gap in self.gaps)
        quiet = QUIET if soon else QUIET | {"no_cover"}
        return tuple(word for word in (*self.faults, *self.warnings) if word not in quiet)
