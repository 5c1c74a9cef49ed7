"""A simulated month: at every minute the number of protected homes is the one that the plan of deaths says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerting.commands import AnnounceStep, AnyCommand, Claim, Close, RecordCall
from alerting.decisions import FaultOpened, ProtectionChanged, Slept, Wake
from alerting.equipment_terms import GROUPS, EquipmentTerms
from alerting.events import AnyEvent, Commanded, DeviceFacts, Enrolled, SignalHeard, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import FaultKind, Outcome, RiskTier
from alerting.policy import Policy
from device_adapters.signals import AnySignal, Panic
from nuanhu.town.dice import dice_for
from tests.simulation.protected_plan import DAY, MINUTE, START, TEST_EVERY_S, Plan, by_the_plan, plan_home

REQUIRED: dict[RiskTier, tuple[str, ...]] = dict.fromkeys(RiskTier, GROUPS)
REQUIRED[RiskTier.URGENT] = (*GROUPS, "motion", "panic", "smoke")
POLICY = Policy(own_ladders={}, own_test_every_s=TEST_EVERY_S, own_equipment=EquipmentTerms(required=REQUIRED))


def moments_of(plan: Plan) -> list[tuple[int, int, str, AnySignal | None]]:
    """Everything that happens in a home: (second, order, device, signal).

    Without a signal it is an announcement; without a device, what is fitted changes.
    """
    found: list[tuple[int, int, str, AnySignal | None]] = []
    for id_, device in plan.devices.items():
        found += [(at, 1, id_, signal) for at, signal in device.words.items()]
        found += [(at, 0, "", None) for at in (device.fitted, device.gone) if at]
    for at in plan.presses:
        found += [(at, 3, "sos", None), (at + 5, 4, "sos", Panic())]
    return sorted(found, key=lambda it: it[:3])


class Ruled:
    """One home under the rules, woken only when it asked to be; keeps when it was protected and when not."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.changes: list[tuple[int, bool]] = []
        self.faults: list[FaultOpened] = []
        self.memory = Memory(HouseholdState(key="H"))
        self.wake = 0
        self.fitted(0)

    def fitted(self, at_s: int) -> None:
        """The registry says which devices are the home's."""
        there = {id_: d for id_, d in self.plan.devices.items() if d.fitted <= at_s < d.gone}
        facts = tuple(DeviceFacts(id_, d.role, "", 0) for id_, d in there.items())
        self.judge(Enrolled(tier=self.plan.tier, devices=facts), at_s)

    def judge(self, event: AnyEvent, at_s: int) -> None:
        self.memory, decisions = household.step(self.memory, event, START + timedelta(seconds=at_s), POLICY)
        for decision in decisions:
            if isinstance(decision, Wake):
                self.wake = int((decision.at - START).total_seconds())
            elif isinstance(decision, Slept):
                self.wake = 0
            elif isinstance(decision, ProtectionChanged):
                self.changes.append((at_s, not decision.lacks))
            elif isinstance(decision, FaultOpened):
                self.faults.append(decision)

    def wait_until(self, at_s: int) -> None:
        while self.wake and self.wake <= at_s:
            due, self.wake = self.wake, 0
            self.judge(TimePassed(), due)

    def hear(self, id_: str, signal: AnySignal | None, at_s: int) -> None:
        """A signal; none: the desk announces a test press."""
        self.wait_until(at_s)
        if not id_:
            self.fitted(at_s)
        elif signal is not None:
            self.judge(SignalHeard(device_id=id_, signal=signal), at_s)
        else:
            for command in [*_closing(self.memory), AnnounceStep(key="H", by="a", device=id_, role="panic")]:
                self.judge(Commanded(command=command), at_s)


def by_the_rules(plan: Plan, days: int) -> tuple[list[bool], list[FaultOpened]]:
    """Protected or not at the end of every minute, as the rules decide it, and the faults."""
    home = Ruled(plan)
    for at_s, _, id_, signal in moments_of(plan):
        if at_s < days * DAY:
            home.hear(id_, signal, at_s)
    home.wait_until(days * DAY)
    return _minutes(home.changes, days), home.faults


def _closing(memory: Memory) -> list[AnyCommand]:
    """What the desk does about a home's running incident before it tests."""
    running = memory.hot.open
    if running is None:
        return []
    who = {"key": "H", "incident": running.id, "by": "a"}
    return [Claim(**who), RecordCall(**who, whom="x", result="spoke"), Close(**who, outcome=Outcome.EQUIPMENT)]


def _minutes(changes: list[tuple[int, bool]], days: int) -> list[bool]:
    states, state, left = [], False, sorted(changes, key=lambda it: it[0])
    for minute in range(1, days * DAY // MINUTE):
        while left and left[0][0] <= minute * MINUTE:
            state = left.pop(0)[1]
        states.append(state)
    return states


def month(seed: int, homes: int, days: int = 30) -> tuple[list[int], list[int], list[FaultOpened]]:
    """Protected homes at every minute: by the rules, and by the plan; and the faults of the rules."""
    plans = [plan_home(dice_for(seed, "month", n), days) for n in range(homes)]
    ruled, planned = [by_the_rules(plan, days) for plan in plans], [by_the_plan(plan, days) for plan in plans]
    counts = [[sum(at) for at in zip(*one, strict=True)] for one in ([states for states, _ in ruled], planned)]
    return counts[0], counts[1], [fault for _, faults in ruled for fault in faults]


@pytest.mark.parametrize("seed", [1, 2])
def test_at_every_minute_of_a_month_as_many_homes_are_protected_as_the_plan_says(seed: int) -> None:
    ruled, planned, faults = month(seed, 5)
    wrong = [minute for minute, (a, b) in enumerate(zip(ruled, planned, strict=True), 1) if a != b]
    assert not wrong, f"seed {seed}: {len(wrong)} minutes, the first {wrong[:5]}"
    assert len(set(planned)) > 3, "the number moves"
    silent = [fault.detail.partition("|")[0] for fault in faults if fault.kind is FaultKind.MISSED_CHECK_IN]
    assert {"own", "class"} <= set(silent), "by their own pauses and by their class"
    assert FaultKind.BATTERY_LOW in {fault.kind for fault in faults}


@pytest.mark.slow
def test_the_same_for_a_village() -> None:
    ruled, planned, _ = month(3, 30)
    assert ruled == planned
