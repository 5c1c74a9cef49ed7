"""Plans and rosters for stories: short words for the data, and how a supervisor puts them in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from centre import Centre

from alerting.casefile import Channel, Household, Means, Registry
from alerting.commands import SavePlans, SaveRoster
from alerting.duty.plan import Plan, Step, Target, TargetKind
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Roster, Shift, Times
from alerting.model import Priority
from gateway.desk.contract import Answer
from nuanhu.town.homes import Home

DAY = Times(from_min=8 * 60, to_min=20 * 60)
NIGHT = Times(from_min=20 * 60, to_min=8 * 60)


def step(after_s: int, *words: str, in_turn: bool = False) -> Step:
    """A step; ``on_duty:grid`` names a role."""
    targets = tuple(Target(kind=TargetKind(w.partition(":")[0]), role=w.partition(":")[2]) for w in words)
    return Step(after_s=after_s, targets=targets, in_turn=in_turn)


LAST = step(300, "duty_phones")
"""The duty telephone, late enough not to be in the way of what is before it."""


def plan(*steps: Step, name: str = "试用", priority: Priority = Priority.P1, **more: Any) -> Plan:
    return Plan(name=name, priority=priority, steps=steps, **more)


def shift(role: str, *persons: str, area: str = "", times: Times | None = None) -> Shift:
    return Shift(role=role, persons=persons, area=area, times=times or Times())


async def save_plans(centre: Centre, *plans: Plan) -> Answer:
    """A supervisor puts these plans in force."""
    based_on = centre.gateway.judge.policy.editions.plans_number
    return await centre.ask(SavePlans(key="", plans=plans, by="zhuguan", based_on=based_on))


async def save_roster(centre: Centre, roster: Roster) -> Answer:
    """The same for a roster."""
    based_on = centre.gateway.judge.policy.editions.roster_number
    return await centre.ask(SaveRoster(key="", roster=roster, by="zhuguan", based_on=based_on))


async def in_force(centre: Centre, *plans: Plan, roster: Roster | None = None) -> None:
    """Roster and plans are accepted and in force."""
    if roster is not None:
        answer = await save_roster(centre, roster)
        assert answer.done, answer
    answer = await save_plans(centre, *plans)
    assert answer.done, answer


def case(centre: Centre, home: Home) -> Household:
    """The case file of a home."""
    return next(h for h in centre.plan.registry.households if h.key == home.household)


def village(centre: Centre, home: Home) -> str:
    """Person id of a home's responsible person of the village."""
    return f"{RESPONDER}{case(centre, home).village_responder}"


def town(centre: Centre, home: Home) -> str:
    """The same of the town."""
    return f"{RESPONDER}{case(centre, home).town_responder}"


def name(centre: Centre, person: str) -> str:
    """What a person is called."""
    return centre.gateway.directory.name_of(person)


def without(registry: Registry, responder: str) -> Registry:
    """The registry after a responder has been removed from it."""
    kept = tuple(r for r in registry.responders if f"{RESPONDER}{r.id}" != responder)
    return msgspec.structs.replace(registry, responders=kept)


def pushed_to(registry: Registry, responder: str, address: str) -> Registry:
    """The registry with one responder reached by push at an address, and by nothing else."""
    means = (Means(channel=Channel.PUSH, address=address, verified=True),)
    responders = tuple(
        msgspec.structs.replace(r, means=means) if f"{RESPONDER}{r.id}" == responder else r for r in registry.responders
    )
    return msgspec.structs.replace(registry, responders=responders)


async def persons(centre: Centre, count: int) -> list[tuple[str, str]]:
    """(name, channel) of what persons were told, once there is so much of it and all is written down."""
    await centre.until(lambda: len(centre.paged_persons()) >= count, f"{count} messages to persons")
    await centre.until(lambda: not centre.gateway.store.outgoing.unsent(), "the marks")
    await centre.barrier()
    assert len(centre.paged_persons()) == count, centre.paged_persons()
    return centre.paged_persons()


def at(centre: Centre, hour: float) -> float:
    """Seconds until this local hour of today, or of tomorrow when it has passed."""
    now: datetime = centre.clock.now()
    seconds = (now.hour + 8) % 24 * 3600 + now.minute * 60 + now.second
    return (hour * 3600 - seconds) % 86_400
