"""Each group of the centre's terms as lines of one number each, with bounds: what a screen shows and changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import cast

import msgspec

from alerting import equipment_terms, floods
from alerting.care import terms as care_terms
from alerting.care.duty import WEEKLY
from alerting.care.terms import CareTerms
from alerting.equipment_terms import CLASSES, LONGEST_S, MINUTE, SHORTEST_S, TEST_DAYS, EquipmentTerms
from alerting.floods import Floods
from alerting.incidents import afterwards
from alerting.incidents.afterwards import MOST_DAYS, FollowUpTerms
from alerting.model import Outcome, Priority, RiskTier
from alerting.terms import AGAIN_S, GOAL_FROM_TO, STEP_S, AnyTerms, Climb, Goals

Numbers = Mapping[str, float]


class Line(msgspec.Struct, frozen=True):
    """One number of a group.

    Attributes:
        name: As in the settings; one of several numbers of a setting with a dot and which.
        least: Lower bound.
        most: Upper bound.
        is_share: It may have a part; all else are whole numbers.
    """

    name: str
    least: float
    most: float
    is_share: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group of terms that is saved as a whole.

    Attributes:
        kind: Its kind of edition.
        lines: Its numbers, in the order in which they are shown.
        numbers: The numbers of terms, by the name of their line; without those of lines that they do not have yet.
        build: Terms of numbers that have no flaws.
        rising: Lines of which the second must not be less than the first; or, where True, must be more.
        usual: The terms without settings of one's own.
    """

    kind: str
    lines: tuple[Line, ...]
    numbers: Callable[[AnyTerms], dict[str, float]]
    build: Callable[[Numbers], AnyTerms]
    rising: tuple[tuple[str, str, bool], ...] = ()
    usual: AnyTerms

    def whole(self, terms: AnyTerms) -> dict[str, float]:
        """A number for every line: of terms from before a line was there, the usual one."""
        its, usual = self.numbers(terms), self.numbers(self.usual)
        return {line.name: its.get(line.name, usual[line.name]) for line in self.lines}

    def flaws(self, numbers: Numbers) -> list[str]:
        """What is wrong: the word, a bar, and the name and what it must keep to; empty when nothing is."""
        known = {line.name for line in self.lines}
        found = [f"unknown_value|{name}" for name in numbers if name not in known]
        for line in self.lines:
            number = numbers.get(line.name)
            if number is None or not math.isfinite(number) or not (line.is_share or number == int(number)):
                found.append(f"no_number|{line.name}")
            elif not line.least <= number <= line.most:
                found.append(f"out_of_bounds|{line.name}|{line.least:g}|{line.most:g}")
        if found:
            return found
        return [
            f"{'must_be_more' if strictly else 'must_not_be_less'}|{second}|{first}"
            for first, second, strictly in self.rising
            if numbers[second] < numbers[first] or (strictly and numbers[second] == numbers[first])
        ]


def _plain(terms: AnyTerms) -> dict[str, float]:
    return {name: it for name, it in msgspec.structs.asdict(terms).items() if isinstance(it, int | float)}


def _whole(numbers: Numbers, *names: str) -> dict[str, int]:
    return {name: int(numbers[name]) for name in names}


STEPS = {"p1_steps_s": 4, "p2_steps_s": 3}
"""How many steps each ladder has."""


def _climb_numbers(terms: AnyTerms) -> dict[str, float]:
    climb = cast("Climb", terms)
    steps = {f"{name}.{n}": s for name in STEPS for n, s in enumerate(getattr(climb, name), 1)}
    return {**steps, **_plain(climb)}


def _climb(numbers: Numbers) -> AnyTerms:
    steps = {name: tuple(int(numbers[f"{name}.{n}"]) for n in range(1, many + 1)) for name, many in STEPS.items()}
    rest = {name: int(it) for name, it in numbers.items() if "." not in name}
    return msgspec.structs.replace(Climb(), **steps, **rest)


LADDER = Group(
    kind="ladder",
    lines=(
        *(Line(f"p1_steps_s.{n}", *STEP_S) for n in range(1, 5)),
        Line("p1_again_s", *AGAIN_S),
        Line("p1_accept_s", *AGAIN_S),
        *(Line(f"p2_steps_s.{n}", *STEP_S) for n in range(1, 4)),
        Line("p2_again_s", *AGAIN_S),
        Line("p2_accept_s", *AGAIN_S),
        Line("neighbours_from", 1, 2),
    ),
    numbers=_climb_numbers,
    build=_climb,
    rising=tuple(
        (f"{name}.{a}", f"{name}.{b}", True) for name, many in STEPS.items() for a, b in pairwise(range(1, many + 1))
    ),
    usual=Climb(),
)

