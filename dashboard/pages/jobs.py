"""The responder's page, for a phone in one hand: the incidents they were sent to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.model import IncidentState
from dashboard.access import Do
from dashboard.job_card import card_of
from dashboard.pages.job_link import WITH_A_JOB, keep_script
from dashboard.refusal_words import REFUSALS
from dashboard.site import Viewer, needs, site_of

router = APIRouter()


@router.get("/jobs/keep.js")
async def keeper() -> Response:
    """The script that keeps this page on the telephone, as behind a link; it may see no other."""
    return keep_script("/jobs")


@router.get("/jobs")
async def jobs(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OWN_JOBS))], refused: str = "") -> Response:
    """Incidents this responder was sent to and that are not closed, the most urgent first."""
    site = site_of(request)
    me = viewer.account.responder
    rows = [row for row in (await site.desk.snapshot()).rows if me and me in row.sent]
    cards = []
    for row in sorted(rows, key=lambda row: (row.state == IncidentState.RESOLVED, row.priority, row.opened_at)):
        view = await site.desk.incident(row.incident)
        job = view.incident.job_of(me) if view is not None else None
        if view is not None and job is not None and not job.is_over:
            cards.append(await card_of(site, view, job, viewer.say))
    said = viewer.say.refusal(refused) if refused in REFUSALS else ""
    page = site.page(request, viewer, "jobs.html", cards=cards, refused=said)
    if cards:
        page.headers[WITH_A_JOB] = "1"
    return page
