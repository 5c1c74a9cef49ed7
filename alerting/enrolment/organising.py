"""The register of departments and organisations, judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from alerting.casefile import covers
from alerting.decisions import RegistryChange
from alerting.enrolment.books import Register
from alerting.enrolment.commands import EndOrganisation, SaveOrganisation
from alerting.organisations import LONGEST_CONTACT, LONGEST_PHONE, MOST_DAYS, Organisation
from alerting.peers import PartySaved, Peer

LONGEST_TITLE = 60
_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")

Judged = list[RegistryChange] | str


def _save(r: Register, command: SaveOrganisation, _: datetime) -> Judged:
    it, before = command.organisation, r.party(command.organisation.id)
    if not _ID.fullmatch(it.id) or not isinstance(before, Organisation | None):
        return "bad_peer"
    if before is not None and not covers(command.within, before.area):
        return "no_organisation"
    flaw = _flaw(r, command, it)
    if flaw:
        return flaw
    return [PartySaved(party=it, before=before)] if it != before else []


def _flaw(r: Register, command: SaveOrganisation, it: Organisation) -> str:
    texts = ((it.title, LONGEST_TITLE), (it.contact, LONGEST_CONTACT), (it.phone, LONGEST_PHONE))
    if not it.title.strip() or any(len(text) > most or not text.isprintable() for text, most in texts):
        return "bad_title"
    if not 0 < it.days <= MOST_DAYS:
        return "bad_days"
    if (it.area and not r.has_area(it.area)) or not covers(command.within, it.area):
        return "unknown_area"
    return "" if not it.peer or isinstance(r.party(it.peer), Peer) else "no_peer"


def _end(r: Register, command: EndOrganisation, _: datetime) -> Judged:
    before = r.party(command.organisation)
    if not isinstance(before, Organisation) or before.ended or not covers(command.within, before.area):
        return "no_organisation"
    return [PartySaved(party=msgspec.structs.replace(before, ended=True), before=before)]


JUDGES: dict[type, Callable[[Register, Any, datetime], Judged]] = {SaveOrganisation: _save, EndOrganisation: _end}
