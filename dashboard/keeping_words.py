"""Words of screens about keeping case files. Chinese in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from alerting.casefile import Contact
from alerting.keeping.completeness import Part, contact_due
from alerting.keeping.consent import ConsentFor, Standing
from dashboard.words import mark
from gateway.registry.keeping_desk import Upkeep

if TYPE_CHECKING:
    from dashboard.speech import Speech

PARTS: dict[Part, str] = {
    Part.CATEGORIES: mark("Categories"),
    Part.SEX: mark("Sex"),
    Part.ID_NUMBER: mark("Identity card number"),
    Part.OWN_PHONE: mark("Phone of a resident"),
    Part.HEALTH: mark("Health"),
    Part.MOBILITY: mark("Mobility"),
    Part.HEARING: mark("Hearing"),
    Part.LANGUAGES: mark("Languages"),
    Part.TWO_CONTACTS: mark("Two contacts"),
    Part.CONTACTS_TRIED: mark("Contacts' numbers tried within a year"),
    Part.WAY_IN: mark("How to get in"),
    Part.TOWN_RESPONDER: mark("Responsible person of the town"),
    Part.TOWN_DEPUTY: mark("Their deputy (B)"),
    Part.VILLAGE_RESPONDER: mark("Responsible person of the village"),
    Part.VILLAGE_DEPUTY: mark("Their deputy (B), village"),
    Part.GRID_CELL: mark("Grid cell"),
    Part.GRID_WORKER: mark("Grid worker"),
    Part.SOCIAL_STATION: mark("Social worker"),
    Part.CARE_PLAN: mark("Care plan that is up to date"),
    Part.CONSENT: mark("Consent to sensors"),
    Part.ASSESSMENT: mark("Assessment"),
}
"""What a case file should have."""

STANDINGS: dict[Standing, str] = {
    Standing.GIVEN: mark("agreed"),
    Standing.WITHDRAWN: mark("consent withdrawn"),
    Standing.NONE: mark("nobody has agreed"),
}

PURPOSES: dict[ConsentFor, str] = {
    ConsentFor.MONITORING: mark("Sensors in the home"),
    ConsentFor.SHARING: mark("Case file given to others"),
    ConsentFor.NEIGHBOURS: mark("A neighbour with a key is told"),
}

UPKEEP: dict[Upkeep, str] = {
    Upkeep.CONTACTS: mark("Contacts to be tried again"),
    Upkeep.PLAN: mark("Care plans to be made or reviewed"),
    Upkeep.CONSENT: mark("Without consent"),
    Upkeep.INCOMPLETE: mark("Incomplete case files"),
    Upkeep.LEFT: mark("Left, not erased yet"),
}


class KeepingWords:
    """What a template says of the keeping of case files, in one language."""

    def __init__(self, say: Speech) -> None:
        """Speak this language."""
        self._say = say

    def part(self, part: Part) -> str:
        """What a case file should have."""
        return self._said(PARTS, part)

    def parts(self, missing: tuple[Part, ...]) -> str:
        """Several of these."""
        return self._say.joined(self.part(it) for it in missing)

    def standing(self, word: str) -> str:
        """How a household stands to a purpose."""
        return self._said(STANDINGS, word)

    def purpose(self, purpose: ConsentFor) -> str:
        """For what it has agreed."""
        return self._said(PURPOSES, purpose)

    def upkeep(self, what: Upkeep) -> str:
        """What is to be done."""
        return self._said(UPKEEP, what)

    def day(self, day: date) -> str:
        """When a number is to be tried again."""
        if day == date.min:
            return self._say.gettext(mark("never tried"))
        return day.isoformat() if day != date.max else "–"

    def is_due(self, contact: Contact, today: date) -> bool:
        """Whether a contact's number is to be tried again."""
        return contact_due(contact) <= today

    def _said(self, table: Mapping[Any, str], word: object) -> str:
        return self._say.gettext(table[word]) if word in table else str(word)
