"""The end of a shift: one's incidents go over to another operator, who accepts the list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.commands import DESK, AcceptShift, AnyCommand, DeclineShift, EndShift
from dashboard.access import Do
from dashboard.pages.parts import operators_beside
from dashboard.pages.steps import answered, once_key
from dashboard.rows import console_row, queue_order
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.words import REFUSALS

router = APIRouter()

Operator = Annotated[Viewer, Depends(needs(Do.SHIFT))]


@router.get("/shift")
async def shift(request: Request, viewer: Operator, refused: str = "") -> Response:
    """What one has, to whom it can go, and what others offer."""
    site, login = site_of(request), viewer.account.login
    rows = [row for row in (await site.desk.snapshot()).rows if row.claimed_by == login]
    shifts = await site.desk.shifts()
    return site.page(
        request,
        viewer,
        "shift.html",
        rows=[console_row(row, viewer.say) for row in sorted(rows, key=queue_order)],
        operators=await operators_beside(site, viewer.account),
        offered=[(it, [console_row(row, viewer.say) for row in it.rows]) for it in shifts if it.to == login],
        given=next((it for it in shifts if it.of == login), None),
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


@router.post("/shift/{step}")
async def step_of_shift(request: Request, viewer: Operator, step: str) -> Response:
    """Hand the list over, accept one, or decline it."""
    site, by = site_of(request), viewer.account.login
    form = await checked_form(request, viewer.seed)
    named = str(form.get("login", ""))
    commands: dict[str, AnyCommand] = {
        "end": EndShift(key=DESK, by=by, to=named),
        "accept": AcceptShift(key=DESK, by=by, of=named),
        "decline": DeclineShift(key=DESK, by=by, of=named),
    }
    if step not in commands:
        raise HTTPException(404)
    answer = await site.desk.submit(commands[step], once=once_key(commands[step], str(form.get("once", ""))))
    return await answered(request, site, viewer, answer, "/shift")
