"""What another budget would have done last month: tried on the stored windows, watched, ended, put in force."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from dashboard.budget_plot import trial_plot
from dashboard.budget_words import flaw
from dashboard.pages.budget import Planner, fields_of, parts_of, read_form
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.plots import Heading
from dashboard.site import Site, Viewer, checked_form, site_of
from dashboard.words import mark
from gateway.budget.trying import Found

router = APIRouter()

SPANS_DAYS = (7, 14, 28)
HOMES_SHOWN = 100
LATER, SOONER = mark("%(time)s later"), mark("%(time)s sooner")


@router.get("/budget/trial")
async def trial(request: Request, viewer: Planner) -> Response:
    """The trial that runs or was run last."""
    site = _whole_city(request, viewer)
    seen = site.desk.trial()
    parts: dict[str, Any] = {"trial": seen, "spans": SPANS_DAYS, "refused": "", "fields": {}, "shown": None}
    if seen is not None:
        parts["fields"] = fields_of(seen.budget)
        parts["in_force"] = (await site.desk.budget()).number
    if seen is not None and seen.found is not None:
        parts["shown"] = _shown(seen.found, site, viewer)
    return site.page(request, viewer, "budget_trial.html", **parts)


def _whole_city(request: Request, viewer: Viewer) -> Site:
    if not may_edit(viewer):
        raise HTTPException(403)
    return site_of(request)


def _shown(found: Found, site: Site, viewer: Viewer) -> dict[str, Any]:
    """What was found, as the page says it; homes that were erased since are left out."""
    say, days = viewer.say, len(found.days)
    names = site.desk.trial_names(it.home for it in found.homes)
    then, now = sum(it.then for it in found.days), sum(it.now for it in found.days)
    text = say.gettext(mark("%(then)s as it is, %(now)s with the other one"), then=then, now=now)
    late = say.duration(abs(found.mean_shift_s))
    shift = say.gettext(LATER if found.mean_shift_s > 0 else SOONER, time=late)
    differ = [it for it in found.homes if it.home in names]
    return {
        "then_a_day": then / days,
        "now_a_day": now / days,
        "plot": trial_plot(found.days, Heading("trial", say.gettext(mark("Alarms for inactivity, day by day")), text)),
        "shift": shift if found.both and round(found.mean_shift_s / 60) else "",
        "homes": differ[:HOMES_SHOWN],
        "more": len(differ) - len(differ[:HOMES_SHOWN]),
        "names": defaultdict(str, names),
    }


@router.post("/budget/trial")
async def begin(request: Request, viewer: Planner) -> Response:
    """Try the budget of a form; what is wrong with it is shown beside it."""
    site = _whole_city(request, viewer)
    form = await checked_form(request, viewer.seed)
    asked, fields, wrong = read_form(form, (await site.desk.budget()).budget.homes_per_week)
    days = str(form.get("days", ""))
    if asked is None or wrong:
        parts = await parts_of(site, viewer) | {
            "fields": fields,
            "note": str(form.get("note", "")).strip()[:LONGEST_NOTE],
            "refused": viewer.say.refusal("bad_budget"),
            "reasons": [flaw(reason, viewer.say) for reason in wrong],
        }
        return site.page(request, viewer, "budget.html", status=409, **parts)
    span = int(days) if days in map(str, SPANS_DAYS) else SPANS_DAYS[-1]
    if await site.desk.begin_trial(asked, span, viewer.account.login):
        return RedirectResponse("/budget/trial", 303)
    parts = await parts_of(site, viewer) | {"fields": fields, "refused": viewer.say.refusal("trial_runs")}
    return site.page(request, viewer, "budget.html", status=409, **parts)


@router.post("/budget/trial/end")
async def end(request: Request, viewer: Planner) -> Response:
    """End the trial that runs."""
    site = _whole_city(request, viewer)
    await checked_form(request, viewer.seed)
    await site.desk.end_trial()
    return RedirectResponse("/budget/trial", 303)
