"""What the Desk has for drills of communications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.duty.drill import Called
from gateway.paging.outside import Told


class DrillPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be called in a drill.

    Attributes:
        id: Person id.
        name: What people call them.
        duty: Their office.
        area: Area they answer for.
        channels: Their channels, in the order in which they are used.
        on_duty: The roster has them on duty now.
        why_not: Why they are not called: ``no_address``, ``off`` or ``on_job``; empty: they are.
        has_pin: They have a PIN, without which the link of a message cannot be answered.
    """

    id: str
    name: str
    duty: str
    area: str
    channels: tuple[str, ...] = ()
    on_duty: bool = False
    why_not: str = ""
    has_pin: bool = False


class DrillCount(msgspec.Struct, frozen=True, kw_only=True):
    """Of a drill: how many were called, how many a channel took, how many have answered, and in time."""

    people: int
    sent: int
    answered: int
    in_time: int


class DrillView(msgspec.Struct, frozen=True, kw_only=True):
    """One drill.

    Attributes:
        area: Its area; empty: the whole city.
        number: Counted per area, from 1.
        began_at: When it began.
        until: Until when there was to answer.
        by: Login of who has started it.
        note: What it was for.
        ended_at: When it has ended; None: it runs.
        stopped_by: Login of who has stopped it; empty: nobody has.
        count: How many did what.
    """

    area: str
    number: int
    began_at: datetime
    until: datetime
    by: str
    note: str
    ended_at: datetime | None
    stopped_by: str
    count: DrillCount


class DrillCall(msgspec.Struct, frozen=True, kw_only=True):
    """One person in a drill: who they are, and how far it has come with them."""

    person: DrillPerson
    called: Called


class DrillLink(msgspec.Struct, frozen=True, kw_only=True):
    """What the page behind the link of a drill's message may show.

    Attributes:
        person: Who was called.
        name: What people call them.
        has_pin: Whether they have a PIN.
        until: Until when there is to answer.
        answered: They have answered already.
    """

    person: str
    name: str
    has_pin: bool
    until: datetime
    answered: bool


class DrillDesk(Protocol):
    """The part of the Desk for drills of communications."""

    async def drill_people(self, area: str) -> Sequence[DrillPerson]:
        """Who would be called for the homes of an area: those on duty first, who cannot be called at the end."""

    async def drills(self, area: str, limit: int = 100) -> Sequence[DrillView] | None:
        """The drills of an area and of all that lies in it, the latest first; None: the store does not answer."""

    async def drill(self, area: str, number: int) -> DrillView | None:
        """One drill; None: there is none, or the store does not answer."""

    async def drill_calls(self, area: str, number: int) -> Sequence[DrillCall]:
        """Everybody whom it has called."""

    async def drill_link(self, token: str) -> DrillLink | None:
        """What a link leads to; None when it is forged or over."""

    async def drill_seen(self, token: str) -> None:
        """The link was opened, perhaps by a preview."""

    async def answer_drill(self, token: str, pin: str, what: str, once: str) -> Told:
        """The answer of whoever holds a link and the PIN of its person: ``accepted`` or ``declined``."""
