"""A climb that is only thought through: who would be called about an incident in a home at a moment, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from alerting.casefile import covers
from alerting.duty.escalation import step_at, step_due, steps_before_top
from alerting.duty.plan import Plan
from alerting.duty.reach import People, Person
from alerting.duty.roster import Roster
from alerting.model import EscalationLevel, Ladder, Priority, RiskTier
from alerting.policy import Policy

MOST_STEPS = 40


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a climb that nobody ends.

    Attributes:
        at: When.
        level: How high that is.
        people: Who is called, in the order of calling; with the roster as it is for that moment.
        rings: It goes to the consoles.
        in_turn: One after the other.
        lap: 1 the first time through the steps, 2 the second …; 0: everybody is called.
        is_empty: It calls nobody and rings nowhere, so the next step is taken at once.
    """

    at: datetime
    level: EscalationLevel
    people: tuple[Person, ...]
    rings: bool
    in_turn: bool
    lap: int
    is_empty: bool = False


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A whole climb.

    Attributes:
        home: The household it was thought through for.
        plan: The plan that would apply; its name is empty for the built-in one. None: it only goes on ringing.
        steps: Up to the moment at which everybody is called.
    """

    home: str
    plan: Plan | None
    steps: tuple[Foreseen, ...] = ()


def with_drafts(policy: Policy, plans: Sequence[Plan] | None, roster: Roster | None) -> Policy:
    """The policy as it would be with these plans, or this roster, in force; None: as they are."""
    editions = policy.editions
    if plans is not None:
        editions = msgspec.structs.replace(editions, plans=tuple(plans))
    if roster is not None:
        editions = msgspec.structs.replace(editions, roster=roster)
    return msgspec.structs.replace(policy, editions=editions)


def example_home(people: People, area: str, tier: RiskTier | None = None) -> str:
    """The first home of an area and tier, to try a plan on; empty when there is none."""
    fitting = (key for key, case in people.homes.items() if covers(area, case.area) and tier in {None, case.tier})
    return min(fitting, default="")


def tried(home: str, priority: Priority, at: datetime, policy: Policy) -> Trial:
    """Think a climb through. Nobody is called, nothing changes.

    Args:
        home: Household.
        priority: Of the incident.
        at: When it would ring, aware UTC.
        policy: Plans, roster, people and telephones.
    """
    plan = policy.plan_for(priority, home, at)
    if plan is None:
        return Trial(home=home, plan=None)
    ladder, found, at_once = Ladder(round=1, since=at), list[Foreseen](), None
    top = steps_before_top(ladder, plan)
    while ladder.step <= top and len(found) < MOST_STEPS:
        moment = step_due(ladder, plan, policy)
        if moment is None:
            break
        moment = min(moment, at_once) if at_once is not None else moment
        step = step_at(home, ladder, plan, moment, policy)
        empty = not step.rings and not step.people and bool(step.step % len(plan.steps))
        found.append(
            Foreseen(
                at=moment,
                level=step.level,
                people=step.people,
                rings=step.rings,
                in_turn=step.in_turn,
                lap=ladder.step // len(plan.steps) + 1 if ladder.step < top else 0,
                is_empty=empty,
            )
        )
        at_once = moment if empty else None
        ladder = msgspec.structs.replace(ladder, step=ladder.step + 1, level=step.level)
    return Trial(home=home, plan=plan, steps=tuple(found))