FLOODS = Group(
    kind="floods",
    lines=tuple(Line(it.setting, it.least, it.most, isinstance(it.of(Floods()), float)) for it in floods.TABLE),
    numbers=_plain,
    build=floods.with_changes,
    usual=Floods(),
)


def _equipment_numbers(terms: AnyTerms) -> dict[str, float]:
    its = cast("EquipmentTerms", terms)
    check_ins = {
        f"{role}.{which}": s // MINUTE
        for role, it in its.check_ins.items()
        for which, s in (("interval", it.interval_s), ("silent", it.silent_s))
    }
    return {**check_ins, **{name: getattr(its, name) for name in equipment_terms.BOUNDS}}


def _equipment(numbers: Numbers) -> AnyTerms:
    check_ins = {role: (int(numbers[f"{role}.interval"]), int(numbers[f"{role}.silent"])) for role in CLASSES}
    return equipment_terms.with_changes(check_ins=check_ins, numbers=_whole(numbers, *equipment_terms.BOUNDS))


CHECK_IN_MIN = (SHORTEST_S // MINUTE, LONGEST_S // MINUTE)

EQUIPMENT = Group(
    kind="equipment",
    lines=(
        *(Line(f"{role}.{which}", *CHECK_IN_MIN) for role in CLASSES for which in ("interval", "silent")),
        *(Line(name, *bounds) for name, bounds in equipment_terms.BOUNDS.items()),
    ),
    numbers=_equipment_numbers,
    build=_equipment,
    rising=tuple((f"{role}.interval", f"{role}.silent", True) for role in CLASSES),
    usual=EquipmentTerms(),
)


def _follow_up_numbers(terms: AnyTerms) -> dict[str, float]:
    its = cast("FollowUpTerms", terms)
    days = {f"{outcome}.{p.name.lower()}": its.wanted_in_days(outcome, p) for outcome in Outcome for p in Priority}
    return {**days, **_whole(_plain(its), *afterwards.BOUNDS)}


def _follow_up(numbers: Numbers) -> AnyTerms:
    days = {outcome.value: [int(numbers[f"{outcome}.{p.name.lower()}"]) for p in Priority] for outcome in Outcome}
    return afterwards.with_changes({**days, **_whole(numbers, *afterwards.BOUNDS)})


FOLLOW_UP = Group(
    kind="follow_up",
    lines=(
        *(Line(f"{outcome}.{p.name.lower()}", 0, MOST_DAYS) for outcome in Outcome for p in Priority),
        *(Line(name, *bounds) for name, bounds in afterwards.BOUNDS.items()),
    ),
    numbers=_follow_up_numbers,
    build=_follow_up,
    rising=(("hour", "until_hour", True), ("late_s", "raise_s", True)),
    usual=FollowUpTerms(),
)


def _care_numbers(terms: AnyTerms) -> dict[str, float]:
    its = cast("CareTerms", terms)
    every = {
        f"{kind}.{tier}": days
        for kind in WEEKLY
        for tier in RiskTier
        if (days := its.every_days.get(kind, {}).get(tier)) is not None
    }
    return {**every, **_whole(_plain(its), *care_terms.BOUNDS)}


CARE = Group(
    kind="care",
    lines=(
        *(Line(f"{kind}.{tier}", *care_terms.RHYTHM_DAYS) for kind in WEEKLY for tier in RiskTier),
        *(Line(name, *bounds) for name, bounds in care_terms.BOUNDS.items()),
    ),
    numbers=_care_numbers,
    build=lambda numbers: care_terms.with_changes({name: int(it) for name, it in numbers.items()}),
    rising=(("deputy_days", "town_days", False), ("town_days", "supervisor_days", False)),
    usual=CareTerms(),
)

GOALS = Group(
    kind="goals",
    lines=(Line("test_every_days", *TEST_DAYS), Line("protected_goal", *GOAL_FROM_TO, is_share=True)),
    numbers=_plain,
    build=lambda numbers: Goals(
        test_every_days=int(numbers["test_every_days"]), protected_goal=numbers["protected_goal"]
    ),
    usual=Goals(),
)

GROUPS: dict[str, Group] = {it.kind: it for it in (LADDER, FLOODS, EQUIPMENT, FOLLOW_UP, CARE, GOALS)}
"""By kind of edition, in the order in which they are shown."""
