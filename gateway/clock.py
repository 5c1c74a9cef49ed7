"""The one place that reads the time. Everything else is given ``now``."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Service time and real elapsed time.

    Service time drives the rules and may run faster than real time in the demo's town. Leases, beats and
    receipts use ``monotonic_s``, which is always real.
    """

    @property
    def speed(self) -> float:
        """Service seconds for each real second."""

    def now(self) -> datetime:
        """Service time, aware UTC; never goes back."""

    def monotonic_s(self) -> float:
        """Real elapsed seconds since some moment."""

    def real_until_s(self, moment: datetime) -> float:
        """Real seconds until service time reaches ``moment``; 0 when it has passed."""

    def host_step_s(self) -> float:
        """How far the host's clock has stepped away since start, seconds."""

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever service time moves by anything but the passing of time."""


class SystemClock:
    """The host's time, anchored to the monotonic clock at start, so that it never goes back.

    Args:
        speed: Service seconds for each real second.
        not_before: Service time starts here when the host's clock is behind it (a store's last commit).
    """

    def __init__(self, speed: float = 1.0, not_before: datetime | None = None) -> None:
        """Anchor the clock."""
        host = datetime.now(UTC)
        self._start = max(host, not_before) if not_before else host
        self._anchor_s = time.monotonic()
        self._ahead_s = (self._start - host).total_seconds()
        self._speed = speed

    @property
    def speed(self) -> float:
        """Service seconds for each real second."""
        return self._speed

    @property
    def start(self) -> datetime:
        """Service time at which this clock began."""
        return self._start

    def now(self) -> datetime:
        """Service time, aware UTC."""
        return self._start + timedelta(seconds=(time.monotonic() - self._anchor_s) * self._speed)

    def monotonic_s(self) -> float:
        """Real elapsed seconds."""
        return time.monotonic()

    def real_until_s(self, moment: datetime) -> float:
        """Real seconds until service time reaches ``moment``."""
        return max(0.0, (moment - self.now()).total_seconds() / self._speed)

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Nothing to do: this clock only passes."""

    def host_step_s(self) -> float:
        """How far the host's clock has stepped away since start, seconds, for a clock at speed 1."""
        if self._speed != 1.0:
            return 0.0
        return (datetime.now(UTC) - self.now()).total_seconds() + self._ahead_s


class ScriptedClock:
    """A clock that moves only when told, for tests and replay."""

    def __init__(self, start: datetime) -> None:
        """Begin at ``start``, aware UTC."""
        self._now = start
        self._wakers: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    @property
    def speed(self) -> float:
        """Always 1: time passes by ``advance`` alone."""
        return 1.0

    def now(self) -> datetime:
        """The scripted time."""
        with self._lock:
            return self._now

    def monotonic_s(self) -> float:
        """Scripted seconds, so that leases follow the script."""
        return self.now().timestamp()

    def real_until_s(self, moment: datetime) -> float:
        """Without an ``advance`` a future moment never comes: an hour, to be woken from."""
        return 0.0 if moment <= self.now() else 3600.0

    def host_step_s(self) -> float:
        """Never: the script is the host."""
        return 0.0

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Remember whom to wake."""
        self._wakers.append(wake)

    def advance(self, by: timedelta) -> None:
        """Move time forward and wake everybody who waits for it."""
        with self._lock:
            self._now += by
        for wake in self._wakers:
            wake()
