"""How people outside are reached: what is set up, whether it works, and a test that is nothing but a test."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Channel
from alerting.peers import Target
from dashboard.access import Do
from dashboard.channel_words import BAD, GOOD, STEPS, WAYS
from dashboard.form_fields import typed
from dashboard.site import Viewer, checked_form, needs, site_of

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.CHANNELS))]
OWN = "own"


async def _page(request: Request, viewer: Viewer, *, refused: str = "", number: str = "") -> Response:
    site, account = site_of(request), viewer.account
    return site.page(
        request,
        viewer,
        "channels.html",
        status=409 if refused else 200,
        seen=await site.desk.channels(),
        tests=[it for it in await site.desk.test_sends() if not account.area or it.by == account.login],
        whole=not account.area,
        own=[it.channel for it in account.means if it.verified and it.address],
        names={it.login: it.name for it in await site.desk.accounts()},
        targets=[
            it for it in await site.desk.parties() if isinstance(it, Target) and not it.ended and viewer.sees(it.area)
        ],
        channels=list(Channel),
        ways=WAYS,
        steps=STEPS,
        good=GOOD,
        bad=BAD,
        number=number,
        refused=viewer.say.refusal(refused) if refused else "",
    )


@router.get("/channels")
async def channels(request: Request, viewer: Keeper) -> Response:
    """What is set up, and the latest tests with what became of them."""
    return await _page(request, viewer)


@router.post("/channels/test")
async def test(request: Request, viewer: Keeper) -> Response:
    """Send one: to oneself; for the whole city also to a name of the settings, or to a number that was typed."""
    form = await checked_form(request, viewer.seed)
    channel, to = typed(form, "channel"), typed(form, "to")[:40]
    if viewer.account.area and channel != OWN:  # the telephones, and what a message costs, are the whole city's
        raise HTTPException(403)
    told = await site_of(request).desk.send_test(channel, to, viewer.account.login)
    if told.refused:
        return await _page(request, viewer, refused=told.refused, number=to if channel in {"sms", "voice"} else "")
    return RedirectResponse("/channels#tests", 303)
