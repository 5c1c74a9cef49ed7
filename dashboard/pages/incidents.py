"""The console and the incidents: queue, panel, full page, closed ones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import AreaLevel, covers
from dashboard.access import FIRST_PAGE, Do
from dashboard.folds import folds_of, piled
from dashboard.pages.parts import incident_parts
from dashboard.rows import asked_of, console_row, counters_of, group_of, offered_to, queue_order
from dashboard.site import Site, Viewer, needs, site_of, viewer_of
from dashboard.words import REFUSALS

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.INCIDENTS))]

LONGEST_LIST = 300


async def queue_parts(site: Site, viewer: Viewer) -> dict[str, Any]:
    """The queue's two groups, in order, and the counters."""
    everything = await site.desk.snapshot()
    counters = (await site.desk.snapshot(viewer.account.area)).counters if viewer.account.area else everything.counters
    rows = sorted((row for row in everything.rows if viewer.sees(row.area)), key=queue_order)
    folds = folds_of(everything.rows, everything.flood)
    shown = [(group_of(row), folds.applied(console_row(row, viewer.say), row)) for row in rows]
    unclaimed = [row for group, row in shown if group == "unclaimed"]
    progress = [row for group, row in shown if group == "progress"]
    return {
        "unclaimed": unclaimed,
        "progress": progress,
        "piles": piled(unclaimed),
        "asks_you": [console_row(row, viewer.say) for row in asked_of(rows, viewer.account)],
        "offered_you": [console_row(row, viewer.say) for row in offered_to(rows, viewer.account)],
        "flood": folds.band(rows, viewer.say),
        "counters": counters_of(counters) | {"unclaimed": len(unclaimed), "in_progress": len(progress)},
    }


async def _refused(request: Request, site: Site, viewer: Viewer) -> str:
    """Why the last step was not done, from the address a form went back to."""
    word, holder = request.query_params.get("refused", ""), request.query_params.get("holder", "")
    if word not in REFUSALS:
        return viewer.say.refusal(word) if word.isidentifier() else ""
    account = await site.desk.account(holder) if holder else None
    return viewer.say.refusal(word, account.name if account else "")


@router.get("/")
async def console(request: Request, viewer: Annotated[Viewer, Depends(viewer_of)], incident: str = "") -> Response:
    """The operator's console; everybody else is sent to their own first page."""
    if not viewer.may(Do.CONSOLE):
        return RedirectResponse(FIRST_PAGE[viewer.account.role], 303)
    site = site_of(request)
    values = await queue_parts(site, viewer)
    own = viewer.account.area
    values["towns"] = [
        it for it in await site.desk.areas() if it.level is AreaLevel.TOWN and it.key != own and covers(own, it.key)
    ]
    if incident:
        try:
            values |= await incident_parts(site, viewer, incident)
        except HTTPException:
            values["missing"] = incident
    refused = await _refused(request, site, viewer)
    return site.page(request, viewer, "console.html", chosen=incident, refused=refused, back="console", **values)


@router.get("/incidents")
async def closed(request: Request, viewer: Reader) -> Response:
    """Closed incidents of the viewer's area, latest first."""
    site = site_of(request)
    rows = await site.desk.closed(viewer.account.area, LONGEST_LIST)
    rows = [row for row in rows if viewer.sees(row.area)]
    return site.page(request, viewer, "closed.html", rows=rows)


@router.get("/incidents/{incident:path}/panel")
async def panel(request: Request, viewer: Reader, incident: str) -> Response:
    """The incident's panel alone, for the console's scripts."""
    site = site_of(request)
    parts = await incident_parts(site, viewer, incident)
    return site.page(request, viewer, "panel.html", refused="", back="console", **parts)


@router.get("/incidents/{incident:path}")
async def one(request: Request, viewer: Reader, incident: str) -> Response:
    """One incident on a page of its own."""
    site = site_of(request)
    parts = await incident_parts(site, viewer, incident)
    refused = await _refused(request, site, viewer)
    return site.page(request, viewer, "incident.html", refused=refused, back="page", **parts)
