"""Departments and organisations to which a need of a household is sent: whom to ask there, and how long they take."""

from __future__ import annotations

from enum import StrEnum

import msgspec

MOST_DAYS = 60
USUAL_DAYS = 7
LONGEST_CONTACT = 40
LONGEST_PHONE = 30


class OrganisationKind(StrEnum):
    """What it is."""

    CIVIL_AFFAIRS = "civil_affairs"
    INSURANCE = "insurance"
    """The office of medical insurance."""
    DISABILITY = "disability"
    """The federation of people with disabilities."""
    LABOUR = "labour"
    """Work and social security."""
    HOUSING = "housing"
    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_WORK = "social_work"
    """A social-work station."""
    VOLUNTEERS = "volunteers"
    OTHER = "other"


class Organisation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="organisation"):
    """A department or organisation.

    Attributes:
        id: Names it.
        title: What people call it.
        kind: What it is.
        area: It helps households that live there; empty: of the whole city.
        contact: Who is to be asked for there.
        phone: Their number.
        person: Id of the responder or login who hears of what is sent, and answers it; empty: it is telephoned.
        days: Working days that it usually needs.
        peer: Id of the other system by which it answers; empty: by none.
        ended: Nothing is sent there any more.
    """

    id: str
    title: str
    kind: OrganisationKind
    area: str = ""
    contact: str = ""
    phone: str = ""
    person: str = ""
    days: int = USUAL_DAYS
    peer: str = ""
    ended: bool = False
