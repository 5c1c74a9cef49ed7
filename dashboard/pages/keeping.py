"""Keeping case files: what is missing and what is to be looked at again, by place."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import AreaLevel, Household, covers
from alerting.keeping.completeness import completeness, is_plan_due
from alerting.keeping.consent import ConsentFor, standing
from dashboard.access import Do
from dashboard.keeping_words import KeepingWords
from dashboard.site import Site, Viewer, needs, site_of
from gateway.registry.keeping_desk import Upkeep

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

MOST_SHOWN = 500


def keeping_parts(site: Site, viewer: Viewer, home: Household) -> dict[str, Any]:
    """What the case page says of how the case file is kept; of the home as it is, not masked."""
    today = site.desk.today()
    return {
        "keeping": KeepingWords(viewer.say),
        "whole": completeness(home, today),
        "plan_due": is_plan_due(home, today),
        "today": today,
        "stands": {it: standing(home, it) for it in ConsentFor},
        "id_of": site.desk.opened_id,
    }


@router.get("/upkeep")
async def upkeep(
    request: Request, viewer: Keeper, what: str = Upkeep.CONTACTS.value, area: str = "", below: int = 100
) -> Response:
    """Case files of one's area on which something is to be done, by town and village."""
    site = site_of(request)
    if what not in set(Upkeep) or not 0 <= below <= 100:  # noqa: PLR2004 - percent
        raise HTTPException(400)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    count, rows = await site.desk.upkeep(within, Upkeep(what), below, MOST_SHOWN)
    places = [(place, list(homes)) for place, homes in groupby(rows, key=lambda it: (it.town, it.village))]
    towns = [it for it in await site.desk.areas() if it.level is AreaLevel.TOWN and covers(viewer.account.area, it.key)]
    values: dict[str, Any] = {"places": places, "count": count, "is_cut": count > MOST_SHOWN}
    values |= {"what": Upkeep(what), "whats": list(Upkeep), "below": below, "most": MOST_SHOWN}
    values |= {"towns": towns, "area": within, "keeping": KeepingWords(viewer.say)}
    return site.page(request, viewer, "upkeep.html", **values)
