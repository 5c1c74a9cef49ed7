"""Photos of visits and of case files: shown to whoever may see the case file in full."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.enrolment.commands import OpenCaseFile, OpeningReason
from dashboard.access import Do
from dashboard.beside import portraits
from dashboard.pages.case_file import is_shown
from dashboard.pages.parts import name_of_login
from dashboard.photos import photo_in
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.words import mark
from gateway.care.photos_asked import PhotoOf
from gateway.desk.contract import HouseholdView

router = APIRouter()


async def keep(site: Site, viewer: Viewer, home: str, number: str, photo: bytes) -> str:
    """Keep it with the visit of this number; the word for why it was not, or empty."""
    if not photo:
        return ""
    is_kept = await site.desk.keep_photo(home, int(number), viewer.account.login, photo)
    return "" if is_kept else "photo_not_kept"


@router.get("/households/{key:path}/visits/{number:int}/photo")
async def visit_photo(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.CASE_FILES))], key: str, number: int
) -> Response:
    """The photo of a visit: only once the case file was opened with a reason, and each look is written down."""
    site = site_of(request)
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    if not await is_shown(site, viewer, home):
        return RedirectResponse(f"/households/{quote(key)}#open-case", 303)
    photo = await site.desk.visit_photo(key, number)
    if not photo:
        raise HTTPException(404)
    note = viewer.say.gettext(mark("Photo of visit %(number)s"), number=number)
    command = OpenCaseFile(household=key, reason=OpeningReason.DUTY, note=note, by=viewer.account.login)
    answer = await site.desk.submit(command)
    if not answer.done or not answer.recorded:  # what is not written down is not shown
        raise HTTPException(503)
    return Response(photo, media_type="image/jpeg")


@router.get("/scenes/{incident:path}/{name}")
async def scene_photo(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.INCIDENTS))], incident: str, name: str
) -> Response:
    """A photo of the scene, to whoever sees the incident with all that it says of the home."""
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None or view.home is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    return _picture(await site.desk.scene_photo(view.incident.key, view.incident.id, name))


@router.get("/portraits/{incident:path}/{what}")
async def portrait(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.INCIDENTS))], incident: str, what: str
) -> Response:
    """A photo of the case file beside an open incident of that home, to whoever sees the incident."""
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area) or what not in await portraits(site, view):
        raise HTTPException(404)
    return _picture(await site.desk.home_photo(view.incident.key, PhotoOf(what)))


def _picture(photo: bytes) -> Response:
    """The photo as an answer; 404 when there is none."""
    if not photo:
        raise HTTPException(404)
    return Response(photo, media_type="image/jpeg")


@router.get("/households/{key:path}/photos/{what}")
async def home_photo(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.CASE_FILES))], key: str, what: str
) -> Response:
    """A photo of the case file: only to whoever has opened it with a reason, which is written down."""
    site, home = site_of(request), await _home(request, viewer, key)
    if not await is_shown(site, viewer, home):
        return RedirectResponse(f"/households/{quote(key)}#open-case", 303)
    photo = await site.desk.home_photo(key, PhotoOf(what)) if what in set(PhotoOf) else b""
    if not photo:
        raise HTTPException(404)
    return Response(photo, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/households/{key:path}/photos/{what}")
async def keep_home_photo(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.KEEP_CASES))], key: str, what: str
) -> Response:
    """Put a photo into the case file, or take it out."""
    site, form = site_of(request), await checked_form(request, viewer.seed)
    await _home(request, viewer, key)
    if what not in set(PhotoOf):
        raise HTTPException(404)
    photo = await photo_in(form)
    refused = photo if isinstance(photo, str) else ""
    if not refused and not photo and not form.get("out"):
        refused = "not_a_photo"
    if not refused and isinstance(photo, bytes):
        is_kept = await site.desk.keep_home_photo(key, PhotoOf(what), viewer.account.login, photo)
        refused = "" if is_kept else "photo_not_kept"
    asked = f"?refused={refused}" if refused else ""
    return RedirectResponse(f"/households/{quote(key)}{asked}#photos", 303)


async def _home(request: Request, viewer: Viewer, key: str) -> HouseholdView:
    home = await site_of(request).desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


async def photo_parts(site: Site, key: str) -> dict[str, Any]:
    """What the page of a household shows of its photos."""
    every = await site.desk.home_photos(key)
    names = {it.by: await name_of_login(site, it.by) for it in every}
    latest = {what: next((it for it in every if it.what == what), None) for what in PhotoOf}
    return {"photos": latest, "photos_past": every, "photo_names": names}
