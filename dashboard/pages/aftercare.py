"""What comes after an incident: follow-up calls that are owed and made, and notes of a case file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.commands import AnyCommand, KeepNote, RecordFollowUp, StrikeNote
from alerting.incidents.afterwards import CallResult
from dashboard.access import Do
from dashboard.follow_up_part import called_after
from dashboard.pages.parts import name_of_login
from dashboard.pages.steps import LONGEST_TEXT, Actor, answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.words import REFUSALS

router = APIRouter()

TO_CALL = ("late", "due")
Fields = dict[str, str]


@router.get("/follow-ups")
async def follow_ups(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.FOLLOW_UPS))], refused: str = ""
) -> Response:
    """Homes of the viewer's area that are owed a call: late, due, later; and the latest that have ended."""
    site = site_of(request)
    rows = [row for row in await site.desk.follow_ups(viewer.account.area) if viewer.sees(row.area)]
    done = [row for row in await site.desk.follow_ups_done(viewer.account.area) if viewer.sees(row.area)]
    terms = await site.desk.follow_up_terms()
    return site.page(
        request,
        viewer,
        "follow_ups.html",
        to_call=[row for row in rows if row.stage in TO_CALL],
        later=[row for row in rows if row.stage not in TO_CALL],
        done=done,
        names={row.by: await name_of_login(site, row.by) for row in done},
        terms=terms,
        called_after=called_after(terms, viewer.say),
        results=list(CallResult),
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


async def _asked(request: Request, viewer: Viewer, key: str) -> tuple[Site, Fields]:
    """The form that was posted about a home of the viewer's area.

    Raises:
        HTTPException: 403 when none of our pages made it, 404 when there is no such home in the viewer's area.
    """
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return site, form


async def _carried_out(
    request: Request, viewer: Viewer, site: Site, form: Fields, command: AnyCommand, back: str
) -> Response:
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, answer, back)


@router.post("/follow-ups/{key:path}/call")
async def call(request: Request, viewer: Actor, key: str) -> Response:
    """The home was telephoned."""
    site, form = await _asked(request, viewer, key)
    if form.get("result") not in set(CallResult):
        raise HTTPException(400)
    command = RecordFollowUp(
        key=key,
        incident=form.get("incident", ""),
        by=viewer.account.login,
        result=CallResult(form["result"]),
        text=form.get("text", "").strip()[:LONGEST_TEXT],
    )
    return await _carried_out(request, viewer, site, form, command, "/follow-ups")


@router.post("/households/{key:path}/notes")
async def keep_note(request: Request, viewer: Actor, key: str) -> Response:
    """A note for the case file."""
    site, form = await _asked(request, viewer, key)
    command = KeepNote(key=key, by=viewer.account.login, text=form.get("text", "").strip()[:LONGEST_TEXT])
    return await _carried_out(request, viewer, site, form, command, f"/households/{key}")


@router.post("/households/{key:path}/notes/{number:int}/strike")
async def strike_note(request: Request, viewer: Actor, key: str, number: int) -> Response:
    """A note of the case file does not hold any more."""
    site, form = await _asked(request, viewer, key)
    command = StrikeNote(key=key, by=viewer.account.login, number=number)
    return await _carried_out(request, viewer, site, form, command, f"/households/{key}")
