"""What of a case file shows before somebody has said why they look: enough to know whose it is, and no more."""

from __future__ import annotations

import msgspec

from alerting.assessment.record import Assessment
from alerting.casefile import Contact, Household, Resident

BULLET = "*"
SHOWN_HEAD, SHOWN_TAIL = 3, 4


def masked_name(name: str) -> str:
    """The family name, and a star for each character that follows."""
    return name[:1] + BULLET * max(1, len(name) - 1) if name else ""


def masked_phone(number: str) -> str:
    """The first three and the last four digits; of short numbers nothing."""
    if len(number) <= SHOWN_HEAD + SHOWN_TAIL:
        return BULLET * len(number)
    hidden = len(number) - SHOWN_HEAD - SHOWN_TAIL
    return f"{number[:SHOWN_HEAD]}{BULLET * hidden}{number[-SHOWN_TAIL:]}"


def masked(home: Household) -> Household:
    """A case file with names and numbers masked, and without health and access."""
    return msgspec.structs.replace(
        home,
        residents=tuple(_resident(someone) for someone in home.residents),
        contacts=tuple(_contact(contact) for contact in home.contacts),
        access="",
        key_safe="",
        risks=(),
        care_plan="",
        consents=tuple(msgspec.structs.replace(it, who=masked_name(it.who), withdrawn_why="") for it in home.consents),
        left=msgspec.structs.replace(home.left, why="") if home.left else None,
        assessment=_assessment(home.assessment),
        review=msgspec.structs.replace(home.review, note="") if home.review else None,
    )


def _assessment(done: Assessment | None) -> Assessment | None:
    """Label, library and days: without what is so in the household."""
    return msgspec.structs.replace(done, met=(), points=(done.total,), why="") if done is not None else None


def _resident(someone: Resident) -> Resident:
    name, number = masked_name(someone.name), masked_phone(someone.phone)
    return Resident(name=name, birth_year=someone.birth_year, sex=someone.sex, phone=number)


def _contact(contact: Contact) -> Contact:
    name, number = masked_name(contact.name), masked_phone(contact.phone)
    return msgspec.structs.replace(contact, name=name, phone=number)
