"""A household leaves the programme, or is taken up again; and everything that is kept about it, for itself."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.enrolment.commands import LeaveProgramme, OpenCaseFile, OpeningReason, TakeUpAgain
from alerting.model import IncidentState
from dashboard.access import Do
from dashboard.everything import everything_about, photos_of, zipped
from dashboard.pages.parts import name_of_login
from dashboard.pages.steps import answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer, HouseholdView

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]


async def _home(site: Site, viewer: Viewer, key: str) -> HouseholdView:
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


@router.post("/households/{key:path}/leave")
async def leave(request: Request, viewer: Keeper, key: str) -> Response:
    """The household leaves; refused while an incident of it is open."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await _home(site, viewer, key)
    command = LeaveProgramme(household=key, note=form.get("note", ""), by=viewer.account.login)
    if any(row.state != IncidentState.CLOSED for row in home.incidents):
        answer = Answer(refused="close_first")
    else:
        answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, answer, f"/households/{quote(key)}")


@router.post("/households/{key:path}/take-up")
async def take_up(request: Request, viewer: Keeper, key: str) -> Response:
    """It has not left after all, or is back."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    await _home(site, viewer, key)
    command = TakeUpAgain(household=key, note=form.get("note", ""), by=viewer.account.login)
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, answer, f"/households/{quote(key)}")


@router.post("/households/{key:path}/everything")
async def everything(request: Request, viewer: Keeper, key: str) -> Response:
    """All that is kept about a household, in one file; whoever takes it says for whom, and that is written down."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await _home(site, viewer, key)
    note = form.get("note", "")
    command = OpenCaseFile(household=key, reason=OpeningReason.ASKED, note=note, by=viewer.account.login)
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    if answer.done and not answer.recorded:  # nobody gets it that is not written down
        answer = Answer(refused="list_not_recorded")
    if not answer.done:
        return await answered(request, site, viewer, answer, f"/households/{quote(key)}")
    about = await everything_about(site, viewer.say, home)
    names = {it.by: await name_of_login(site, it.by) for it in about["openings"]}
    page = site.draw("everything.html", viewer.say, about=about, home=home, names=names)
    content = await asyncio.to_thread(zipped, about, page, await photos_of(site, key))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{key}.zip')}"}
    return Response(content, media_type="application/zip", headers=headers | {"Cache-Control": "no-store"})
