"""From a message, a command or the passing of time to rows of a batch: decode, route, step, gather.

Every aggregate is judged on its own: a step that raises is journalled as *not judged* and its neighbours go on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from alerting.areas.area import AreaState
from alerting.audit import Check, Finding, news, told_first
from alerting.budget.city import CITY, City
from alerting.care.duty import care_key, home_of
from alerting.commands import DESK, AnyCommand, SaveBudget
from alerting.decisions import (
    Answered,
    AnyDecision,
    BlindCleared,
    BlindOpened,
    FaultCleared,
    FaultOpened,
    FollowUpChanged,
    Wake,
)
from alerting.desk_session import DeskState
from alerting.duty import editions
from alerting.duty.reach import People
from alerting.events import (
    AnyEvent,
    AuditTold,
    CallLogged,
    ConsolesHeard,
    HistoryLoaded,
    PageTold,
    PageTried,
    PeopleKnown,
    RuleFailed,
    SaidByCalled,
    SettingsKnown,
    ShownUnrecorded,
    SignalHeard,
    TimePassed,
    Unobserved,
)
from alerting.homes.state import Memory
from alerting.meaning import calls_for_help
from alerting.model import Aggregate, FaultKind, Incident, partition_of
from alerting.policy import Policy
from alerting.stray import StrayState
from device_adapters.adapter import Message
from device_adapters.catalogue import without_secrets
from gateway.caring import Caring
from gateway.desk.contract import ActivityWindow, Answer
from gateway.desk.rows import activity_rows
from gateway.memories import Memories
from gateway.store.batch import QUARANTINE_HEAD, STATE_KEPT, Batch
from gateway.store.keys import bounded
from gateway.store.state_rows import Unreadable
from gateway.store.values import ms, when
from gateway.writing.directory import Directory
from gateway.writing.effects import Effects
from gateway.writing.jobs_mended import mend_jobs
from gateway.writing.looking_again import About, look_again, look_at_all, tell_first
from gateway.writing.origins import JudgedBefore, Recall, addressed
from gateway.writing.passing_on import pass_on
from gateway.writing.routing import Routing
from gateway.writing.states import States
from gateway.writing.strangers import Strangers
from gateway.writing.stray_keys import AUDIT, FAILED, NO_CALLS_FOR_HELP, aggregate_of

log = logging.getLogger(__name__)

NOT_JUDGED_AGAIN = timedelta(minutes=10)

Where = tuple[int, int, Aggregate, str]


class Judge:
    """Holds all states and judges one thing at a time; only the writer's thread may use it.

    Args:
        directory: The registry in memory.
        policy: The centre's settings.
        homes: Current states of households.
        strays: Current states of devices without a home.
        sequences: Highest journal sequence by partition.
        faults: (household, device, kind) of open faults.
        recall: Looks up an event id that was judged before; None when it never was.
        desk: Current state of the desk session.
        city: Current state of the city.
        areas: Current states of areas.
        strangers: Devices that speak and are not registered.
        care: Current states of care and of whoever gives it.
    """

    def __init__(
        self,
        directory: Directory,
        policy: Policy,
        homes: Memories | dict[str, Memory],
        strays: dict[str, StrayState],
        sequences: dict[int, int],
        faults: set[tuple[str, str, str]],
        recall: Recall,
        desk: DeskState | None = None,
        city: City | None = None,
        areas: dict[str, AreaState] | None = None,
        strangers: Strangers | None = None,
        care: Caring | None = None,
    ) -> None:
        """Begin from the current states."""
        self.directory = directory
        self.open_faults = faults
        self.states = States(homes, strays, desk or DeskState(), policy, directory, city, areas, care)
        self._sequences = sequences
        self.batch = Batch()
        self.effects = Effects()
        self.before = JudgedBefore(recall, self.batch)
        self.signals = 0
        self.strangers = strangers or Strangers()
        self._routing = Routing(self, directory)
        self.to_tell: dict[str, About] = {}
        self.blind, self.follow_ups = self.states.beside()
        self._is_settled_anew = False

    @property
    def policy(self) -> Policy:
        """The centre's settings, with plans, roster and people in force."""
        return self.states.policy

    def begin(self) -> None:
        """Start a new batch."""
        self.batch = Batch()
        self.effects = Effects()
        self.before.begin(self.batch)
        self.states.before = {}

    def hear(self, message: Message) -> None:
        """Judge one message. Never raises: what cannot be used is quarantined with the reason."""
        self._routing.hear(message)

    def set_aside(self, message: Message, bridge: str, reason: str) -> None:
        """Quarantine a message with the reason; what is secret in it is not kept."""
        self.effects.quarantined += 1
        head = without_secrets(message.topic, message.payload[:QUARANTINE_HEAD])
        self.batch.note_quarantine(message.arrived_at, message.topic, bridge, reason, head, size=len(message.payload))

    def command(self, command: AnyCommand | SaidByCalled, once: str, now: datetime) -> Answer:
        """Judge a command, or that somebody has accepted; the same ``once`` again gives the first answer."""
        if once and (before := self.before.get("desk", once)) is not None:
            return msgspec.json.decode(before, type=Answer)
        key = addressed(command)
        aggregate = aggregate_of(key)
        if not self._is_known(aggregate, key):
            return Answer(refused="no_household")
        event = self.states.said(command) if isinstance(command, SaidByCalled) else self.states.asked(command)
        decisions = self.judge(aggregate, key, event, now)
        said = next((d for d in decisions if isinstance(d, Answered)), None)
        if said is None:
            return Answer(incident=command.incident, refused="not_judged")
        answer = Answer(**msgspec.structs.asdict(said))
        self.before.note("desk", once, key, now, msgspec.json.encode(answer)) if once else None
        if key == editions.KEY and not said.refused:
            self.count_homes(now) if isinstance(command, SaveBudget) else look_again(self, command, now)
        return answer

    def consoles(self, event: ConsolesHeard, now: datetime) -> None:
        """Whose consoles have come or gone."""
        self.judge(Aggregate.DESK, DESK, event, now)

    def restarted(self, now: datetime) -> None:
        """The gateway has just started: nobody is here until heard, and every claim has the time to come back.

        For the first time ever, the homes are counted. What runs is looked at where the settings are others now.
        """
        if (event := self.states.nobody_here(now)) is not None:
            self.consoles(event, now)
        if self._is_settled_anew:
            look_at_all([(it.aggregate, it.key) for it in self.states.running()], self, now)
            look_at_all([(Aggregate.HOUSEHOLD, key) for key in self.follow_ups], self, now)
        mend_jobs(self, now)
        if not self.states.city.armed_s:
            self.count_homes(now)

    def people_known(self, people: People, now: datetime, *, own: bool = False) -> None:
        """The registry's people, and with ``own`` our settings, each as an edition when they are not those in force."""
        self.states.people = people
        _, news = editions.known(self.policy.editions, people)
        if news:
            self.judge(Aggregate.DESK, editions.KEY, PeopleKnown(number=self.policy.editions.number + 1), now)
        self._is_settled_anew = own and bool(editions.settled(self.policy.editions, self.policy)[1])
        if self._is_settled_anew:
            self.judge(Aggregate.DESK, editions.KEY, SettingsKnown(number=self.policy.editions.number + 1), now)

    def count_homes(self, now: datetime) -> None:
        """The city counts its homes, and finds the price of waiting anew."""
        self.judge(Aggregate.CITY, CITY, self.states.counted(self.directory.households, self.policy.budget), now)

    def time_passed(self, aggregate: Aggregate, key: str, now: datetime) -> None:
        """The timer of an aggregate has fired."""
        self.batch.wake_done(aggregate, key)
        if aggregate is Aggregate.CITY:
            self.count_homes(now)
        elif self._is_known(aggregate, key):
            self.judge(aggregate, key, TimePassed(), now)

    def _is_known(self, aggregate: Aggregate, key: str) -> bool:
        """Whether it is no home, or one that is registered."""
        homes = self.directory.households
        return (aggregate is not Aggregate.HOUSEHOLD or key in homes) and (
            aggregate is not Aggregate.CARE or home_of(key) in homes
        )

    def page_tried(self, key: str, event: PageTried, now: datetime) -> None:
        """What became of a page about this aggregate's incident."""
        self.judge(aggregate_of(key), key, event, now)

    def told(self, key: str, once: str, event: PageTold | CallLogged, now: datetime) -> list[AnyDecision] | None:
        """Something from outside about this aggregate's incident; None when the same ``once`` was told before."""
        if self.before.has("outside", once):
            return None
        known = event if isinstance(event, CallLogged) else self.states.said(event)
        decisions = self.judge(aggregate_of(key), key, known, now)
        self.before.note("outside", once, key, now)
        return decisions

    def note_carried(self, origin: str, id_: str, key: str, at: datetime, reference: str) -> None:
        """A provider has taken a page of this aggregate's incident under an id of its own."""
        if not self.before.has(origin, id_):
            self.before.note(origin, id_, key, at, reference.encode())

    def audited(self, check: Check, standing: tuple[Finding, ...], now: datetime) -> None:
        """What stands of one check of the auditor; no event where that is no news."""
        key = f"{AUDIT}{check.value}"
        known = self.states.strays.get(key)
        found, is_open = (dict(known.found), known.open is not None) if known is not None else ({}, False)
        told = told_first(standing)
        rings, mended = news(found, told, int(now.timestamp()), is_open=is_open)
        if rings or mended:
            words = tuple((it.word, it.key, it.incident, it.about) for it in told)
            self.judge(Aggregate.DEVICE, key, AuditTold(check=check.value, standing=words), now)

    def show_again(self, incident: str) -> None:
        """Tell the consoles again how an incident stands."""
        running = self.states.running_as(incident)
        if running is not None:
            self.effects.changed[incident] = running
            if running.rings:
                self.effects.rung.add(incident)

    def keep_unreadable(self, unreadable: Mapping[tuple[str, str], Unreadable], now: datetime) -> None:
        """The bytes of states that could not be read at the start, whole, before anything takes their place."""
        for (aggregate, key), it in unreadable.items():
            reason = f"state unreadable: {aggregate} {key}: {it.reason}"
            self.batch.note_quarantine(now, "", "", reason, it.body, keep=STATE_KEPT)
            self.effects.quarantined += 1

    def began_anew(self, unreadable: Mapping[tuple[str, str], Unreadable], now: datetime) -> None:
        """States that could not be read at the start: each rings, and looks again at what is due."""
        for (aggregate, key), it in unreadable.items():
            home = key if aggregate == Aggregate.HOUSEHOLD.value else ""
            where = self._place(Aggregate(aggregate), key)
            self._carry_out(where, [FaultOpened(device="", kind=FaultKind.NOT_JUDGED, detail=it.reason[:200])], now)
            if where[2] in NO_CALLS_FOR_HELP:
                self.time_passed(where[2], key, now)
                continue
            failed = RuleFailed(household=home, reason=f"state unreadable at the start: {it.reason[:150]}")
            self.judge(Aggregate.DEVICE, bounded(f"{FAILED}{key}"), failed, now)
            self.time_passed(Aggregate(aggregate), key, now)

    def enrol_all(self, now: datetime, *, only: list[str]) -> None:
        """Tell these households the registry's facts."""
        for key in only:
            self.judge(Aggregate.HOUSEHOLD, key, self.directory.enrolment(key), now)

    def homes_to_enrol(self) -> list[str]:
        """Households whose state does not hold the registry's facts."""
        directory = self.directory
        return [key for key in directory.households if not self.states.knows(key, directory.enrolment(key))]

    def look_at_care(self, homes: Iterable[str], now: datetime) -> None:
        """What is owed to these homes is found anew where it is news: label, people, terms or calendar are others."""
        for home in self.states.owed_otherwise(homes, when(ms(now))):
            self.time_passed(Aggregate.CARE, care_key(home), now)

    def unobserved(self, event: Unobserved, now: datetime) -> None:
        """The gateway heard nobody for a while: no silence in it counts. Where nothing is fitted there is none."""
        for key in [it.hot.key for it in self.states.homes.listened() if it.hot.devices]:
            self.judge(Aggregate.HOUSEHOLD, key, event, now)

    def climbs(self, aggregate: Aggregate, key: str) -> bool:
        """Whether an aggregate has an incident that nobody has taken."""
        return aggregate not in {Aggregate.DESK, Aggregate.CITY, Aggregate.REGISTRY} and self.states.climbs(key)

    def shown_unrecorded(self, incident: Incident, since: datetime, now: datetime) -> None:
        """The store is back: this incident had rung since then without being recorded."""
        event = ShownUnrecorded(incident=incident.id, since=since)
        self.judge(incident.aggregate, incident.key, event, now)

    def history(self, key: str, event: HistoryLoaded, windows: list[ActivityWindow], now: datetime) -> None:
        """A home's past, put through the rules elsewhere. Live windows of the same batch are kept."""
        self.judge(Aggregate.HOUSEHOLD, key, event, now)
        for place, row in activity_rows(key, windows):
            self.batch.activity.setdefault(place, row)

    def memory_of(self, key: str) -> Memory:
        """Current memory of a household."""
        return self.states.memory_of(key)

    def judge(self, aggregate: Aggregate, key: str, event: AnyEvent, now: datetime) -> list[AnyDecision]:
        """One step of one aggregate, into the batch. What raises is journalled as not judged.

        It is judged at a full millisecond: the journal has no more of a moment, and replay must see the same.
        """
        if aggregate is Aggregate.HOUSEHOLD:
            tell_first(self, key, now)
        now = when(ms(now))
        where = self._place(aggregate, key)
        try:
            decisions = self._step(where, event, now)
        except Exception as failure:  # one bad home must not stop the city
            log.exception("not judged: %s %s", aggregate, key)
            reason = f"{type(failure).__name__}: {failure}"
            self._note(where, event, now, failed=reason)
            self._not_judged(where, event, reason, now)
            return []
        self._note(where, event, now)
        self._carry_out(where, decisions, now)
        pass_on(self, decisions, now)
        return decisions

    def _carry_out(self, where: Where, decisions: list[AnyDecision], now: datetime) -> None:
        for n, decision in enumerate(decisions):
            self.batch.note_decision(where, n, now, decision)
            self._take_effect(where, decision)

    def not_recorded(self, aggregate: Aggregate, key: str, event: AnyEvent, reason: str, now: datetime) -> None:
        """An event that was judged, but what came of it could not be written: as if it had not been judged."""
        where = self._place(aggregate, key)
        self._note(where, event, now, failed=reason)
        self._not_judged(where, event, reason, now)

    def _place(self, aggregate: Aggregate, key: str) -> Where:
        partition = partition_of(key)
        seq = self._sequences[partition] = self._sequences.get(partition, 0) + 1
        return partition, seq, aggregate, key

    def _note(self, where: Where, event: AnyEvent, now: datetime, failed: str = "") -> None:
        policy = self.policy
        self.batch.note_event(where, now, event, policy=policy.version, edition=policy.editions.number, failed=failed)

    def _step(self, where: Where, event: AnyEvent, now: datetime) -> list[AnyDecision]:
        _, _, aggregate, key = where
        state, decisions = self.states.step(aggregate, key, event, now)
        if state is not None:
            self.batch.note_state(where, state)
        return decisions

    def _not_judged(self, where: Where, event: AnyEvent, reason: str, now: datetime) -> None:
        """A fault for what could not be judged; and it rings when it may be a call for help."""
        _, _, aggregate, key = where
        decisions: list[AnyDecision] = [FaultOpened(device="", kind=FaultKind.NOT_JUDGED, detail=reason[:200])]
        if isinstance(event, TimePassed):  # its timer is gone: look again later
            decisions.append(Wake(at=now + NOT_JUDGED_AGAIN))
        self._carry_out(where, decisions, now)
        may_call = isinstance(event, SignalHeard) and calls_for_help(event.signal)
        if may_call:
            home = key if aggregate is Aggregate.HOUSEHOLD else ""
            failed = RuleFailed(household=home, reason=reason[:200])
            self.judge(Aggregate.DEVICE, bounded(f"{FAILED}{key}"), failed, now)

    def _take_effect(self, where: Where, decision: AnyDecision) -> None:
        _, _, aggregate, key = where
        self.effects.add(aggregate, key, decision)
        if isinstance(decision, FaultOpened | FaultCleared):
            change = self.open_faults.add if isinstance(decision, FaultOpened) else self.open_faults.discard
            change((key, decision.device, decision.kind.value))
            self.effects.faults = True
        elif isinstance(decision, BlindOpened):
            self.blind[key] = self.memory_of(key).hot.blind
            self.effects.blind = True
        elif isinstance(decision, BlindCleared):
            self.blind.pop(key, None)
            self.effects.blind = True
        elif isinstance(decision, FollowUpChanged):
            self.look_at_follow_up(key)
            self.effects.follow_ups = True

    def look_at_follow_up(self, key: str) -> None:
        """Which follow-up call is owed to a home now."""
        owed = self.memory_of(key).hot.follow_up
        if owed.incident:
            self.follow_ups[key] = owed
        else:
            self.follow_ups.pop(key, None)
