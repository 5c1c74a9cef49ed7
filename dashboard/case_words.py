"""Words of the case file's pages. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.enrolment.commands import OpeningReason
from alerting.intake.check import Standing
from alerting.intake.datum import BD09, GCJ02, WGS84
from dashboard.words import mark

FIELDS: dict[str, str] = {
    "key": mark("Case number"),
    "area": mark("Village or community"),
    "address": mark("Address"),
    "place": mark("Position"),
    "datum": mark("Datum"),
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
    "rings_first": mark("A neighbour who is rung at once, beside everybody else"),
    "distance_m": mark("Distance, metres"),
    "verified": mark("Number tried"),
    "hours": mark("Can be reached"),
    "verified_on": mark("Number tried on"),
    "town": mark("Town"),
    "village": mark("Village"),
    "lat": mark("Latitude"),
    "lon": mark("Longitude"),
    "id_number": mark("Identity card number"),
    "care_plan": mark("Care plan"),
    "care_plan_review": mark("Care plan to be reviewed on"),
    "consents": mark("Consents"),
    "consent": mark("Consent"),
    "who": mark("Signed by"),
    "on": mark("Signed on"),
    "monitoring": mark("Agrees to sensors in the home"),
    "sharing": mark("Agrees that the case file is given to others in full"),
    "neighbours": mark("Agrees that a neighbour with a key is told and looks"),
    "withdrawn_on": mark("Withdrawn on"),
    "withdrawn_why": mark("Why withdrawn"),
    "purposes": mark("For what"),
    "assessment": mark("Assessment"),
    "assessment_met": mark("Criteria met"),
    "assessment_why": mark("Why another label"),
    "review": mark("To be assessed"),
}

ROWS: dict[str, str] = {
    "residents": mark("Resident %(n)s"),
    "contacts": mark("Contact %(n)s"),
    "consents": mark("Consent %(n)s"),
}
"""What one of several is called."""

MAPS: dict[str, str] = {
    WGS84: mark("WGS-84 (GPS of a telephone or device)"),
    GCJ02: mark("GCJ-02 (Amap, Tencent)"),
    BD09: mark("BD-09 (Baidu)"),
}
"""From whose map a position was copied, by its datum."""

COLUMNS: dict[str, str] = {
    "area": mark("Area code"),
    "consent.who": mark("Consent signed by"),
    "consent.on": mark("Consent signed on"),
    "consent.monitoring": mark("Consent to monitoring"),
    "consent.sharing": mark("Consent to sharing"),
}
"""Columns of a list that are not called as the field of the case file is."""

FLAWS: dict[str, str] = {
    "missing": mark("is missing"),
    "bad_text": mark("is too long, or has characters that cannot be kept"),
    "bad_case_number": mark("cannot be used"),
    "unknown_area": mark("there is no such area"),
    "bad_place": mark("two numbers of degrees, as in 31.77812, 119.95430"),
    "bad_datum": mark("is none of WGS-84, GCJ-02, BD-09"),
    "bad_year": mark("a year of birth, as in 1941"),
    "bad_phone": mark("a telephone number: digits, spaces and hyphens"),
    "needs_day": mark("say on which day the number was tried"),
    "needs_key": mark("only for a contact who has a key"),
    "bad_hours": mark("hours, as in 08:00-20:00"),
    "bad_value": mark("cannot be used"),
    "bad_tier": mark("is no urgency label"),
    "bad_date": mark("a day, as in 2026-11-29"),
    "bad_id_number": mark("is no identity card number: its check character or day of birth is wrong"),
    "id_of_another_year": mark("says another year of birth"),
    "too_many": mark("too many"),
    "not_yours": mark("lies outside your area"),
    "there_already": mark("this case number is there already"),
    "twice": mark("the same case number as in row"),
    "twice_in_row": mark("stands twice in this row: nobody can say who is who"),
    "masked": mark("is masked with stars: a masked list cannot be read in"),
    "ambiguous_area": mark("several places are called so: give the area code"),
    "unknown_person": mark("nobody with this office is called so"),
    "ambiguous_person": mark("several are called so: give the id"),
    "impossible_date": mark("there is no such day"),
    "not_a_number": mark("a text where a number belongs"),
    "not_yes_or_no": mark("yes or no"),
    "merged_cells": mark("merged cells: nobody can say whose they are"),
    "is_erased": mark("this household has left and is erased"),
    "edited_meanwhile": mark("was changed by somebody else meanwhile"),
    "tier_lowered": mark("a lower label: the home is watched less closely"),
    "moved": mark("another village: others answer for the home"),
    "other_answers": mark("somebody else answers for the home"),
    "other_name": mark("another name under a number that was tried"),
    "no_label": mark("no label given: the home is watched as one in need of care"),
    "no_longer": mark("no longer"),
    "one_more": mark("one more: a misspelt name makes another person"),
    "unknown_field": mark("there is no such field"),
    "wrong_type": mark("a value of another kind belongs here"),
    "other_number": mark("is another number than in the address of the call"),
    "twice_in_batch": mark("the same case number comes before in this batch"),
    "column_twice": mark("Two columns fill the same field: choose one of them."),
    "no_key_column": mark("Choose the column of the case numbers."),
    "say_map": mark("choose the map that the position was copied from"),
    "say_datum": mark("Say from which map the positions in this file were copied."),
    "say_meant": mark("Look at what lowers safety, and say that it is meant."),
}

OF_THE_RULES: dict[str, str] = {
    "bad_assessment": mark("The assessment cannot be saved like this. Look at the page again."),
    "no_why": mark("Say why it is another label than the proposed one."),
    "no_finding": mark("Say what was found."),
    "why_it_leaves": mark("Say why the household leaves."),
    "has_left": mark("The household has left already."),
    "has_not_left": mark("The household has not left."),
    "devices_there": mark("Devices are still in the home: take them out of use first."),
    "home_left": mark("The household has left: no device is installed there."),
    "is_to_be_erased": mark("The time in which it could be taken back is over."),
    "is_erased": mark("The household is erased: register it as a new one."),
    "not_yet": mark("Its time is not over."),
}
"""Why the rules do not change a case file as was asked; beside what is wrong with its fields."""

REFUSALS: dict[str, str] = OF_THE_RULES | {
    "bad_case_file": mark("The case file cannot be saved like this; see the fields marked below."),
    "bad_import": mark("The list cannot be registered like this: check it again."),
    "too_many_homes": mark("Too many homes for a list in full: choose one town."),
    "list_not_recorded": mark(
        "No file was made: the store does not answer, so that nobody could see later who took out the list. Try again."
    ),
    "close_first": mark("An incident of this home is open: close it first."),
    "no_purpose": mark("Say for what purpose you look into this case file."),
}

REASONS: dict[OpeningReason, str] = {
    OpeningReason.INCIDENT: mark("an incident of this home"),
    OpeningReason.DUTY: mark("a visit or call that is due"),
    OpeningReason.UPKEEP: mark("keeping the case file up to date"),
    OpeningReason.ASKED: mark("another purpose"),
    OpeningReason.LIST: mark("a list of case files in full"),
    OpeningReason.EXCHANGE: mark("read by another system"),
}

STANDINGS: dict[Standing, str] = {
    Standing.NEW: mark("New homes"),
    Standing.CHANGED: mark("Homes that change"),
    Standing.UNCHANGED: mark("As they are"),
    Standing.REJECTED: mark("Rows refused"),
}

SHEETS: dict[str, str] = {
    "no_file": mark("Choose a file."),
    "too_large": mark("The file is too large: at most 20 MB and 20,000 rows."),
    "old_excel": mark("This is an Excel file of the old kind (.xls): save it as .xlsx."),
    "unreadable": mark("The file cannot be read. Is it an Excel file (.xlsx) or CSV?"),
    "unknown_encoding": mark("The text is in no known encoding: save it as CSV in UTF-8 or GBK."),
    "no_rows": mark("There is no home in this file: it needs a row of headings and rows below it."),
}
