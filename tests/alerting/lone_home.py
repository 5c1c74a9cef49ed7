"""One home under test, with a scripted ``now`` and the store's timer: the only wake it keeps is the one it was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

import msgspec

from alerting.commands import AnyCommand
from alerting.decisions import (
    Answered,
    AnyDecision,
    Decision,
    FaultCleared,
    FaultOpened,
    IncidentChanged,
    Noted,
    Rang,
    Slept,
    Wake,
)
from alerting.events import AnyEvent, Commanded, DeviceFacts, Enrolled, HistoryLoaded, SignalHeard, TimePassed
from alerting.homes import household, long_silence
from alerting.homes.state import HouseholdState, Memory
from alerting.model import AlarmKind, EntryKind, FaultKind, Incident, RiskTier
from alerting.policy import Policy
from alerting.silence import inactivity
from alerting.silence.inactivity import Quiet
from alerting.silence.rhythm import Rhythm
from device_adapters.signals import AnySignal, Motion

CHINA = timezone(timedelta(hours=8))
KEY = "H000001"
HOUR = 3600
MANY_WAKES = 1000  # an incident that nobody takes asks for one every five minutes
UNHURRIED = Policy(own_ladders={}, prompts_a_day=0)
"""Nothing climbs, and no home is asked: for what is told about an incident by its alarms alone."""
UNASKED = Policy(prompts_a_day=0)
"""No home is asked before its limit."""

DAY_S = 24 * HOUR
DEVICES = (
    DeviceFacts("pir-living", "motion", "living", 2 * DAY_S),
    DeviceFacts("pir-bedroom", "motion", "bedroom", 2 * DAY_S),
    DeviceFacts("pir-bathroom", "motion", "bathroom", 2 * DAY_S),
    DeviceFacts("door", "door", "hall", 2 * DAY_S),
    DeviceFacts("sos", "panic", "bedroom", 2 * DAY_S),
    DeviceFacts("hub", "hub", "living", 2 * DAY_S),
)

Kind = TypeVar("Kind", bound=Decision)


def local(hour: int, minute: int = 0, second: int = 0, *, day: int = 2) -> datetime:
    """A moment of March 2026 by the clock on the wall in China, as UTC."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=CHINA).astimezone(UTC)


def only(kind: type[Kind], decisions: list[AnyDecision]) -> list[Kind]:
    """The decisions of one kind, in order."""
    return [d for d in decisions if isinstance(d, kind)]


def rings(decisions: list[AnyDecision]) -> bool:
    return bool(only(Rang, decisions))


def lines(decisions: list[AnyDecision]) -> list[EntryKind]:
    """What the timeline gained."""
    return [d.entry.kind for d in only(Noted, decisions)]


def opened(decisions: list[AnyDecision]) -> list[tuple[str, FaultKind]]:
    return [(d.device, d.kind) for d in only(FaultOpened, decisions)]


def cleared(decisions: list[AnyDecision]) -> list[tuple[str, FaultKind]]:
    return [(d.device, d.kind) for d in only(FaultCleared, decisions)]


class LoneHome:
    """A home whose every step is checked: it changes none of its inputs, and gives the same answer twice."""

    def __init__(
        self,
        now: datetime | None = None,
        *,
        tier: RiskTier = RiskTier.CARE,
        devices: tuple[DeviceFacts, ...] = DEVICES,
        policy: Policy | None = None,
    ) -> None:
        """Enrol the home at ``now``: by default 09:00 on a Monday."""
        self.now = now or local(9)
        self.policy = policy or Policy()
        self.memory = Memory(HouseholdState(key=KEY))
        self.wake: datetime | None = None
        self.timeline: list[EntryKind] = []
        self.judge(Enrolled(tier=tier, devices=devices))

    def judge(self, event: AnyEvent) -> list[AnyDecision]:
        """One step; keeps the wake it asks for."""
        before = msgspec.json.encode((self.memory, event, self.policy))
        after, decisions = household.step(self.memory, event, self.now, self.policy)
        again = household.step(self.memory, event, self.now, self.policy)
        assert msgspec.json.encode((self.memory, event, self.policy)) == before, "a step changed its inputs"
        assert again == (after, decisions), "the same inputs gave another answer"
        self.memory = after
        for wish in only(Wake, decisions):
            assert wish.at > self.now, "a wake in the past"
            self.wake = wish.at
        if only(Slept, decisions):
            assert not only(Wake, decisions), "a wake and none"
            self.wake = None
        self.timeline += lines(decisions)
        return decisions

    def says(self, device: str, signal: AnySignal, *, after_s: float = 0) -> list[AnyDecision]:
        """A device speaks, ``after_s`` seconds from now; the timer fires meanwhile."""
        meanwhile = self.wait(after_s) if after_s else []
        return meanwhile + self.judge(SignalHeard(device_id=device, signal=signal))

    def moves(self, device: str = "pir-living", *, after_s: float = 0) -> list[AnyDecision]:
        """A motion sensor sees somebody."""
        return self.says(device, Motion(state="detected"), after_s=after_s)

    def asks(self, command: AnyCommand) -> tuple[Answered, list[AnyDecision]]:
        """Somebody at the desk asks for something: the answer, and all decisions."""
        decisions = self.judge(Commanded(command=command))
        (answer,) = only(Answered, decisions)
        return answer, decisions

    def wait(self, for_s: float) -> list[AnyDecision]:
        """Time passes; the home is woken when it asked to be, and only then."""
        return self.wait_until(self.now + timedelta(seconds=for_s))

    def wait_until(self, moment: datetime) -> list[AnyDecision]:
        """As ``wait``, until a moment."""
        decisions: list[AnyDecision] = []
        wakes = 0
        while self.wake is not None and self.wake <= moment:
            wakes += 1
            assert wakes <= MANY_WAKES, "the home is polled"
            self.now, self.wake = max(self.now, self.wake), None
            decisions += self.judge(TimePassed())
        self.now = max(self.now, moment)
        return decisions

    @property
    def open(self) -> Incident:
        """The running incident."""
        assert self.memory.hot.open is not None, "no incident is running"
        return self.memory.hot.open

    @property
    def calm(self) -> bool:
        """Whether no incident is running."""
        return self.memory.hot.open is None

    @property
    def alarms(self) -> list[AlarmKind]:
        """Kinds of the running incident's alarms; empty when none is running."""
        return [] if self.calm else [a.kind for a in self.open.alarms]

    @property
    def due(self) -> datetime:
        """When the present silence would pass its limit."""
        return datetime.fromtimestamp(long_silence.limit_due_s(self.memory, self.policy), UTC)


def quiet_since(*moments: datetime) -> Quiet:
    """What these movements leave behind."""
    quiet = Quiet()
    for at in moments:
        quiet, _ = inactivity.moved(quiet, int(at.timestamp()), "living", door=False, utc_offset_s=8 * HOUR)
    return quiet


def history(*moments: datetime, rhythm: Rhythm | None = None) -> HistoryLoaded:
    """A past that ended with these movements."""
    return HistoryLoaded(rhythm=rhythm or Rhythm(), quiet=quiet_since(*moments))


def last_incident(decisions: list[AnyDecision]) -> Incident:
    """The incident as the last decision about it has it: also a closed one."""
    return only(IncidentChanged, decisions)[-1].incident
