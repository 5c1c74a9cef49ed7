"""What is wrong with a case file as it would be registered: each field that is wrong, with a word for why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from alerting.casefile import Contact, Household, Resident
from alerting.keeping.consent import Consent

LONGEST_TEXT = 300
LONGEST_PLAN = 2000
MOST_PEOPLE = 12
MOST_WORDS = 24
LONGEST_CASE_NUMBER = 100
OLDEST_YEARS = 125
FARTHEST_M = 20_100_000
"""Half around the earth."""
DATUMS = frozenset({"WGS-84", "GCJ-02", "BD-09"})

_PHONE = re.compile(r"\+?\d[\d -]{2,18}\d")
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")

Flaw = tuple[str, str]
"""Field, as in ``contacts.2.phone`` (counted from 1), and the word."""


def home_flaws(home: Household, year: int, has_area: Callable[[str], bool]) -> list[Flaw]:
    """What is wrong with a case file, field by field.

    Args:
        home: As it would be.
        year: The present one, for ages.
        has_area: Whether there is an area with such a key.

    Returns:
        Nothing when it can be saved.
    """
    return list(_flaws(home, year, has_area))


def is_phone(text: str) -> bool:
    """Whether this is a telephone number: digits, with spaces or hyphens between them."""
    return _PHONE.fullmatch(text) is not None


def _flaws(home: Household, year: int, has_area: Callable[[str], bool]) -> Iterator[Flaw]:
    if not home.key or home.key[0] in "@~" or len(home.key) > LONGEST_CASE_NUMBER or not home.key.isprintable():
        yield "key", "bad_case_number"
    if not has_area(home.area):
        yield "area", "unknown_area"
    if not home.address.strip():
        yield "address", "missing"
    if not (-90 <= home.place.lat <= 90 and -180 <= home.place.lon <= 180):  # noqa: PLR2004 - the globe's
        yield "place", "bad_place"
    if home.place.datum not in DATUMS:
        yield "datum", "bad_datum"
    yield from _texts(home)
    yield from _rows(home, year)


def _rows(home: Household, year: int) -> Iterator[Flaw]:
    papers = ("consents", home.consents)
    for field, people in (("residents", home.residents), ("contacts", home.contacts), papers):
        if len(people) > MOST_PEOPLE:
            yield field, "too_many"
    for n, someone in enumerate(home.residents, 1):
        yield from ((f"residents.{n}.{field}", word) for field, word in _resident(someone, year))
    for n, consent in enumerate(home.consents, 1):
        yield from ((f"consents.{n}.{field}", word) for field, word in _consent(consent))
    for n, contact in enumerate(home.contacts, 1):
        yield from ((f"contacts.{n}.{field}", word) for field, word in _contact(contact))


def _texts(home: Household) -> Iterator[Flaw]:
    for field in ("address", "access", "key_safe", "grid_cell"):
        if not _is_text(getattr(home, field)):
            yield field, "bad_text"
    if len(home.care_plan) > LONGEST_PLAN or not _is_plain(home.care_plan):
        yield "care_plan", "bad_text"
    for field in ("categories", "risks", "pets"):
        yield from _words(field, getattr(home, field))
    if not home.residents:
        yield "residents", "missing"


def _resident(someone: Resident, year: int) -> Iterator[Flaw]:
    yield from _name(someone.name)
    if not year - OLDEST_YEARS <= someone.birth_year <= year:
        yield "birth_year", "bad_year"
    if someone.phone and not is_phone(someone.phone):
        yield "phone", "bad_phone"
    if len(someone.sealed_id) > LONGEST_TEXT:
        yield "id_number", "bad_text"
    for field in ("sex", "mobility", "hearing"):
        if not _is_text(getattr(someone, field)):
            yield field, "bad_text"
    for field in ("health", "languages", "medicines"):
        yield from _words(field, getattr(someone, field))


def _consent(consent: Consent) -> Iterator[Flaw]:
    if not consent.who.strip() or not _is_text(consent.who):
        yield "who", "bad_text" if consent.who.strip() else "missing"
    if not consent.purposes:
        yield "purposes", "missing"
    if consent.withdrawn_on is not None and consent.withdrawn_on < consent.on:
        yield "withdrawn_on", "bad_date"
    if not _is_text(consent.withdrawn_why):
        yield "withdrawn_why", "bad_text"


def _contact(contact: Contact) -> Iterator[Flaw]:
    yield from _name(contact.name)
    if not _is_text(contact.relation):
        yield "relation", "bad_text"
    if not is_phone(contact.phone):
        yield "phone", "bad_phone" if contact.phone else "missing"
    if contact.hours and not _HOURS.fullmatch(contact.hours):
        yield "hours", "bad_hours"
    if contact.rings_first and not contact.key_holder:
        yield "rings_first", "needs_key"
    if contact.distance_m is not None and not 0 <= contact.distance_m <= FARTHEST_M:
        yield "distance_m", "bad_value"


def _name(name: str) -> Iterator[Flaw]:
    if not name.strip():
        yield "name", "missing"
    elif not _is_text(name):
        yield "name", "bad_text"


def _words(field: str, words: tuple[str, ...]) -> Iterator[Flaw]:
    if len(words) > MOST_WORDS:
        yield field, "too_many"
    if not all(word.strip() and _is_text(word) for word in words):
        yield field, "bad_text"


def _is_text(text: str) -> bool:
    return len(text) <= LONGEST_TEXT and _is_plain(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() or all(c.isprintable() or c in "\n\t" for c in text)  # a list of homes has many texts
