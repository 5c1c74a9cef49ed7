"""A home's log through the rules that run live, event by event: the limit after each active window, and the alarms."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.day import WINDOW_S, WINDOWS
from alerting.silence.inactivity import Quiet, alarmed, fitted, moved, passes_s, present_limit
from alerting.silence.rhythm import Rhythm
from nuanhu.evaluate.asked import AskedHome
from nuanhu.home_log import LogError, LogEvent

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local time of a home has no zone
_DAY_S = 86_400


class Walked(msgspec.Struct):
    """What the rules made of a log. Windows are numbered from the first local day's midnight.

    Attributes:
        windows: Number of each active window.
        doors: Whether an outside door was part of it.
        limits_s: The limit in force after it, seconds.
        alarms: Positions in ``windows`` after which the silence passed its limit.
        events: Active moments read.
        refits: How often limits were chosen.
        refits_s: Time that took, seconds.
        each_refit_s: The same of each, seconds.
        learned_bytes: Size of the learned state at its largest, as stored.
        hot_bytes: Size of the hot state at its largest at a refit, as stored.
        rhythm: As it was at the end.
    """

    windows: array[int]
    doors: bytearray
    limits_s: array[int]
    alarms: list[int]
    each_refit_s: array[float]
    events: int = 0
    refits: int = 0
    refits_s: float = 0.0
    learned_bytes: int = 0
    hot_bytes: int = 0
    rhythm: Rhythm = Rhythm()


class Walk:
    """One home's memory on its way through its log."""

    def __init__(
        self,
        policy: Policy,
        processor_s: Callable[[], float],
        tier: RiskTier = RiskTier.CARE,
        asked: AskedHome | None = None,
        home: str = "",
    ) -> None:
        """Judge by this policy; its local time is the log's. ``asked``: the home has a device that can ask."""
        self._policy, self._tier, self._clock, self._asked, self._home = policy, tier, processor_s, asked, home
        self._quiet, self._rhythm = Quiet(), Rhythm()
        self._first = 0
        self.walked = Walked(array("l"), bytearray(), array("l"), [], array("d"))

    def hear(self, at_s: int, room: str, *, door: bool) -> None:
        """Somebody moved at ``at_s``, epoch seconds of the home's own time; never earlier than the last time."""
        if at_s // WINDOW_S != self._quiet.window and self._quiet.active_s:
            self._over(at_s)
        self._moved(at_s, room, door=door)

    def _moved(self, at_s: int, room: str, *, door: bool) -> None:
        self._quiet, _ = moved(
            self._quiet, at_s, room, door=door, utc_offset_s=self._policy.utc_offset_s, places=self._rhythm.places
        )
        self.walked.events += 1
        if self._quiet.over is not None:
            self._fit()

    def end(self) -> Walked:
        """What came of it. The silence after the last window is not known."""
        self.walked.rhythm = self._rhythm
        return self.walked

    def _over(self, at_s: int) -> None:
        """The silence after the last window is over: what limit was in force, and was it passed?"""
        quiet, walked = self._quiet, self.walked
        if not walked.windows:
            self._first = quiet.pace.window // WINDOWS * WINDOWS
        if self._asked is not None:
            self._over_asked(self._asked, at_s)
            return
        limit = present_limit(quiet, self._rhythm, self._tier, self._policy)
        if passes_s(quiet, limit) < at_s:
            walked.alarms.append(len(walked.windows))
            self._quiet = alarmed(quiet)
        walked.windows.append(quiet.pace.window - self._first)
        walked.doors.append(quiet.door)
        walked.limits_s.append(limit.limit_s)

    def _over_asked(self, asked: AskedHome, at_s: int) -> None:
        """The same of a home that is asked: an answer is a movement of its own, after which the silence begins anew."""
        walked, quiet = self.walked, self._quiet
        silence = asked.over(quiet, self._rhythm, at_s)
        if silence.rang:
            walked.alarms.append(len(walked.windows))
        walked.windows.append(quiet.pace.window - self._first)
        walked.doors.append(quiet.door)
        walked.limits_s.append(silence.limit_s)
        self._quiet, self._rhythm = silence.quiet, silence.rhythm
        if silence.answered_s and silence.answered_s // WINDOW_S != at_s // WINDOW_S:
            self._moved(silence.answered_s, "hub", door=False)
            self._over(at_s)

    def _fit(self) -> None:
        walked, began_s = self.walked, self._clock()
        asks = self._asked is not None
        grown = fitted(self._quiet, self._rhythm, self._tier, self._policy, asks=asks, home=self._home)
        took_s = self._clock() - began_s
        if grown is None:
            return
        self._quiet, self._rhythm = grown
        walked.refits += 1
        walked.refits_s += took_s
        walked.each_refit_s.append(took_s)
        if walked.refits % 7 == 0:
            walked.learned_bytes = max(walked.learned_bytes, len(msgspec.json.encode(self._rhythm)))
            walked.hot_bytes = max(walked.hot_bytes, len(msgspec.json.encode(self._quiet)))


def walk(
    events: Iterable[LogEvent],
    policy: Policy,
    processor_s: Callable[[], float],
    tier: RiskTier = RiskTier.CARE,
    asked: AskedHome | None = None,
    home: str = "",
) -> Walked:
    """Put the active moments of one home through the rules.

    Args:
        events: In order of time.
        policy: Its offset from UTC must be 0: a log is in local time.
        processor_s: A clock by which refits are timed, seconds.
        tier: The home's risk tier.
        asked: Its device that can ask; None: nobody is asked.
        home: Its key, by which the policy may have a number of its own for it.

    Raises:
        LogError: A moment is older than the one before: parts of the log overlap.
    """
    assert policy.utc_offset_s == 0, "a log is in the home's own time"
    going = Walk(policy, processor_s, tier, asked, home)
    hear, last_s = going.hear, 0
    for event in events:
        gone = event.at_local - _EPOCH
        at_s = gone.days * _DAY_S + gone.seconds
        if at_s < last_s:
            before = datetime.fromtimestamp(last_s, UTC).replace(tzinfo=None)
            raise LogError(f"parts of the log overlap: {event.at_local} comes after {before}")
        last_s = at_s
        hear(at_s, event.room, door=event.door)
    return going.end()
