"""How complete a case file is, and what of it is to be looked at again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from alerting.casefile import Contact, Household
from alerting.keeping.consent import ConsentFor, Standing, standing

CONTACT_DAYS = 365
"""A number is tried once a year."""


class Part(StrEnum):
    """What a case file should have; each counts the same."""

    CATEGORIES = "categories"
    SEX = "sex"
    ID_NUMBER = "id_number"
    OWN_PHONE = "own_phone"
    HEALTH = "health"
    MOBILITY = "mobility"
    HEARING = "hearing"
    LANGUAGES = "languages"
    TWO_CONTACTS = "two_contacts"
    CONTACTS_TRIED = "contacts_tried"
    WAY_IN = "way_in"
    TOWN_RESPONDER = "town_responder"
    TOWN_DEPUTY = "town_deputy"
    VILLAGE_RESPONDER = "village_responder"
    VILLAGE_DEPUTY = "village_deputy"
    GRID_CELL = "grid_cell"
    GRID_WORKER = "grid_worker"
    SOCIAL_STATION = "social_station"
    CARE_PLAN = "care_plan"
    CONSENT = "consent"
    ASSESSMENT = "assessment"


class Completeness(msgspec.Struct, frozen=True):
    """How complete: whole percent, rounded down, and what is missing."""

    percent: int
    missing: tuple[Part, ...]


def _all(field: str) -> Callable[[Household, date], bool]:
    return lambda home, _: bool(home.residents) and all(getattr(it, field) for it in home.residents)


def _has(field: str) -> Callable[[Household, date], bool]:
    return lambda home, _: bool(getattr(home, field))


_THERE: dict[Part, Callable[[Household, date], bool]] = {
    Part.CATEGORIES: _has("categories"),
    Part.SEX: _all("sex"),
    Part.ID_NUMBER: _all("sealed_id"),
    Part.OWN_PHONE: lambda home, _: any(it.phone for it in home.residents),
    Part.HEALTH: _all("health"),
    Part.MOBILITY: _all("mobility"),
    Part.HEARING: _all("hearing"),
    Part.LANGUAGES: _all("languages"),
    Part.TWO_CONTACTS: lambda home, _: len(home.contacts) > 1,
    Part.CONTACTS_TRIED: lambda home, today: bool(home.contacts) and contacts_due(home) > today,
    Part.WAY_IN: lambda home, _: bool(
        home.access or home.key_safe or home.forced_entry or any(it.key_holder for it in home.contacts)
    ),
    Part.TOWN_RESPONDER: _has("town_responder"),
    Part.TOWN_DEPUTY: _has("town_deputy"),
    Part.VILLAGE_RESPONDER: _has("village_responder"),
    Part.VILLAGE_DEPUTY: _has("village_deputy"),
    Part.GRID_CELL: _has("grid_cell"),
    Part.GRID_WORKER: _has("grid_worker"),
    Part.SOCIAL_STATION: _has("social_station"),
    Part.CARE_PLAN: lambda home, today: bool(home.care_plan) and not is_plan_due(home, today),
    Part.CONSENT: lambda home, _: standing(home, ConsentFor.MONITORING) is Standing.GIVEN,
    Part.ASSESSMENT: _has("assessment"),
}


def completeness(home: Household, today: date) -> Completeness:
    """How complete a case file is on a local day."""
    missing = tuple(part for part in Part if not _THERE[part](home, today))
    return Completeness((len(Part) - len(missing)) * 100 // len(Part), missing)


def contact_due(contact: Contact) -> date:
    """The day from which on a contact's number is to be tried again: a year after the last time."""
    if not contact.verified or contact.verified_on is None:
        return date.min
    return contact.verified_on + timedelta(days=CONTACT_DAYS)


def contacts_due(home: Household) -> date:
    """The first such day of a home's contacts; far off where there is none."""
    return min(map(contact_due, home.contacts), default=date.max)


def is_plan_due(home: Household, today: date) -> bool:
    """Whether the care plan is to be reviewed: its day has come, or it has none."""
    return bool(home.care_plan) and (home.care_plan_review is None or home.care_plan_review <= today)
