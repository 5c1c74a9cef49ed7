"""A drill of communications (呼叫演练): everybody is called as in earnest, and it is kept who answered, how and when.

An aggregate of its own for each area. It calls in small lots, through each person's own channels in their own order,
and opens no incident.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.asked import Command
from alerting.decision import Decision

DRILL = "@drill@"
"""Beginning of the key of an area's drills."""
MOST_CALLED = 400
SHORTEST_S, LONGEST_S = 300, 2700
"""How long there may be to answer; a link in a message lives no longer."""
LONGEST_NOTE = 200


def drill_key(area: str) -> str:
    """Key of the drills of an area; of the whole city's with an empty one."""
    return f"{DRILL}{area}"


def is_drill(key: str) -> bool:
    """Whether a key is one of a drill."""
    return key.startswith(DRILL)


class StartDrill(Command, frozen=True, kw_only=True, omit_defaults=True, tag="start_drill"):
    """Call these people now and see who answers.

    Attributes:
        persons: Whom, by person id, in the order of calling.
        within_s: How long there is to answer, seconds.
        note: What it is for, in the words of whoever starts it.
    """

    persons: tuple[str, ...]
    within_s: int
    note: str = ""


class StopDrill(Command, frozen=True, kw_only=True, omit_defaults=True, tag="stop_drill"):
    """Call nobody else, and end it now."""


class Called(msgspec.Struct, frozen=True, array_like=True):
    """One person in a drill, and how far it has come with them. Moments are UTC epoch seconds; 0: not.

    Attributes:
        person: Person id.
        next_s: When their next channel is used.
        lines: How many of their channels have been used.
        sent_s: When a channel took it first.
        channel: The channel that was used last.
        delivered_s: When a provider said first that it has arrived.
        seen_s: When the link was opened first.
        answered_s: When they answered; the first answer counts.
        how: How they answered: ``key`` or ``link``.
        declined: They have said that they could not have come.
        error: Why the last channel did not take it.
    """

    person: str
    next_s: int = 0
    lines: int = 0
    sent_s: int = 0
    channel: str = ""
    delivered_s: int = 0
    seen_s: int = 0
    answered_s: int = 0
    how: str = ""
    declined: bool = False
    error: str = ""


class Drill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest drill of an area.

    Attributes:
        key: ``@drill@`` and the area.
        number: Counted per area, from 1; 0: there was none.
        began_s: When it began, UTC epoch seconds.
        until_s: Until when there is to answer, UTC epoch seconds.
        running: It has not ended.
        called: Whom it calls.
    """

    key: str
    number: int = 0
    began_s: int = 0
    until_s: int = 0
    running: bool = False
    called: tuple[Called, ...] = ()

    @property
    def area(self) -> str:
        """Its area; empty: the whole city."""
        return self.key.removeprefix(DRILL)

    def of(self, person: str) -> Called | None:
        """How far it has come with somebody; None: they are not called."""
        return next((it for it in self.called if it.person == person), None)


class DrillBegun(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="drill_begun"):
    """A drill of an area has begun."""

    number: int
    until: datetime
    persons: tuple[str, ...]
    by: str = ""
    note: str = ""


class DrillHeard(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="drill_heard"):
    """So far it has come with somebody in the drill of this number."""

    number: int
    called: Called


class DrillEnded(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="drill_ended"):
    """The drill of this number is over; ``by`` is who has stopped it, empty: its time was up."""

    number: int
    by: str = ""


DrillDecision = DrillBegun | DrillHeard | DrillEnded
"""All that is decided about drills."""
