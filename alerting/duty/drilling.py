"""What one event does to an area's drill of communications."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import Answered, AnyDecision, PageAsked, Slept, Wake
from alerting.duty.drill import (
    LONGEST_S,
    MOST_CALLED,
    SHORTEST_S,
    Called,
    Drill,
    DrillBegun,
    DrillEnded,
    DrillHeard,
    StartDrill,
    StopDrill,
)
from alerting.duty.reach import Person
from alerting.events import AnyEvent, Commanded, PageTold, PageTried, TimePassed
from alerting.model import EscalationLevel, Priority
from alerting.policy import Policy
from alerting.silence.inactivity import moment

LOT = 20
LOT_S = 10
"""So many are called every so many seconds: a provider is not flooded, and a page in earnest finds its way."""
SAID = frozenset({"accepted", "declined"})

Judged = tuple[Drill, list[AnyDecision]]


def step(state: Drill, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to the drill of an area.

    Args:
        state: Before.
        event: What happened.
        now: Service time, aware UTC.
        policy: The centre's settings, with the people in force.

    Returns:
        State after, and decisions in the order in which they were taken.
    """
    match event:
        case Commanded(command=StartDrill() as start):
            return _started(state, start, now, policy)
        case Commanded(command=StopDrill() as stop):
            refused = "" if state.running else "no_drill"
            state, decisions = _ended(state, stop.by) if state.running else (state, [])
            return state, [*decisions, Answered(refused=refused)]
        case TimePassed():
            return _called_on(state, now, policy)
        case PageTried() if event.round == state.number:
            return _tried(state, event, now, policy)
        case PageTold() if event.round == state.number:
            return _told(state, event, now)
        case PageTried() | PageTold():  # about an earlier one
            return state, []
    raise TypeError(f"a drill cannot judge {type(event).__name__}")


def _started(state: Drill, start: StartDrill, now: datetime, policy: Policy) -> Judged:
    reachable = [it for it in dict.fromkeys(start.persons) if policy.editions.can_reach(it)]
    refused = "drill_running" if state.running else "nobody_to_call" if not reachable else ""
    refused = refused or ("too_many_called" if len(reachable) > MOST_CALLED else "")
    refused = refused or ("" if SHORTEST_S <= start.within_s <= LONGEST_S else "bad_time")
    if refused:
        return state, [Answered(refused=refused)]
    now_s = int(now.timestamp())
    called = tuple(Called(it, now_s + n // LOT * LOT_S) for n, it in enumerate(reachable))
    number, until_s = state.number + 1, now_s + start.within_s
    begun = DrillBegun(
        number=number, until=moment(until_s), persons=tuple(reachable), by=start.by, note=start.note.strip()
    )
    state = Drill(key=state.key, number=number, began_s=now_s, until_s=until_s, running=True, called=called)
    state, decisions = _called_on(state, now, policy)
    return state, [begun, *decisions, Answered(made=str(number))]


def _called_on(state: Drill, now: datetime, policy: Policy) -> Judged:
    """Whose next channel is due is called by it; past its end the drill is over."""
    now_s = int(now.timestamp())
    if not state.running:
        return state, []
    if now_s >= state.until_s:
        return _ended(state, "")
    decisions: list[AnyDecision] = []
    called = list(state.called)
    for n, it in enumerate(called):
        if it.next_s and it.next_s <= now_s and not it.answered_s:
            called[n], page = _page(state, it, now_s, policy)
            decisions += [page] if page is not None else []
    state = msgspec.structs.replace(state, called=tuple(called))
    return state, [*decisions, _wake(state)]


def _wake(state: Drill) -> Wake:
    due = [it.next_s for it in state.called if it.next_s and not it.answered_s]
    return Wake(at=moment(min([state.until_s, *due])))


def _page(state: Drill, it: Called, now_s: int, policy: Policy) -> tuple[Called, PageAsked | None]:
    """Call somebody by their next channel; and when the one after it is due, as in earnest."""
    person = policy.editions.people.persons.get(it.person)
    if person is None or it.lines >= len(person.lines) or not policy.editions.can_reach(it.person):
        return msgspec.structs.replace(it, next_s=0), None
    line, next_s = person.lines[it.lines], 0
    if it.lines + 1 < len(person.lines):
        next_s = now_s + max(1, person.lines[it.lines + 1].after_s - line.after_s)
    it = msgspec.structs.replace(it, next_s=next_s, lines=it.lines + 1, channel=line.channel)
    return it, _asked(state, it, person, line.channel)


def _asked(state: Drill, it: Called, person: Person, channel: str) -> PageAsked:
    return PageAsked(
        incident="",
        key=state.key,
        home="",
        round=state.number,
        step=it.lines,
        level=EscalationLevel.RING,
        to=person.id,
        priority=Priority.P4,
        kind=None,
        since=moment(state.began_s),
        until=moment(state.until_s),
        channel=channel,
        name=person.name,
        is_drill=True,
    )


def _tried(state: Drill, event: PageTried, now: datetime, policy: Policy) -> Judged:
    it = state.of(event.person)
    if it is None:
        return state, []
    now_s = int(now.timestamp())
    if not event.error:
        return _heard(state, msgspec.structs.replace(it, sent_s=it.sent_s or now_s, error=""))
    pulled = event.gave_up and state.running and bool(it.next_s)  # the next channel now, as in earnest
    state, decisions = _heard(
        state, msgspec.structs.replace(it, error=event.error, next_s=now_s if pulled else it.next_s)
    )
    if not pulled:
        return state, decisions
    state, more = _called_on(state, now, policy)
    return state, decisions + more


def _told(state: Drill, event: PageTold, now: datetime) -> Judged:
    """Somebody has answered, also after its end: that is late, and better than never."""
    it = state.of(event.to)
    if it is None:
        return state, []
    now_s = int(now.timestamp())
    if event.what in SAID and not it.answered_s:
        it = msgspec.structs.replace(it, answered_s=now_s, how=event.detail, declined=event.what == "declined")
    elif event.what == "delivered":
        it = msgspec.structs.replace(it, delivered_s=it.delivered_s or now_s)
    elif event.what == "seen":
        it = msgspec.structs.replace(it, seen_s=it.seen_s or now_s)
    elif event.what == "failed":
        it = msgspec.structs.replace(it, error=event.detail)
    return _heard(state, it)


def _heard(state: Drill, it: Called) -> Judged:
    if it == state.of(it.person):
        return state, []
    called = tuple(it if known.person == it.person else known for known in state.called)
    return msgspec.structs.replace(state, called=called), [DrillHeard(number=state.number, called=it)]


def _ended(state: Drill, by: str) -> Judged:
    return msgspec.structs.replace(state, running=False), [DrillEnded(number=state.number, by=by), Slept()]
