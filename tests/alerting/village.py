"""A village under test: many homes and their areas, wired as the gateway wires them, with scripted time."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.areas import area
from alerting.areas.area import AreaState
from alerting.areas.member import AreaCause, key_of
from alerting.commands import AnyCommand
from alerting.decisions import AnyDecision, AreaTold, Noted, Rang, Slept, Wake
from alerting.duty.chain import Editions
from alerting.duty.reach import Case, People
from alerting.events import AnyEvent, Commanded, Enrolled, LinkBack, LinkLost, SignalHeard, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import EntryKind, Incident, RiskTier
from alerting.policy import Policy
from device_adapters.signals import AnySignal, Panic
from tests.alerting.lone_home import DEVICES, local, only

TOWN = "990100.01"
VILLAGE, NEXT_VILLAGE = f"{TOWN}.01", f"{TOWN}.02"
OUTAGE, CALLS = key_of(AreaCause.OUTAGE, VILLAGE), key_of(AreaCause.CALLS, VILLAGE)
TOWN_OUTAGE = key_of(AreaCause.OUTAGE, TOWN)
PRESS = Panic(state="active")


class Village:
    """Homes ``H0`` to ``H<n-1>`` in one village, ``N0`` … in the next one of the same town."""

    def __init__(self, homes: int = 10, neighbours: int = 0, policy: Policy | None = None) -> None:
        self.now = local(9)
        self.homes = [f"H{n}" for n in range(homes)]
        self.neighbours = [f"N{n}" for n in range(neighbours)]
        cases = {it: Case(area=VILLAGE) for it in self.homes} | {it: Case(area=NEXT_VILLAGE) for it in self.neighbours}
        editions = Editions(people=People(homes=cases, towns=(TOWN,)))
        self.policy = msgspec.structs.replace(policy or Policy(own_ladders={}), editions=editions)
        self.memories = {it: Memory(HouseholdState(key=it)) for it in cases}
        self.areas: dict[str, AreaState] = {}
        self.wakes: dict[str, datetime] = {}
        self.decided: list[tuple[str, AnyDecision]] = []
        for home in cases:
            self.judge(home, Enrolled(tier=RiskTier.CARE, devices=DEVICES))

    def judge(self, key: str, event: AnyEvent) -> list[AnyDecision]:
        """One step, and what goes on from it to areas."""
        if key in self.memories:
            self.memories[key], decisions = household.step(self.memories[key], event, self.now, self.policy)
        else:
            state = self.areas.get(key, AreaState(key=key))
            before = msgspec.json.encode(state)
            self.areas[key], decisions = area.step(state, event, self.now, self.policy)
            assert msgspec.json.encode(state) == before, "a step changed its inputs"
            assert msgspec.json.decode(msgspec.json.encode(self.areas[key]), type=AreaState) == self.areas[key]
        self.decided += [(key, decision) for decision in decisions]
        for decision in decisions:
            if isinstance(decision, Wake):
                assert decision.at > self.now, "a wake in the past"
                self.wakes[key] = decision.at
            elif isinstance(decision, Slept):
                self.wakes.pop(key, None)
            elif isinstance(decision, AreaTold):
                self.judge(decision.key, decision.event)
        return decisions

    def cut(self, *homes: str, shared: str = "") -> None:
        """The links of these homes go down, or of one bridge that they share."""
        for home in homes:
            self.judge(home, LinkLost(bridge=shared or f"hub-{home}", shared=bool(shared)))

    def mend(self, *homes: str, shared: str = "") -> None:
        for home in homes:
            self.judge(home, LinkBack(bridge=shared or f"hub-{home}"))

    def says(self, home: str, signal: AnySignal, device: str = "sos") -> list[AnyDecision]:
        return self.judge(home, SignalHeard(device_id=device, signal=signal))

    def ask(self, key: str, command: AnyCommand) -> list[AnyDecision]:
        return self.judge(key, Commanded(command=command))

    def wait(self, for_s: float) -> None:
        """Time passes; each aggregate is woken when it asked to be."""
        until = self.now + timedelta(seconds=for_s)
        while (due := min(((at, key) for key, at in self.wakes.items() if at <= until), default=None)) is not None:
            self.now = max(self.now, due[0])
            del self.wakes[due[1]]
            self.judge(due[1], TimePassed())
        self.now = until

    def running(self, key: str = OUTAGE) -> Incident | None:
        state = self.areas.get(key)
        return state.open if state is not None else None

    def open(self, key: str = OUTAGE) -> Incident:
        found = self.running(key)
        assert found is not None, f"nothing is running at {key}"
        return found

    def silent(self, key: str = OUTAGE) -> list[str]:
        """The homes of the running incident that are not back."""
        return [it.home for it in self.open(key).members if not it.back_s]

    def lines(self, key: str = OUTAGE) -> list[EntryKind]:
        return [d.entry.kind for d in only(Noted, [d for it, d in self.decided if it == key])]

    def rang(self) -> list[str]:
        return [d.incident for d in only(Rang, [d for _, d in self.decided])]
