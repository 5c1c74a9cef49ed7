"""Who can be sent and called: a supervisor keeps the register of their own area."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Place, Responder, Skill, covers
from alerting.enrolment.commands import SaveResponder
from alerting.enrolment.staffing import DUTIES
from alerting.intake.datum import BD09, GCJ02, WGS84, to_wgs84
from dashboard.access import Do
from dashboard.candidate_words import SKILLS
from dashboard.form_fields import chosen, typed
from dashboard.means_form import NUMBERS, means_of
from dashboard.pages.steps import once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

MOST = 200
PIN = re.compile(r"[0-9]{4,12}")
NEW = Responder(id="", name="", phone="", area="", duty="village")


async def _page(
    request: Request,
    viewer: Viewer,
    *,
    text: str = "",
    change: str = "",
    said: str = "",
    typed_in: Responder = NEW,
    where: Sequence[str] = ("", "", GCJ02),
) -> Response:
    site, own = site_of(request), viewer.account.area
    every = [it for it in await site.desk.responders() if covers(own, it.area)]
    found = [it for it in every if text.lower() in f"{it.name} {it.phone}".lower()]
    form = next((it for it in every if it.id == change), None)
    if form is not None and not said:
        typed_in, where = form, _said(form.place)
    areas = await site.desk.areas()
    return site.page(
        request,
        viewer,
        "responders.html",
        status=409 if said else 200,
        rows=sorted(found, key=lambda it: (it.area, it.duty, it.name))[:MOST],
        found=len(found),
        text=text,
        change=change if form is not None else "",
        typed_in=typed_in,
        spot=where,
        verified={it.channel for it in typed_in.means if it.verified},
        numbers=NUMBERS,
        areas=[it for it in areas if covers(own, it.key)],
        area_names={it.key: it.name for it in areas},
        duties=sorted(DUTIES),
        skills=SKILLS,
        datums=(GCJ02, BD09, WGS84),
        refused=said,
    )


def _said(place: Place | None) -> tuple[str, str, str]:
    return ("", "", GCJ02) if place is None else (f"{place.lat:.6f}", f"{place.lon:.6f}", WGS84)


@router.get("/responders")
async def responders(request: Request, viewer: Keeper, text: str = "", change: str = "") -> Response:
    """All of an area, and one of them to change."""
    return await _page(request, viewer, text=text.strip()[:40], change=change)


@router.post("/responders/save")
async def save(request: Request, viewer: Keeper) -> Response:
    """A new one, or one that is changed; what was typed is kept when it is refused."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    id_ = typed(form, "id")
    before = next((it for it in await site.desk.responders() if it.id == id_), None)
    if id_ and before is None:
        raise HTTPException(404)
    where = (typed(form, "lat"), typed(form, "lon"), typed(form, "datum"))
    responder = _read(form, id_ or hashlib.sha256(typed(form, "once").encode()).hexdigest()[:10], before)
    if pin := typed(form, "pin"):
        responder = msgspec.structs.replace(responder, sealed_pin=await site.desk.sealed(pin))
    refused = _flaw(pin, where) or await _asked(site, viewer, responder, form)
    if refused:
        said = viewer.say.refusal(refused)
        return await _page(request, viewer, said=said, typed_in=responder, change=id_, where=where)
    return RedirectResponse("/responders", 303)


async def _asked(site: Site, viewer: Viewer, responder: Responder, form: FormData) -> str:
    command = SaveResponder(responder=responder, by=viewer.account.login, within=viewer.account.area)
    answer = await site.desk.submit(command, once=once_key(command, typed(form, "once")))
    return answer.refused or ("" if answer.recorded else "store_away")


def _flaw(pin: str, where: Sequence[str]) -> str:
    """What of the form cannot be read; empty when all can."""
    if pin and not PIN.fullmatch(pin):
        return "bad_staff_pin"
    return "bad_staff_place" if _is_no_place(where) else ""


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_no_place(where: Sequence[str]) -> bool:
    lat, lon, datum = where
    given = [it for it in (lat, lon) if it]
    return bool(given) and (len(given) == 1 or None in map(_degrees, given) or datum not in {GCJ02, BD09, WGS84})


def _read(form: FormData, id_: str, before: Responder | None) -> Responder:
    """Of a number that is another one than before nothing is verified."""
    phone = typed(form, "phone")
    lat, lon = _degrees(typed(form, "lat")), _degrees(typed(form, "lon"))
    datum = typed(form, "datum")
    place = None
    if lat is not None and lon is not None and datum in {GCJ02, BD09, WGS84}:
        place = Place(**dict(zip(("lat", "lon"), to_wgs84(lat, lon, datum), strict=True)), datum=datum)
        if before is not None and before.place is not None and _said(before.place) == (*_said(place)[:2], WGS84):
            place = before.place
    return Responder(
        id=id_,
        name=typed(form, "name"),
        phone=phone,
        area=typed(form, "area"),
        duty=typed(form, "duty"),
        means=means_of(before.means if before is not None else None, phone, chosen(form, "verified")),
        next_s=before.next_s if before is not None else NEW.next_s,
        place=place,
        skills=tuple(Skill(it) for it in chosen(form, "skill") if it in set(Skill)),
    )
