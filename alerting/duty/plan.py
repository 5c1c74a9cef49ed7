"""Escalation plans as data: for which incidents, in which steps, to whom. The most specific plan wins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import msgspec

from alerting.casefile import covers
from alerting.duty.roster import Roster, Times, holds
from alerting.model import EscalationLevel, Priority, RiskTier

DAY_S = 86_400


class TargetKind(StrEnum):
    """To whom a step goes."""

    CONSOLES = "consoles"
    """All consoles ring again."""
    SUPERVISOR = "supervisor"
    """Who is on the roster as supervisor now; the incident is marked as passed on."""
    DUTY_PHONE = "duty_phone"
    """The first duty telephone of the settings."""
    DUTY_PHONES = "duty_phones"
    """All of them."""
    VILLAGE = "village"
    """The home's responsible person of the village, or their deputy."""
    TOWN = "town"
    """The same of the town."""
    KEY_HOLDER = "key_holder"
    """Who of the home's contacts has a key."""
    ON_DUTY = "on_duty"
    """Who is on the roster in a role of this name for the home's area now."""
    PERSON = "person"
    """One person by their id, or their deputy while they are off."""


NAMED = frozenset({TargetKind.ON_DUTY, TargetKind.PERSON})
"""Targets that say whom by a word of their own."""


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One target; ``role`` only for ``on_duty``, and for ``person`` the person's id."""

    kind: TargetKind
    role: str = ""

    @property
    def post(self) -> str:
        """The role on the roster that stands for it; empty when none does."""
        if self.kind is TargetKind.PERSON:
            return ""
        return self.kind.value if self.kind is TargetKind.SUPERVISOR else self.role


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step, ``after_s`` seconds after the beginning of a pass.

    ``in_turn``: its people are called one after the other, each so long after the one before as that one's time
    says; else all at once.
    """

    after_s: int
    targets: tuple[Target, ...]
    in_turn: bool = False

    @property
    def rings(self) -> bool:
        """Whether it goes to the consoles."""
        return any(target.kind in {TargetKind.CONSOLES, TargetKind.SUPERVISOR} for target in self.targets)

    @property
    def level(self) -> EscalationLevel:
        """The highest level among its targets."""
        return max((LEVELS.get(t.kind, EscalationLevel.CHAIN) for t in self.targets), key=list(EscalationLevel).index)


LEVELS = {
    TargetKind.CONSOLES: EscalationLevel.RING,
    TargetKind.SUPERVISOR: EscalationLevel.SUPERVISOR,
    TargetKind.DUTY_PHONE: EscalationLevel.DUTY,
}


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an incident climbs that nobody takes.

    Attributes:
        name: What people call it.
        priority: For incidents of this priority.
        steps: In their order.
        area: For homes in this subtree; empty: everywhere.
        tiers: For homes of these tiers; empty: all.
        times: For climbs that begin in these times; None: always.
        rounds: So often all steps are taken, then everybody is called.
        everybody: At the end everybody in the chain is called, on duty or not; if not, the consoles go on ringing.
        again_s: At the end the last is repeated each time this has passed, seconds.
        accept_s: An acceptance holds so long, seconds.
        next_working_day: The first pass begins with the next working day, not at once.
    """

    name: str
    priority: Priority
    steps: tuple[Step, ...]
    area: str = ""
    tiers: tuple[RiskTier, ...] = ()
    times: Times | None = None
    rounds: int = 2
    everybody: bool = True
    again_s: int = 300
    accept_s: int = 300
    next_working_day: bool = False

    @property
    def pass_s(self) -> int:
        """One pass: from its beginning to its last step, seconds."""
        return self.steps[-1].after_s

    @property
    def last_wait_s(self) -> int:
        """How long the last step is waited for before everybody is called, seconds."""
        return self.pass_s - self.steps[-2].after_s if len(self.steps) > 1 else self.again_s

    def fits(self, priority: Priority, area: str, tier: RiskTier, at: datetime, roster: Roster) -> bool:
        """Whether it is meant for a climb that begins at this moment."""
        mine = self.priority is priority and covers(self.area, area) and (not self.tiers or tier in self.tiers)
        return mine and (self.times is None or holds(roster, self.times, at))

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """How specific it is: the smaller area first, then tier, then hours."""
        return (len(self.area.split(".")) if self.area else 0, bool(self.tiers), self.times is not None)


