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
        """How far the host's clock has stepped away, or stepped a short while ago, seconds."""

    def catch_up(self) -> tuple[datetime, datetime] | None:
        """Follow the host's clock where it stepped ahead; returns from when to when, in which nobody was heard."""

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever service time moves by anything but the passing of time."""


STEP_S = 2.0
"""A smaller difference between the host's clock and ours is no step."""

BELIEVED_S = 3600.0
"""A step ahead of at most this is followed: a machine that was paused. A longer one is a clock that is wrong."""

STEP_SHOWN_S = 3600.0
"""How long a step that was followed is still told, real seconds."""


def host_time() -> datetime:
    """What the host's clock shows, aware UTC."""
    return datetime.now(UTC)


def _slept_s() -> float:
    """Time the machine was asleep since it was switched on, seconds; 0 where the system does not tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic() if hasattr(time, "CLOCK_BOOTTIME") else 0.0


def processor_s() -> float:
    """Processor time that this program has taken, seconds: it stands still while another program has its turn."""
    return time.process_time()


class SystemClock:
    """The host's time, anchored to the monotonic clock at start, so that it never goes back.

    When the host's clock is set back, or far ahead, this one goes on as before and says so (``host_step_s``). When it
    stepped ahead as after a pause of the machine, ``catch_up`` follows: what is due by then is due.

    Args:
        speed: Service seconds for each real second.
        not_before: Service time starts here when the host's clock is behind it (a store's last commit).
        host: What the host's clock shows, aware UTC.
    """

    def __init__(
        self, speed: float = 1.0, not_before: datetime | None = None, host: Callable[[], datetime] = host_time
    ) -> None:
        """Anchor the clock."""
        shown = host()
        self._host = host
        self._start = max(shown, not_before) if not_before else shown
        self._anchor_s = time.monotonic()
        self._ahead_s = (self._start - shown).total_seconds()
        self._slept_s = _slept_s()
        self._speed = speed
        self._followed: tuple[float, float] | None = None  # (step in seconds, when by the monotonic clock)

    @property
    def speed(self) -> float:
        """Service seconds for each real second."""
        return self._speed

    @property
    def start(self) -> datetime:
        """Service time at which this clock began, moved along by steps that were followed."""
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
        """Nothing to do: whoever follows the host's clock knows that it did."""

    def host_step_s(self) -> float:
        """How far the host's clock is from ours since start, seconds, for a clock at speed 1.

        A step that was followed is told for another hour.
        """
        away_s = self._away_s()
        if abs(away_s) <= STEP_S and self._followed is not None:
            step_s, at_s = self._followed
            return step_s if time.monotonic() - at_s < STEP_SHOWN_S else away_s
        return away_s

    def catch_up(self) -> tuple[datetime, datetime] | None:
        """Follow a step ahead of the host's clock, as a pause of the machine leaves it.

        One caller alone, who then sees to what has become due.

        Returns:
            Service time before and after; None when there was no such step.
        """
        step_s = (self._host() - self.now()).total_seconds() if self._speed == 1.0 else 0.0
        slept_s = _slept_s()
        if not STEP_S < step_s <= BELIEVED_S + slept_s - self._slept_s:
            return None
        self._slept_s = slept_s
        before = self.now()
        self._start += timedelta(seconds=step_s)
        self._followed = (step_s, time.monotonic())
        return before, before + timedelta(seconds=step_s)

    def _away_s(self) -> float:
        if self._speed != 1.0:
            return 0.0
        return (self._host() - self.now()).total_seconds() + self._ahead_s


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

    def catch_up(self) -> tuple[datetime, datetime] | None:
        """Never: the script is the host."""
        return None

    def on_jump(self, wake: Callable[[], None]) -> None:
        """Remember whom to wake."""
        self._wakers.append(wake)

    def advance(self, by: timedelta) -> None:
        """Move time forward and wake everybody who waits for it."""
        with self._lock:
            self._now += by
        for wake in self._wakers:
            wake()
