"""Who can be paged and how, and whose home is whose: what the rules of escalation know of the case files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from alerting.casefile import NEXT_PERSON_S, Account, AreaLevel, Channel, Contact, Means, Registry, upwards
from alerting.model import RiskTier

AFTER_S: dict[Channel, int] = {Channel.PUSH: 0, Channel.SMS: 30, Channel.VOICE: 60}
"""A channel's usual time after the person's turn has come, seconds."""
RESPONDER = "responder:"
KEY_HOLDER = "key:"


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
    """

    id: str
    name: str
    lines: tuple[Line, ...] = ()
    next_s: int = NEXT_PERSON_S
    area: str = ""
    duty: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a case file decides who is called: area, tier and person ids."""

    area: str
    tier: RiskTier = RiskTier.CARE
    village: str = ""
    town: str = ""
    key_holders: tuple[str, ...] = ()


class People(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One edition of who can be reached: person by id, case by household, name of each area by key; which are towns."""

    persons: dict[str, Person] = {}
    homes: dict[str, Case] = {}
    areas: dict[str, str] = {}
    towns: tuple[str, ...] = ()

    @cached_property
    def homes_by_area(self) -> Counter[str]:
        """How many homes each area has, with all that lies in it; counted once for an edition."""
        return Counter(area for case in self.homes.values() for area in upwards(case.area))


def people_of(registry: Registry) -> People:
    """What the rules need to know of a registry. Addresses and numbers stay outside."""
    persons: dict[str, Person] = {}

    def add(person: Person) -> None:
        persons[person.id] = person

    for r in registry.responders:
        id_ = f"{RESPONDER}{r.id}"
        add(Person(id=id_, name=r.name, lines=_lines(r.means), next_s=r.next_s, area=r.area, duty=r.duty))
    for a in registry.accounts:
        add(Person(id=a.login, name=a.name, lines=_lines(a.means), next_s=a.next_s, area=a.area, duty=a.role.value))
    homes: dict[str, Case] = {}
    for home in registry.households:
        holders = [(n, c) for n, c in enumerate(home.contacts) if c.key_holder and c.verified]
        for n, contact in holders:
            id_ = f"{KEY_HOLDER}{home.key}:{n}"
            add(Person(id=id_, name=contact.name, lines=_lines(means_of(contact)), area=home.area, duty="key_holder"))
        homes[home.key] = Case(
            area=home.area,
            tier=home.tier,
            village=f"{RESPONDER}{home.village_responder}" if home.village_responder else "",
            town=f"{RESPONDER}{home.town_responder}" if home.town_responder else "",
            key_holders=tuple(f"{KEY_HOLDER}{home.key}:{n}" for n, _ in holders),
        )
    towns = tuple(area.key for area in registry.areas if area.level is AreaLevel.TOWN)
    return People(persons=persons, homes=homes, areas={area.key: area.name for area in registry.areas}, towns=towns)


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
            self._take(account.login, account.means)
        for home in registry.households:
            for n, contact in enumerate(home.contacts):
                if contact.key_holder:
                    self._take(f"{KEY_HOLDER}{home.key}:{n}", means_of(contact))

    def _take(self, person: str, means: Iterable[Means]) -> None:
        for m in means:
            if m.verified and m.address:
                self._by.setdefault((person, m.channel.value), m.address)

    def of(self, person: str, channel: str) -> str:
        """Address of a person on a channel; empty when there is none (any more)."""
        return self._by.get((person, channel), "")


def signing_in(accounts: Mapping[str, Account], login: str) -> tuple[str, ...]:
    """Person ids under which somebody who is signed in may have been paged."""
    account = accounts.get(login)
    if account is None:
        return ()
    return (login, f"{RESPONDER}{account.responder}") if account.responder else (login,)
