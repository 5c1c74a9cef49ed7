"""What screens may ask about what comes after an incident: follow-up calls and notes of a case file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.incidents.afterwards import FollowUpTerms
from gateway.desk.home_named import HomeNamed


class FollowUpRow(HomeNamed, frozen=True, kw_only=True, omit_defaults=True):
    """One follow-up call, owed or made. Times are UTC.

    Attributes:
        key: Household.
        incident: The incident after which.
        planned_at: When it was planned.
        due_at: When to call, or call again.
        tries: Calls that nobody answered.
        stage: ``planned``, ``due``, ``late`` or ``waits``.
        ended: How it has ended; empty while it is owed.
        ended_at: When.
        by: Login of who called last.
        text: What they wrote.
        outcome: Outcome of the incident, where it is known.
        closed_at: When that was closed, where it is known.
        phones: (name, relation, number): the residents first, then whom to call for them, in order.
        open_incident: What the home has open now.
    """

    key: str
    incident: str
    planned_at: datetime
    due_at: datetime
    tries: int = 0
    stage: str = ""
    ended: str = ""
    ended_at: datetime | None = None
    by: str = ""
    text: str = ""
    outcome: str = ""
    closed_at: datetime | None = None
    phones: tuple[tuple[str, str, str], ...] = ()
    open_incident: str = ""


class CaseNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A note with a household's case file; ``struck_at`` and ``struck_by`` (login) where it is struck out."""

    number: int
    at: datetime
    by: str
    text: str
    incident: str = ""
    struck_at: datetime | None = None
    struck_by: str = ""


class Aftercare(Protocol):
    """What a screen may ask. ``area`` limits what is seen, as everywhere on the Desk."""

    async def follow_ups(self, area: str = "") -> Sequence[FollowUpRow]:
        """Follow-up calls that are owed, the late ones first, then by when they are due."""

    async def follow_ups_done(self, area: str = "", limit: int = 100) -> Sequence[FollowUpRow]:
        """Follow-ups that have ended, the latest first."""

    async def case_notes(self, key: str) -> Sequence[CaseNote]:
        """Notes with a household's case file, the latest first, struck ones too."""

    async def follow_up_terms(self) -> FollowUpTerms:
        """When a home is telephoned after an incident."""
