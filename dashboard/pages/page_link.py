"""The page behind the link of a text message: for one person, on a telephone, in a hurry.

Opening it says that it was seen, and nothing else: previews open links. Taking it over is a form with the person's PIN.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboard.by_pin import by_pin
from dashboard.pages import job_link
from dashboard.site import VISITOR_COOKIE, Site, checked_form, site_of
from gateway.paging.outside import PageLink

router = APIRouter()

LONGEST_WHY = 200
LATE = ("accepted_by_other", "held_by_other", "nobody_needed", "unknown_person")
STATUS = {"over": 410, "wrong_pin": 401, "wait": 429, "no_pin": 409, "busy": 503, "store_away": 503}
STATUS |= dict.fromkeys(LATE, 409)


def _shown(
    request: Request, site: Site, token: str, link: PageLink | None, *, wrong: str = "", **values: object
) -> Response:
    values = {"row": None, "answered": "", **values}
    status = 410 if link is None else STATUS.get(wrong, 200)
    return site.visitor_page(request, "page_link.html", status=status, token=token, link=link, wrong=wrong, **values)


@router.get("/p/{token}")
async def look(request: Request, token: str) -> Response:
    """What it is about, with the least of anybody. Changes nothing but that it was seen."""
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    link = await site.desk.page_link(token)
    if link is not None:
        await site.desk.page_told(link.reference, "seen")
        if (found := await job_link.theirs(site, link)) is not None:
            return await job_link.shown(request, site, token, link, found)
    return _shown(request, site, token, link)


@router.post("/p/{token}")
async def answer(request: Request, token: str) -> Response:
    """Take it over, or say that one cannot; needs the PIN. Then, and only then, name and address are shown."""
    site = site_of(request)
    form = await checked_form(request, request.cookies.get(VISITOR_COOKIE, ""))
    link = await site.desk.page_link(token)
    if link is None:
        return _shown(request, site, token, None)
    found = await job_link.theirs(site, link)
    if found is not None:
        return await _of_job(request, site, token, link, found, form)
    what = "declined" if form.get("answer") == "declined" else "accepted"
    once, why = str(form.get("once", "")), " ".join(str(form.get("why", "")).split())[:LONGEST_WHY]
    told = await by_pin(
        site, link.person, form.get("pin"), lambda pin: site.desk.accept_page(token, pin, what, once, why)
    )
    again = await site.desk.page_link(token) or link
    if told.refused:
        return _shown(request, site, token, again, wrong=told.refused)
    if what == "accepted" and await job_link.theirs(site, again) is not None:
        back = RedirectResponse(f"/p/{token}", 303)
        job_link.give_pass(site, back, token)
        return back
    view = await site.desk.incident(link.incident) if what == "accepted" else None
    answered = "given_back" if what == "declined" and link.theirs else what
    return _shown(request, site, token, again, answered=answered, row=view.row if view is not None else None)


async def _of_job(
    request: Request, site: Site, token: str, link: PageLink, found: job_link.Found, form: FormData
) -> Response:
    """The same to whoever was sent: their answer, or nothing but the PIN that opens the job."""
    known = await by_pin(site, link.person, form.get("pin"), lambda pin: site.desk.knows_pin(token, pin))
    if known.refused:
        return await _refused(request, site, token, link, found, known.refused)
    return await job_link.answer_with_pin(request, site, token, link, found, form)


async def _refused(
    request: Request, site: Site, token: str, link: PageLink, found: job_link.Found | None, why: str
) -> Response:
    if found is None:
        return _shown(request, site, token, link, wrong=why)
    return await job_link.shown(request, site, token, link, found, why)
