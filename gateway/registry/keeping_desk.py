"""The Desk's side for keeping case files: which are incomplete, and what of them is to be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from alerting.keeping.completeness import Part
from alerting.keeping.consent import Standing
from gateway.desk.home_named import HomeNamed


class Upkeep(StrEnum):
    """What of case files is to be done."""

    CONTACTS = "contacts"
    """A contact's number was not tried for a year, or never."""
    PLAN = "plan"
    """There is no care plan, or it is to be reviewed."""
    CONSENT = "consent"
    """Nobody has agreed to the sensors, or that was taken back."""
    INCOMPLETE = "incomplete"
    """Something is missing."""
    LEFT = "left"
    """The household has left, and is not erased yet."""


class UpkeepRow(HomeNamed, frozen=True, kw_only=True):
    """One case file on which something is to be done.

    ``contacts_due`` is when a contact's number is, or was, to be tried; ``date.min`` where one never was, ``date.max``
    where there is no contact.
    """

    key: str
    percent: int
    missing: tuple[Part, ...]
    contacts_due: date
    plan_review: date | None
    consent: Standing
    erase_on: date | None


class KeepingDesk(Protocol):
    """What a screen may ask about the keeping of case files."""

    async def upkeep(
        self, area: str, what: Upkeep, below: int = 100, limit: int = 500
    ) -> tuple[int, Sequence[UpkeepRow]]:
        """On how many case files of an area this is to be done, and the first of them, by area and case number.

        ``below`` is for ``INCOMPLETE``: less complete than so many percent.
        """

    async def incident_ids(self, household: str) -> Sequence[str]:
        """Ids of all incidents of a household, the latest first."""
