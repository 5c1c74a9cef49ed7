"""Case files: the list of homes with its search, and one home. Also the installer's view of devices alone."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import AreaLevel, covers
from alerting.enrolment.commands import OpeningReason
from alerting.homes.testing import STEPS
from dashboard.access import Do
from dashboard.masking import masked
from dashboard.pages.assessing import assessment_parts
from dashboard.pages.care import care_parts
from dashboard.pages.case_file import is_shown
from dashboard.pages.duty import may_edit
from dashboard.pages.keeping import keeping_parts
from dashboard.pages.parts import absence_parts, home_plot, home_silence, names_of_notes, rhythm_plot
from dashboard.pages.visit_photo import photo_parts
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, needs, site_of
from gateway.desk.contract import HouseholdRow, HouseholdView

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.CASE_FILES))]
Fitter = Annotated[Viewer, Depends(needs(Do.DEVICES))]

LONGEST_LIST = 200
LONGEST_SEARCH = 100
PLOT_DAYS = 28


async def _found(request: Request, viewer: Viewer, q: str, area: str) -> dict[str, Any]:
    """Homes for a search within the viewer's area, and the towns to choose from."""
    site = site_of(request)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    q = q.strip()[:LONGEST_SEARCH]
    rows: list[HouseholdRow] = [
        row for row in await site.desk.households(within, q, LONGEST_LIST) if viewer.sees(row.area)
    ]
    towns = [
        item
        for item in await site.desk.areas()
        if item.level is AreaLevel.TOWN and covers(viewer.account.area, item.key)
    ]
    return {"q": q, "area": within, "rows": rows, "towns": towns, "is_cut": len(rows) == LONGEST_LIST}


async def _home(site: Site, viewer: Viewer, key: str) -> HouseholdView:
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


@router.get("/households")
async def households(request: Request, viewer: Reader, q: str = "", area: str = "") -> Response:
    """Homes by name, address, case number or phone."""
    found = await _found(request, viewer, q, area)
    return site_of(request).page(request, viewer, "households.html", target="/households", **found)


@router.get("/households/{key:path}")
async def household(request: Request, viewer: Reader, key: str, refused: str = "") -> Response:
    """One home's case file, with its activity, limits, devices and past."""
    site = site_of(request)
    home = await _home(site, viewer, key)
    now = site.desk.now()
    plot = await home_plot(site, viewer, home, now, PLOT_DAYS, home_silence(home, now))
    limits = rhythm_plot(site, viewer, home, now)
    hour = site.times.local(now).hour
    parts: dict[str, Any] = {"home": home, "plot": plot, "limits": limits, "hour": hour}
    parts |= await care_parts(site, viewer, key)
    parts |= await absence_parts(site, viewer, key) | {"absences_past": await site.desk.absences_past(key)}
    parts |= await assessment_parts(site, viewer, home.household)
    parts |= keeping_parts(site, viewer, home.household)
    shown = await is_shown(site, viewer, home)
    if not shown:
        parts["home"] = msgspec.structs.replace(home, household=masked(home.household))
    chosen = [it for it in OpeningReason if it not in {OpeningReason.LIST, OpeningReason.EXCHANGE}]
    parts |= {"shown": shown, "reasons": chosen} | await photo_parts(site, key)
    parts |= {"may_plan": may_edit(viewer), "tests": await site.desk.home_tests(key), "testable": STEPS}
    names, said = await names_of_notes(site, home), viewer.say.refusal(refused) if refused in REFUSALS else ""
    return site.page(request, viewer, "household.html", **parts, note_names=names, refused=said)


@router.get("/homes")
async def homes(request: Request, viewer: Fitter, q: str = "", area: str = "") -> Response:
    """Homes for the installer: where, and how their devices are."""
    found = await _found(request, viewer, q, area)
    return site_of(request).page(request, viewer, "households.html", target="/homes", **found)


@router.get("/homes/{key:path}")
async def home_devices(request: Request, viewer: Fitter, key: str) -> Response:
    """One home's devices, without its case file."""
    site = site_of(request)
    return site.page(request, viewer, "home_devices.html", home=await _home(site, viewer, key))
