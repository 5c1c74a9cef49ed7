"""The responder's page, for a phone in one hand: the incidents they were sent to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import IncidentState
from dashboard.access import Do
from dashboard.explain import lead_alarm, why
from dashboard.job_lines import jobs_of
from dashboard.job_words import HANDED_TO
from dashboard.site import Viewer, needs, site_of
from dashboard.speech import REFUSALS

router = APIRouter()

WHOM = {it: HANDED_TO[it] for it in HandedTo if it is not HandedTo.DESK}
"""To whom a responder hands over by themselves; that nobody has to stay the desk says."""


@router.get("/jobs")
async def jobs(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OWN_JOBS))], refused: str = "") -> Response:
    """Incidents this responder was sent to and that are not closed, the most urgent first."""
    site = site_of(request)
    me, now = viewer.account.responder, site.desk.now()
    rows = [row for row in (await site.desk.snapshot()).rows if me and me in row.sent]
    cards = []
    for row in sorted(rows, key=lambda row: (row.state == IncidentState.RESOLVED, row.priority, row.opened_at)):
        view = await site.desk.incident(row.incident)
        if view is None:
            continue
        job = view.incident.job_of(me)
        if job is None or job.is_over:
            continue
        names = {it.id: it.name for it in (view.home.responders if view.home else view.responders)}
        cards.append(
            {
                "view": view,
                "lead": lead_alarm(view.incident.alarms),
                "why": why(lead_alarm(view.incident.alarms), now, viewer.say),
                "job": job,
                "sent_at": job.at(Stage.OFFERED),
                "others": [it for it in jobs_of(view.incident, names, viewer.say) if it.responder != me],
            }
        )
    said = viewer.say.refusal(refused) if refused in REFUSALS else ""
    return site.page(request, viewer, "jobs.html", cards=cards, refused=said, handed_to=WHOM)
