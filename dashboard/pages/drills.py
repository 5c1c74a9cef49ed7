"""Drills of communications: started for an area, followed while they run, and the report of who answered when."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import covers
from alerting.duty.drill import MOST_CALLED, StartDrill, StopDrill, drill_key
from dashboard.access import Do
from dashboard.by_pin import by_pin
from dashboard.drill_part import Report, report_of, table_of
from dashboard.drill_words import OUTCOMES, WHY_NOT
from dashboard.form_fields import chosen, typed, whole
from dashboard.pages.importing import attached
from dashboard.pages.parts import name_of_login
from dashboard.sheet import as_excel, made_apart
from dashboard.site import VISITOR_COOKIE, Site, Viewer, checked_form, needs, site_of
from dashboard.words import mark
from gateway.drills.asked import DrillLink, DrillView

router = APIRouter()

Practising = Annotated[Viewer, Depends(needs(Do.DRILL))]

WITHIN_MIN = 15
MINUTE_S = 60
STATUS = {"over": 410, "wrong_pin": 401, "wait": 429, "no_pin": 409, "busy": 503, "store_away": 503}


@router.get("/drills")
async def page(request: Request, viewer: Practising, area: str = "", again: str = "") -> Response:
    """Drills so far, and whom one of an area would call; ``again``: only who has not answered that one."""
    site = site_of(request)
    return site.page(request, viewer, "drills.html", **await _parts(site, viewer, area, whole(again) or 0))


async def _parts(site: Site, viewer: Viewer, area: str, again: int = 0) -> dict[str, Any]:
    own = viewer.account.area
    areas = {it.key: it for it in await site.desk.areas() if covers(own, it.key)}
    area = area if area in areas else own
    drills = await site.desk.drills(own)
    people = await site.desk.drill_people(area) if area else []
    silent = {it.person.id for it in await site.desk.drill_calls(area, again) if not it.called.answered_s}
    return {
        "areas": areas,
        "area": area,
        "people": people,
        "ticked": {it.id for it in people if not it.why_not and (not again or it.id in silent)},
        "again": again,
        "most": MOST_CALLED,
        "drills": drills,
        "runs": next((it for it in drills or () if it.area == area and it.ended_at is None), None),
        "names": await _names(site, drills or ()),
        "why_not": WHY_NOT,
        "within_min": WITHIN_MIN,
        "note": "",
        "refused": "",
    }


async def _names(site: Site, drills: Sequence[DrillView]) -> dict[str, str]:
    logins = {login for it in drills for login in (it.by, it.stopped_by) if login}
    return {login: await name_of_login(site, login) for login in logins}


@router.post("/drills/start")
async def start(request: Request, viewer: Practising) -> Response:
    """Call these people now."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    area, minutes = typed(form, "area"), whole(typed(form, "within_min")) or 0
    if not area or not viewer.sees(area):
        raise HTTPException(403)
    theirs = {it.id for it in await site.desk.drill_people(area) if not it.why_not}
    persons = tuple(it for it in chosen(form, "person") if it in theirs)
    command = StartDrill(
        key=drill_key(area),
        by=viewer.account.login,
        persons=persons,
        within_s=minutes * MINUTE_S,
        note=typed(form, "note"),
    )
    answer = await site.desk.submit(command, once=typed(form, "once")[:60])
    if answer.done:
        return RedirectResponse(f"/drills/{area}/{answer.made}", 303)
    parts = await _parts(site, viewer, area) | {"refused": viewer.say.refusal(answer.refused)}
    parts |= {"ticked": set(persons), "within_min": minutes or WITHIN_MIN, "note": typed(form, "note")}
    return site.page(request, viewer, "drills.html", status=409, **parts)


async def _report(request: Request, viewer: Viewer, area: str, number: int) -> Report:
    """The report of one drill.

    Raises:
        HTTPException: 404 when there is none, or none that this viewer sees.
    """
    site = site_of(request)
    drill = await site.desk.drill(area, number) if viewer.sees(area) else None
    if drill is None:
        raise HTTPException(404)
    before = await site.desk.drill(area, number - 1) if number > 1 else None
    return report_of(drill, before, await site.desk.drill_calls(area, number), viewer.say)


@router.get("/drills/{area}/{number}")
async def report(request: Request, viewer: Practising, area: str, number: int) -> Response:
    """Who answered when; while it runs it stays fresh by itself."""
    site = site_of(request)
    found = await _report(request, viewer, area, number)
    areas = {it.key: it.name for it in await site.desk.areas()}
    called = {it.person.id for it in found.lines}
    values: dict[str, Any] = {
        "report": found,
        "drill": found.drill,
        "areas": areas,
        "names": await _names(site, [found.drill]),
        "outcomes": OUTCOMES,
        "why_not": WHY_NOT,
        "others": [it for it in await site.desk.drill_people(area) if it.id not in called]
        if found.drill.ended_at
        else [],
        "again": urlencode({"area": area, "again": number}),
    }
    return site.page(request, viewer, "drill.html", **values)


@router.get("/drills/{area}/{number}/file")
async def report_file(request: Request, viewer: Practising, area: str, number: int) -> Response:
    """The same as an Excel file."""
    found = await _report(request, viewer, area, number)
    areas = {it.key: it.name for it in await site_of(request).desk.areas()}
    title = viewer.say.gettext(mark("Drill of communications"))
    made = await asyncio.to_thread(made_apart, partial(as_excel, title), table_of(found, areas, viewer.say))
    return attached(made, "xlsx", f"drill-{area}-{number}.xlsx")


@router.post("/drills/{area}/stop")
async def stop(request: Request, viewer: Practising, area: str) -> Response:
    """Call nobody else."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    if not viewer.sees(area):
        raise HTTPException(404)
    await site.desk.submit(StopDrill(key=drill_key(area), by=viewer.account.login))
    latest = next((it for it in await site.desk.drills(area) or () if it.area == area), None)
    return RedirectResponse(f"/drills/{area}/{latest.number}" if latest is not None else "/drills", 303)


def _linked(request: Request, token: str, link: DrillLink | None, *, wrong: str = "", said: str = "") -> Response:
    status = 410 if link is None else STATUS.get(wrong, 200)
    values = {"token": token, "link": link, "wrong": wrong, "said": said}
    return site_of(request).visitor_page(request, "drill_link.html", status=status, **values)


@router.get("/d/{token}")
async def look(request: Request, token: str) -> Response:
    """The page behind the link of a drill's message. Changes nothing but that it was seen."""
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    link = await site.desk.drill_link(token)
    if link is not None:
        await site.desk.drill_seen(token)
    return _linked(request, token, link)


@router.post("/d/{token}")
async def answer(request: Request, token: str) -> Response:
    """Answer with the PIN, as one would in earnest."""
    site = site_of(request)
    form = await checked_form(request, request.cookies.get(VISITOR_COOKIE, ""))
    link = await site.desk.drill_link(token)
    if link is None:
        return _linked(request, token, None)
    what, once = "declined" if form.get("answer") == "declined" else "accepted", typed(form, "once")
    told = await by_pin(site, link.person, form.get("pin"), lambda pin: site.desk.answer_drill(token, pin, what, once))
    return _linked(request, token, link, wrong=told.refused, said="" if told.refused else what)
