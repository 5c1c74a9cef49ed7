"""Four weeks of the town's past put through the same rules, in a worker process, home by home."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import msgspec

from alerting import household
from alerting.commands import Claim, Close
from alerting.decisions import ActivitySeen, AnyDecision
from alerting.events import AnyEvent, Commanded, Enrolled, HistoryLoaded, SignalHeard, TimePassed
from alerting.household import HouseholdState, Memory
from alerting.inactivity import limit_for
from alerting.model import Outcome
from alerting.policy import Policy
from gateway.desk import ActivityWindow
from nuanhu.town.history import history_signals
from nuanhu.town.homes import Home
from nuanhu.town.plan import TownPlan, plan_town

WEEKS = 4
NICE = 10

_town: TownPlan | None = None


class Past(msgspec.Struct, frozen=True):
    """What four weeks left behind in one home.

    Attributes:
        household: Whose.
        event: What the live rules are told.
        windows: Active five-minute windows.
        false_alerts: Inactivity alarms that the rules would have raised although nothing had happened.
        collapsed_at: When its resident is to have collapsed, in a staged home.
    """

    household: str
    event: HistoryLoaded
    windows: list[ActivityWindow]
    false_alerts: int
    collapsed_at: datetime | None = None


class _Replayed:
    """One home's memory on its way through the past."""

    def __init__(self, key: str, enrolment: Enrolled, since: datetime, policy: Policy) -> None:
        self._policy = policy
        self._key = key
        self.memory = Memory(HouseholdState(key=key))
        self.windows: dict[datetime, ActivityWindow] = {}
        self.false_alerts = 0
        self._step(enrolment, since)

    def hear(self, device_id: str, signal: object, at: datetime) -> None:
        armed_s = self.memory.hot.armed_s
        while armed_s and armed_s <= at.timestamp():
            self._step(TimePassed(), datetime.fromtimestamp(armed_s, UTC))
            self._answer(datetime.fromtimestamp(armed_s, UTC))
            armed_s = self.memory.hot.armed_s
        self._step(SignalHeard(device_id=device_id, signal=signal), at)  # type: ignore[arg-type]

    def _step(self, event: AnyEvent, at: datetime) -> list[AnyDecision]:
        self.memory, decisions = household.step(self.memory, event, at, self._policy)
        for decision in decisions:
            if isinstance(decision, ActivitySeen):
                rooms = tuple(decision.rooms.split(","))
                self.windows[decision.window] = ActivityWindow(decision.window, rooms, decision.door)
        return decisions

    def _answer(self, at: datetime) -> None:
        """Somebody called and all was well, as it was: nothing happened in these weeks."""
        running = self.memory.hot.open
        if running is None:
            return
        self.false_alerts += 1
        who = {"key": self._key, "incident": running.id, "by": "history"}
        self._step(Commanded(command=Claim(**who)), at)
        self._step(Commanded(command=Close(**who, outcome=Outcome.WAS_WELL)), at)


def past_of(home: Home, enrolment: Enrolled, now: datetime, policy: Policy) -> Past:
    """Put a home's last four weeks through the rules."""
    return _through(home, enrolment, now, policy, None)


def _through(home: Home, enrolment: Enrolled, now: datetime, policy: Policy, collapsed_at: datetime | None) -> Past:
    since = now - timedelta(weeks=WEEKS)
    replayed = _Replayed(home.household, enrolment, since, policy)
    for device_id, signal in history_signals(home, since, now, collapsed_at=collapsed_at):
        assert signal.arrived_at is not None, "history carries arrival times"
        replayed.hear(device_id, signal, signal.arrived_at)
    quiet = replayed.memory.hot.quiet
    last = datetime.fromtimestamp(quiet.active_s, UTC) if quiet.active_s else None
    return Past(
        household=home.household,
        event=HistoryLoaded(rhythm=replayed.memory.rhythm, last_active_at=last, tail=quiet.tail),
        windows=sorted(replayed.windows.values(), key=lambda w: w.start),
        false_alerts=replayed.false_alerts,
        collapsed_at=collapsed_at,
    )


def stage_collapse(
    home: Home, enrolment: Enrolled, now: datetime, policy: Policy, due: tuple[timedelta, timedelta]
) -> Past | None:
    """A past in which the resident collapsed hours ago, so that the home's limit passes within ``due`` from now.

    The collapse falls on a real movement of the past; the limit is the production policy's for that moment. None
    when no movement of the last day fits.
    """
    lived = past_of(home, enrolment, now, policy)
    for window in reversed(lived.windows):
        if now - window.start > timedelta(hours=15):
            break
        for device_id, signal in history_signals(home, window.start, window.start + timedelta(minutes=5)):
            moved_at = signal.arrived_at
            if moved_at is None or not _shows_life(device_id, signal, enrolment):
                continue
            limit = limit_for(int(moved_at.timestamp()), lived.event.rhythm, enrolment.tier, policy)
            if due[0] <= moved_at + timedelta(seconds=limit.limit_s) - now <= due[1]:
                return _through(home, enrolment, now, policy, moved_at + timedelta(seconds=1))
    return None


def _shows_life(device_id: str, signal: object, enrolment: Enrolled) -> bool:
    role = next((d.role for d in enrolment.devices if d.id == device_id), "")
    return role in {"motion", "door", "presence"} and getattr(signal, "state", "") in {"detected", "open"}


def pool(seed: int, households: int) -> ProcessPoolExecutor:
    """One worker process that knows the town. Started fresh, because this process has threads."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_prepare, initargs=(seed, households))


def _prepare(seed: int, households: int) -> None:
    global _town  # noqa: PLW0603 - a worker process has one town
    os.nice(NICE)
    _town = plan_town(seed, households)


def in_worker(household_key: str, enrolment: Enrolled, now: datetime, policy: Policy) -> Past:
    """``past_of`` in the worker process."""
    assert _town is not None, "the worker was prepared"
    return past_of(_town.home(household_key), enrolment, now, policy)


def stage_in_worker(
    household_key: str, enrolment: Enrolled, now: datetime, policy: Policy, due: tuple[timedelta, timedelta]
) -> Past | None:
    """``stage_collapse`` in the worker process."""
    assert _town is not None, "the worker was prepared"
    return stage_collapse(_town.home(household_key), enrolment, now, policy, due)
