"""The responder's page, for a phone in one hand: the incidents they were sent to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.model import EntryKind, IncidentState
from dashboard.access import Do
from dashboard.explain import lead_alarm, why
from dashboard.site import Viewer, needs, site_of
from dashboard.words import REFUSALS

router = APIRouter()


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
        sent = [entry.at for entry in view.timeline if entry.kind is EntryKind.DISPATCHED]
        arrived = [entry.at for entry in view.timeline if entry.kind is EntryKind.ARRIVED]
        cards.append(
            {
                "view": view,
                "lead": lead_alarm(view.incident.alarms),
                "why": why(lead_alarm(view.incident.alarms), now, viewer.say),
                "sent_at": sent[-1] if sent else None,
                "has_arrived": bool(arrived and sent and arrived[-1] >= sent[-1]),
            }
        )
    said = viewer.say.refusal(refused) if refused in REFUSALS else ""
    return site.page(request, viewer, "jobs.html", cards=cards, refused=said)
