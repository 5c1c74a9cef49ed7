"""Four weeks of the town's past put through the same rules, in a worker process, home by home."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT
from signal import signal as on_signal

import msgspec

from alerting.commands import Claim, Close
from alerting.decisions import ActivitySeen, AnyDecision
from alerting.events import AnyEvent, Commanded, Enrolled, HistoryLoaded, SignalHeard, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import Outcome
from alerting.policy import Policy
from alerting.silence.day import WINDOW_S
from alerting.silence.inactivity import due_s, limit_for
from device_adapters.signals import AnySignal, Motion
from gateway.desk.contract import ActivityWindow
from nuanhu.town.history import history_signals
from nuanhu.town.homes import Home
from nuanhu.town.plan import TownPlan
from nuanhu.town.recipe import Recipe

WEEKS = 4
NICE = 10
COLLAPSED_WITHIN = timedelta(hours=15)

_town: TownPlan | None = None


class Past(msgspec.Struct, frozen=True):
    """What four weeks left behind in one home.

    Attributes:
        household: Whose.
        event: What the live rules are told.
        windows: Active five-minute windows.
        false_alerts: Inactivity alarms that the rules would have raised although nothing had happened.
        collapsed_at: When its resident is to have collapsed, in a staged home.
        contexts: The situation in which a silence after each window began.
    """

    household: str
    event: HistoryLoaded
    windows: list[ActivityWindow]
    false_alerts: int
    collapsed_at: datetime | None = None
    contexts: dict[datetime, int] = {}


class _Replayed:
    """One home's memory on its way through the past."""

    def __init__(self, key: str, enrolment: Enrolled, since: datetime, policy: Policy) -> None:
        self._policy = policy
        self._key = key
        self.memory = Memory(HouseholdState(key=key))
        self.windows: dict[datetime, ActivityWindow] = {}
        self.contexts: dict[datetime, int] = {}
        self.false_alerts = 0
        self._step(enrolment, since)

    def hear(self, device_id: str, signal: AnySignal, at: datetime) -> None:
        armed_s = self.memory.hot.armed_s
        while armed_s and armed_s <= at.timestamp():
            self._step(TimePassed(), datetime.fromtimestamp(armed_s, UTC))
            self._answer(datetime.fromtimestamp(armed_s, UTC))
            armed_s = self.memory.hot.armed_s
        self._step(SignalHeard(device_id=device_id, signal=signal), at)

    def _step(self, event: AnyEvent, at: datetime) -> list[AnyDecision]:
        self.memory, decisions = household.step(self.memory, event, at, self._policy)
        for decision in decisions:
            if isinstance(decision, ActivitySeen):
                rooms = tuple(decision.rooms.split(","))
                self.windows[decision.window] = ActivityWindow(decision.window, rooms, decision.door)
                self.contexts[decision.window] = self.memory.hot.quiet.context
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
    return _left_behind(_through(home, enrolment, now, policy), home.household)


def _through(
    home: Home, enrolment: Enrolled, now: datetime, policy: Policy, collapsed_at: datetime | None = None
) -> _Replayed:
    since = now - timedelta(weeks=WEEKS)
    replayed = _Replayed(home.household, enrolment, since, policy)
    for device_id, signal in history_signals(home, since, now, collapsed_at=collapsed_at):
        assert signal.arrived_at is not None, "history carries arrival times"
        replayed.hear(device_id, signal, signal.arrived_at)
    return replayed


def _left_behind(replayed: _Replayed, key: str, collapsed_at: datetime | None = None) -> Past:
    quiet = replayed.memory.hot.quiet
    return Past(
        household=key,
        event=HistoryLoaded(rhythm=replayed.memory.rhythm, quiet=quiet),
        windows=sorted(replayed.windows.values(), key=lambda w: w.start),
        false_alerts=replayed.false_alerts,
        collapsed_at=collapsed_at,
        contexts=replayed.contexts,
    )


def stage_collapse(
    home: Home, enrolment: Enrolled, now: datetime, policy: Policy, due: timedelta, overdue: timedelta
) -> Past | None:
    """A past in which the resident collapsed hours ago, so that the home's own limit passes ``due`` from now.

    The limit is the production policy's for the hour in which the silence began; the collapse falls into a time at
    which the resident was really moving about, and the sensor of that room saw it. Where no moment of the day before
    has its limit just then, the limit may have passed up to ``overdue`` ago, and the home rings as soon as its past is
    known. None when there is no such moment.
    """
    lived = past_of(home, enrolment, now, policy)
    for late in dict.fromkeys((timedelta(), overdue)):
        past = _collapsed(home, enrolment, now, policy, lived, due, late)
        if past is not None:
            return past
    return None


def _collapsed(
    home: Home, enrolment: Enrolled, now: datetime, policy: Policy, lived: Past, due: timedelta, overdue: timedelta
) -> Past | None:
    sensors = {d.room: d.id for d in enrolment.devices if d.role == "motion"}
    for window in reversed(lived.windows):
        if now - window.start > COLLAPSED_WITHIN:
            return None
        room = next((room for room in window.rooms if room in sensors), "")
        start_s, context = int(window.start.timestamp()), lived.contexts[window.start]
        limit = limit_for(start_s, lived.event.rhythm, enrolment.tier, policy, context)
        fell_at = now + due - timedelta(seconds=limit.limit_s)
        if window.start + timedelta(seconds=WINDOW_S) <= fell_at <= window.start + overdue:
            fell_at = window.start + timedelta(seconds=WINDOW_S / 2)
        if not room or not window.start <= fell_at < window.start + timedelta(seconds=WINDOW_S):
            continue
        replayed = _through(home, enrolment, fell_at, policy, fell_at)
        replayed.hear(sensors[room], Motion(state="detected", arrived_at=fell_at), fell_at)
        memory = replayed.memory
        due_at = due_s(memory.hot.quiet, memory.rhythm, enrolment.tier, policy)
        if due_at >= int((now - overdue).timestamp()):
            return _left_behind(replayed, home.household, fell_at)
    return None


def pool(recipe: Recipe) -> ProcessPoolExecutor:
    """One worker process that knows the town. Started fresh, because this process has threads."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_prepare, initargs=(recipe,))


def _prepare(recipe: Recipe) -> None:
    global _town  # noqa: PLW0603 - a worker process has one town
    on_signal(SIGINT, SIG_IGN)  # Ctrl-C reaches the whole group; the demo itself ends this one
    os.nice(NICE)
    _town = recipe.plan()


def in_worker(household_key: str, enrolment: Enrolled, now: datetime, policy: Policy) -> Past:
    """``past_of`` in the worker process."""
    assert _town is not None, "the worker was prepared"
    return past_of(_town.home(household_key), enrolment, now, policy)


def stage_in_worker(
    household_key: str, enrolment: Enrolled, now: datetime, policy: Policy, due: timedelta, overdue: timedelta
) -> Past | None:
    """``stage_collapse`` in the worker process."""
    assert _town is not None, "the worker was prepared"
    return stage_collapse(_town.home(household_key), enrolment, now, policy, due, overdue)
