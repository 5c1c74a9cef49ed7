"""What screens may ask about absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.casefile import Household
from gateway.desk.home_named import HomeNamed


class AbsenceRow(HomeNamed, frozen=True, kw_only=True, omit_defaults=True):
    """One absence. Times are UTC.

    Attributes:
        key: Household.
        number: The home's n-th.
        stage: ``planned``, ``away``, ``ends_soon``, ``moved`` or ``to_confirm``; ``none`` once it is over.
        kind: Why.
        since: From when.
        until: Until when.
        said_by: Who says so: ``operator``, ``responsible`` or ``relative``.
        who: Their name.
        by: Login under which it was entered.
        by_name: What people call them.
        reason: In their words.
        moved_at: When a movement ended it.
        ended_at: When it ended.
        how: How it ended; empty while it has not.
        ended_by_name: Who said that it has.
        latest: Latest moment to which it may be put off from now.
        phones: (name, relation, number): the residents first, then whom to call for them, in order.
        open_incident: What the home has open now.
        told_at: When it was entered; only in rows of the store.
    """

    key: str
    number: int
    stage: str
    kind: str
    since: datetime
    until: datetime
    said_by: str
    who: str = ""
    by: str = ""
    by_name: str = ""
    reason: str = ""
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    how: str = ""
    ended_by_name: str = ""
    latest: datetime | None = None
    phones: tuple[tuple[str, str, str], ...] = ()
    open_incident: str = ""
    told_at: datetime | None = None


class RelativeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link for one contact of one home; the PIN is told to them on the telephone, never sent beside the link."""

    token: str
    pin: str
    until: datetime
    address: str = ""
    """The whole address, where the screens are reached from outside."""


class RelativeView(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind such a link: the least of anybody.

    Attributes:
        key: Household; for commands, not to be shown.
        who: Whose link it is.
        resident: The resident's name, masked.
        until: When the link is over.
    """

    key: str
    who: str
    resident: str
    until: datetime


class AbsenceDesk(Protocol):
    """What a screen may ask. ``area`` limits what is seen, as everywhere on the Desk."""

    async def absences(self, area: str = "", responder: str = "") -> Sequence[AbsenceRow]:
        """Absences that are known now: those somebody has to look at first, then by their end.

        With a responder's id: of the homes they are responsible for.
        """

    async def absence_of(self, key: str) -> AbsenceRow | None:
        """What is known of one home now."""

    async def absences_past(self, key: str, limit: int = 20) -> Sequence[AbsenceRow]:
        """All absences of one home, the latest first."""

    async def homes_of(self, responder: str) -> Sequence[Household]:
        """Homes somebody (responder id) is responsible for."""

    async def invite_relative(self, key: str, contact: int, by: str, *, once: str = "") -> RelativeLink | None:
        """A link for the n-th contact of a home's case file; None when there is none, or it was not written down."""

    async def relative(self, token: str) -> RelativeView | None:
        """Whose link it is; None when it is forged or over, or when they are no contact of the home any more."""

    async def is_pin(self, token: str, pin: str) -> bool:
        """Whether this is the PIN that was told with the link."""
