"""What another policy would have done: each home's journal through its steps with the new settings.

Its own timers fire, and what operators did is told to the incident that is open then. An incident that never was gets
the answer "was well" after half an hour: that is the one thing assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

import msgspec

from alerting.commands import Claim, Close
from alerting.decisions import AnyDecision, IncidentChanged, Noted
from alerting.duty import editions
from alerting.duty.chain import Editions
from alerting.equipment_terms import EquipmentTerms
from alerting.events import AnyEvent, Commanded, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import PARTITIONS, Aggregate, AlarmKind, IncidentState, Outcome
from alerting.policy import Policy
from alerting.terms import TYPES
from gateway.store.past import Happened, Past
from gateway.store.values import ms, when
from gateway.writing.directory import Directory
from nuanhu.replay.exact import BeyondJournalError, begun

HANDLED = timedelta(minutes=30)
"""So long after it rang an incident that never was is answered with "was well"."""
MORE = 100
MOST_WAKES = 100_000
QUIET = frozenset({AlarmKind.INACTIVITY, AlarmKind.UNSEEN})

_event = msgspec.json.Decoder(AnyEvent)
_decision = msgspec.json.Decoder(AnyDecision)


class Raised(msgspec.Struct, frozen=True):
    """One alarm. ``quiet_since`` tells one silence from another; None for what is no silence."""

    key: str
    kind: AlarmKind
    at: datetime
    quiet_since: datetime | None = None


class WhatIf:
    """The homes of a store under another policy.

    Args:
        past: The journal.
        present: The installation's settings.
        policy: The other settings; plans, roster, people, scripts, budget and price are the journal's. Values and
            terms that were saved on the screens count only where these settings say nothing else than the present.
        directory: The registry.
        tell: Told how many rows have been read, now and then.

    Attributes:
        then: Alarms as they were.
        now: Alarms as they would have been.
        events: How many rows of the journal went through.
        as_saved: What of the settings counted as saved on the screens instead, by its kind of edition.
    """

    def __init__(
        self, past: Past, present: Policy, policy: Policy, directory: Directory, tell: Callable[[int], None]
    ) -> None:
        """Nothing is read yet."""
        self._past, self._policy, self._directory, self._tell = past, policy, directory, tell
        self._told_otherwise = otherwise(present, policy)
        self.as_saved: set[str] = set()
        self._in_force: dict[int, Policy] = {}
        self.then: list[Raised] = []
        self.now: list[Raised] = []
        self.events = 0

    def run(self, since: datetime, until: datetime) -> None:
        """Put every home through.

        Raises:
            BeyondJournalError: The states at the beginning cannot be had.
        """
        for partition in range(PARTITIONS):
            base = self._past.base(partition, ms(since))
            if base is None:
                earliest_ms = self._past.earliest_ms()
                raise BeyondJournalError(when(earliest_ms) if earliest_ms is not None else None)
            homes = begun(base.states, self._policy, self._directory).homes
            others: dict[str, _Home] = {}
            for row in self._past.rows(partition, base.seq, ms(until)):
                self.events += 1
                if self.events % MORE == 0:
                    self._tell(self.events)
                if row.aggregate != Aggregate.HOUSEHOLD or not row.judged:
                    continue
                home = others.setdefault(row.key, _Home(homes.get(row.key) or Memory(HouseholdState(key=row.key))))
                home.policy = self._policy_of(row.edition)
                home.take(row)
            for key, home in others.items():
                home.until(until)
                self.then += [it for it in home.then if since <= it.at < until]
                self.now += [it for it in home.now if since <= it.at < until]
                homes.pop(key, None)

    def _policy_of(self, edition: int) -> Policy:
        if edition not in self._in_force:
            in_force = without(editions.loaded(self._past.saved.latest(edition)), self._told_otherwise)
            self.as_saved |= saved_in(in_force)
            self._in_force[edition] = msgspec.structs.replace(self._policy, editions=in_force)
        return self._in_force[edition]


def otherwise(present: Policy, other: Policy) -> frozenset[str]:
    """Of which values and terms other settings say something else than the present ones, by kind of edition."""

    def told(policy: Policy) -> dict[str, object]:
        own, equipment = policy.own_terms, policy.own_equipment
        usual = EquipmentTerms()  # what a home must have is never saved, and the goal is of another group
        rest = {"required": usual.required, "required_of": usual.required_of, "goal": usual.goal}
        groups: dict[str, object] = {kind: getattr(own, kind) for kind in TYPES}
        return {**groups, "equipment": msgspec.structs.replace(equipment, **rest), editions.VALUES: policy.own_values}

    before, after = told(present), told(other)
    return frozenset(kind for kind in before if before[kind] != after[kind])


def without(saved: Editions, kinds: Collection[str]) -> Editions:
    """Editions in which the settings' values and terms of these kinds are in force."""
    terms = msgspec.structs.replace(saved.terms, **{kind: None for kind in TYPES if kind in kinds})
    values = None if editions.VALUES in kinds else saved.values
    return msgspec.structs.replace(saved, terms=terms, values=values)


