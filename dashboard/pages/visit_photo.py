"""Photos of visits: kept with the visit that was just recorded, shown to whoever may see the case file in full."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from alerting.enrolment.commands import OpenCaseFile, OpeningReason
from dashboard.access import Do
from dashboard.pages.case_file import is_shown
from dashboard.photos import MOST_BYTES, NotAPhotoError, made_small, sent_small
from dashboard.site import Site, Viewer, needs, site_of
from dashboard.words import mark

router = APIRouter()


async def photo_in(form: FormData) -> bytes | str:
    """The photo of a form, made small; empty where there is none, or the word of what is wrong with it."""
    file = form.get("photo")
    taken = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    if len(taken) > MOST_BYTES:
        return "photo_too_large"
    try:
        taken = taken or sent_small(str(form.get("photo_data", "")))
        return await asyncio.to_thread(made_small, taken) if taken else b""
    except NotAPhotoError:
        return "not_a_photo"


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
