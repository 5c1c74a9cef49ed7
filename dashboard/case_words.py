"""Words of the case file's pages. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.enrolment.commands import OpeningReason
from dashboard.words import mark

FIELDS: dict[str, str] = {
    "key": mark("Case number"),
    "area": mark("Village or community"),
    "address": mark("Address"),
    "place": mark("Position"),
    "datum": mark("Datum of the source"),
    "tier": mark("Urgency label"),
    "categories": mark("Categories"),
    "grid_cell": mark("Grid cell"),
    "access": mark("How to get in"),
    "key_safe": mark("Key safe"),
    "forced_entry": mark("The door may be forced (agreed in writing)"),
    "risks": mark("What whoever enters must know"),
    "pets": mark("Pets"),
    "town_responder": mark("Responsible person of the town"),
    "town_deputy": mark("Their deputy (B)"),
    "village_responder": mark("Responsible person of the village"),
    "village_deputy": mark("Their deputy (B), village"),
    "grid_worker": mark("Grid worker"),
    "social_station": mark("Social worker"),
    "residents": mark("Residents"),
    "contacts": mark("Contacts, in the order of calling"),
    "name": mark("Name"),
    "birth_year": mark("Year of birth"),
    "sex": mark("Sex"),
    "phone": mark("Phone"),
    "health": mark("Health"),
    "mobility": mark("Mobility"),
    "hearing": mark("Hearing"),
    "languages": mark("Languages"),
    "medicines": mark("Medicines"),
    "relation": mark("Relation"),
    "key_holder": mark("Has a key"),
    "distance_m": mark("Distance, metres"),
    "verified": mark("Number tried"),
    "hours": mark("Can be reached"),
    "verified_on": mark("Number tried on"),
}

FLAWS: dict[str, str] = {
    "missing": mark("is missing"),
    "bad_text": mark("is too long, or has characters that cannot be kept"),
    "bad_case_number": mark("cannot be used"),
    "unknown_area": mark("there is no such area"),
    "bad_place": mark("two numbers of degrees, as in 31.77812, 119.95430"),
    "bad_datum": mark("is none of WGS-84, GCJ-02, BD-09"),
    "bad_year": mark("a year of birth, as in 1941"),
    "bad_phone": mark("a telephone number: digits, spaces and hyphens"),
    "bad_hours": mark("hours, as in 08:00-20:00"),
    "bad_value": mark("cannot be used"),
    "bad_tier": mark("is no urgency label"),
    "bad_date": mark("a day, as in 2026-11-29"),
    "too_many": mark("too many"),
}

REFUSALS: dict[str, str] = {
    "bad_case_file": mark("The case file cannot be saved like this; see the fields marked below."),
    "no_purpose": mark("Say for what purpose you look into this case file."),
}

REASONS: dict[OpeningReason, str] = {
    OpeningReason.INCIDENT: mark("an incident of this home"),
    OpeningReason.DUTY: mark("a visit or call that is due"),
    OpeningReason.UPKEEP: mark("keeping the case file up to date"),
    OpeningReason.ASKED: mark("another purpose"),
}
