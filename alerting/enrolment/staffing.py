"""Who can be sent and called, judged: responsible persons, grid workers, social workers, electricians."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from alerting.casefile import OFFICES, Channel, Means, Responder, covers
from alerting.decisions import RegistryChange, ResponderSaved
from alerting.enrolment.books import Register
from alerting.enrolment.commands import SaveResponder

DUTIES = frozenset({*OFFICES.values(), "electrician"})
LONGEST_NAME = 40
NUMBERS = frozenset({Channel.SMS, Channel.VOICE})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_NUMBER = re.compile(r"\+?[0-9][0-9 -]{4,24}")

Judged = list[RegistryChange] | str


def _save(r: Register, command: SaveResponder, _: datetime) -> Judged:
    before = r.responder(command.responder.id)
    if before is not None and not covers(command.within, before.area):
        return "unknown_responder"
    it = msgspec.structs.replace(command.responder, means=(*_pushed(before), *_numbers(command.responder)))
    flaw = _flaw(r, command, it)
    if flaw:
        return flaw
    return [ResponderSaved(responder=it, before=before)] if it != before else []


def _pushed(before: Responder | None) -> tuple[Means, ...]:
    """Addresses that hold secrets: nobody sees them, and nobody types them."""
    return tuple(it for it in before.means if it.channel not in NUMBERS) if before is not None else ()


def _numbers(it: Responder) -> tuple[Means, ...]:
    return tuple(means for means in it.means if means.channel in NUMBERS)


def _flaw(r: Register, command: SaveResponder, it: Responder) -> str:
    if not it.name.strip() or len(it.name) > LONGEST_NAME or not it.name.isprintable():
        return "bad_staff_name"
    if not _ID.fullmatch(it.id) or it.duty not in DUTIES:
        return "bad_responder"
    if not _NUMBER.fullmatch(it.phone) or any(means.address != it.phone for means in _numbers(it)):
        return "bad_staff_number"
    if not r.has_area(it.area) or not covers(command.within, it.area):
        return "unknown_area"
    if it.place is not None and not (-90 <= it.place.lat <= 90 and -180 <= it.place.lon <= 180):  # noqa: PLR2004 - degrees
        return "bad_staff_place"
    return ""


JUDGES: dict[type, Callable[[Register, Any, datetime], Judged]] = {SaveResponder: _save}
