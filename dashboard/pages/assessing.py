"""The six-dimension assessment: its form, what is proposed, what was decided, and which households are due."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.assessment.criteria import TABLE
from alerting.assessment.due import assessment_due
from alerting.assessment.record import Dimension
from alerting.assessment.score import proposed
from alerting.casefile import AreaLevel, Household, covers, version_of
from alerting.enrolment.commands import AskReview, AssessHome, OpenCaseFile, OpeningReason
from alerting.model import RiskTier
from dashboard.access import Do
from dashboard.assessment_words import AssessmentWords
from dashboard.form_fields import chosen
from dashboard.pages.steps import answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import HouseholdView

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

AHEAD_DAYS = 30
MOST_SHOWN = 500


async def _home(site: Site, viewer: Viewer, key: str) -> HouseholdView:
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


async def assessment_parts(site: Site, viewer: Viewer, home: Household) -> dict[str, Any]:
    """What the case page says of a home's assessment, and of what its label sets."""
    due_on, why = assessment_due(home, site.desk.today())
    return {
        "assess": AssessmentWords(viewer.say),
        "assess_due_on": due_on,
        "assess_why": why,
        "assess_is_due": due_on <= site.desk.today(),
        "made": proposed(home.assessment.met) if home.assessment else None,
        "means": await site.desk.label_means(home.tier, home.key),
    }


@router.get("/assessments")
async def due(request: Request, viewer: Keeper, area: str = "", ahead: str = "") -> Response:
    """Households of one's area that are to be assessed, by town and village."""
    site = site_of(request)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    count, rows = await site.desk.to_assess(within, AHEAD_DAYS if ahead else 0, MOST_SHOWN)
    shown = sorted(rows, key=lambda it: (it.area, it.due_on, it.key))
    places = [(place, list(homes)) for place, homes in groupby(shown, key=lambda it: (it.town, it.village))]
    towns = [it for it in await site.desk.areas() if it.level is AreaLevel.TOWN and covers(viewer.account.area, it.key)]
    values: dict[str, Any] = {
        "places": places,
        "count": count,
        "is_cut": count > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    values |= {"towns": towns, "area": within, "ahead": bool(ahead), "days": AHEAD_DAYS, "today": site.desk.today()}
    return site.page(request, viewer, "assessments.html", assess=AssessmentWords(viewer.say), **values)


@router.get("/households/{key:path}/assess")
async def form(request: Request, viewer: Keeper, key: str) -> Response:
    """The form, as it was filled in the last time. To see it is to look into the case file."""
    site = site_of(request)
    home = await _home(site, viewer, key)
    command = OpenCaseFile(household=key, reason=OpeningReason.UPKEEP, by=viewer.account.login)
    if not (await site.desk.submit(command)).done:
        raise HTTPException(503)
    last = home.household.assessment
    return await _form_page(request, viewer, home, last.met if last else ())


@router.post("/households/{key:path}/assess")
async def assess(request: Request, viewer: Keeper, key: str) -> Response:
    """Show what the ticked criteria propose, or decide."""
    site = site_of(request)
    typed = await checked_form(request, viewer.seed)
    home = await _home(site, viewer, key)
    met, tier = chosen(typed, "met"), str(typed.get("tier", ""))
    if typed.get("button") != "save":
        return await _form_page(request, viewer, home, met, typed)
    if tier and tier not in set(RiskTier):
        raise HTTPException(400)
    command = AssessHome(
        household=key,
        met=met,
        tier=RiskTier(tier) if tier else proposed(met).tier,
        why=str(typed.get("why", "")),
        based_on=str(typed.get("based_on", "")),
        by=viewer.account.login,
        note=str(typed.get("note", "")).strip()[:200],
    )
    answer = await site.desk.submit(command, once=once_key(command, str(typed.get("once", ""))))
    if answer.done:
        return RedirectResponse(f"/households/{quote(key)}#assessment", 303)
    return await _form_page(request, viewer, home, met, typed, answer.refused)


@router.post("/households/{key:path}/reassess")
async def ask_review(request: Request, viewer: Keeper, key: str) -> Response:
    """Something was found: the household is to be assessed now."""
    site = site_of(request)
    typed = await checked_form(request, viewer.seed)
    await _home(site, viewer, key)
    command = AskReview(household=key, note=str(typed.get("note", "")), by=viewer.account.login)
    answer = await site.desk.submit(command, once=once_key(command, str(typed.get("once", ""))))
    return await answered(request, site, viewer, answer, f"/households/{quote(key)}")


async def _form_page(
    request: Request,
    viewer: Viewer,
    home: HouseholdView,
    met: tuple[str, ...],
    typed: FormData | None = None,
    refused: str = "",
) -> Response:
    site, file = site_of(request), home.household
    written = {name: str(value) for name, value in typed.items()} if typed is not None else {}
    values: dict[str, Any] = {
        "home": home,
        "met": met,
        "table": TABLE,
        "dimensions": list(Dimension),
        "tiers": list(RiskTier),
        "typed": written,
        "looked": typed is not None,
        "proposal": proposed(met),
        "based_on": written.get("based_on", "") or version_of(file),
        "refused": viewer.say.refusal(refused) if refused else "",
        "assess": AssessmentWords(viewer.say),
    }
    return site.page(request, viewer, "assess_form.html", status=409 if refused else 200, **values)
