"""What people do with an incident: each step a plain form, enhanced by the console's scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from alerting.commands import (
    Accept,
    AcceptJob,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    FollowScript,
    HandOver,
    HoldUntil,
    Note,
    OpenManual,
    Prompt,
    ReadRisks,
    RecordCall,
    RefuseToClose,
    Release,
    Reopen,
    ReportStage,
    Resolve,
    TakeBack,
)
from alerting.model import Outcome, Priority
from dashboard.access import Do
from dashboard.call_words import CALL_RESULTS
from dashboard.job_form import JOB_STEPS, ON_THE_CARD, job_command, risks_read
from dashboard.scene_photo import keep_scene
from dashboard.site import Site, Viewer, checked_form, needs, site_of, viewer_of, wants_json
from dashboard.speech import Speech
from gateway.desk.contract import Answer, IncidentView

router = APIRouter()

Actor = Annotated[Viewer, Depends(needs(Do.ACT))]
Second = Annotated[Viewer, Depends(needs(Do.AGREE))]
BESIDE = ("hold", "hand_over", "refuse", "follow")
MOST_DIGITS = 9
AS_SECOND_PERSON = ("agree", "refuse")

LONGEST_TEXT = 2000
TAPPED = AcceptJob | ReportStage | ReadRisks
TRY_AGAIN = frozenset({"store_away", "busy"})
"""Refusals that mean nothing but *later*: a telephone keeps what it was to send."""

Fields = Mapping[str, str]


def _command(step: str, form: Fields, key: str, incident: str, by: str, now: datetime) -> AnyCommand | str:
    """The command a form asks for, or the word of what is missing in it."""
    plain: dict[str, Callable[..., AnyCommand]] = {
        "claim": Claim,
        "release": Release,
        "prompt": Prompt,
        "reopen": Reopen,
        "take_back": TakeBack,
        "accept": Accept,
        "decline": Decline,
        "agree": AgreeToClose,
    }
    text = form.get("text", "").strip()[:LONGEST_TEXT]
    if step in plain:
        return plain[step](key=key, incident=incident, by=by)
    if step in JOB_STEPS:
        return job_command(step, form, key, incident, by, now)
    if step == "resolve":
        return Resolve(key=key, incident=incident, by=by, text=text)
    if step in BESIDE:
        return _beside(step, form, key, incident, by)
    if step == "note":
        return Note(key=key, incident=incident, by=by, text=text) if text else "no_text"
    if step == "call":
        return _call(form, key, incident, by)
    if step == "close":
        outcome = form.get("outcome", "")
        if outcome not in set(Outcome):
            return "no_outcome"
        kept = form.get("case_note", "").strip()[:LONGEST_TEXT]
        return Close(key=key, incident=incident, by=by, outcome=Outcome(outcome), text=text, case_note=kept)
    raise HTTPException(404)


def _beside(step: str, form: Fields, key: str, incident: str, by: str) -> AnyCommand:
    """Steps that put the incident by, bring another person in, or go on by another script."""
    if step == "refuse":
        return RefuseToClose(key=key, incident=incident, by=by, text=form.get("text", "").strip()[:LONGEST_TEXT])
    if step == "follow":
        return FollowScript(key=key, incident=incident, by=by, script=form.get("script", ""))
    if step == "hand_over":
        return HandOver(key=key, incident=incident, by=by, to=form.get("to", ""))
    for_s, reason = form.get("for_s", ""), form.get("text", "").strip()[:LONGEST_TEXT]
    whole_s = int(for_s) if for_s.isdecimal() and len(for_s) < MOST_DIGITS else 0
    return HoldUntil(key=key, incident=incident, by=by, for_s=whole_s, reason=reason)


def _call(form: Fields, key: str, incident: str, by: str) -> AnyCommand:
    whom, result = form.get("whom", "").strip().replace("|", " ")[:LONGEST_TEXT], form.get("result", "")
    responder = form.get("responder", "")[:LONGEST_TEXT]
    if not whom or result not in CALL_RESULTS:
        raise HTTPException(400)
    return RecordCall(key=key, incident=incident, by=by, whom=whom, result=result, responder=responder)


def once_key(command: AnyCommand, once: str) -> str:
    """The idempotency key of a form: its own key and what was written in it, so that another text is not lost."""
    if isinstance(command, TAPPED):  # sent again it was said as long ago, which is another moment
        command = msgspec.structs.replace(command, tapped_at=None)
    return hashlib.sha256(once.encode() + b"\0" + msgspec.json.encode(command)).hexdigest() if once else ""


async def carry_out(site: Site, seed: str, request: Request, view: IncidentView, step: str, by: str) -> Answer:
    """Read the form of a step on an incident, whose token is bound to ``seed``, and submit its command.

    Raises:
        HTTPException: 400 for a form none of our pages makes, 403 for one not made for this browser,
            404 for an unknown step.
    """
    sent = await checked_form(request, seed)
    if step == "photo":
        return await keep_scene(site, view, sent, by, site.speech(request))
    form = {name: str(value) for name, value in sent.items()}
    about = (view.incident.key, view.incident.id, by, site.desk.now())
    if step == "risks":
        command = risks_read(form, view.home.household.risks if view.home is not None else (), *about)
    else:
        command = _command(step, form, *about)
    if isinstance(command, FollowScript) and command.script not in {script.id for script in view.scripts}:
        raise HTTPException(400)
    if isinstance(command, str):
        return Answer(incident=view.incident.id, refused=command)
    return await site.desk.submit(command, once=once_key(command, form.get("once", "")))


@router.post("/incidents/{incident:path}/{step}")
async def act(request: Request, viewer: Second, incident: str, step: str) -> Response:
    """One step of an operator; a supervisor may only be the second person."""
    if step not in AS_SECOND_PERSON and not viewer.may(Do.ACT):
        raise HTTPException(403)
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    answer = await carry_out(site, viewer.seed, request, view, step, viewer.account.login)
    return await answered(request, site, viewer, answer, back_to(request, incident))


def back_to(request: Request, incident: str) -> str:
    """Where a form without scripts goes back to: the console, or the incident's own page."""
    if request.query_params.get("back") == "page":
        return f"/incidents/{quote(incident)}"
    return f"/?{urlencode({'incident': incident})}"


