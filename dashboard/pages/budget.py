"""The budget of false inactivity alarms: what may be had, is expected, and came; and another one, tried or saved."""

from __future__ import annotations

from math import nan
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.budget.spending import Budget, flaws
from alerting.commands import SaveBudget
from alerting.model import RiskTier
from dashboard.access import Do
from dashboard.budget_plot import budget_plot
from dashboard.budget_words import flaw
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.plots import Heading
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.words import mark
from gateway.budget.asked import BudgetView, Meant

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.BUDGET))]
Planner = Annotated[Viewer, Depends(needs(Do.PLAN))]
WEEK = 7
SPANS_DAYS = (7, 14, 28, 90)
"""On so many of the last days another budget can be tried."""
MONTH_DAYS = 28
MAY_BE_EMPTY = ("tier_", "cap_")


@router.get("/budget")
async def budget(request: Request, viewer: Reader, refused: str = "") -> Response:
    """Budget and spending of the viewer's area."""
    site = site_of(request)
    parts = await parts_of(site, viewer)
    parts["refused"] = viewer.say.refusal(refused) if refused in REFUSALS else ""
    return site.page(request, viewer, "budget.html", **parts)


async def parts_of(site: Site, viewer: Viewer) -> dict[str, Any]:
    """Everything the page of the budget shows to somebody."""
    seen = await site.desk.budget(viewer.account.area)
    say, trial = viewer.say, site.desk.trial()
    title = say.gettext(mark("False alarms of the last 28 days"))
    text = say.gettext(
        mark("%(false)s false, %(real)s real; %(budget)s a day may be had."),
        false=seen.all.month,
        real=seen.all.real,
        budget=f"{seen.per_day:.1f}",
    )
    return {
        "seen": seen,
        "tiers": list(RiskTier),
        "trial": trial if may_edit(viewer) else None,
        "spans": SPANS_DAYS,
        "span": MONTH_DAYS,
        "plot": budget_plot(seen.days, Heading("budget", title, text)),
        "over": _over(seen),
        "may_edit": may_edit(viewer),
        "fields": fields_of(seen.budget),
        "based_on": seen.number,
        "note": "",
        "meant": None,
        "refused": "",
        "reasons": (),
    }


def _over(seen: BudgetView) -> float | None:
    """How far the last 7 days are above (or below) what may be had: 0.1 is a tenth more; None before they are over."""
    may = seen.per_day * WEEK
    return seen.all.week / may - 1 if may and seen.counted_days >= WEEK - 1 else None


def fields_of(it: Budget) -> dict[str, str]:
    """The form's fields."""
    own = {f"tier_{tier}": f"{it.tier_per_day[tier]:g}" if tier in it.tier_per_day else "" for tier in RiskTier}
    weights = {f"weight_{tier}": f"{it.tier_weight[tier]:g}" for tier in RiskTier}
    numbers = {
        "city_per_day": f"{it.city_per_day:g}",
        "home_per_week": f"{it.home_per_week:g}",
        "home_most_per_week": f"{it.home_most_per_week:g}",
    }
    caps = {"cap_day_h": _or_empty(it.cap_day_h), "cap_night_h": _or_empty(it.cap_night_h)}
    shares = {f"cap_{tier}": _or_empty(it.tier_cap.get(tier, 0.0)) for tier in RiskTier}
    return numbers | weights | own | caps | shares


def _or_empty(n: float) -> str:
    return f"{n:g}" if n else ""


def read_form(form: FormData, homes_per_week: dict[str, float]) -> tuple[Budget | None, dict[str, str], list[str]]:
    """The budget of a form, its fields as they were typed, and what cannot be read; own numbers of homes stay."""
    fields = {name: str(form.get(name, "")).strip()[:20] for name in fields_of(Budget())}
    numbers: dict[str, float] = {}
    wrong = []
    for name, text in fields.items():
        try:
            if text or not name.startswith(MAY_BE_EMPTY):
                numbers[name] = float(text)
        except ValueError:
            wrong.append(f"not_a_number|{text}")
    if wrong or not all(abs(n) < 1e9 for n in numbers.values()):  # noqa: PLR2004 - inf and nan are no numbers either
        return None, fields, wrong or ["not_a_number|∞"]
    asked = Budget(
        city_per_day=numbers["city_per_day"],
        home_per_week=numbers["home_per_week"],
        home_most_per_week=numbers["home_most_per_week"],
        tier_weight={tier: numbers[f"weight_{tier}"] for tier in RiskTier},
        tier_per_day={tier: numbers[f"tier_{tier}"] for tier in RiskTier if f"tier_{tier}" in numbers},
        homes_per_week=homes_per_week,
        cap_day_h=numbers.get("cap_day_h", 0.0),
        cap_night_h=numbers.get("cap_night_h", 0.0),
        tier_cap={tier: numbers[f"cap_{tier}"] for tier in RiskTier if f"cap_{tier}" in numbers},
    )
    return asked, fields, flaws(asked)