def saved_in(its: Editions) -> frozenset[str]:
    """For what settings have too, and is as saved in these editions: by kind."""
    found = {kind for kind in TYPES if getattr(its.terms, kind) is not None}
    found |= {editions.VALUES} if its.values is not None else set()
    found |= {editions.BUDGET} if its.budget_number else set()
    return frozenset(found | ({editions.PLANS} if its.plans else set()))


class _Home:
    """One home on its way through its journal."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.policy = Policy()
        self.then: list[Raised] = []
        self.now: list[Raised] = []
        self._really_open = memory.hot.open is not None

    def take(self, row: Happened) -> None:
        """One row of the journal: what it led to then, and what it leads to now."""
        at, event = when(row.at_ms), _event.decode(row.event)
        decided = [_decision.decode(it) for it in row.decided]
        self.then += raised(row.key, decided)
        self.until(at)
        for decision in decided:
            if isinstance(decision, IncidentChanged):
                self._really_open = decision.incident.state is not IncidentState.CLOSED
        if isinstance(event, TimePassed):
            return  # its own timers fire
        if isinstance(event, Commanded) and event.command.incident:
            running = self.memory.hot.open
            if running is None:
                return
            event = msgspec.structs.replace(event, command=msgspec.structs.replace(event.command, incident=running.id))
        self._step(event, at)

    def until(self, moment: datetime) -> None:
        """Whatever is due before a moment: its timers, and the answer to an incident that never was."""
        for _ in range(MOST_WAKES):
            hot = self.memory.hot
            answer = hot.open.rang_at + HANDLED if hot.open is not None and not self._really_open else None
            wake = when(round(hot.armed_s * 1000)) if hot.armed_s else None
            due = min((it for it in (answer, wake) if it is not None), default=None)
            if due is None or due > moment:
                return
            if due == answer:
                self._answer(due)
            else:
                self._step(TimePassed(), due)

    def _answer(self, at: datetime) -> None:
        running = self.memory.hot.open
        assert running is not None, "only what is open is answered"
        who = {"key": running.key, "incident": running.id, "by": "replay"}
        self._step(Commanded(command=Claim(**who)), at)
        self._step(Commanded(command=Close(**who, outcome=Outcome.WAS_WELL)), at)
        self._really_open = self.memory.hot.open is not None  # a P1 wants a second person: it stays

    def _step(self, event: AnyEvent, at: datetime) -> None:
        self.memory, decisions = household.step(self.memory, event, at, self.policy)
        self.now += raised(self.memory.hot.key, decisions)


def raised(key: str, decisions: Iterable[AnyDecision]) -> list[Raised]:
    """The alarms in what was decided."""
    entries = [it.entry for it in decisions if isinstance(it, Noted) and it.entry.alarm is not None]
    alarms = [entry.alarm for entry in entries if entry.kind.value != "cleared"]
    return [Raised(key, it.kind, it.at, it.quiet_since) for it in alarms if it is not None]


class HomeDiffers(msgspec.Struct, frozen=True):
    """Alarms for inactivity of one home."""

    home: str
    then: int
    now: int


class Inactivity(msgspec.Struct, frozen=True, kw_only=True):
    """Silence by silence: which ring under both policies, and how much earlier or later; seconds."""

    both: int
    only_then: int
    only_now: int
    earlier: int
    later: int
    mean_shift_s: float
    most_earlier_s: float
    most_later_s: float


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two policies over the same days. ``a_day`` is not there for less than a day: it would be made up."""

    days: float
    alarms: dict[str, dict[str, int]]
    a_day: dict[str, float] | msgspec.UnsetType = msgspec.UNSET
    inactivity: Inactivity
    homes: list[HomeDiffers]


def compared(then: list[Raised], now: list[Raised], days: float) -> Compared:
    """What would have differed."""
    old, new = Counter(it.kind for it in then), Counter(it.kind for it in now)
    before = {(it.key, it.quiet_since): it.at for it in then if it.kind is AlarmKind.INACTIVITY}
    after = {(it.key, it.quiet_since): it.at for it in now if it.kind is AlarmKind.INACTIVITY}
    shifts = [(after[silence] - at).total_seconds() for silence, at in before.items() if silence in after]
    mine = Counter(it.key for it in then if it.kind in QUIET), Counter(it.key for it in now if it.kind in QUIET)
    homes = [HomeDiffers(key, mine[0][key], mine[1][key]) for key in {*mine[0], *mine[1]}]
    homes.sort(key=lambda it: (-abs(it.now - it.then), it.home))
    return Compared(
        days=round(days, 3),
        alarms={kind.value: {"then": old[kind], "now": new[kind]} for kind in AlarmKind if old[kind] or new[kind]},
        a_day={"then": round(len(then) / days, 3), "now": round(len(now) / days, 3)} if days >= 1 else msgspec.UNSET,
        inactivity=Inactivity(
            both=len(shifts),
            only_then=len(before.keys() - after.keys()),
            only_now=len(after.keys() - before.keys()),
            earlier=sum(shift < 0 for shift in shifts),
            later=sum(shift > 0 for shift in shifts),
            mean_shift_s=round(sum(shifts) / len(shifts), 1) if shifts else 0.0,
            most_earlier_s=-min([*shifts, 0.0]),
            most_later_s=max([*shifts, 0.0]),
        ),
        homes=[it for it in homes if it.then != it.now],
    )
