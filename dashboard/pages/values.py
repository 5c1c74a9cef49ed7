"""The table of values: what is in force and since when, within which bounds; those of the work are changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.duty.saving import SaveValues
from alerting.incidents.values import TABLE, changes_of, usual
from dashboard.access import Do
from dashboard.form_fields import typed, whole
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.speech import Speech
from dashboard.terms_part import Draft, groups_shown
from dashboard.words import mark
from gateway.desk.duty_desk import EditionRow, SavedValues, TermsView, ValuesView

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.VALUES))]

LONGEST_NOTE = 200


def may_edit(viewer: Viewer) -> bool:
    """Whether the viewer changes values: they count for the whole city."""
    return not viewer.account.area


async def values_page(
    request: Request,
    viewer: Viewer,
    *,
    fields: Mapping[str, str] | None = None,
    refused: str = "",
    reasons: Sequence[str] = (),
    note: str = "",
    draft: Draft | None = None,
) -> Response:
    """The page, with what was typed and refused: of the times of the work, or as ``draft`` of a group of terms."""
    site, plain = site_of(request), usual()
    seen, (equipment, _) = await site.desk.value_editions(), await site.desk.equipment_terms()
    shown = {line.setting: str(line.of(seen.values)) for line in TABLE} | dict(fields or {})
    values: dict[str, Any] = {
        "lines": [(line, line.of(seen.values), line.of(plain), shown[line.setting]) for line in TABLE],
        "seen": seen,
        "since": _in_force(seen),
        "saved_by": {it.login: it.name for it in await site.desk.accounts()},
        "differs": len(changes_of(seen.values)),
        "may_edit": may_edit(viewer),
        "refused": viewer.say.refusal(refused) if refused else "",
        "reasons": [_reason(it, viewer.say) for it in reasons],
        "wrong": {it.split("|")[1] for it in reasons},
        "note": note,
        "groups": await groups_shown(site, viewer.say, draft),
        "equipment": equipment,
    }
    return site.page(request, viewer, "values.html", status=409 if refused or draft else 200, **values)


def _in_force(seen: ValuesView) -> EditionRow | None:
    return next((it for it in seen.history if it.number == seen.number), None)


def _reason(reason: str, say: Speech) -> str:
    word, name, *bounds = reason.split("|")
    line = next((it for it in TABLE if it.setting == name), None)
    said = name if line is None else say.value(line.field)
    if line is not None and line.priority is not None:
        said = f"{said} ({line.priority.name})"
    if word == "out_of_bounds" and len(bounds) > 1:
        least, most = (say.exact(int(it)) for it in bounds)
        return say.gettext(mark("%(what)s: between %(least)s and %(most)s"), what=said, least=least, most=most)
    return say.gettext(mark("%(what)s: this is no number of seconds"), what=said)


@router.get("/values")
async def values(request: Request, viewer: Reader) -> Response:
    """All values, and how to change those of the work on an incident."""
    return await values_page(request, viewer)


@router.post("/values")
async def save(request: Request, viewer: Reader) -> Response:
    """Other values, in force at once; what is out of bounds is said beside it."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if not may_edit(viewer):
        raise HTTPException(403)
    fields = {line.setting: typed(form, line.setting) for line in TABLE}
    note = typed(form, "note")[:LONGEST_NOTE]
    numbers = {name: whole(text) for name, text in fields.items()}
    unread = [f"no_number|{name}" for name, number in numbers.items() if number is None]
    if unread or not note:
        refused = "bad_values" if unread else "why_values"
        return await values_page(request, viewer, fields=fields, refused=refused, reasons=unread, note=note)
    plain = usual()
    changes = {line.setting: number for line in TABLE if (number := numbers[line.setting] or 0) != line.of(plain)}
    command = SaveValues(
        key="", by=viewer.account.login, changes=changes, based_on=whole(typed(form, "based_on")) or 0, note=note
    )
    answer = await site.desk.submit(command)
    if answer.done and answer.recorded:
        return RedirectResponse("/values", 303)
    refused = answer.refused or "store_away"
    return await values_page(request, viewer, fields=fields, refused=refused, reasons=answer.reasons, note=note)


@router.post("/values/editions/{number}")
async def put_back(request: Request, viewer: Reader, number: int) -> Response:
    """An earlier edition is in force again, or with 0 the settings: as a new edition, so that nothing is lost."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if not may_edit(viewer):
        raise HTTPException(403)
    seen = await site.desk.value_editions()
    if not is_there(seen, number):
        raise HTTPException(404)
    found = await site.desk.saved_values(number) if number else SavedValues(None)
    if found is None:
        return await values_page(request, viewer, refused="store_away")
    command = SaveValues(
        key="",
        by=viewer.account.login,
        changes=changes_of(found.values) if found.values is not None else {},
        as_set=found.values is None,
        based_on=whole(typed(form, "based_on")) or 0,
        note=f"← {number}" if number else "←",
    )
    answer = await site.desk.submit(command)
    if answer.done and answer.recorded:
        return RedirectResponse("/values", 303)
    return await values_page(request, viewer, refused=answer.refused or "store_away", reasons=answer.reasons)


def is_there(seen: ValuesView | TermsView, number: int) -> bool:
    """Whether a page has this edition to put back; 0 is the settings. A store that is away does not say no."""
    listed = {it.number for it in seen.history}
    return not number or number in listed or (bool(seen.number) and not listed)
