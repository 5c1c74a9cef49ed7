"""The bulletin of a month or quarter: a page, an Excel book, a PDF."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import AreaLevel, covers
from dashboard.access import Do
from dashboard.area_parts import parts_of
from dashboard.bars import drawn
from dashboard.bulletin import Asked, Bulletin, bulletin
from dashboard.bulletin_time import Term, before, term, terms
from dashboard.pages.importing import attached
from dashboard.sheet import made_apart
from dashboard.site import Site, Viewer, needs, site_of

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.FIGURES))]
LEVELS = (AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.TOWN)


def as_excel(given: Bulletin) -> bytes:
    """The book, in the process that makes it."""
    from dashboard.bulletin_files import as_excel as made  # noqa: PLC0415 - what draws papers is not held in memory

    return made(given)


def as_pdf(given: Bulletin) -> bytes:
    """The paper, in the process that makes it."""
    from dashboard.bulletin_files import as_pdf as made  # noqa: PLC0415 - what draws papers is not held in memory

    return made(given)


MAKES = {"xlsx": as_excel, "pdf": as_pdf}


def _asked_for(request: Request, site: Site, viewer: Viewer) -> tuple[Term, str]:
    """Time and area; last month of one's own area where nothing, or nothing that can be, is asked for."""
    query, times = request.query_params, site.times
    months, _ = terms(site.desk.now(), times)
    area = query.get("area", "")
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    return term(query.get("of", ""), times) or months[1], within


async def _made(site: Site, viewer: Viewer, asked: Term, area: str) -> Bulletin | None:
    """The bulletin; None while the store does not answer."""
    earlier = before(asked, site.times)
    courses = await site.desk.courses(area, asked.since, asked.until)
    courses_before = await site.desk.courses(area, earlier.since, earlier.until)
    if courses is None or courses_before is None:
        return None
    areas = {it.key: it for it in await site.desk.areas()}
    given = Asked(
        term=asked,
        before=earlier,
        area=area,
        areas=areas,
        parts={it.key: it.name for it in parts_of(areas.values(), area)},
        courses=courses,
        courses_before=courses_before,
        now=site.desk.now(),
    )
    return await bulletin(site, viewer.say, given)


@router.get("/bulletin")
async def page(request: Request, viewer: Reader) -> Response:
    """The bulletin to read, and to take away."""
    site = site_of(request)
    asked, area = _asked_for(request, site, viewer)
    made = await _made(site, viewer, asked, area)
    months, quarters = terms(site.desk.now(), site.times)
    areas = [it for it in await site.desk.areas() if it.level in LEVELS and covers(viewer.account.area, it.key)]
    plots = {it.id: drawn(it.plot, f"plot-{it.id}") for it in made.sections if it.plot is not None} if made else {}
    values: dict[str, Any] = {"bulletin": made, "plots": plots, "asked": asked, "area": area, "areas": areas}
    return site.page(request, viewer, "bulletin.html", months=months, quarters=quarters, **values)


@router.get("/bulletin/{kind}")
async def file(request: Request, viewer: Reader, kind: str) -> Response:
    """The same as a file: ``xlsx`` or ``pdf``."""
    site = site_of(request)
    if kind not in MAKES:
        raise HTTPException(404)
    asked, area = _asked_for(request, site, viewer)
    made = await _made(site, viewer, asked, area)
    if made is None:
        raise HTTPException(503)
    content = await asyncio.to_thread(made_apart, MAKES[kind], made)
    return attached(content, kind, f"bulletin-{asked.key}{f'-{area}' if area else ''}.{kind}")
