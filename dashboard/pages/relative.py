"""The page behind a relative's link: to say that somebody is away, for how much longer, or that they are back.

Opening it shows whose link it is and asks for the PIN; everything else is posted, with the PIN.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from alerting.homes.away import USUAL, AwayKind, SaidBy
from dashboard.away_words import AwayWords
from dashboard.by_pin import WRONG, by_pin
from dashboard.pages.absences import asked
from dashboard.pages.steps import once_key
from dashboard.site import VISITOR_COOKIE, Site, checked_form, site_of
from gateway.absence.asked import AbsenceRow, RelativeView
from gateway.paging.outside import Told

router = APIRouter()

STEPS = ("begin", "change", "end")
STATUS = {"over": 410, "wrong_pin": 401, "wait": 429, "busy": 503, "store_away": 503}


def _shown(
    request: Request,
    site: Site,
    token: str,
    link: RelativeView | None,
    *,
    wrong: str = "",
    pin: str = "",
    row: AbsenceRow | None = None,
    done: str = "",
) -> Response:
    say = site.speech(request)
    status = 410 if link is None else STATUS.get(wrong, 409) if wrong else 200
    return site.visitor_page(
        request,
        "relative.html",
        status=status,
        token=token,
        link=link,
        wrong=wrong,
        pin=pin,
        row=row,
        done=done,
        away=AwayWords(say),
        kinds=list(AwayKind),
        usual=USUAL,
    )


@router.get("/f/{token}")
async def look(request: Request, token: str) -> Response:
    """Whose link it is, and the form for the PIN. Changes nothing: previews open links."""
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    return _shown(request, site, token, await site.desk.relative(token))


@router.post("/f/{token}")
async def tell(request: Request, token: str) -> Response:
    """With the PIN: what is known, and what they say about it."""
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    form = {
        name: str(value)
        for name, value in (await checked_form(request, request.cookies.get(VISITOR_COOKIE, ""))).items()
    }
    link, now, pin = await site.desk.relative(token), site.desk.now(), form.get("pin", "").strip()
    if link is None:
        return _shown(request, site, token, None)

    async def tried(pin: str) -> Told:
        return Told(refused="" if await site.desk.is_pin(token, pin) else WRONG)

    if refused := (await by_pin(site, f"relative {token}", pin, tried)).refused:
        return _shown(request, site, token, link, wrong=refused)
    step, wrong = form.get("step", ""), ""
    if step in STEPS:
        said_by = SaidBy.RELATIVE
        command = asked(step, form, link.key, f"relative:{link.who}", site.times, now, said_by=said_by, who=link.who)
        if isinstance(command, str):
            wrong = command
        else:
            wrong = (await site.desk.submit(command, once=once_key(command, form.get("once", "")))).refused
    row = await site.desk.absence_of(link.key)
    return _shown(request, site, token, link, wrong=wrong, pin=pin, row=row, done=step if step and not wrong else "")
