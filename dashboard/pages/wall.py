"""The screen on the wall: opened once by somebody signed in, then it stays by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Account
from alerting.model import Priority
from dashboard.access import Do, may
from dashboard.sign_in import mark_of
from dashboard.site import NotSignedInError, Site, Viewer, checked_form, look_of, needs, site_of
from dashboard.wall import wall_now
from dashboard.words import CONSOLE_WORDS

router = APIRouter()

WALL_COOKIE = "nuanhu_wall"
LASTS = timedelta(days=30)
USED = {"wall_lost", "wall_ended"}


async def _whose(request: Request, site: Site) -> tuple[Account, bool]:
    """On whose behalf the wall is shown, and whether by the pass of the wall alone.

    Raises:
        NotSignedInError: Nobody has opened it here, or whoever did may not any more.
        HTTPException: 403 for somebody who may not.
    """
    passed = site.tokens.read_wall(request.cookies.get(WALL_COOKIE, ""), site.desk.now(), LASTS * max(1, site.speed))
    if passed is not None:
        account = await site.desk.account(passed.login)
        if account and not account.shut and mark_of(account.password_hash) == passed.mark and may(account, Do.OVERVIEW):
            return account, True
    viewer = await site.viewer(request)
    if viewer is None or viewer.account.one_time:
        raise NotSignedInError
    if not viewer.may(Do.OVERVIEW):
        raise HTTPException(403)
    return viewer.account, False


@router.get("/wall")
async def wall(request: Request) -> Response:
    """The whole screen."""
    return await _drawn(request, "wall.html")


@router.get("/api/wall")
async def now(request: Request) -> Response:
    """The numbers alone, as the screen's script puts them in."""
    return await _drawn(request, "wall_now.html")


async def _drawn(request: Request, template: str) -> Response:
    site = site_of(request)
    account, by_pass = await _whose(request, site)
    shown, drawing = await wall_now(site, account)
    say = site.speech(request, account)
    viewer = None if by_pass else await site.viewer(request)
    text = site.draw(
        template,
        say,
        title=site.settings.title,
        wall=shown,
        drawing=drawing,
        priorities=list(Priority),
        speed=site.speed,
        look=look_of(request),
        csrf=site.tokens.form_token(viewer.seed) if viewer else "",
        words={key: say.gettext(word) for key, word in CONSOLE_WORDS.items() if key in USED},
    )
    return Response(text, media_type="text/html")


@router.post("/wall")
async def keep(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OVERVIEW))]) -> Response:
    """Let this browser show the wall, and nothing else, for a month."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    answer = RedirectResponse("/wall", 303)
    word = site.tokens.wall_pass(viewer.account.login, viewer.account.password_hash, site.desk.now())
    for path in ("/wall", "/api/wall"):
        site.set_cookie(answer, WALL_COOKIE, word, int(LASTS.total_seconds()), path)
    return answer