@router.post("/budget")
async def save(request: Request, viewer: Planner) -> Response:
    """Say what another budget would mean, or put it in force; what is wrong with it is shown beside it."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if not may_edit(viewer):
        raise HTTPException(403)
    asked, fields, wrong = read_form(form, (await site.desk.budget()).budget.homes_per_week)
    note, based_on = str(form.get("note", "")).strip()[:LONGEST_NOTE], str(form.get("based_on", ""))
    number = int(based_on) if based_on.isdigit() else 0
    meant: Meant | None = None
    refused = "bad_budget" if wrong else ""
    if asked is not None and not wrong:
        if "try" not in form:
            command = SaveBudget(key="", by=viewer.account.login, budget=asked, note=note, based_on=number)
            answer = await site.desk.submit(command)
            if answer.done:
                return RedirectResponse("/budget", 303)
            refused, wrong = answer.refused, list(answer.reasons)
        else:
            meant = await site.desk.would_mean(asked)
    parts = await parts_of(site, viewer) | {
        "fields": fields,
        "note": note,
        "based_on": number,
        "meant": meant,
        "refused": viewer.say.refusal(refused) if refused else "",
        "reasons": [flaw(reason, viewer.say) for reason in wrong],
    }
    return site.page(request, viewer, "budget.html", status=409 if refused else 200, **parts)


@router.post("/budget/homes/{key:path}")
async def save_home(request: Request, viewer: Planner, key: str) -> Response:
    """One home has a number of its own from now on, or, with an empty field, none any more."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    home = await site.desk.household(key)
    seen = await site.desk.budget()
    if not may_edit(viewer) or (home is None and key not in seen.budget.homes_per_week):
        raise HTTPException(404)
    text = str(form.get("per_week", "")).strip()[:20]
    others = {other: n for other, n in seen.budget.homes_per_week.items() if other != key}
    back = f"/households/{quote(key)}" if home is not None and "from_list" not in form else "/budget"
    place = "#own" if back == "/budget" else "#rhythm"
    try:
        own = {key: float(text)} if text else {}
    except ValueError:
        own = {key: nan}
    asked = msgspec.structs.replace(seen.budget, homes_per_week=others | own)
    if flaws(Budget(homes_per_week=own)):
        return RedirectResponse(f"{back}?refused=bad_home_budget{place}", 303)
    if asked == seen.budget:  # sent twice
        return RedirectResponse(f"{back}{place}", 303)
    note = f"{key}: {text or '–'}"  # nothing more: what is said of a home must go when the home is erased
    command = SaveBudget(key="", by=viewer.account.login, budget=asked, note=note, based_on=seen.number)
    answer = await site.desk.submit(command)
    over = any(reason.startswith("homes_over_city") for reason in answer.reasons)
    more = "" if answer.done else f"?refused={'homes_over_city' if over else answer.refused}"
    return RedirectResponse(f"{back}{more}{place}", 303)


@router.post("/budget/editions/{number}")
async def put_back(request: Request, viewer: Planner, number: int) -> Response:
    """An earlier budget is in force again, as a new edition, so that nothing is lost; homes keep their own numbers."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    found = await site.desk.budgets(number)
    if found is None or not may_edit(viewer):
        raise HTTPException(404)
    now = await site.desk.budget()
    kept = msgspec.structs.replace(found, homes_per_week=now.budget.homes_per_week)
    command = SaveBudget(key="", by=viewer.account.login, budget=kept, note=f"← {number}", based_on=now.number)
    answer = await site.desk.submit(command)
    if answer.done:
        return RedirectResponse("/budget", 303)
    parts = await parts_of(site, viewer) | {"refused": viewer.say.refusal(answer.refused)}
    return site.page(request, viewer, "budget.html", status=409, **parts)
