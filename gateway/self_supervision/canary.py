"""The canary: a trial press that travels device → broker → gateway → console socket all the time.

It has a bridge and an account of its own that are in no registry, belongs to no home, and never becomes an incident.
What sends it and waits for it is in ``nuanhu/canary.py``; here is what the gateway knows of it.
"""

from __future__ import annotations

import secrets

import msgspec

from alerting.casefile import Account, Bridge, Role
from device_adapters.own_protocol import ROOT
from gateway.clock import Clock
from gateway.desk.vitals import CanaryState

BRIDGE = Bridge(id="canary", adapter="nuanhu", prefix=f"{ROOT}/canary", title="canary")
DEVICE = "canary"
KEY = "~canary"
"""Key of the aggregate in the journal: a device without a home."""

NOWHERE = "~canary"
"""Area of the canary's console: no home lies in it, so it is told of nobody."""

MISSING_S = 180.0
"""Without a canary for so long a press may not come through either."""


def watcher() -> Account:
    """The account behind the canary's console: no password fits it, its sign-in is made in this process alone."""
    return Account(
        login=KEY, name="canary", role=Role.SUPERVISOR, password_hash=f"!{secrets.token_hex()}", area=NOWHERE
    )


HEARTBEAT_FAULT_FROM = 3


class Canary:
    """What became of the trial presses.

    Args:
        clock: Real time for ages, service time for what people read.
    """

    def __init__(self, clock: Clock) -> None:
        """Not set up."""
        self._clock = clock
        self._since_s: float | None = None
        self._seen_s: float | None = None
        self._state = CanaryState()

    def begin(self, *, heartbeat: bool) -> None:
        """It is set up: from now on it may be missed."""
        self._since_s = self._clock.monotonic_s()
        self._state = CanaryState(on=True, heartbeat=heartbeat)

    def arrived(self, receipt_s: float, console_s: float) -> None:
        """One has come all the way, in so many seconds."""
        self._seen_s = self._clock.monotonic_s()
        self._note(receipt_s=receipt_s, console_s=console_s)

    def lost(self, where: str) -> None:
        """One has come no further than to ``where``."""
        self._note(failure=where, failed_at=self._clock.now())

    def beat(self, *, taken: bool) -> None:
        """The outside has taken a heartbeat, or has not."""
        if taken:
            self._note(heartbeats=self._state.heartbeats + 1, heartbeat_failures=0)
        else:
            self._note(heartbeat_failures=self._state.heartbeat_failures + 1)

    def _note(self, **fields: object) -> None:
        self._state = msgspec.structs.replace(self._state, **fields)

    def state(self) -> CanaryState:
        """How it is now."""
        if self._seen_s is None:
            return self._state
        return msgspec.structs.replace(self._state, age_s=round(self._clock.monotonic_s() - self._seen_s, 1))

    @property
    def is_missing(self) -> bool:
        """Whether none has come all the way for too long."""
        last_s = self._seen_s if self._seen_s is not None else self._since_s
        return last_s is not None and self._clock.monotonic_s() - last_s > MISSING_S

    def warnings(self) -> list[str]:
        """What is not as it should be and hides no press: words for people."""
        if not self._state.on:
            return ["canary_off"]
        if not self._state.heartbeat:
            return []
        return ["heartbeat"] if self._state.heartbeat_failures >= HEARTBEAT_FAULT_FROM else []
