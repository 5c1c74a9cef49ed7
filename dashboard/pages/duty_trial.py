"""Who would be called: a climb thought through on an example home, with the plans in force or with unsaved ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.duty.plan import Plan
from alerting.duty.roster import Roster, local
from alerting.duty.trial import example_home
from alerting.model import Priority, RiskTier
from dashboard.access import Do
from dashboard.form_fields import moment, typed
from dashboard.labels import area_labels, names_apart
from dashboard.site import Site, Viewer, needs, site_of

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.DUTY))]

NIGHT = time(2)
NOW, TONIGHT, THEN = "now", "night", "then"


def next_night(roster: Roster, now: datetime) -> datetime:
    """The next 02:00 by the clock on the wall."""
    wall = local(roster, now)
    night = datetime.combine(wall.date(), NIGHT)
    return now + (night - wall if night > wall else night + timedelta(days=1) - wall)


def asked_priority(form: Mapping[str, object], name: str = "try_priority") -> Priority:
    """The priority that a form asks for; P1 when it asks for none."""
    text = typed(form, name)
    return Priority(int(text)) if text in {str(int(it)) for it in Priority} else Priority.P1


async def trial_parts(
    site: Site,
    viewer: Viewer,
    form: Mapping[str, object],
    plans: Sequence[Plan] | None = None,
    roster: Roster | None = None,
    plan: Plan | None = None,
) -> dict[str, Any]:
    """What the template of a trial shows.

    Args:
        site: The dashboard.
        viewer: Who asks; sees only homes of their own area.
        form: Fields ``try_area`` (area or case number; empty: the plan's), ``try_when``, ``try_at``, ``try_priority``.
        plans: Unsaved plans; None: those in force.
        roster: An unsaved roster; None: the one in force.
        plan: The plan whose form this is: its priority and scope are tried.
    """
    seen = await site.desk.duty()
    people, now = seen.editions.people, site.desk.now()
    offset_s = seen.editions.roster.utc_offset_s
    asked, areas = typed(form, "try_area"), area_labels(people)
    area = areas.word(asked) if asked else (plan.area if plan is not None else viewer.account.area)
    tier = plan.tiers[0] if plan is not None and plan.tiers else _tier(form)
    home = asked if asked in people.homes else example_home(people, area, tier) if area is not None else ""
    found = await site.desk.household(home) if home else None
    when = typed(form, "try_when") or TONIGHT
    at = {NOW: now, THEN: moment(typed(form, "try_at"), offset_s)}.get(when, next_night(seen.editions.roster, now))
    told = "" if found is not None and viewer.sees(found.household.area) else "no_home"
    told = told or ("" if at is not None else "no_moment")
    priority = plan.priority if plan is not None else asked_priority(form)
    trial = None
    if not told and at is not None:
        trial = await site.desk.trial_run(home, priority, at, plans, roster)
    return {
        "trial": trial,
        "trial_home": found.household if found is not None and not told else None,
        "trial_areas": people.areas,
        "trial_named": names_apart(people, viewer.say),
        "trial_told": told,
        "trial_at": at,
        "trial_priority": priority,
        "trial_plan": plan,
        "is_example": home != asked,
        "tried": {"area": asked, "when": when, "at": typed(form, "try_at"), "priority": str(int(priority))},
    }


def _tier(form: Mapping[str, object]) -> RiskTier | None:
    text = typed(form, "try_tier")
    return RiskTier(text) if text in set(RiskTier) else None


def no_trial(form: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The same for a page on which nothing was tried; what was typed stays."""
    form = form or {}
    tried = {"area": typed(form, "try_area"), "when": typed(form, "try_when") or TONIGHT, "at": typed(form, "try_at")}
    return {"trial": None, "trial_told": "", "tried": tried | {"priority": typed(form, "try_priority") or "1"}}


@router.get("/duty/try")
async def trial_run(request: Request, viewer: Reader) -> Response:
    """Who would be called by what is in force. Nobody is called."""
    site = site_of(request)
    parts = await trial_parts(site, viewer, request.query_params)
    people = (await site.desk.duty()).editions.people
    return site.page(request, viewer, "duty_try.html", **parts, area_names=area_labels(people).names)