def chosen(
    plans: Sequence[Plan], priority: Priority, area: str, tier: RiskTier, at: datetime, roster: Roster
) -> Plan | None:
    """The most specific plan for a climb that begins at this moment; None when none fits."""
    fitting = [plan for plan in plans if plan.fits(priority, area, tier, at, roster)]
    return max(fitting, key=lambda plan: plan.rank, default=None)


def flaws(
    plans: Sequence[Plan],
    areas: frozenset[str],
    roles: frozenset[str],
    is_staffed: Callable[[Plan, Target], bool],
    is_known: Callable[[str], bool],
) -> list[str]:
    """Why plans cannot be used: words with what they are about after a bar; empty when they can.

    Args:
        plans: What is to be saved.
        areas: Keys of all areas.
        roles: Roles the roster knows.
        is_staffed: Whether a target of a plan has somebody at any hour.
        is_known: Whether there is a person of this id.
    """
    found: list[str] = []
    names = [plan.name for plan in plans]
    found += [f"name_twice|{name}" for name in dict.fromkeys(names) if names.count(name) > 1 or not name]
    for plan in plans:
        found += [f"{word}|{plan.name}" for word in _flaws_of(plan)]
        found += [f"unknown_area|{plan.area}"] if plan.area and plan.area not in areas else []
        named = {t.role for step in plan.steps for t in step.targets if t.kind is TargetKind.ON_DUTY}
        found += [f"unknown_role|{plan.name} · {role}" for role in sorted(named - roles)]
        called = {t.role for step in plan.steps for t in step.targets if t.kind is TargetKind.PERSON}
        found += [f"unknown_person|{person}" for person in sorted(called) if not is_known(person)]
        if plan.priority is Priority.P1 and plan.steps:
            last = plan.steps[-1].targets
            if not any(is_staffed(plan, target) for target in last):
                found.append(f"no_staffed_last_step|{plan.name}")
    for n, plan in enumerate(plans):
        for other in plans[n + 1 :]:
            same = (plan.priority, plan.area, plan.rank) == (other.priority, other.area, other.rank)
            if same and _overlap(plan, other):
                found.append(f"same_scope|{plan.name}、{other.name}")
    return found


def _flaws_of(plan: Plan) -> list[str]:
    if not plan.steps or any(not step.targets for step in plan.steps):
        return ["no_steps"]
    found: list[str] = []
    if any(later.after_s <= earlier.after_s for earlier, later in pairwise(plan.steps)):
        found.append("steps_out_of_order")
    first_s = plan.steps[0].after_s
    if first_s < (0 if plan.next_working_day else 10) or plan.pass_s > DAY_S:
        found.append("bad_step_time")
    if plan.priority is Priority.P1 and (plan.next_working_day or not plan.everybody or plan.pass_s > DAY_S // 24):
        found.append("too_slow_for_p1")
    if not 1 <= plan.rounds <= 5:  # noqa: PLR2004 - bounds are told by the word
        found.append("bad_rounds")
    if not (60 <= plan.again_s <= DAY_S and 60 <= plan.accept_s <= DAY_S // 2):  # noqa: PLR2004 - the same
        found.append("bad_times")
    if plan.priority is Priority.P1 and plan.accept_s > DAY_S // 24:
        found.append("too_slow_for_p1")
    return list(dict.fromkeys(found))


def _overlap(one: Plan, other: Plan) -> bool:
    """Whether two plans of the same rank could both be meant."""
    tiers = not one.tiers or bool(set(one.tiers) & set(other.tiers))
    return tiers and (one.times is None or other.times is None or _meet(one.times, other.times))


def _meet(one: Times, other: Times) -> bool:
    """Whether two spans of the day share a minute; weekdays and kinds of day are told apart where they are named."""
    if one.days and other.days and not set(one.days) & set(other.days):
        return False
    if one.on is not other.on and {one.on.value, other.on.value} == {"working", "off"}:
        return False
    ahead = (other.from_min - one.from_min) % 1440
    return ahead < one.length_min or (one.from_min - other.from_min) % 1440 < other.length_min