async def answered(request: Request, site: Site, viewer: Viewer, answer: Answer, back: str) -> Response:
    """The Desk's answer, for a script as JSON, for a person as a page with the reason."""
    return await told(request, site, viewer.say, answer, back)


async def told(request: Request, site: Site, say: Speech, answer: Answer, back: str) -> Response:
    """The same in the language of somebody who need not be signed in."""
    if wants_json(request):
        account = await site.desk.account(answer.held_by) if answer.held_by else None
        who = account.name if account else answer.held_by if answer.refused == "on_other_job" else ""
        said = say.refusal(answer.refused, who) if answer.refused else ""
        outcome = {"done": answer.done, "incident": answer.incident, "refused": answer.refused, "message": said}
        return JSONResponse(outcome, 200 if answer.done else 503 if answer.refused in TRY_AGAIN else 409)
    if answer.refused:
        query = urlencode({"refused": answer.refused, "holder": answer.held_by})
        back += f"{'&' if '?' in back else '?'}{query}"
    return RedirectResponse(back, 303)


@router.get("/new-incident")
async def ask_manual(request: Request, viewer: Actor, q: str = "", key: str = "", refused: str = "") -> Response:
    """The form for an incident that somebody reports by telephone: find the home, say what it is about."""
    site = site_of(request)
    q = q.strip()[:100]
    rows = await site.desk.households(viewer.account.area, q, 30) if q else []
    said = viewer.say.refusal(refused) if refused.isidentifier() else ""
    return site.page(request, viewer, "new_incident.html", q=q, rows=rows, chosen=key, refused=said, Priority=Priority)


@router.post("/new-incident")
async def open_manual(request: Request, viewer: Actor) -> Response:
    """Open an incident by hand; it joins the home's running one, if there is one."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    key, text = str(form.get("key", "")), str(form.get("text", "")).strip()[:LONGEST_TEXT]
    again = f"/new-incident?{urlencode({'q': str(form.get('q', '')), 'key': key})}"
    home = await site.desk.household(key) if key else None
    if home is None or not viewer.sees(home.household.area):
        return await answered(request, site, viewer, Answer(refused="no_household"), again)
    if not text:
        return await answered(request, site, viewer, Answer(refused="no_text"), again)
    urgency = str(form.get("priority", "1"))
    priority = Priority(int(urgency)) if urgency in {"1", "2", "3"} else Priority.P1
    command = OpenManual(key=key, by=viewer.account.login, text=text, priority=priority)
    answer = await site.desk.submit(command, once=once_key(command, str(form.get("once", ""))))
    target = f"/?{urlencode({'incident': answer.incident})}" if answer.done else again
    return await answered(request, site, viewer, answer, target)


@router.post("/jobs/{incident:path}/{step}")
async def answer_job(
    request: Request, viewer: Annotated[Viewer, Depends(viewer_of)], incident: str, step: str
) -> Response:
    """One step of a responder on an incident they were sent to: how far they have come, a note, a call."""
    if not viewer.may(Do.OWN_JOBS) or not viewer.account.responder:
        raise HTTPException(403)
    if step not in {*ON_THE_CARD, "call"}:
        raise HTTPException(404)
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None:
        raise HTTPException(404)
    if view.incident.job_of(viewer.account.responder) is None:
        return await answered(request, site, viewer, Answer(refused="not_yours"), "/jobs")
    answer = await carry_out(site, viewer.seed, request, view, step, f"responder:{viewer.account.responder}")
    return await answered(request, site, viewer, answer, "/jobs")
