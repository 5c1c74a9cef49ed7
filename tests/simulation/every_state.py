"""Every state an incident can come into, found by trying everything in each, by the rules themselves.

``python -m tests.simulation.every_state`` prints how many there are.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from alerting.commands import (
    Accept,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    Dispatch,
    HandOver,
    HoldUntil,
    OpenManual,
    Prompt,
    Recall,
    RecordArrival,
    RecordCall,
    RefuseToClose,
    Release,
    Reopen,
    Resolve,
    TakeBack,
)
from alerting.decisions import AnyDecision
from alerting.duty.escalation import plan_of, step_due
from alerting.events import (
    AnyEvent,
    Commanded,
    DeviceFacts,
    Enrolled,
    HolderCame,
    HolderGone,
    PageAccepted,
    SignalHeard,
    TimePassed,
)
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.incidents.lease import step_s
from alerting.incidents.values import Values
from alerting.model import Incident, IncidentState, Outcome, Priority, RiskTier
from alerting.policy import Policy, ladder
from device_adapters.signals import Panic

TICK_S = 30
FAR_S = 3600
YEARS_S = 10 * 365 * 86_400
KEY, FIRST = "H1", "H1-1"
ANNA, BELLA, WORKER, PHONE = "anna", "bella", "worker", "duty"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
P1, P2, P3, _P4 = Priority
OPEN, *AT_WORK, _CLOSED = IncidentState


def _all(seconds: int) -> dict[Priority, int]:
    return dict.fromkeys(Priority, seconds)


POLICY = Policy(
    ladders={P1: ladder(30, 60, 90), P2: ladder(60, 90), P3: ladder(90)},
    ladder_again_s={P1: 60, P2: 60, P3: 60},
    accept_s=_all(60),
    duty_phones=(PHONE,),
    values=Values(
        console_gone_s=30,
        step_s={state: {P1: 60} for state in AT_WORK},
        no_console_s=_all(60),
        on_scene_s=_all(90),
        hold_s=_all(60),
        offer_s=_all(60),
        shift_offer_s=60,
        second_person_s=90,
        reopen_s=30,
    ),
)
"""The times of the centre, shortened to few half minutes, so that the states can be counted."""


class Place(msgspec.Struct, frozen=True):
    """One state of the home, and the moment."""

    memory: Memory
    now: datetime


class Found(msgspec.Struct, frozen=True):
    """One step that was taken: from where, what happened, what the rules decided, to where."""

    before: Place
    event: AnyEvent
    decisions: list[AnyDecision]
    after: Place


def _asks(by: str) -> Iterator[AnyCommand]:
    who: dict[str, Any] = {"key": KEY, "incident": FIRST, "by": by}
    other = BELLA if by == ANNA else ANNA
    plain = (Claim, Release, Recall, RecordArrival, Reopen, TakeBack, Accept, Decline, AgreeToClose, RefuseToClose)
    yield from (kind(**who) for kind in plain)
    yield from (RecordCall(**who, whom="son", result=result) for result in ("no_answer", "spoke"))
    yield from (Prompt(**who), Resolve(**who), Dispatch(**who, responder=WORKER))
    yield from (Close(**who, outcome=Outcome.WAS_WELL), HoldUntil(**who, for_s=60, reason="waits"))
    yield HandOver(**who, to=other)


EVENTS: tuple[AnyEvent, ...] = (
    SignalHeard(device_id="sos", signal=Panic()),
    *(Commanded(command=command, at_console=True) for by in (ANNA, BELLA) for command in _asks(by)),
    Commanded(command=Claim(key=KEY, incident=FIRST, by=ANNA)),
    Commanded(command=Resolve(key=KEY, incident=FIRST, by=f"responder:{WORKER}")),
    HolderCame(login=ANNA),
    HolderCame(login=BELLA),
    PageAccepted(incident=FIRST, by=PHONE, how="key"),
)
"""All that can happen beside the passing of time and the going of consoles, whose moment differs."""


def step(place: Place, event: AnyEvent) -> Found:
    """One step of the rules at this moment; a press is never a copy of another."""
    memory, decisions = household.step(place.memory, event, place.now, POLICY)
    return Found(place, event, decisions, Place(memory, place.now))


def tick(place: Place) -> Found:
    """Half a minute passes; the home is woken if it asked to be."""
    now = place.now + timedelta(seconds=TICK_S)
    armed_s = place.memory.hot.armed_s
    if not armed_s or armed_s > now.timestamp():
        return Found(place, TimePassed(), [], Place(place.memory, now))
    return step(Place(place.memory, now), TimePassed())


def happens(place: Place) -> Iterator[Found]:
    """Everything that can happen next."""
    yield tick(place)
    for event in EVENTS:
        yield step(place, event)
    for login in (ANNA, BELLA):
        for restarted in (False, True):
            yield step(place, HolderGone(login=login, since=place.now, restarted=restarted))


def beginnings() -> list[Place]:
    """A home in which the button was just pressed, and homes for which somebody telephoned."""
    devices = (DeviceFacts("sos", "panic", "bedroom", YEARS_S), DeviceFacts("hub", "hub", "living", YEARS_S))
    memory = Memory(HouseholdState(key=KEY))
    home = step(Place(memory, START), Enrolled(tier=RiskTier.CARE, devices=devices)).after
    calls = [Commanded(command=OpenManual(key=KEY, by=ANNA, text="?", priority=p)) for p in (P2, P3)]
    return [step(home, event).after for event in (EVENTS[0], *calls)]


def name_of(place: Place) -> object:
    """What tells one state from another: everything that counts, with moments as seen from now.

    Names of people are exchanged so that whoever has the incident is always the same; rounds are not counted.
    """
    hot, now = place.memory.hot, place.now
    armed_s = min(FAR_S, max(0, hot.armed_s - int(now.timestamp()))) if hot.armed_s else -1
    return _incident(hot.open, now), _incident(hot.closed, now), armed_s


def _incident(incident: Incident | None, now: datetime) -> object:
    if incident is None:
        return None

    def ago(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - now).total_seconds()

    def late(moment: datetime | None, most_s: int) -> float | None:
        return None if moment is None else max(-float(most_s), (moment - now).total_seconds())

    if incident.closed_at is not None:
        return incident.priority, max(-2.0 * TICK_S, (incident.closed_at - now).total_seconds())
    holder = incident.claimed_by
    offer, closing, hold = incident.offer, incident.closing, incident.hold
    works = bool(holder) and not incident.rings and hold is None
    idle_s = step_s(incident, POLICY.values)
    at_console = bool(holder) and not incident.unacknowledged and hold is None
    is_sent = incident.state is IncidentState.DISPATCHED
    return (
        incident.state,
        incident.priority,
        incident.unacknowledged,
        bool(holder),
        incident.responder,
        (incident.verified, incident.arrived, incident.contact),
        hold and ago(hold.until),
        offer and ago(offer.until),
        closing and (closing.by == holder, ago(closing.until)),
        works and bool(idle_s) and late(incident.step_at, idle_s),
        at_console and (incident.at_console, late(incident.gone_since, POLICY.values.console_gone_s)),
        late(incident.since, POLICY.values.on_scene_s[incident.priority]) if is_sent else None,
        _climb(incident, now),
    )


def _climb(incident: Incident, now: datetime) -> object:
    """Where the ladder stands, or until when somebody has accepted; at the top every repeat is like the one before."""
    it, plan = incident.ladder, plan_of(incident, POLICY)
    if it.accepted_until is not None:
        return "accepted", (it.accepted_until - now).total_seconds()
    if it.since is None:
        return None
    assert plan is not None, "every priority here has a plan"
    due = step_due(it, plan, POLICY)
    assert due is not None, "it climbs for ever"
    taken = min(it.step, plan.rounds * len(plan.steps) + 1)
    return taken, it.passes, (due - now).total_seconds(), it.again and (it.again - now).total_seconds(), it.out


def explore(look: Callable[[Found], None]) -> dict[object, Place]:
    """Go everywhere, the nearest first.

    Args:
        look: Sees every step.

    Returns:
        One place for each state.
    """
    places = {name_of(place): place for place in beginnings()}
    waiting = deque(places.values())
    while waiting:
        place = waiting.popleft()
        for found in happens(place):
            look(found)
            after = found.after
            if after.memory.hot.open is None and after.memory.hot.closed is None:
                continue
            name = name_of(after)
            if name not in places:
                places[name] = after
                waiting.append(after)
    return places


if __name__ == "__main__":
    steps = [0]

    def count(_found: Found) -> None:
        steps[0] += 1

    found = explore(count)
    sys.stdout.write(f"{len(found)} states, {steps[0]} steps\n")
