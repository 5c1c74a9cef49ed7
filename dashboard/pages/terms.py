"""The centre's other terms, by group: each is changed, and put back, as one edition."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.duty.saving import SaveTerms
from alerting.term_groups import GROUPS, Group
from dashboard.access import Do
from dashboard.form_fields import typed, whole
from dashboard.pages.values import LONGEST_NOTE, is_there, may_edit, values_page
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.terms_part import Draft
from gateway.desk.duty_desk import SavedTerms

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.VALUES))]

NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,6})?")


def number_of(text: str) -> float | None:
    """A number as typed; None when it is none."""
    return float(text) if text.isascii() and NUMBER.fullmatch(text) else None


@router.post("/values/terms/{kind}")
async def save(request: Request, viewer: Reader, kind: str) -> Response:
    """Other terms of a group, in force at once; what is out of bounds is said beside it."""
    form = await checked_form(request, viewer.seed)
    group = _group(viewer, kind)
    fields = {line.name: typed(form, line.name) for line in group.lines}
    note = typed(form, "note")[:LONGEST_NOTE]
    draft = Draft(group=kind, fields=fields, note=note)
    numbers = {name: number for name, text in fields.items() if (number := number_of(text)) is not None}
    reasons = tuple(group.flaws(numbers))
    if reasons or not note:
        draft = msgspec.structs.replace(draft, refused="bad_values" if reasons else "why_values", reasons=reasons)
        return await values_page(request, viewer, draft=draft)
    based_on = whole(typed(form, "based_on")) or 0
    return await _submit(request, viewer, draft, SaveTerms(key="", group=kind, numbers=numbers, based_on=based_on))


@router.post("/values/terms/{kind}/editions/{number}")
async def put_back(request: Request, viewer: Reader, kind: str, number: int) -> Response:
    """An earlier edition of a group is in force again, or with 0 the settings: as a new edition."""
    form = await checked_form(request, viewer.seed)
    group, site = _group(viewer, kind), site_of(request)
    if not is_there(await site.desk.terms_of(kind), number):
        raise HTTPException(404)
    found = await site.desk.saved_terms(kind, number) if number else SavedTerms(None)
    if found is None:
        return await values_page(request, viewer, draft=Draft(group=kind, refused="store_away"))
    numbers = group.whole(found.terms) if found.terms is not None else {}
    draft = Draft(
        group=kind,
        fields={name: f"{it:g}" for name, it in numbers.items()},
        note=f"← {number}" if number else "←",
    )
    based_on = whole(typed(form, "based_on")) or 0
    command = SaveTerms(key="", group=kind, numbers=numbers, as_set=found.terms is None, based_on=based_on)
    return await _submit(request, viewer, draft, command)


def _group(viewer: Viewer, kind: str) -> Group:
    if not may_edit(viewer):
        raise HTTPException(403)
    if kind not in GROUPS:
        raise HTTPException(404)
    return GROUPS[kind]


async def _submit(request: Request, viewer: Viewer, draft: Draft, command: SaveTerms) -> Response:
    command = msgspec.structs.replace(command, by=viewer.account.login, note=draft.note)
    answer = await site_of(request).desk.submit(command)
    if answer.done and answer.recorded:
        return RedirectResponse(f"/values#{draft.group.replace('_', '-')}-terms", 303)
    refused, note = answer.refused or "store_away", "" if command.as_set else draft.note
    draft = msgspec.structs.replace(draft, note=note, refused=refused, reasons=answer.reasons)
    return await values_page(request, viewer, draft=draft)
