"""The telephone exchange: what it tells of calls, what operators see of them, and calls they let it dial."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl, quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import JSONResponse, Response

from dashboard.access import Do
from dashboard.inflow import bounded_body
from dashboard.pages.steps import answered, back_to
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer
from gateway.paging.outside import CallNews, CallView

router = APIRouter()

Caller = Annotated[Viewer, Depends(needs(Do.CALLS))]

WORDS = {"event": {"ringing", "answered", "ended"}, "direction": {"in", "out"}}
RESULTS = {"", "spoke", "no_answer", "busy", "failed"}
LONGEST = 100
MOST_SHOWN = 100


@router.post("/telephony/calls")
async def call_told(request: Request) -> Response:
    """What the exchange tells of a call, as JSON or as a form; answers with what is known of the caller."""
    site = site_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not site.desk.is_exchange(token.strip()):
        return JSONResponse({"error": "not the exchange"}, 401)
    if not site.exchange.lets("exchange"):
        return JSONResponse({"error": "too many"}, 429)
    try:
        news = await _read(request)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        return JSONResponse({"error": f"not understood: {wrong}"[:300]}, 400)
    call = await site.desk.call_told(news)
    return JSONResponse(_told(call, str(request.base_url).rstrip("/")))


async def _read(request: Request) -> CallNews:
    body = await bounded_body(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        told: Any = msgspec.json.decode(body)
    else:
        told = dict(_form(request, body))
    news = msgspec.convert(told, type=CallNews, strict=False)
    if not 0 < len(news.call) <= LONGEST or len(news.number) > LONGEST:
        raise ValueError("call, number: too long or missing")
    for name, allowed in WORDS.items():
        if getattr(news, name) not in allowed:
            raise ValueError(f"{name}: one of {', '.join(sorted(allowed))}")
    if news.result not in RESULTS or not 0 <= news.duration_s < 86_400:  # noqa: PLR2004 - a day
        raise ValueError("result or duration_s: out of bounds")
    return news


def _form(request: Request, body: bytes) -> list[tuple[str, str]]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise ValueError("content type: application/json or application/x-www-form-urlencoded")
    return parse_qsl(body.decode(), max_num_fields=20)


def _told(call: CallView, base_url: str) -> dict[str, Any]:
    """What the exchange may show on a telephone's screen, and the page it may open for whoever answers."""
    return {
        "call": call.call,
        "number": call.number,
        "known": bool(call.homes or call.responder),
        "name": call.homes[0].who if call.homes else call.responder,
        "homes": [home.household for home in call.homes],
        "incident": call.incident,
        "screen": f"{base_url}/calls/{quote(call.call, safe='')}",
    }


@router.get("/calls")
async def calls(request: Request, viewer: Caller) -> Response:
    """The latest calls, those that are still going on first."""
    site = site_of(request)
    rows = list(await site.desk.calls(viewer.account.area))[:MOST_SHOWN]
    rows.sort(key=lambda call: call.state == "ended")
    return site.page(request, viewer, "calls.html", rows=[await _for(site, viewer, call) for call in rows], one="")


@router.get("/calls/{call:path}")
async def one_call(request: Request, viewer: Caller, call: str) -> Response:
    """One call: who it may be, and what can be done. An exchange opens it on the screen of whoever answers."""
    site = site_of(request)
    rows = [row for row in await site.desk.calls(viewer.account.area) if row.call == call]
    if not rows:
        raise HTTPException(404)
    return site.page(request, viewer, "calls.html", rows=[await _for(site, viewer, rows[0])], one=call)


async def _for(site: Site, viewer: Viewer, call: CallView) -> CallView:
    """The call with those homes alone, and that incident, that are the viewer's to see."""
    homes = tuple(home for home in call.homes if viewer.sees(home.area))
    incident = call.incident
    if incident:  # one number may stand in the files of several areas
        view = await site.desk.incident(incident)
        incident = incident if view is not None and viewer.sees(view.row.area) else ""
    return msgspec.structs.replace(call, homes=homes, incident=incident)


@router.post("/dial/{incident:path}")
async def dial(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.ACT))], incident: str) -> Response:
    """Let the exchange connect the operator with somebody of the incident's case file."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    told = await site.desk.dial(view.incident.id, str(form.get("number", ""))[:LONGEST], viewer.account.login)
    answer = Answer(incident=view.incident.id, refused=told.refused)
    return await answered(request, site, viewer, answer, back_to(request, incident))
