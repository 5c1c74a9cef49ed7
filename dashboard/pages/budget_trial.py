"""What another budget would have done last month: tried on the stored windows, watched, ended, put in force."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.model import RiskTier
from dashboard.budget_plot import trial_plot
from dashboard.budget_words import flaw
from dashboard.pages.budget import MONTH_DAYS, SPANS_DAYS, WEEK, Planner, fields_of, parts_of, read_form
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.plots import Heading
from dashboard.site import Site, Viewer, checked_form, site_of
from dashboard.words import mark
from gateway.budget.trying import Found, Sum, Trial

router = APIRouter()

HOMES_SHOWN = 10
LEARNED_WELL_DAYS = 28
TOLD_FROM = 0.02
"""From this part on how long it has taken says how long it will."""
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
        parts["asked_days"] = (seen.until - seen.since).days
        parts["left_s"] = _left_s(seen, site.desk.now())
    if seen is not None and seen.found is not None and seen.found.days:
        parts["shown"] = _shown(seen.found, site, viewer)
    return site.page(request, viewer, "budget_trial.html", **parts)


def _left_s(trial: Trial, now: datetime) -> float | None:
    """How much longer it takes, by how long it has taken; None: not known yet."""
    return (now - trial.began_at).total_seconds() * (1 / trial.part - 1) if trial.part >= TOLD_FROM else None


def _whole_city(request: Request, viewer: Viewer) -> Site:
    if not may_edit(viewer):
        raise HTTPException(403)
    return site_of(request)


def _shown(found: Found, site: Site, viewer: Viewer) -> dict[str, Any]:
    """What was found, as the page says it; homes that were erased since are left out."""
    say, days = viewer.say, len(found.days)
    names = site.desk.trial_names(it.home for it in found.homes)
    text = say.gettext(mark("%(then)s as it is, %(now)s with the other one"), then=found.all.then, now=found.all.now)
    shift = say.gettext(LATER if found.mean_shift_s > 0 else SOONER, time=say.duration(abs(found.mean_shift_s)))
    differ = [it for it in found.homes if it.home in names]
    return {
        "all": _row(found.all, say.gettext(mark("The whole centre")), days),
        "tiers": [_row(it, say.tier(RiskTier(it.key)), days) for it in found.tiers],
        "towns": [_row(it, it.name, days) for it in found.towns],
        "plot": trial_plot(found.days, Heading("trial", say.gettext(mark("Alarms for inactivity, day by day")), text)),
        "shift": shift if found.both and round(found.mean_shift_s / 60) else "",
        "homes": differ[:HOMES_SHOWN],
        "further": differ[HOMES_SHOWN:],
        "names": defaultdict(str, names),
        "few_to_learn": found.learned_days < LEARNED_WELL_DAYS,
    }


def _row(it: Sum, name: str, days: int) -> dict[str, Any]:
    return {
        "name": name,
        "homes": it.homes,
        "then_a_day": it.then / days,
        "now_a_day": it.now / days,
        "then_a_week": it.then / days * WEEK,
        "now_a_week": it.now / days * WEEK,
        "limit_then_s": it.limit_then_s,
        "limit_now_s": it.limit_now_s,
    }


@router.post("/budget/trial")
async def begin(request: Request, viewer: Planner) -> Response:
    """Try the budget of a form; what is wrong with it is shown beside it."""
    site = _whole_city(request, viewer)
    form = await checked_form(request, viewer.seed)
    asked, fields, wrong = read_form(form, (await site.desk.budget()).budget.homes_per_week)
    days, based_on = str(form.get("days", "")), str(form.get("based_on", ""))
    number = int(based_on) if based_on.isdigit() else 0
    span = int(days) if days in map(str, SPANS_DAYS) else MONTH_DAYS
    refused = "bad_budget"
    if asked is not None and not wrong:
        refused = await site.desk.begin_trial(asked, span, viewer.account.login, number)
        if not refused:
            return RedirectResponse("/budget/trial", 303)
    parts = await parts_of(site, viewer) | {
        "fields": fields,
        "note": str(form.get("note", "")).strip()[:LONGEST_NOTE],
        "based_on": number,
        "span": span,
        "refused": viewer.say.refusal(refused),
        "reasons": [flaw(reason, viewer.say) for reason in wrong],
    }
    return site.page(request, viewer, "budget.html", status=409, **parts)


@router.post("/budget/trial/end")
async def end(request: Request, viewer: Planner) -> Response:
    """End the trial that runs."""
    site = _whole_city(request, viewer)
    await checked_form(request, viewer.seed)
    await site.desk.end_trial()
    return RedirectResponse("/budget/trial", 303)
