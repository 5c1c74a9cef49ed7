"""Every state an incident can come into, found by trying everything in each, by the rules themselves.

``python -m tests.simulation.every_state`` prints how many there are in each world; ``--deep`` goes further.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision
from alerting.dispatch.job import UNANSWERED, Job
from alerting.dispatch.job import Stage as JobStage
from alerting.duty.escalation import plan_of, step_due
from alerting.events import AnyEvent, DeviceFacts, Enrolled, TimePassed
from alerting.homes import household
from alerting.homes.follow_up import Stage
from alerting.homes.state import HouseholdState, Memory
from alerting.incidents import woken
from alerting.incidents.expected import word_due_at
from alerting.incidents.lease import GOING, step_s
from alerting.model import Incident, IncidentState, RiskTier
from tests.simulation.worlds import DEEP_PAGES, KEY, START, WORLDS, World

FAR_S = 3600
DAY_S = 86_400
YEARS_S = 10 * 365 * DAY_S


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


def step(world: World, place: Place, event: AnyEvent) -> Found:
    """One step of the rules at this moment; a press is never a copy of another."""
    memory, decisions = household.step(place.memory, event, place.now, world.policy)
    return Found(place, event, decisions, Place(memory, place.now))


def tick(world: World, place: Place) -> Found:
    """Time passes; the home is woken if it asked to be."""
    now = place.now + timedelta(seconds=world.tick_s)
    armed_s = place.memory.hot.armed_s
    if not armed_s or armed_s > now.timestamp():
        return Found(place, TimePassed(), [], Place(place.memory, now))
    return step(world, Place(place.memory, now), TimePassed())


def happens(world: World, place: Place) -> Iterator[Found]:
    """Everything that can happen next."""
    yield tick(world, place)
    for event in world.events(place.memory.hot, place.now):
        yield step(world, place, event)


def beginnings(world: World) -> list[Place]:
    """A home in which the incident has just begun, in each way."""
    devices = (DeviceFacts("sos", "panic", "bedroom", YEARS_S), DeviceFacts("hub", "hub", "living", YEARS_S))
    memory = Memory(HouseholdState(key=KEY))
    home = step(world, Place(memory, START), Enrolled(tier=RiskTier.CARE, devices=devices)).after
    return [step(world, home, event).after for event in world.beginnings]


def name_of(world: World, place: Place) -> object:
    """What tells one state from another: everything that counts, with moments as seen from now.

    Names of people are exchanged so that whoever has the incident is always the same; rounds are not counted.
    """
    hot, now = place.memory.hot, place.now
    armed_s = min(FAR_S, max(0, hot.armed_s - int(now.timestamp()))) if hot.armed_s else -1
    return _incident(world, hot.open, now), _incident(world, hot.closed, now), armed_s, _owed(world, hot, now)


def _owed(world: World, hot: HouseholdState, now: datetime) -> object:
    """The follow-up call that is owed, and the hour of the day, which says when it can be made."""
    it = hot.follow_up
    if world.tick_s < FAR_S or not (it.incident or hot.open or hot.closed):
        return None
    of_the_closed = hot.closed is not None and hot.closed.id == it.incident
    due_in_s = it.due_s - int(now.timestamp())
    if it.stage is Stage.WAITS:  # what is over counts no more
        due_in_s = max(0, due_in_s)
    return it.incident and (it.stage, due_in_s, it.tries, of_the_closed), now.hour


def _incident(world: World, incident: Incident | None, now: datetime) -> object:
    if incident is None:
        return None

    def ago(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - now).total_seconds()

    def late(moment: datetime | None, most_s: int) -> float | None:
        return None if moment is None else max(-float(most_s), (moment - now).total_seconds())

    if incident.closed_at is not None:
        return incident.priority, max(-2.0 * world.tick_s, (incident.closed_at - now).total_seconds())
    holder = incident.claimed_by
    offer, closing, hold = incident.offer, incident.closing, incident.hold
    works = bool(holder) and not incident.rings and hold is None
    values = world.policy.values
    idle_s = step_s(incident, values)
    at_console = bool(holder) and not incident.unacknowledged and hold is None
    is_sent = incident.state is IncidentState.DISPATCHED
    accept_s = values.responder_accepts_s[incident.priority]

    def far(job: Job) -> object:
        """What tells jobs apart for the rules; which of two equal responders has which makes no state of its own."""
        if incident.state not in GOING:  # nobody is waited for
            return ("there", awaited(job)) if job.was_there else ("goes", None)
        if job.stage in UNANSWERED:  # of one alone it is the same whether it was late before
            return _asked(world, incident, job, now), late(job.asked_at, accept_s)
        return ("over" if job.is_over else "there" if job.was_there else "accepted"), awaited(job)

    def awaited(job: Job) -> object:
        """How long a word of theirs is still waited for, or that it rang for it."""
        due_at = word_due_at(job, values)
        return job.unheard_at is not None or (due_at and (due_at - now).total_seconds())

    counted = [it for it in incident.jobs if not it.is_over or it.stage is JobStage.HANDED_OVER]
    return (
        incident.state,
        incident.priority,
        incident.unacknowledged,
        bool(holder),
        (incident.verified, incident.contact),
        hold and ago(hold.until),
        offer and ago(offer.until),
        closing and (closing.by == holder, ago(closing.until)),
        works and bool(idle_s) and late(incident.step_at, idle_s),
        at_console and (incident.at_console, late(incident.gone_since, values.console_gone_s)),
        late(incident.since, values.on_scene_s[incident.priority]) if is_sent else None,
        tuple(sorted(map(far, counted), key=str)),
        _climb(world, incident, now),
    )


def _asked(world: World, incident: Incident, job: Job, now: datetime) -> object:
    """What tells jobs apart that nobody has accepted: their stage, and in how long they are called."""
    calls = woken.calls(incident, world.policy)
    call_s = min(((at - now).total_seconds() for at, it in calls if it is job), default=None)
    return len(incident.going) > 1 and job.stage.value, call_s


def _climb(world: World, incident: Incident, now: datetime) -> object:
    """Where the ladder stands, or until when somebody has accepted; at the top every repeat is like the one before."""
    it, plan = incident.ladder, plan_of(incident, world.policy)
    if it.accepted_until is not None:
        return "accepted", (it.accepted_until - now).total_seconds(), it.accepted_by
    if it.since is None:
        return it.on_the_way
    assert plan is not None, "every priority here has a plan"
    if not world.climbs:
        return "climbs", it.on_the_way
    due = step_due(it, plan, world.policy)
    assert due is not None, "it climbs for ever"
    taken = min(it.step, plan.rounds * len(plan.steps) + 1)
    calls = [(call.person, call.channel, (call.at - now).total_seconds(), it.step - call.step) for call in it.calls]
    again = it.again and (it.again - now).total_seconds()
    going = not taken and it.on_the_way  # further up it would but multiply the states
    return taken, it.passes, (due - now).total_seconds(), again, it.out, tuple(calls), going


def explore(world: World, look: Callable[[Found], None]) -> dict[object, Place]:
    """Go everywhere, the nearest first.

    Args:
        world: Where.
        look: Sees every step.

    Returns:
        One place for each state.
    """
    places = {name_of(world, place): place for place in beginnings(world)}
    waiting = deque(places.values())
    while waiting:
        place = waiting.popleft()
        for found in happens(world, place):
            look(found)
            hot = found.after.memory.hot
            if hot is place.memory.hot and found.after.now == place.now:
                continue  # refused, and nothing has changed
            if hot.open is None and hot.closed is None and not hot.follow_up.incident:
                continue
            name = name_of(world, found.after)
            if name not in places:
                places[name] = found.after
                waiting.append(found.after)
    return places


def main(worlds: tuple[World, ...]) -> None:
    """Print how many states and steps there are in each world, and in all."""
    states = steps = 0

    def count(_found: Found) -> None:
        nonlocal steps
        steps += 1

    for world in worlds:
        before = steps
        found = len(explore(world, count))
        states += found
        sys.stdout.write(f"{world.name}: {found} states, {steps - before} steps\n")
    sys.stdout.write(f"{states} states, {steps} steps\n")


if __name__ == "__main__":
    main((*WORLDS, DEEP_PAGES) if "--deep" in sys.argv else WORLDS)
