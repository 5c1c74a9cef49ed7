"""The web application: pages, live socket and static files, given a Desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from dashboard.api import problems
from dashboard.api.application import PREFIX, create_api
from dashboard.headers import HEADERS, SecurityHeaders, Squeezed
from dashboard.i18n import ROOM
from dashboard.kept_files import LEAFLET
from dashboard.pages import (
    absences,
    accounts,
    aftercare,
    api,
    area_homes,
    areas,
    assessing,
    blind,
    budget,
    budget_trial,
    bulletin,
    care,
    case_file,
    channels,
    drills,
    duty,
    duty_trial,
    equipment,
    exchange,
    exporting,
    figures,
    fitting,
    hand_over,
    households,
    importing,
    incidents,
    installing,
    job_link,
    jobs,
    keeping,
    leaving,
    organisations,
    oversight,
    own_password,
    page_link,
    plan_edit,
    referrals,
    registry_api,
    relative,
    repairs,
    reports,
    responders,
    roster_edit,
    scripts,
    sharing,
    shift,
    signing,
    steps,
    telephony,
    terms,
    values,
    visit_photo,
    wall,
    warnings,
)
from dashboard.settings import DashboardSettings
from dashboard.site import OWN_PASSWORD, NewPasswordFirstError, NotSignedInError, Site, site_of, wants_json
from gateway.desk.contract import Desk

KNOWN_ERRORS = {400, 403, 404, 405}


def create_app(desk: Desk, settings: DashboardSettings, *, speed: float = 1.0) -> FastAPI:
    """The dashboard for a gateway.

    Args:
        desk: All that the screens know of the gateway.
        settings: The deployer's.
        speed: Service seconds for each real second, of the clock behind ``desk.now``.

    Its lifespan must be run (uvicorn does): it follows the Desk's changes for the consoles.
    """
    site = Site(desk, settings, speed)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(site.hub.run())
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    app = FastAPI(title="nuanhu", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.add_middleware(Squeezed)
    app.add_middleware(SecurityHeaders, tiles=settings.map_tiles)
    app.mount("/static/leaflet", StaticFiles(directory=LEAFLET))
    app.mount(PREFIX, create_api(site))
    app.mount("/static", StaticFiles(directory=ROOM / "static"))
    told = (reports, sharing, job_link, page_link, relative, telephony, registry_api)
    around = (assessing, absences, visit_photo, care, warnings, referrals, organisations)
    counted = (figures, bulletin, hand_over)
    planned = (budget, budget_trial, plan_edit, roster_edit, duty_trial, drills, responders, duty, scripts, shift)
    homes = (case_file, households, blind, aftercare, equipment, repairs, installing, fitting)
    for pages in (signing, api, *told, *counted, *planned, area_homes, steps, jobs, incidents, *around, *homes):
        app.include_router(pages.router)
    kept = (oversight, importing, exporting, exchange, keeping, leaving)
    for pages in (*kept, accounts, own_password, areas, channels, values, terms, wall):
        app.include_router(pages.router)
    app.add_exception_handler(NotSignedInError, _to_sign_in)
    app.add_exception_handler(NewPasswordFirstError, _to_own_password)
    app.add_exception_handler(HTTPException, _error_page)
    app.add_exception_handler(RequestValidationError, _error_page)
    app.add_exception_handler(Exception, _error_page)
    return app


async def _to_sign_in(request: Request, _: Exception) -> Response:
    if wants_json(request) or request.url.path.startswith("/api/") or request.url.path.endswith("/panel"):
        return JSONResponse({"error": "signed out"}, 401)
    target = request.url.path if request.method == "GET" else "/"
    if request.method == "GET" and request.url.query:
        target += f"?{request.url.query}"
    return RedirectResponse(f"/sign-in?next={quote(target)}" if target != "/" else "/sign-in", 303)


async def _to_own_password(request: Request, _: Exception) -> Response:
    if wants_json(request) or request.url.path.startswith("/api/") or request.url.path.endswith("/panel"):
        return JSONResponse({"error": "signed out"}, 401)
    return RedirectResponse(OWN_PASSWORD, 303)


async def _error_page(request: Request, error: Exception) -> Response:
    """What went wrong, in the words and style of the other pages."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error, RequestValidationError):
        status = 400
    if request.url.path.startswith(f"{PREFIX}/"):  # an address that cannot even be handed on
        return problems.of_status(status)
    stale = isinstance(error, HTTPException) and error.detail == "stale form"
    if wants_json(request) or request.url.path.startswith("/api/"):
        return JSONResponse({"error": "stale form" if stale else str(status)}, status)
    site = site_of(request)
    kind = "stale" if stale else str(status) if status in KNOWN_ERRORS else "500"
    if status == 500:  # noqa: PLR2004 - then the Desk itself may be what is broken: ask it nothing
        answer = site.visitor_page(request, "error.html", status=status, kind=kind)
        answer.headers.update(HEADERS)  # this answer passes outside of the wrapper that adds them
        return answer
    viewer = await site.viewer(request)
    if viewer is not None:
        return site.page(request, viewer, "error.html", status=status, kind=kind)
    return site.visitor_page(request, "error.html", status=status, kind=kind)
