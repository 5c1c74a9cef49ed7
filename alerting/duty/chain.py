"""Whom a step calls: a pure function of case file, roster and moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from alerting.areas.member import area_of, is_area
from alerting.budget.spending import Budget, Price
from alerting.casefile import NEXT_PERSON_S
from alerting.duty.plan import Plan, Step, Target, TargetKind, flaws
from alerting.duty.reach import Case, Line, People, Person
from alerting.duty.roster import Post, Roster, gaps, is_off, of_role, on_duty, stand_in
from alerting.incidents.script import Script
from alerting.incidents.standard_scripts import STANDARD
from alerting.incidents.values import Values
from alerting.terms import Terms

STAFFED_FOR = timedelta(days=14)
NOWHERE = Case(area="")
RESPONSIBLE = frozenset((TargetKind.VILLAGE.value, TargetKind.TOWN.value))
"""Duties of those of whom an absence without a deputy is a gap, whatever plans say."""


class Editions(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force of plans, roster and people; each saved one has a number of its own, all in one row of numbers.

    Attributes:
        number: The latest of all: journalled with every decision.
        plans: Plans beside the built-in ones.
        roster: Who is on duty.
        people: Who can be paged.
        scripts: What to do about an incident; empty: the standard ones.
        plans_number: Number of the plans; 0: none were ever saved.
        roster_number: The same of the roster.
        people_number: The same of the people, whole.
        scripts_number: The same of the scripts.
        budget: False inactivity alarms that are accepted, as saved on the screens.
        budget_number: Its number; 0: never saved.
        price: What the city's last count of its homes came to.
        price_number: Its number.
        people_change_number: Number of the latest change of the people; may be older than the latest whole.
        people_changes: How many changes there were since the latest whole.
        settings: The centre's settings for the rules, a ``Policy`` without editions as JSON; empty: never saved.
        settings_number: Its number.
        values: Times of the work on an incident as saved on the screens; None: those of the settings.
        values_number: Its number; 0: never saved.
        terms: Other terms as saved on the screens, by group.
        terms_numbers: Number of each group that was ever saved.
        values_lack: Of the times that there are by now, those that were unknown when they were saved.
    """

    number: int = 0
    plans: tuple[Plan, ...] = ()
    roster: Roster = Roster()
    people: People = People()
    plans_number: int = 0
    roster_number: int = 0
    people_number: int = 0
    scripts: tuple[Script, ...] = ()
    scripts_number: int = 0
    budget: Budget = Budget()
    budget_number: int = 0
    price: Price = Price()
    price_number: int = 0
    people_change_number: int = 0
    people_changes: int = 0
    values: Values | None = None
    values_number: int = 0
    values_lack: tuple[str, ...] = ()
    terms: Terms = Terms()
    terms_numbers: dict[str, int] = {}
    settings: str = ""
    settings_number: int = 0

    @property
    def scripts_in_force(self) -> tuple[Script, ...]:
        """What to do about an incident that begins now."""
        return self.scripts or STANDARD

    def case_of(self, home: str) -> Case:
        """The case of a household or of an area; for a device without a home that of nowhere."""
        if is_area(home):
            return self._case_of_area(area_of(home))
        return self.people.homes.get(home, NOWHERE)

    def _case_of_area(self, area: str) -> Case:
        persons = self.people.persons.values()
        town = self.people.town_of(area)

        def first(duty: TargetKind, of: str) -> str:
            return next((it.id for it in persons if of and it.duty == duty.value and it.area == of), "")

        return Case(area=area, village=first(TargetKind.VILLAGE, area), town=first(TargetKind.TOWN, town))

    def can_reach(self, person: str) -> bool:
        """Whether somebody is there and has a verified address."""
        known = self.people.persons.get(person)
        return known is not None and bool(known.lines) and person not in self.roster.left


class CoverGap(msgspec.Struct, frozen=True):
    """Nobody can be called for a role in an area between two moments; ``person`` is who is absent, where one is."""

    role: str
    area: str
    since: datetime
    until: datetime
    person: str = ""


def duty_phone(name: str) -> Person:
    """A duty telephone as somebody who is paged."""
    return Person(id=name, name=name, lines=(Line("", 0),), next_s=NEXT_PERSON_S)


class Chain(msgspec.Struct, frozen=True):
    """Who is called for one home.

    Attributes:
        editions: Plans, roster and people in force.
        duty_phones: Names of the duty telephones, the one that is called first in front.
        home: Household; of a device without a home the key of that device.
    """

    editions: Editions
    duty_phones: tuple[str, ...]
    home: str

    def person(self, id_: str) -> Person | None:
        """Somebody who can be called; None when they have left or have no verified address."""
        if id_ in self.duty_phones:
            return duty_phone(id_)
        return self.editions.people.persons[id_] if self.editions.can_reach(id_) else None

    def called_by(self, step: Step, at: datetime) -> tuple[Person, ...]:
        """Whom a step calls at a moment, in the order of its targets; each once."""
        return self._persons(id_ for target in step.targets for id_ in self._ids(target, at))

    def everybody(self, plan: Plan) -> tuple[Person, ...]:
        """Everybody in a plan's chain, on duty or not."""
        targets = [target for step in plan.steps for target in step.targets]
        return self._persons((*self.duty_phones, *(id_ for target in targets for id_ in self._ever(target))))

    def _persons(self, ids: Iterable[str]) -> tuple[Person, ...]:
        return tuple(person for id_ in dict.fromkeys(ids) if (person := self.person(id_)) is not None)

    def _ids(self, target: Target, at: datetime) -> tuple[str, ...]:
        case, roster = self.editions.case_of(self.home), self.editions.roster
        if target.kind is TargetKind.DUTY_PHONE:
            return self.duty_phones[:1]
        if target.kind is TargetKind.DUTY_PHONES:
            return self.duty_phones
        if target.kind is TargetKind.CONSOLES:
            return ()
        if target.post:
            return on_duty(roster, target.post, case.area, at)
        standing = stand_in(roster, deputy_of(case, target), at)
        named = [stand_in(roster, id_, at) or standing for id_ in named_in(case, target)]
        return tuple(id_ for id_ in named if id_)

    def _ever(self, target: Target) -> tuple[str, ...]:
        case, roster = self.editions.case_of(self.home), self.editions.roster
        if target.kind in {TargetKind.DUTY_PHONE, TargetKind.DUTY_PHONES, TargetKind.CONSOLES}:
            return ()
        if target.post:
            return of_role(roster, target.post, case.area)
        named = named_in(case, target)
        deputies = (*(roster.deputies[id_] for id_ in named if id_ in roster.deputies), deputy_of(case, target))
        return (*named, *(id_ for id_ in deputies if id_))


def named_in(case: Case, target: Target) -> tuple[str, ...]:
    """Whom the case file, or the target itself, names."""
    if target.kind is TargetKind.PERSON:
        return (target.role,)
    if target.kind is TargetKind.KEY_HOLDER:
        return case.key_holders
    named = case.village if target.kind is TargetKind.VILLAGE else case.town
    return (named,) if named else ()


def deputy_of(case: Case, target: Target) -> str:
    """The deputy whom the case file names for a target; empty when it names none."""
    return {TargetKind.VILLAGE: case.village_deputy, TargetKind.TOWN: case.town_deputy}.get(target.kind, "")


def is_staffed(editions: Editions, duty_phones: tuple[str, ...], plan: Plan, target: Target, now: datetime) -> bool:
    """Whether a target has somebody at any hour: a duty telephone, or a post without a gap for two weeks."""
    if target.kind in {TargetKind.DUTY_PHONE, TargetKind.DUTY_PHONES}:
        return bool(duty_phones)
    if target.post:
        return not _gaps_of(editions, target.post, plan.area, now)
    return False


def _gaps_of(editions: Editions, role: str, area: str, now: datetime) -> bool:
    asked = msgspec.structs.replace(editions.roster, posts=(Post(role=role, area=area),))
    return bool(gaps(asked, now, now + STAFFED_FOR, editions.can_reach))


def plan_flaws(editions: Editions, duty_phones: tuple[str, ...], now: datetime) -> list[str]:
    """Why the plans in these editions cannot be used; empty when they can."""

    def staffed(plan: Plan, target: Target) -> bool:
        return is_staffed(editions, duty_phones, plan, target, now)

    roles = frozenset(shift.role for shift in editions.roster.shifts)
    known = editions.people.persons.__contains__
    return flaws(editions.plans, frozenset(editions.people.areas), roles, staffed, known)


def absent_without_deputy(editions: Editions, at: datetime) -> tuple[Person, ...]:
    """Responsible persons who are off while nobody who can be reached stands in."""
    roster = editions.roster
    return tuple(
        person
        for id_ in dict.fromkeys(absence.person for absence in roster.absences)
        if is_off(roster, id_, at)
        and (person := editions.people.persons.get(id_)) is not None
        and person.duty in RESPONSIBLE
        and not editions.can_reach(stand_in(roster, id_, at))
    )


def _of_plans(editions: Editions, since: datetime, until: datetime) -> Iterator[CoverGap]:
    """Where a person whom a plan names cannot be reached: always, without an address or shut; else while they are off.

    Whoever is responsible for a village or town is not among them: of those the absences are told anyway.
    """
    roster = editions.roster
    named = {t.role: plan.area for plan in editions.plans for step in plan.steps for t in step.targets if _is_named(t)}
    for id_, area in named.items():
        person = editions.people.persons.get(id_)
        name = person.name if person is not None else id_
        if not editions.can_reach(id_):
            if not editions.can_reach(stand_in(roster, id_, since)):
                yield CoverGap(TargetKind.PERSON.value, area, since, until, name)
        elif person is not None and person.duty not in RESPONSIBLE:
            for absence in (it for it in roster.absences if it.person == id_):
                first, last = max(since, absence.since), min(until, absence.until)
                if first < last and not editions.can_reach(stand_in(roster, id_, first)):
                    yield CoverGap(TargetKind.PERSON.value, area, first, last, name)


def _is_named(target: Target) -> bool:
    return target.kind is TargetKind.PERSON


def no_cover(editions: Editions, since: datetime, until: datetime) -> tuple[CoverGap, ...]:
    """Where nobody can be called between two moments, the first gap first.

    Posts, absent responsible persons, and persons whom a plan names and nobody can reach.
    """
    roster = editions.roster
    found = [CoverGap(g.role, g.area, g.since, g.until) for g in gaps(roster, since, until, editions.can_reach)]
    found += _of_plans(editions, since, until)
    for absence in roster.absences:
        first, last = max(since, absence.since), min(until, absence.until)
        if first < last:
            found += [
                CoverGap(person.duty, person.area, first, last, person.name)
                for person in absent_without_deputy(editions, first)
                if person.id == absence.person
            ]
    return tuple(sorted(found, key=lambda gap: (gap.since, gap.area, gap.role)))
