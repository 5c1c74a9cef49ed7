"""Homes whose signals may have been missed: work that stays until each has spoken or somebody has telephoned."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.commands import ConfirmSeen
from alerting.model import RiskTier
from dashboard.access import Do
from dashboard.pages.steps import LONGEST_TEXT, Actor, answered, once_key
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.words import REFUSALS

router = APIRouter()

A_PAGE = 100


@router.get("/blind")
async def blind(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.BLIND))], part: int = 1, refused: str = ""
) -> Response:
    """The homes of the viewer's area, the most at risk first, ``A_PAGE`` at a time."""
    site = site_of(request)
    rows = [row for row in await site.desk.blind(viewer.account.area) if viewer.sees(row.area)]
    parts = max(1, -(-len(rows) // A_PAGE))
    part = min(max(1, part), parts)
    return site.page(
        request,
        viewer,
        "blind.html",
        rows=rows[(part - 1) * A_PAGE : part * A_PAGE],
        total=len(rows),
        tiers=Counter(row.tier for row in rows),
        order=[tier.value for tier in RiskTier],
        part=part,
        parts=parts,
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


@router.post("/blind/{key:path}/confirm")
async def confirm(request: Request, viewer: Actor, key: str) -> Response:
    """The home was telephoned."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    text = str(form.get("text", "")).strip()[:LONGEST_TEXT]
    command = ConfirmSeen(key=key, by=viewer.account.login, text=text)
    answer = await site.desk.submit(command, once=once_key(command, str(form.get("once", ""))))
    part = str(form.get("part", ""))
    back = f"/blind?part={part}" if part.isdigit() else "/blind"
    return await answered(request, site, viewer, answer, back)
