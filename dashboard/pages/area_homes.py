"""Somebody is sent to one home of an area incident, from its line in the list: on that home's own incident.

Where the home has none, one is opened, as for a call by telephone. Each part is a command of its own: whatever stops
in between leaves an incident that rings, and never one that nobody knows of.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.commands import AnyCommand, Claim, Dispatch, Note, OpenManual
from alerting.model import IncidentState, Priority
from dashboard.access import Do
from dashboard.flood_words import HOME_CHECKED, SENT_TO_HOME
from dashboard.pages.steps import answered, back_to, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer, IncidentView
from gateway.desk.duty_desk import MemberRow

router = APIRouter()

CHECKED = Priority.P2
"""Of the incident that is opened for a home which cannot be reached: nobody has called for help from there."""


@router.post("/incidents/{incident:path}/send_home")
async def send_home(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.ACT))], incident: str) -> Response:
    """Send a responder to one home of an area incident."""
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = next((it for it in view.members if it.key == form.get("home")), None)
    if home is None:
        raise HTTPException(400)
    answer = await _sent(site, viewer, view, home, form)
    return await answered(request, site, viewer, answer, back_to(request, incident))


async def _sent(site: Site, viewer: Viewer, view: IncidentView, home: MemberRow, form: dict[str, str]) -> Answer:
    """Open where nothing is open, claim, dispatch, and say so in the area's timeline; the first refusal ends it."""
    by, area, once = viewer.account.login, view.incident, form.get("once", "")
    going = next((it for it in home.responders if it.id == form.get("responder")), None)
    if area.state is IncidentState.CLOSED:
        return Answer(incident=area.id, refused="no_incident")
    if going is None:
        return Answer(incident=area.id, refused="unknown_responder")

    async def ask(command: AnyCommand) -> Answer:
        return await site.desk.submit(command, once=once_key(command, once))

    own = home.open_incident
    if not own:
        text = viewer.say.gettext(HOME_CHECKED, kind=viewer.say.alarm(area.alarms[0].kind), area=view.row.resident)
        opened = await ask(OpenManual(key=home.key, by=by, text=text, priority=CHECKED))
        if not opened.done:
            return opened
        own = opened.incident
    if home.claimed_by not in {"", by}:
        return Answer(incident=own, refused="held_by_other", held_by=home.claimed_by)
    claimed = await ask(Claim(key=home.key, incident=own, by=by))
    if not claimed.done:
        return claimed
    sent = await ask(Dispatch(key=home.key, incident=own, by=by, responder=going.id))
    if not sent.done:
        return sent
    said = viewer.say.gettext(SENT_TO_HOME, who=going.name, home=home.resident or home.key, incident=own)
    await ask(Note(key=area.key, incident=area.id, by=by, text=said))
    return Answer(incident=area.id, recorded=sent.recorded)
