"""The journal through the same steps again, with the editions it numbers: are the decisions the same?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec

from alerting.areas.area import AreaState
from alerting.budget.city import City
from alerting.decisions import AnyDecision
from alerting.desk_session import DeskState
from alerting.duty import editions
from alerting.events import AnyEvent
from alerting.homes.state import HouseholdState, Memory
from alerting.keeping.leaving import is_erased
from alerting.model import PARTITIONS, Aggregate
from alerting.policy import Policy
from alerting.silence.rhythm import Rhythm
from alerting.stray import StrayState
from gateway.caring import kind_of
from gateway.store.checkpoints import Kept
from gateway.store.past import Base, Happened, Past, as_stored
from gateway.store.values import ms, when
from gateway.writing.directory import Directory
from gateway.writing.states import HotState, States

log = logging.getLogger(__name__)

MOST_SHOWN = 10
MORE = 100
"""So many rows are between two looks at the progress."""
LEFT_OUT = frozenset({Aggregate.REGISTRY})
"""What only writes down what somebody entered: nothing is judged there."""

_event = msgspec.json.Decoder(AnyEvent)
_decision = msgspec.json.Decoder(AnyDecision)


class BeyondJournalError(Exception):
    """The journal does not reach back so far; ``since`` is from when on it does, None: nobody knows yet."""

    def __init__(self, since: datetime | None) -> None:
        """Say from when on."""
        super().__init__("the journal does not reach back so far")
        self.since = since


class Different(msgspec.Struct, frozen=True):
    """One event of which the rules make something else now."""

    at: datetime
    key: str
    event: str
    then: list[msgspec.Raw]
    now: list[msgspec.Raw]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came out.

    Attributes:
        since: From when on decisions were compared.
        until: Up to when.
        events: How many events in that time went through the rules.
        before: How many more, from the checkpoint up to there.
        not_judged: Events that the rules could not judge then: they changed nothing and are passed over.
        decisions: How many decisions were compared.
        changed: How many events led to others.
        different: The first of these, by time.
        checkpoint: The oldest checkpoint from which it began; None: the beginning of the journal.
    """

    since: datetime
    until: datetime
    events: int = 0
    before: int = 0
    not_judged: int = 0
    decisions: int = 0
    changed: int = 0
    different: list[Different] = []
    checkpoint: datetime | None = None


class Replay:
    """One replay of a store's journal.

    Args:
        past: The journal.
        policy: The centre's present settings, for what was decided before settings were journalled; otherwise those
            in force, like plans, roster, people, scripts, budget and price, are the journal's.
        directory: The registry; nothing is judged by it.
        tell: Told how many rows have been read, now and then.
    """

    def __init__(self, past: Past, policy: Policy, directory: Directory, tell: Callable[[int], None]) -> None:
        """Nothing is read yet."""
        self._past = past
        self._policy = policy
        self._directory = directory
        self._tell = tell
        self._erased = {key for key, home in directory.households.items() if is_erased(home)}
        self._in_force: dict[int, Policy] = {}
        self._read = 0

    def run(self, since: datetime, until: datetime) -> Replayed:
        """Replay everything between two moments, each partition from its own checkpoint.

        Raises:
            BeyondJournalError: The states at the beginning cannot be had.
        """
        found = Replayed(since=since, until=until)
        different: list[Different] = []
        taken: list[int] = []
        for partition in range(PARTITIONS):
            base = self._past.base(partition, ms(since))
            if base is None:
                earliest_ms = self._past.earliest_ms()
                raise BeyondJournalError(when(earliest_ms) if earliest_ms is not None else None)
            if base.taken_ms:
                taken.append(base.taken_ms)
            found = self._partition(partition, base, found, different)
        first = sorted(different, key=lambda it: it.at)[:MOST_SHOWN]
        checkpoint = when(min(taken)) if taken else None
        return msgspec.structs.replace(found, different=first, changed=len(different), checkpoint=checkpoint)

    def _partition(self, partition: int, base: Base, found: Replayed, different: list[Different]) -> Replayed:
        states = begun(base.states, self._policy, self._directory)
        events, before, failed, decisions = found.events, found.before, found.not_judged, found.decisions
        since_ms = ms(found.since)
        for row in self._past.rows(partition, base.seq, ms(found.until)):
            self._read += 1
            if self._read % MORE == 0:
                self._tell(self._read)
            if Aggregate(row.aggregate) in LEFT_OUT or row.key == editions.KEY or row.key in self._erased:
                continue
            if not row.judged:
                failed += row.at_ms >= since_ms
                continue
            made, _ = self.step(states, row)
            if row.at_ms < since_ms:
                before += 1
                continue
            events += 1
            decisions += len(row.decided)
            if not same(row.decided, made):
                different.append(_told(row, made))
        return msgspec.structs.replace(found, events=events, before=before, not_judged=failed, decisions=decisions)

    def step(self, states: States, row: Happened) -> tuple[list[bytes], HotState | None]:
        """One row of the journal through the rules, with what was in force then: decisions as stored, and the state."""
        states.policy = self._policy_of(row.edition)
        event = _event.decode(row.event)
        try:
            state, decisions = states.step(Aggregate(row.aggregate), row.key, event, when(row.at_ms))
        except Exception as failure:  # it was judged then: that it cannot be now is the finding
            log.debug("cannot be judged again", exc_info=True)
            return [msgspec.json.encode(f"{type(failure).__name__}: {failure}")], None
        return as_stored(decisions), state

    def _policy_of(self, edition: int) -> Policy:
        if edition not in self._in_force:
            self._in_force[edition] = editions.in_force(self._past.saved.latest(edition), self._policy)
        return self._in_force[edition]


def begun(kept: list[Kept], policy: Policy, directory: Directory) -> States:
    """The states of a checkpoint."""
    states = States({}, {}, DeskState(), policy, directory)
    for it in kept:
        match Aggregate(it.aggregate):
            case Aggregate.HOUSEHOLD:
                hot = msgspec.json.decode(it.hot, type=HouseholdState)
                rhythm = msgspec.json.decode(it.learned, type=Rhythm) if it.learned else Rhythm()
                states.homes[it.key] = Memory(hot, rhythm)
            case Aggregate.DEVICE:
                states.strays[it.key] = msgspec.json.decode(it.hot, type=StrayState)
            case Aggregate.AREA:
                states.areas[it.key] = msgspec.json.decode(it.hot, type=AreaState)
            case Aggregate.DESK:
                states.desk = msgspec.json.decode(it.hot, type=DeskState)
            case Aggregate.CARE | Aggregate.RESPONDER | Aggregate.DRILL:
                states.care.put(it.key, msgspec.json.decode(it.hot, type=kind_of(it.key)))
            case Aggregate.CITY:
                states.city = msgspec.json.decode(it.hot, type=City)
    return states


def same(then: list[bytes], now: list[bytes]) -> bool:
    """Whether decisions are the same: bit for bit, or, of an older form, in every field."""
    if then == now:
        return True
    try:
        return [_decision.decode(it) for it in then] == [_decision.decode(it) for it in now]
    except msgspec.MsgspecError:
        return False


def _told(row: Happened, made: list[bytes]) -> Different:
    kind = msgspec.json.decode(row.event).get("event", "")
    then, now = [msgspec.Raw(it) for it in row.decided], [msgspec.Raw(it) for it in made]
    return Different(when(row.at_ms), row.key, str(kind), then, now)
