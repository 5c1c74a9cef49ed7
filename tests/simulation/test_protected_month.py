"""A simulated month: at every minute the number of protected homes is the one that the plan of deaths says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting.commands import AnnounceStep, AnyCommand, Claim, Close, RecordCall
from alerting.decisions import ProtectionChanged, Slept, Wake
from alerting.events import AnyEvent, Commanded, DeviceFacts, Enrolled, SignalHeard, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import Outcome, RiskTier
from alerting.policy import Policy
from device_adapters.signals import AnySignal, Battery, Heartbeat, Panic
from nuanhu.town.dice import Dice, dice_for

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86_400
POLICY = Policy(ladders={}, test_every_s=20 * DAY)
KINDS = (
    ("hub", "hub", 45 * MINUTE, 15 * MINUTE),
    ("pir-1", "motion", 6 * HOUR, 2 * HOUR),
    ("pir-2", "motion", 6 * HOUR, 2 * HOUR),
    ("sos", "panic", 25 * HOUR, 12 * HOUR),
    ("pendant", "pendant", HOUR, 15 * MINUTE),
)
"""Id, role, longest time without a word, and how often it speaks, seconds."""


class Device(msgspec.Struct):
    """One device of the plan: when it speaks, and between which moments it is dead or its battery low; seconds."""

    role: str
    limit_s: int
    words: list[int]
    low: list[tuple[int, int]]


class Plan(msgspec.Struct):
    """One home of the plan."""

    devices: dict[str, Device]
    presses: list[int]
    """When the announced test press comes through."""


def plan_home(dice: Dice, days: int) -> Plan:
    """A home whose devices die, live again, and whose batteries run low, at seconds that the dice say."""
    end = days * DAY
    devices = {}
    for id_, role, limit_s, every_s in KINDS[: dice.choice((3, 4, 5))] if dice.random() < 0.2 else KINDS:
        dead = [(at, at + dice.randrange(HOUR, 4 * DAY)) for at in _some(dice, end, 2)]
        first = dice.randrange(every_s)
        words = [at for at in range(first, end, every_s) if not any(a <= at < b for a, b in dead)]
        low = [(at, at + dice.randrange(HOUR, 3 * DAY)) for at in _some(dice, end, 1)] if role != "hub" else []
        devices[id_] = Device(role, limit_s, words, low)
    presses = sorted(_some(dice, end, 2)) if "sos" in devices else []
    return Plan(devices, presses)


def _some(dice: Dice, end: int, most: int) -> list[int]:
    return [dice.randrange(DAY // 2, end) for _ in range(dice.randrange(most + 1))]


def moments_of(plan: Plan) -> list[tuple[int, int, str, AnySignal | None]]:
    """Everything that happens in a home: (second, order, device, signal; None for an announcement)."""
    found: list[tuple[int, int, str, AnySignal | None]] = []
    for id_, device in plan.devices.items():
        found += [(at, 1, id_, Heartbeat()) for at in device.words]
        for a, b in device.low:
            found += [(a, 2, id_, Battery(low=True)), (b, 2, id_, Battery(low=False))]
    for at in plan.presses:
        found += [(at, 3, "sos", None), (at + 5, 4, "sos", Panic())]
    return sorted(found, key=lambda it: it[:3])


class Ruled:
    """One home under the rules, woken only when it asked to be; keeps when it was protected and when not."""

    def __init__(self, plan: Plan) -> None:
        self.changes: list[tuple[int, bool]] = []
        self.memory = Memory(HouseholdState(key="H"))
        self.wake = 0
        facts = tuple(DeviceFacts(id_, d.role, "", d.limit_s) for id_, d in plan.devices.items())
        self.judge(Enrolled(tier=RiskTier.CARE, devices=facts), 0)

    def judge(self, event: AnyEvent, at_s: int) -> None:
        self.memory, decisions = household.step(self.memory, event, START + timedelta(seconds=at_s), POLICY)
        for decision in decisions:
            if isinstance(decision, Wake):
                self.wake = int((decision.at - START).total_seconds())
            elif isinstance(decision, Slept):
                self.wake = 0
            elif isinstance(decision, ProtectionChanged):
                self.changes.append((at_s, not decision.lacks))

    def wait_until(self, at_s: int) -> None:
        while self.wake and self.wake <= at_s:
            due, self.wake = self.wake, 0
            self.judge(TimePassed(), due)

    def hear(self, id_: str, signal: AnySignal | None, at_s: int) -> None:
        """A signal; none: the desk announces a test press."""
        self.wait_until(at_s)
        if signal is not None:
            self.judge(SignalHeard(device_id=id_, signal=signal), at_s)
            return
        for command in [*_closing(self.memory), AnnounceStep(key="H", by="a", device=id_, role="panic")]:
            self.judge(Commanded(command=command), at_s)


def by_the_rules(plan: Plan, days: int) -> list[bool]:
    """Protected or not at the end of every minute, as the rules decide it."""
    home = Ruled(plan)
    for at_s, _, id_, signal in moments_of(plan):
        home.hear(id_, signal, at_s)
    home.wait_until(days * DAY)
    return _minutes(home.changes, days)


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


def by_the_plan(plan: Plan, days: int) -> list[bool]:
    """The same, counted anew for every minute from the plan alone."""
    heard = {id_: sorted({*d.words, *(at for span in d.low for at in span)}) for id_, d in plan.devices.items()}
    if "sos" in heard:
        heard["sos"] = sorted({*heard["sos"], *(at + 5 for at in plan.presses)})
    last, place = dict.fromkeys(plan.devices, 0), dict.fromkeys(plan.devices, 0)
    states = []
    for at in range(MINUTE, days * DAY, MINUTE):
        good: dict[str, bool] = {}
        for id_, device in plan.devices.items():
            while place[id_] < len(heard[id_]) and heard[id_][place[id_]] <= at:
                last[id_] = heard[id_][place[id_]]
                place[id_] += 1
            is_low = any(a <= at < b for a, b in device.low)
            good[id_] = at - last[id_] < device.limit_s and not is_low
        pressed = max((press + 5 for press in plan.presses if press + 5 <= at), default=0)
        states.append(
            good["hub"]
            and (good["pir-1"] or good.get("pir-2", False))
            and (good.get("sos", False) or good.get("pendant", False))
            and at - pressed < POLICY.test_every_s
        )
    return states


def month(seed: int, homes: int, days: int = 30) -> tuple[list[int], list[int]]:
    """Protected homes at every minute: by the rules, and by the plan."""
    plans = [plan_home(dice_for(seed, "month", n), days) for n in range(homes)]
    ruled, planned = [by_the_rules(plan, days) for plan in plans], [by_the_plan(plan, days) for plan in plans]
    return [sum(at) for at in zip(*ruled, strict=True)], [sum(at) for at in zip(*planned, strict=True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_at_every_minute_of_a_month_as_many_homes_are_protected_as_the_plan_says(seed: int) -> None:
    ruled, planned = month(seed, 6)
    wrong = [minute for minute, (a, b) in enumerate(zip(ruled, planned, strict=True), 1) if a != b]
    assert not wrong, f"seed {seed}: {len(wrong)} minutes, the first {wrong[:5]}"
    assert len(set(planned)) > 3, "the number moves"


@pytest.mark.slow
def test_the_same_for_a_village() -> None:
    ruled, planned = month(3, 30)
    assert ruled == planned
