"""Equipment: which homes are protected, test mode of a device, and the ledger of test presses."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import JSONResponse, Response

from alerting.casefile import AreaLevel, covers
from alerting.commands import AnnounceStep, EndStep
from dashboard.access import Do
from dashboard.pages.steps import answered, once_key
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer, HouseholdView

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.OVERVIEW))]
Tester = Annotated[Viewer, Depends(needs(Do.TEST))]

MONTHS = 3
A_PAGE = 200


def _months(site: Site, now: datetime) -> list[tuple[datetime, datetime]]:
    """This month and those before it, as people in the town count them: (its beginning, its end), UTC."""
    first = site.times.local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = []
    for _ in range(MONTHS):
        after = (first + timedelta(days=32)).replace(day=1)
        months.append((first, after))
        first = (first - timedelta(days=1)).replace(day=1)
    return months


@router.get("/protected")
async def protected(request: Request, viewer: Reader) -> Response:
    """The number of protected homes by town and village, those that are not and why, and the months."""
    site = site_of(request)
    area, now = viewer.account.area, site.desk.now()
    months = [(first, await site.desk.availability(first, after, area)) for first, after in _months(site, now)]
    view = await site.desk.protected(area)
    words = Counter(word for row in view.lacking for word in {lack.word for lack in row.lacks})
    return site.page(request, viewer, "protected.html", view=view, months=months, words=words)


@router.get("/api/protected")
async def protected_numbers(request: Request, viewer: Reader) -> Response:
    """The live number of the viewer's area, its towns and villages."""
    view = await site_of(request).desk.protected(viewer.account.area)
    lines = [{"key": it.key, "name": it.name, "homes": it.homes, "protected": it.protected} for it in view.lines]
    told = {"homes": view.homes, "protected": view.protected, "share": view.share, "goal": view.goal.share}
    return JSONResponse({**told, "areas": lines})


@router.get("/tests")
async def ledger(request: Request, viewer: Reader, area: str = "", refused: str = "") -> Response:
    """The ledger of test presses: overdue and due homes first, by town."""
    site = site_of(request)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    rows = [row for row in await site.desk.presses(within) if viewer.sees(row.area)]
    areas = [it for it in await site.desk.areas() if it.level is AreaLevel.TOWN and covers(viewer.account.area, it.key)]
    everywhere = rows if within == viewer.account.area else await site.desk.presses(viewer.account.area)
    towns = [(it, Counter(row.state for row in everywhere if covers(it.key, row.area))) for it in areas]
    return site.page(
        request,
        viewer,
        "tests.html",
        rows=rows[:A_PAGE],
        total=len(rows),
        states=Counter(row.state for row in rows),
        towns=towns,
        area=within,
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


async def _home(site: Site, viewer: Viewer, key: str) -> HouseholdView:
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


@router.post("/tests/{key:path}/begin")
async def begin(request: Request, viewer: Tester, key: str) -> Response:
    """Start test mode for the chosen device."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    home = await _home(site, viewer, key)
    chosen = str(form.get("device", ""))
    device = next((item.device for item in home.devices if item.device.id == chosen), None)
    back = _back(form.get("back"), key)
    if device is None:
        return await answered(request, site, viewer, Answer(refused="no_device"), back)
    command = AnnounceStep(key=key, by=viewer.account.login, device=device.id, role=device.role)
    answer = await site.desk.submit(command, once=once_key(command, str(form.get("once", ""))))
    return await answered(request, site, viewer, answer, back)


@router.post("/tests/{key:path}/end")
async def end(request: Request, viewer: Tester, key: str) -> Response:
    """End test mode before its time."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    await _home(site, viewer, key)
    command = EndStep(key=key, by=viewer.account.login, device=str(form.get("device", "")))
    answer = await site.desk.submit(command, once=once_key(command, str(form.get("once", ""))))
    return await answered(request, site, viewer, answer, _back(form.get("back"), key))


def _back(wish: object, key: str) -> str:
    return {"ledger": "/tests", "console": "/"}.get(str(wish), f"/households/{quote(key)}")
