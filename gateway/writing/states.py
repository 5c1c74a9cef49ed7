"""The states of all aggregates in memory, and their steps. Written by the writer's thread alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from alerting import desk_session, stray
from alerting.areas import area
from alerting.areas.area import AreaState
from alerting.budget import city
from alerting.budget.city import City
from alerting.budget.count import Counting
from alerting.budget.spending import Budget
from alerting.care import care
from alerting.care import round as round_
from alerting.care.duty import CareState, care_key
from alerting.care.round import Round
from alerting.commands import DESK, AcceptJob, AnyCommand, Dispatch
from alerting.decisions import AnyDecision
from alerting.desk_session import DeskState
from alerting.dispatch import engagement, platform, reckoned
from alerting.dispatch.engagement import Engagement
from alerting.dispatch.told import JOBS, jobs_key
from alerting.duty import drilling, editions
from alerting.duty.chain import Editions
from alerting.duty.drill import Drill
from alerting.duty.escalation import is_waiting
from alerting.duty.reach import People
from alerting.enrolment import register
from alerting.enrolment.books import Books, Pending
from alerting.events import (
    AnyEvent,
    Commanded,
    ConsolesHeard,
    Enrolled,
    HomesCounted,
    PageGivenBack,
    PageTold,
    SaidByCalled,
    TimePassed,
)
from alerting.homes import household
from alerting.homes.blindness import Blind
from alerting.homes.follow_up import FollowUp
from alerting.homes.hubs import behind_of
from alerting.homes.state import HouseholdState, Memory
from alerting.homes.supervision import has_eyes
from alerting.incidents.conditions import RESPONDER
from alerting.incidents.job_guards import ABOUT_ONE
from alerting.model import Aggregate, Incident, RiskTier
from alerting.policy import Policy
from alerting.stray import StrayState
from gateway.cabinet import Cabinet
from gateway.caring import Caring, Kept
from gateway.memories import Memories

AnyState = (
    Memory | StrayState | AreaState | DeskState | Editions | City | Pending | CareState | Round | Engagement | Drill
)
HotState = HouseholdState | StrayState | AreaState | DeskState | City | CareState | Round | Engagement | Drill


class States:
    """Everything the rules remember.

    Args:
        homes: Of households, by key.
        strays: Of devices without a home, by key.
        desk: Of the desk session.
        policy: The centre's settings, with plans, roster and people in force.
        books: The registry in force.
        the_city: Of all homes together.
        areas: Of areas, by key.
        caring: Of care.

    Attributes:
        pending: What the registry's commands have changed, but is not durable yet.
        people: The registry's people; in force once the editions have them.
        before: Of every aggregate that this batch has judged, as it was before.
    """

    def __init__(
        self,
        homes: Memories | dict[str, Memory],
        strays: dict[str, StrayState],
        desk: DeskState,
        policy: Policy,
        books: Books,
        the_city: City | None = None,
        areas: dict[str, AreaState] | None = None,
        caring: Caring | None = None,
    ) -> None:
        """Begin from the current states."""
        self.homes = homes if isinstance(homes, Memories) else Memories(homes.items())
        self.strays = strays
        self.areas = {} if areas is None else areas
        care = caring or Caring()
        is_folded = isinstance(care.owed, Cabinet)
        owed = care.owed if is_folded else Cabinet(CareState, care.owed.items())
        self.care = Caring(owed=owed, rounds=care.rounds, jobs=care.jobs, drills=care.drills)
        self.desk = desk
        self.city = the_city or City()
        self.policy = policy
        self.books = books
        self.pending = Pending()
        self.people: People = policy.editions.people
        self.before: dict[str, AnyState] = {}

    def memory_of(self, key: str) -> Memory:
        """Current memory of a household."""
        return self.homes.get(key) or Memory(HouseholdState(key=key))

    def step(
        self, aggregate: Aggregate, key: str, event: AnyEvent, now: datetime
    ) -> tuple[HotState | None, list[AnyDecision]]:
        """One step of one aggregate: its hot state afterwards, kept here too, and the decisions.

        The editions and the registry have no hot state: what is saved of them is in their decisions.
        """
        if aggregate is Aggregate.HOUSEHOLD:
            before = self.memory_of(key)
            self.before.setdefault(key, before)
            memory, decisions = household.step(before, event, now, self.policy)
            self.homes[key] = memory
            return memory.hot, decisions
        if key == editions.KEY:
            self.before.setdefault(key, self.policy.editions)
            after, decisions = editions.step(self.policy.editions, event, self.people, now, self.policy)
            self.policy = msgspec.structs.replace(self.policy, editions=after)
            return None, decisions
        if aggregate is Aggregate.REGISTRY:
            self.before.setdefault(key, self.pending)
            self.pending, decisions = register.step(self.pending, self.books, event, now, self.policy)
            return None, decisions
        if aggregate is Aggregate.DESK:
            self.before.setdefault(key, self.desk)
            self.desk, decisions = desk_session.step(self.desk, event, now, self.policy)
            return self.desk, decisions
        if aggregate is Aggregate.AREA:
            place = self.areas.get(key) or AreaState(key=key)
            self.before.setdefault(key, place)
            self.areas[key], decisions = area.step(place, event, now, self.policy)
            return self.areas[key], decisions
        if aggregate in {Aggregate.CARE, Aggregate.RESPONDER, Aggregate.DRILL}:
            return self._of_caring(aggregate, key, event, now)
        if aggregate is Aggregate.CITY:
            self.before.setdefault(key, self.city)
            self.city, decisions = city.step(self.city, event, int(now.timestamp()), self.policy)
            return self.city, decisions
        state = self.strays.get(key) or StrayState(key=key)
        self.before.setdefault(key, state)
        state, decisions = stray.step(state, event, now, self.policy)
        self.strays[key] = state
        return state, decisions

    def _of_caring(
        self, aggregate: Aggregate, key: str, event: AnyEvent, now: datetime
    ) -> tuple[Kept, list[AnyDecision]]:
        """One step of what is owed to a home, of a drill, of a responder's job or round."""
        if aggregate is Aggregate.CARE:
            owed = self.care.owed.get(key) or CareState(key=key)
            self.before.setdefault(key, owed)
            self.care.owed[key], decisions = care.step(owed, event, now, self.policy)
            return self.care.owed[key], decisions
        if aggregate is Aggregate.DRILL:
            drill = self.care.drills.get(key) or Drill(key=key)
            self.before.setdefault(key, drill)
            self.care.drills[key], decisions = drilling.step(drill, event, now, self.policy)
            return self.care.drills[key], decisions
        if key.startswith(JOBS):
            jobs = self.care.jobs.get(key) or Engagement(key=key)
            self.before.setdefault(key, jobs)
            self.care.jobs[key], decisions = engagement.step(jobs, event, now)
            return self.care.jobs[key], decisions
        theirs = self.care.rounds.get(key) or Round(key=key)
        self.before.setdefault(key, theirs)
        self.care.rounds[key], decisions = round_.step(theirs, event, now, self.policy)
        return self.care.rounds[key], decisions

    def counted(self, households: Iterable[str], budget: Budget) -> HomesCounted:
        """Of these homes those that could raise an alarm for inactivity: what they say of themselves, by tier."""
        counting = {tier: Counting() for tier in RiskTier}
        there = set(households)
        for memory in self.homes.listened():
            if memory.hot.key in there and has_eyes(memory.hot.devices):
                counting[memory.hot.tier].add(memory.rhythm, budget.homes_per_week.get(memory.hot.key, 0.0))
        return HomesCounted(tiers={tier: it.count() for tier, it in counting.items() if it.homes})

    def beside(self) -> tuple[dict[str, Blind], dict[str, FollowUp]]:
        """The homes of which nobody knows that all is well, and those to which a follow-up call is owed."""
        blind, owed = dict[str, Blind](), dict[str, FollowUp]()
        for key, memory in self.homes.items():
            if memory.hot.blind.since_s:
                blind[key] = memory.hot.blind
            if memory.hot.follow_up.incident:
                owed[key] = memory.hot.follow_up
        return blind, owed

    def without_care(self, households: Iterable[str]) -> list[str]:
        """Of these homes those of which nobody has looked yet at what they are owed."""
        return [home for home in households if care_key(home) not in self.care.owed]

    def owed_otherwise(self, households: Iterable[str], now: datetime) -> Iterator[str]:
        """Of these homes those of which a look at what they are owed would find something else than is known."""
        for home in households:
            key = care_key(home)
            known = self.care.owed.get(key)
            try:
                if known is None or care.step(known, TimePassed(), now, self.policy)[0] != known:
                    yield home
            except Exception:  # noqa: BLE001 - its own step says of it that it cannot be judged
                yield home

    def knows(self, key: str, facts: Enrolled) -> bool:
        """Whether a household's state holds these facts of the registry."""
        memory = self.homes.get(key)
        if memory is None:
            return False
        known = memory.hot.devices
        same = all(f.id in known and known[f.id].knows(f, self.policy) for f in facts.devices)
        is_judged = memory.hot.lacks is not None
        same = same and memory.hot.behind == behind_of(facts.devices)
        return is_judged and same and memory.hot.tier is facts.tier and len(known) == len(facts.devices)

    def put_back(self, key: str, state: AnyState) -> None:
        """Another state in place of an aggregate's: for repair."""
        if isinstance(state, Memory):
            self.homes[key] = state
        elif isinstance(state, AreaState):
            self.areas[key] = state
        elif isinstance(state, DeskState):
            self.desk = state
        elif isinstance(state, CareState | Round | Engagement | Drill):
            self.care.put(key, state)
        elif isinstance(state, Pending):
            self.pending = state
        elif isinstance(state, City):
            self.city = state
        elif isinstance(state, Editions):
            self.policy = msgspec.structs.replace(self.policy, editions=state)
        else:
            self.strays[key] = state

    def open_of(self, key: str) -> Incident | None:
        """The running incident of a household, of a device without a home, or of an area."""
        state = self.strays.get(key) or self.areas.get(key)
        return state.open if state is not None else self.memory_of(key).hot.open

    def running_as(self, incident: str) -> Incident | None:
        """A running incident by its id. From any thread."""
        found = self.open_of(incident.rpartition("-")[0])
        return found if found is not None and found.id == incident else None

    def climbs(self, key: str) -> bool:
        """Whether an aggregate has an incident that nobody has taken."""
        found = self.open_of(key)
        return found is not None and is_waiting(found.ladder)

    def elsewhere(self, responder: str, incident: str) -> str:
        """The incident, other than this one, where a responder (id) has a job; empty when nowhere."""
        jobs = self.care.jobs.get(jobs_key(responder)) if responder else None
        if jobs is None or jobs.incident in {"", incident}:
            return ""
        return jobs.incident if responder in reckoned.taken(self.running_as(jobs.incident)) else ""

    def said(self, event: SaidByCalled | PageTold) -> SaidByCalled | PageTold:
        """What somebody who was called says, with where they have a job."""
        if isinstance(event, PageGivenBack):
            return event
        person = event.to if isinstance(event, PageTold) else event.by
        if not person.startswith(RESPONDER) or (isinstance(event, PageTold) and event.what != "accepted"):
            return event
        elsewhere = self.elsewhere(person.removeprefix(RESPONDER), event.incident)
        return msgspec.structs.replace(event, elsewhere=elsewhere)

    def asked(self, command: AnyCommand) -> Commanded:
        """A command with what the rules must know of who asks, and of the responder it is about."""
        theirs = self.theirs(command.by) if command.key == DESK else []
        listed = tuple((incident.key, incident.id) for incident in theirs)
        elsewhere = self.elsewhere(self._responder_of(command), command.incident)
        at_console = command.by in self.desk.here
        return Commanded(command=command, at_console=at_console, theirs=listed, elsewhere=elsewhere)

    def _responder_of(self, command: AnyCommand) -> str:
        """Whom a command about a job is about; empty for any other."""
        if isinstance(command, Dispatch):
            return command.responder
        if not isinstance(command, ABOUT_ONE):
            return ""
        said = command.by.removeprefix(RESPONDER) if command.by.startswith(RESPONDER) else command.responder
        if isinstance(command, AcceptJob) and platform.is_platform(said):
            return platform.engaged(said, command.worker)
        running = None if said else self.running_as(command.incident)
        return running.responder if running is not None else said

    def nobody_here(self, now: datetime) -> ConsolesHeard | None:
        """After a start: nobody is here until heard; None when that is news to nobody."""
        everybody = sorted({*self.desk.here, *self.holders()})
        gone = tuple((login, now) for login in everybody)
        return ConsolesHeard(gone=gone, restarted=True) if gone else None

    def running(self) -> Iterator[Incident]:
        """Every running incident."""
        for memory in self.homes.listened():
            if memory.hot.open is not None:
                yield memory.hot.open
        for open_ in [it.open for it in self.strays.values()] + [it.open for it in self.areas.values()]:
            if open_ is not None:
                yield open_

    def theirs(self, login: str) -> list[Incident]:
        """The running incidents an operator has."""
        return [incident for incident in self.running() if login and incident.claimed_by == login]

    def holders(self) -> set[str]:
        """Logins of all who have an incident."""
        return {incident.claimed_by for incident in self.running() if incident.claimed_by}
