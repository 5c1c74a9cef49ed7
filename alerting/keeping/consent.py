"""What a household has agreed to, in writing, and what it has taken back."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from alerting.casefile import Household


class ConsentFor(StrEnum):
    """For what."""

    MONITORING = "monitoring"
    """Sensors in the home, and what is learned from them."""
    SHARING = "sharing"
    """The case file is given to other departments and organisations, in full."""
    NEIGHBOURS = "neighbours"
    """A neighbour who has a key is told that help may be needed, and goes to look."""


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One paper that was signed.

    Attributes:
        who: Who signed: a resident, or who signs for them.
        on: Day.
        purposes: For what.
        withdrawn_on: Day on which it was taken back; None: it holds.
        withdrawn_why: In their words.
    """

    who: str
    on: date
    purposes: tuple[ConsentFor, ...] = ()
    withdrawn_on: date | None = None
    withdrawn_why: str = ""


class Standing(StrEnum):
    """How a household stands to one purpose."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NONE = "none"


def standing(home: Household, purpose: ConsentFor) -> Standing:
    """Whether it has agreed: one paper that holds is enough; without one, whether there ever was one."""
    papers = [it for it in home.consents if purpose in it.purposes]
    if any(it.withdrawn_on is None for it in papers):
        return Standing.GIVEN
    return Standing.WITHDRAWN if papers else Standing.NONE
