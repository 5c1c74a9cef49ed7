"""Names that people type and read, for the words that the rules keep: each name means one word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from alerting.casefile import Role, upwards
from alerting.duty.reach import KEY_HOLDER, People
from dashboard.speech import Speech
from dashboard.words import DUTIES

BETWEEN = " · "
OR = "；"
MOST_ALIKE = 8
"""So many of the same name are listed."""


class Labels:
    """One vocabulary, in both directions.

    Args:
        named: Name by word. Names that several words share are told apart by the word itself.
    """

    def __init__(self, named: Mapping[str, str]) -> None:
        """Make every name mean one word."""
        often = Counter(named.values())
        self._names = {word: name if often[name] == 1 else f"{name}{BETWEEN}{word}" for word, name in named.items()}
        self._words = {name: word for word, name in self._names.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """All names, for choosing from."""
        return tuple(sorted(self._words))

    def name(self, word: str) -> str:
        """What a word is called; the word itself when it has no name."""
        return self._names.get(word, word)

    def word(self, typed: str) -> str | None:
        """The word that is meant by a name or by itself; None when there is none."""
        typed = typed.strip()
        if typed in self._names:
            return typed
        if typed in self._words:
            return self._words[typed]
        meant = self.alike(typed)
        return self._words[meant[0]] if len(meant) == 1 else None

    def alike(self, typed: str) -> tuple[str, ...]:
        """The names that begin with what was typed as their first part: of several one must be chosen."""
        typed = typed.strip()
        return tuple(name for name in self.names if name.split(BETWEEN)[0] == typed)

    @property
    def worded(self) -> tuple[tuple[str, str], ...]:
        """(name, word) of everything, for choosing from."""
        return tuple((name, self._words[name]) for name in self.names)


def people_labels(people: People, say: Speech) -> Labels:
    """Everybody whom a roster may name: name, office and place. Key holders belong to their home alone."""
    named: dict[str, str] = {}
    for person in people.persons.values():
        if not person.id.startswith(KEY_HOLDER):
            parts = (person.name, _office(person.duty, say), people.areas.get(person.area, person.area))
            named[person.id] = BETWEEN.join(part for part in parts if part)
    return Labels(named)


def names_apart(people: People, say: Speech) -> dict[str, str]:
    """What everybody whom a roster may name is called in a list: namesakes with office and place, others without."""
    named = {person.id: person.name for person in people.persons.values() if not person.id.startswith(KEY_HOLDER)}
    often, labels = Counter(named.values()), people_labels(people, say)
    return {id_: name if often[name] == 1 else labels.name(id_) for id_, name in named.items()}


def _office(duty: str, say: Speech) -> str:
    if duty in DUTIES:
        return say.duty(duty)
    return say.account_role(Role(duty)) if duty in set(Role) else ""


def area_labels(people: People) -> Labels:
    """All areas, each with the one above it where its own name is not enough."""
    often = Counter(people.areas.values())
    named: dict[str, str] = {}
    for key, name in people.areas.items():
        above = next((people.areas[it] for it in upwards(key) if it != key and it in people.areas), "")
        named[key] = name if often[name] == 1 or not above else f"{name}{BETWEEN}{above}"
    return Labels(named)


def role_labels(roles: Mapping[str, str], used: frozenset[str], say: Speech) -> Labels:
    """The roles of a roster: those that have a name, and whatever else it uses."""
    return Labels({role: say.gettext(roles[role]) if role in roles else role for role in (*roles, *sorted(used))})


def who_is_meant(people: Labels, typed: str) -> tuple[str | None, str]:
    """The id of whoever is meant by a name or an id, and the flaw when that is nobody, or could be several."""
    found = people.word(typed)
    if found is not None:
        return found, ""
    alike = people.alike(typed)
    return None, f"several_people|{OR.join(alike[:MOST_ALIKE])}" if len(alike) > 1 else f"unknown_person|{typed}"
