"""Whoever goes to a door may share where they are with the desk, until they are there or stop it."""

from __future__ import annotations

from contextlib import suppress
from math import isfinite
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from alerting.casefile import Place
from dashboard.access import Do
from dashboard.job_card import job_of
from dashboard.pages.job_link import has_pass, seed_of
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.times import epoch_ms
from gateway.desk.contract import IncidentView

router = APIRouter()


def _here(form: FormData) -> tuple[Place, float] | None:
    """Place and accuracy of a form, metres; None when it says that nothing is shared any more."""
    if form.get("stop"):
        return None
    with suppress(ValueError):
        lat, lon, accuracy_m = (float(str(form.get(name, ""))) for name in ("lat", "lon", "accuracy_m"))
        if all(map(isfinite, (lat, lon, accuracy_m))) and abs(lat) <= 90 and abs(lon) <= 180:  # noqa: PLR2004 - degrees
            return Place(lat=lat, lon=lon), accuracy_m
    raise HTTPException(400)


def _take(site: Site, view: IncidentView | None, responder: str, form: FormData) -> Response:
    job = job_of(view.incident, responder) if view is not None and responder else None
    if view is None or job is None:
        raise HTTPException(404)
    here = _here(form)
    if here is None or job.was_there or not job.is_taken:
        site.whereabouts.forget(view.incident.id, responder)
        return JSONResponse({"shared": False, "ends": job.was_there or not job.is_taken})
    is_kept = site.whereabouts.put(view.incident.id, responder, *here)
    return JSONResponse({"shared": is_kept, "ends": False})


@router.post("/p/{token}/here")
async def by_link(request: Request, token: str) -> Response:
    """From the page behind the link of a message."""
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    if not has_pass(request, site, token):
        raise HTTPException(401)
    form, link = await checked_form(request, seed_of(token)), await site.desk.page_link(token)
    if link is None:
        raise HTTPException(404)
    return _take(site, await site.desk.incident(link.incident), link.responder, form)


@router.post("/jobs/{incident:path}/here")
async def signed_in(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OWN_JOBS))], incident: str
) -> Response:
    """From the page of one's own jobs."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    return _take(site, await site.desk.incident(incident), viewer.account.responder, form)


@router.get("/api/whereabouts")
async def shared(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OVERVIEW))]) -> Response:
    """Where those are who are on the way to open incidents of the viewer's area, and share it."""
    site = site_of(request)
    found = []
    for row in (await site.desk.snapshot()).rows:
        here = site.whereabouts.on_the_way_to(row) if viewer.sees(row.area) else None
        if here is not None:
            found.append(
                {
                    "incident": row.incident,
                    "who": row.responder_name or row.responder,
                    "lat": here.place.lat,
                    "lon": here.place.lon,
                    "accuracy_m": here.accuracy_m,
                    "at_ms": epoch_ms(here.at),
                }
            )
    return JSONResponse({"people": found})
