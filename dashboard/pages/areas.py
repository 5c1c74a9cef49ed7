"""The tree of areas: from the city to grid cells, who answers for each, boundaries from a file."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Area, AreaLevel, covers
from alerting.enrolment.running import RemoveArea, SaveAreas
from alerting.intake.datum import BD09, GCJ02, WGS84
from dashboard.access import Do
from dashboard.area_file import MOST_BYTES, AreaFileError, Feature, read_areas
from dashboard.area_words import ACTS, NOTES
from dashboard.form_fields import typed
from dashboard.pages.steps import once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.AREAS))]

MOST = 500
DATUMS = (GCJ02, BD09, WGS84)


class Row(msgspec.Struct, frozen=True):
    """One area in the tree.

    Attributes:
        area: Itself.
        depth: How far down it stands.
        homes: How many there are in it, with all that lies in it.
        people: Names of those who answer for it.
        removable: Nothing lies in it.
    """

    area: Area
    depth: int
    homes: int
    people: tuple[str, ...]
    removable: bool


async def _rows(site: Site, within: str) -> list[Row]:
    areas = [it for it in await site.desk.areas() if covers(within, it.key)]
    homes = await site.desk.homes_by_area()
    people: dict[str, list[str]] = {}
    for it in await site.desk.responders():
        people.setdefault(it.area, []).append(it.name)
    below = Counter(it.parent for it in areas)
    top = min((it.key.count(".") for it in areas), default=0)
    return [
        Row(it, it.key.count(".") - top, homes.get(it.key, 0), tuple(people.get(it.key, ())), not below[it.key])
        for it in sorted(areas, key=lambda it: it.key)
    ]


async def _page(
    request: Request,
    viewer: Viewer,
    *,
    text: str = "",
    change: str = "",
    refused: str = "",
    reasons: Sequence[str] = (),
    **more: Any,
) -> Response:
    site, own = site_of(request), viewer.account.area
    rows = await _rows(site, own)
    found = [it for it in rows if text in it.area.name or it.area.key.startswith(text)]
    known = next((it.area for it in rows if it.area.key == change), None)
    values: dict[str, Any] = {
        "rows": found[:MOST],
        "found": len(found),
        "text": text,
        "known": known,
        "every": [it.area for it in rows],
        "levels": list(AreaLevel),
        "datums": DATUMS,
        "most_mb": MOST_BYTES // 1_000_000,
        "typed_in": {"name": known.name if known else "", "parent": "", "part": "", "level": "village"},
        "history": await site.desk.registrations("area", change) if known is not None else [],
        "names": {it.login: it.name for it in await site.desk.accounts()},
        "acts": ACTS,
        "refused": viewer.say.refusal(refused) if refused else "",
        "reasons": [_reason(it, viewer) for it in reasons],
        "features": None,
        "notes": NOTES,
    }
    return site.page(request, viewer, "areas.html", status=409 if refused else 200, **(values | more))


def _reason(line: str, viewer: Viewer) -> str:
    key, _, word = line.partition("|")
    return f"{key}: {viewer.say.refusal(word)}"


@router.get("/areas")
async def areas(request: Request, viewer: Keeper, text: str = "", change: str = "") -> Response:
    """The tree of the viewer's area, and one of it to change."""
    return await _page(request, viewer, text=text.strip()[:40], change=change)


async def _asked(site: Site, command: SaveAreas | RemoveArea, once: str) -> Answer:
    answer = await site.desk.submit(command, once=once_key(command, once))
    return answer if answer.refused or answer.recorded else msgspec.structs.replace(answer, refused="store_away")


@router.post("/areas/save")
async def save(request: Request, viewer: Keeper) -> Response:
    """A new one below another, or another name for one that is there."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    known = {it.key: it for it in await site.desk.areas()}
    change, name = typed(form, "change"), typed(form, "name")
    typed_in = {part: typed(form, part) for part in ("name", "parent", "part", "level")}
    if change and change not in known:
        raise HTTPException(404)
    if not change and typed_in["level"] not in set(AreaLevel):
        raise HTTPException(400)
    area = msgspec.structs.replace(known[change], name=name) if change else _new(typed_in)
    account = viewer.account
    command = SaveAreas(
        areas=(area,), is_new=not change, by=account.login, within=account.area, note=typed(form, "note")
    )
    answer = await _asked(site, command, typed(form, "once"))
    if answer.refused:
        return await _page(request, viewer, change=change, refused=answer.refused, typed_in=typed_in)
    return RedirectResponse("/areas", 303)


def _new(fields: dict[str, str]) -> Area:
    key = ".".join(it for it in (fields["parent"], fields["part"]) if it)
    return Area(key=key, level=AreaLevel(fields["level"]), name=fields["name"], parent=fields["parent"])


@router.post("/areas/remove")
async def remove(request: Request, viewer: Keeper) -> Response:
    """One in which nothing lies any more."""
    form = await checked_form(request, viewer.seed)
    account = viewer.account
    command = RemoveArea(area=typed(form, "key"), by=account.login, within=account.area)
    answer = await _asked(site_of(request), command, typed(form, "once"))
    if answer.refused:
        return await _page(request, viewer, refused=answer.refused)
    return RedirectResponse("/areas", 303)


@router.post("/areas/boundaries")
async def boundaries(request: Request, viewer: Keeper) -> Response:
    """A file of boundaries: tried first, and put in force when somebody has seen what it would do."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    file, datum = form.get("file"), typed(form, "datum")
    if not isinstance(file, UploadFile) or datum not in DATUMS:
        raise HTTPException(400)
    known = {it.key: it for it in await site.desk.areas()}
    content = await file.read(MOST_BYTES + 1)
    try:
        features = await asyncio.to_thread(read_areas, content, known, datum)
    except AreaFileError as wrong:
        return await _page(request, viewer, refused=str(wrong))
    features = [_theirs(it, viewer) for it in features]
    good = tuple(it.area for it in features if it.area is not None and it.area != known.get(it.key))
    shown: dict[str, Any] = {"features": features, "datum": datum, "good": len(good), "done": False}
    if not typed(form, "now") or not good or any(it.flaw for it in features):
        return await _page(request, viewer, **shown)
    account = viewer.account
    command = SaveAreas(areas=good, by=account.login, within=account.area, note=(file.filename or "")[:120])
    answer = await _asked(site, command, typed(form, "once"))
    return await _page(
        request, viewer, refused=answer.refused, reasons=answer.reasons, **(shown | {"done": not answer.refused})
    )


def _theirs(it: Feature, viewer: Viewer) -> Feature:
    if it.flaw or viewer.sees(it.key):
        return it
    return msgspec.structs.replace(it, area=None, flaw="unknown_area")
