"""The town's own book: every call for help it raised, and what became of it. The measure of "nothing is lost"."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from nuanhu.town.devices.voice import CallKind

Cause = Literal["real", "mistake", "test", "canary"]


class Press(msgspec.Struct, kw_only=True):
    """One call for help: a button was pressed, or a pendant felt a fall.

    Attributes:
        household: Case number.
        device: Registry id of the device.
        inner: Its id inside the bridge.
        bridge: Bridge id.
        make: Name of the adapter.
        kind: ``panic`` or ``fall``.
        cause: Why.
        at: Service time, aware UTC.
        monotonic_s: Real time by the clock's ``monotonic_s``.
        event_id: The make's own id for the event, where it has one.
        sent_monotonic_s: Real time at which its (first) message was handed to the connection; None while waiting.
        broker_has_it: The broker acknowledged it (QoS 1).
        receipted: The gateway's own receipt came (our protocol alone).
        receipted_at: When, service time.
        receipted_monotonic_s: When, real time.
        repeats: How often the device had to say it again.
    """

    household: str
    device: str
    inner: str
    bridge: str
    make: str
    kind: CallKind
    cause: Cause
    at: datetime
    monotonic_s: float
    event_id: str = ""
    sent_monotonic_s: float | None = None
    broker_has_it: bool = False
    receipted: bool = False
    receipted_at: datetime | None = None
    receipted_monotonic_s: float | None = None
    repeats: int = 0


class Ledger(msgspec.Struct, kw_only=True):
    """What the town did since it started.

    Attributes:
        presses: Every call for help, in order.
        messages: Messages the broker accepted.
        repeats: Of these, repeats for want of a receipt.
        receipts: Receipts received, for events of every kind.
        marked_tests: Presses in a device's own test mode: no calls for help.
        prompts: Questions "are you well?" that reached a device.
        answers: How many of them the resident answered.
        dropped: Messages given up because too many were waiting.
        reconnects: Connections lost or refused, and tried again.
        last_trouble: What the last of them said.
        happened: How often each kind of happening came.
        errors: What went wrong in the town itself; at most 100 kept.
    """

    presses: list[Press] = []
    messages: int = 0
    repeats: int = 0
    receipts: int = 0
    marked_tests: int = 0
    prompts: int = 0
    answers: int = 0
    dropped: int = 0
    reconnects: int = 0
    last_trouble: str = ""
    happened: dict[str, int] = {}
    errors: list[str] = []

    def error(self, text: str) -> None:
        """Keep what went wrong."""
        if len(self.errors) < 100:
            self.errors.append(text)

    def count(self, happening: str) -> None:
        """One more of these."""
        name = str(happening)
        self.happened[name] = self.happened.get(name, 0) + 1

    def as_json(self) -> dict[str, Any]:
        """The whole book in plain values, times as RFC 3339."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain
