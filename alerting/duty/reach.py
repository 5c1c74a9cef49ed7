"""Who can be paged and how, and whose home is whose: what the rules of escalation know of the case files."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from sys import intern
from typing import TypeVar

import msgspec

from alerting.casefile import (
    NEXT_PERSON_S,
    Account,
    Area,
    AreaLevel,
    Channel,
    Contact,
    Household,
    Means,
    Registry,
    Responder,
    upwards,
)
from alerting.keeping.consent import ConsentFor, Standing, standing
from alerting.model import RiskTier

AFTER_S: dict[Channel, int] = {Channel.PUSH: 0, Channel.SMS: 30, Channel.VOICE: 60}
"""A channel's usual time after the person's turn has come, seconds."""
RESPONDER = "responder:"
KEY_HOLDER = "key:"
T = TypeVar("T")


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One channel of a person, and how long after their turn has come it is used, seconds."""

    channel: str
    after_s: int


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who may be paged.

    Attributes:
        id: ``responder:<id>``, a login, ``key:<household>:<n>``, or the name of a duty telephone.
        name: What people call them.
        lines: Verified channels in their order; empty: cannot be paged.
        next_s: So long after their turn it is the next person's, seconds.
        area: Area they answer for.
        duty: Their office.
        hours: When a neighbour may be rung, local time (``08:00-20:00``); empty: always.
    """

    id: str
    name: str
    lines: tuple[Line, ...] = ()
    next_s: int = NEXT_PERSON_S
    area: str = ""
    duty: str = ""
    hours: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What of a case file decides who is called: area, tier and person ids; a deputy stands in for who is off.

    ``has_left``: the household is not in the programme any more; no visit or call is owed to it. ``rings_first``:
    neighbours with a key who are rung beside everything else.
    """

    area: str
    tier: RiskTier = RiskTier.CARE
    village: str = ""
    town: str = ""
    key_holders: tuple[str, ...] = ()
    village_deputy: str = ""
    town_deputy: str = ""
    has_left: bool = False
    rings_first: tuple[str, ...] = ()


class People(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True, weakref=True):
    """One edition of who can be reached: person by id, case by household, name of each area by key; which are towns."""

    persons: dict[str, Person] = {}
    homes: dict[str, Case] = {}
    areas: dict[str, str] = {}
    towns: tuple[str, ...] = ()

    @cached_property
    def homes_by_area(self) -> Counter[str]:
        """How many homes each area has, with all that lies in it; counted once, then it follows the changes."""
        return Counter(area for case in self.homes.values() for area in upwards(case.area))

    @cached_property
    def _towns(self) -> frozenset[str]:
        return frozenset(self.towns)

    def town_of(self, area: str) -> str:
        """The town in which an area lies, or that it is; where there is none, the area above it."""
        place = area
        while place and place not in self._towns:
            place = place.rpartition(".")[0]
        return place or area.rpartition(".")[0]

    def village_of(self, area: str) -> str:
        """The village in which an area lies: a grid cell's is what stands below the town. Else the area itself."""
        town = self.town_of(area)
        if town not in self._towns or area == town:
            return area
        return f"{town}.{area[len(town) + 1 :].partition('.')[0]}"

    def after(self, change: PeopleChange) -> People:
        """The next edition."""
        people = People(
            persons=_after(self.persons, change.persons),
            homes=_after(self.homes, change.homes),
            areas=self.areas if change.areas is None else change.areas,
            towns=self.towns if change.towns is None else change.towns,
        )
        if "homes_by_area" in self.__dict__:
            counts = Counter(self.homes_by_area)
            counts.subtract(a for key in change.homes if key in self.homes for a in upwards(self.homes[key].area))
            counts.update(a for case in change.homes.values() if case is not None for a in upwards(case.area))
            people.__dict__["homes_by_area"] = counts
        people.__dict__["made_of"] = weakref.ref(self), change
        return people


class PeopleChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What another edition of the people has that the one before had not; None: no longer there.

    ``areas`` and ``towns`` are whole where they changed at all.
    """

    persons: dict[str, Person | None] = {}
    homes: dict[str, Case | None] = {}
    areas: dict[str, str] | None = None
    towns: tuple[str, ...] | None = None

    def __len__(self) -> int:
        """How many persons and homes it names."""
        return len(self.persons) + len(self.homes)


def change_of(before: People, after: People) -> PeopleChange:
    """What has to be done to the one to make it the other; where it was made so, nothing is compared."""
    made_of = after.__dict__.get("made_of")
    if made_of is not None and made_of[0]() is before:
        return made_of[1]  # type: ignore[no-any-return]
    return PeopleChange(
        persons=_change(before.persons, after.persons),
        homes=_change(before.homes, after.homes),
        areas=None if before.areas == after.areas else after.areas,
        towns=None if before.towns == after.towns else after.towns,
    )


def _change(before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, T | None]:
    if before is after:
        return {}
    new: dict[str, T | None] = {
        key: it for key, it in after.items() if (old := before.get(key)) is not it and old != it
    }
    return new | dict.fromkeys(before.keys() - after.keys())


def _news(before: Mapping[str, T], change: Mapping[str, T | None]) -> dict[str, T | None]:
    """Of a change what is one."""
    return {key: it for key, it in change.items() if before.get(key) != it}


def _after(before: dict[str, T], change: Mapping[str, T | None]) -> dict[str, T]:
    if not change:
        return before
    kept = {key: it for key, it in change.items() if it is not None}
    whole = before | kept
    for key in change.keys() - kept.keys():
        whole.pop(key, None)
    return whole


def people_of(registry: Registry, households: Iterable[Household] | None = None) -> People:
    """What the rules need to know of a registry. Addresses and numbers stay outside.

    Args:
        registry: What is registered.
        households: The households in place of those in the registry, gone through once.
    """
    persons, homes = dict[str, Person](), dict[str, Case]()

    def add(person: Person) -> None:
        persons[person.id] = person

    for r in registry.responders:
        add(person_of(r))
    for a in registry.accounts:
        add(signed_in_person(a))
    for home in registry.households if households is None else households:
        persons |= key_holders_of(home)
        homes[home.key] = case_of(home)
    names, towns = names_of(registry.areas)
    return People(persons=persons, homes=homes, areas=names, towns=towns)


def names_of(areas: Iterable[Area]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Name of each area by key, and which of them are towns."""
    every = tuple(areas)
    return {it.key: it.name for it in every}, tuple(it.key for it in every if it.level is AreaLevel.TOWN)


def person_of(r: Responder) -> Person:
    """A responder as somebody who may be paged."""
    id_ = f"{RESPONDER}{r.id}"
    return Person(id=id_, name=r.name, lines=_lines(r.means), next_s=r.next_s, area=r.area, duty=r.duty)


def signed_in_person(a: Account) -> Person:
    """Whoever may sign in as somebody who may be paged; a shut account is still somebody, whom nothing reaches."""
    lines = () if a.shut else _lines(a.means)
    return Person(id=a.login, name=a.name, lines=lines, next_s=a.next_s, area=a.area, duty=a.role.value)


def with_homes(people: People, changed: Iterable[tuple[Household | None, Household]]) -> People:
    """The people after case files have changed or have come, before and after of each; costs no look at the others."""
    persons: dict[str, Person | None] = {}
    homes: dict[str, Case | None] = {}
    for before, home in changed:
        if before is not None:
            persons |= dict.fromkeys(key_holders_of(before))
        persons |= key_holders_of(home)
        homes[home.key] = case_of(home)
    change = PeopleChange(persons=_news(people.persons, persons), homes=_news(people.homes, homes))
    return people.after(change) if change != PeopleChange() else people


def key_holders_of(home: Household) -> dict[str, Person]:
    """The contacts of a home who can open its door and can be paged, by person id."""
    found: dict[str, Person] = {}
    for n, contact in _holders(home):
        id_ = f"{KEY_HOLDER}{home.key}:{n}"
        lines = _lines(means_of(contact))
        hours = contact.hours if contact.rings_first else ""
        found[id_] = Person(id=id_, name=contact.name, lines=lines, area=home.area, duty="key_holder", hours=hours)
    return found


def case_of(home: Household) -> Case:
    """What of a household's case file decides who is called."""
    holders = [(f"{KEY_HOLDER}{home.key}:{n}", contact) for n, contact in _holders(home)]
    agreed = standing(home, ConsentFor.NEIGHBOURS) is Standing.GIVEN
    return Case(
        area=intern(home.area),
        tier=home.tier,
        village=_responder(home.village_responder),
        town=_responder(home.town_responder),
        village_deputy=_responder(home.village_deputy),
        town_deputy=_responder(home.town_deputy),
        has_left=home.left is not None,
        key_holders=tuple(id_ for id_, _ in holders),
        rings_first=tuple(id_ for id_, contact in holders if contact.rings_first and agreed),
    )


def _responder(id_: str) -> str:
    return intern(f"{RESPONDER}{id_}") if id_ else ""  # thousands of homes share a few hundred


def _holders(home: Household) -> list[tuple[int, Contact]]:
    return [(n, contact) for n, contact in enumerate(home.contacts) if contact.key_holder and contact.verified]


def means_of(contact: Contact) -> tuple[Means, ...]:
    """A contact has a telephone and nothing else: a text message, then a call."""
    if not contact.verified:
        return ()
    number = contact.phone
    return tuple(Means(channel=c, address=number, verified=True) for c in (Channel.SMS, Channel.VOICE))


def _lines(means: Iterable[Means]) -> tuple[Line, ...]:
    """The verified channels, each once; whatever the first one is, it is used at once."""
    usable: dict[Channel, Means] = {}
    for m in means:
        if m.verified and m.address:
            usable.setdefault(m.channel, m)
    timed = [(m.after_s if m.after_s is not None else AFTER_S[m.channel], m.channel.value) for m in usable.values()]
    first_s = min((after_s for after_s, _ in timed), default=0)
    return tuple(Line(channel, after_s - first_s) for after_s, channel in sorted(timed, key=lambda it: it[0]))


class Addresses:
    """The addresses behind the people, for whoever sends; never part of what is judged.

    Args:
        registry: The registry in force.
    """

    def __init__(self, registry: Registry) -> None:
        """Arrange them by person and channel."""
        self._by: dict[tuple[str, str], str] = {}
        for r in registry.responders:
            self._take(f"{RESPONDER}{r.id}", r.means)
        for account in registry.accounts:
            self.admit(account)
        for home in registry.households:
            self._by.update(_numbers(home))

    def put(self, before: Household | None, home: Household) -> None:
        """A household's case file has changed, or has come: its key holders' numbers follow, in their place."""
        now = _numbers(home)
        for gone in (_numbers(before) if before is not None else {}).keys() - now.keys():
            self._by.pop(gone, None)
        self._by.update(now)

    def employ(self, r: Responder) -> None:
        """A responder is new, or has other addresses."""
        self._replace(f"{RESPONDER}{r.id}", r.means)

    def admit(self, a: Account) -> None:
        """Somebody who may sign in is new, or has other addresses; of a shut account there are none."""
        self._replace(a.login, () if a.shut else a.means)

    def _replace(self, person: str, means: Iterable[Means]) -> None:
        for channel in Channel:
            self._by.pop((person, channel.value), None)
        self._take(person, means)

    def _take(self, person: str, means: Iterable[Means]) -> None:
        for m in means:
            if m.verified and m.address:
                self._by.setdefault((person, m.channel.value), m.address)

    def of(self, person: str, channel: str) -> str:
        """Address of a person on a channel; empty when there is none (any more)."""
        return self._by.get((person, channel), "")


def _numbers(home: Household) -> dict[tuple[str, str], str]:
    """The numbers of a home's key holders, by person and channel."""
    holders = [(n, contact) for n, contact in enumerate(home.contacts) if contact.key_holder]
    means = [(n, it) for n, contact in holders for it in means_of(contact) if it.address]
    return {(f"{KEY_HOLDER}{home.key}:{n}", it.channel.value): it.address for n, it in means}


def signing_in(accounts: Mapping[str, Account], login: str) -> tuple[str, ...]:
    """Person ids under which somebody who is signed in may have been paged."""
    account = accounts.get(login)
    if account is None:
        return ()
    return (login, f"{RESPONDER}{account.responder}") if account.responder else (login,)
