"""Duty: who is called and when, gaps ahead, plans and roster to edit; and taking care of an incident that climbs."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.commands import SavePlans, SaveRoster
from alerting.duty.editions import PLANS, ROSTER, plans_from, roster_from
from alerting.duty.reach import KEY_HOLDER
from dashboard.access import Do
from dashboard.edition_text import (
    ROSTER_EXAMPLE,
    UnreadableError,
    plan_example,
    plans_text,
    read_plans,
    read_roster,
    roster_text,
)
from dashboard.explain import lead_alarm
from dashboard.labels import area_labels, names_apart
from dashboard.pages.parts import holds_as, name_of_login
from dashboard.pages.steps import answered, back_to
from dashboard.plan_words import hours_of
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.words import REFUSALS, mark
from gateway.desk.contract import Answer

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.DUTY))]
Accepting = Annotated[Viewer, Depends(needs(Do.ACCEPT))]
Planner = Annotated[Viewer, Depends(needs(Do.PLAN))]

RESPONSIBLE = frozenset({"town", "village", "supervisor"})
"""Whom plans call by their office: without a verified address that calls nobody."""
LONGEST_EDITION = 200_000
LONGEST_NOTE = 200
LONGEST_WHY = 200


@router.get("/duty")
async def duty(request: Request, viewer: Reader, home: str = "") -> Response:
    """Gaps ahead, who is on duty, the plans, and which of them applies to one home."""
    site = site_of(request)
    return site.page(request, viewer, "duty.html", **await _parts(site, viewer, home.strip()))


async def _parts(site: Site, viewer: Viewer, home: str = "") -> dict[str, Any]:
    seen = await site.desk.duty()
    found = await site.desk.household(home) if home else None
    mine = found is not None and viewer.sees(found.household.area)
    people = seen.editions.people
    return {
        "seen": seen,
        "areas": people.areas,
        "asked": home,
        "found": found if mine else None,
        "applies": await site.desk.plans_of(home) if mine else [],
        "people": [p for p in people.persons.values() if p.lines and not p.id.startswith(KEY_HOLDER)],
        "mute": [p for p in people.persons.values() if not p.lines and p.duty in RESPONSIBLE and viewer.sees(p.area)],
        "may_edit": may_edit(viewer),
        "texts": {PLANS: plans_text(seen.editions.plans), ROSTER: roster_text(seen.editions.roster)},
        "examples": {PLANS: plan_example(viewer.say.gettext(mark("Night, urgent"))), ROSTER: ROSTER_EXAMPLE},
        "numbers": {PLANS: seen.editions.plans_number, ROSTER: seen.editions.roster_number},
        "named": names_apart(people, viewer.say),
        "saved_by": {row.by: await name_of_login(site, row.by) for row in seen.history},
        "hours_of": lambda plan: hours_of(plan.times, viewer.say),
        "area_names": area_labels(people).names,
        "tried": {"area": "", "when": "night", "at": "", "priority": "1"},
        "wrong_text": "",
        "refused": "",
        "reasons": (),
    }


def may_edit(viewer: Viewer) -> bool:
    """Whether somebody may change plans and roster: they hold for the whole city."""
    return viewer.may(Do.PLAN) and not viewer.account.area


@router.post("/duty/{kind}")
async def save(request: Request, viewer: Planner, kind: str) -> Response:
    """Put edited plans or an edited roster in force, or show what is wrong with them beside the text."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if kind not in {PLANS, ROSTER} or not may_edit(viewer):
        raise HTTPException(404 if may_edit(viewer) else 403)
    text, note = str(form.get("text", ""))[:LONGEST_EDITION], str(form.get("note", "")).strip()[:LONGEST_NOTE]
    based_on = str(form.get("based_on", ""))
    try:
        command = await _command(site, viewer, kind, text, note, int(based_on) if based_on.isdigit() else 0)
    except UnreadableError as wrong:
        answer = Answer(refused=f"bad_{kind}", reasons=(f"not_read|{wrong}",))
    else:
        answer = await site.desk.submit(command)
    if answer.done:
        return RedirectResponse("/duty", 303)
    parts = await _parts(site, viewer) | {
        "refused": viewer.say.refusal(answer.refused),
        "reasons": [viewer.say.flaw(reason) for reason in answer.reasons],
        "wrong_text": kind,
    }
    parts["texts"][kind] = text
    return site.page(request, viewer, "duty.html", status=409, **parts)


async def _command(
    site: Site, viewer: Viewer, kind: str, text: str, note: str, based_on: int
) -> SavePlans | SaveRoster:
    by = viewer.account.login
    if kind == PLANS:
        return SavePlans(key="", by=by, plans=read_plans(text), note=note, based_on=based_on)
    offset_s = (await site.desk.duty()).editions.roster.utc_offset_s
    return SaveRoster(key="", by=by, roster=read_roster(text, offset_s), note=note, based_on=based_on)


@router.post("/duty/editions/{number}")
async def put_back(request: Request, viewer: Planner, number: int) -> Response:
    """An earlier edition is in force again: as a new one, so that nothing is lost."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    found = await site.desk.edition(number)
    if found is None or found[0] not in {PLANS, ROSTER} or not may_edit(viewer):
        raise HTTPException(404)
    kind, body = found
    now, by, note = (await site.desk.duty()).editions, viewer.account.login, f"← {number}"
    command: SavePlans | SaveRoster
    if kind == PLANS:
        command = SavePlans(key="", by=by, plans=plans_from(body.encode()), note=note, based_on=now.plans_number)
    else:
        command = SaveRoster(key="", by=by, roster=roster_from(body.encode()), note=note, based_on=now.roster_number)
    answer = await site.desk.submit(command)
    if answer.done:
        return RedirectResponse("/duty", 303)
    parts = await _parts(site, viewer) | {
        "refused": viewer.say.refusal(answer.refused),
        "reasons": [viewer.say.flaw(reason) for reason in answer.reasons],
    }
    return site.page(request, viewer, "duty.html", status=409, **parts)


@router.get("/accept/{incident:path}")
async def called(request: Request, viewer: Accepting, incident: str, refused: str = "", holder: str = "") -> Response:
    """What somebody who was called needs to decide. Opening it accepts nothing: previews open links."""
    site = site_of(request)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    why = viewer.say.refusal(refused, await name_of_login(site, holder)) if refused in REFUSALS else ""
    theirs, lead = bool(holds_as(viewer, view)), lead_alarm(view.incident.alarms)
    return site.page(request, viewer, "accept.html", view=view, lead=lead, refused=why, theirs=theirs, back="accept")


@router.post("/accept/{incident:path}")
async def accept(request: Request, viewer: Accepting, incident: str) -> Response:
    """Somebody who was called takes care of it. Never the opening of a link: only this form does."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    own_page = request.query_params.get("back") == "accept"
    answer = await site.desk.accept(incident, viewer.account.login, "link" if own_page else "console")
    back = f"/accept/{quote(incident)}" if own_page else back_to(request, incident)
    return await answered(request, site, viewer, answer, back)


@router.post("/give_back/{incident:path}")
async def give_back(request: Request, viewer: Accepting, incident: str) -> Response:
    """Somebody who has accepted, or is on the way, cannot go any more."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    own_page, once = request.query_params.get("back") == "accept", str(form.get("once", ""))
    why = " ".join(str(form.get("why", "")).split())[:LONGEST_WHY]
    by = holds_as(viewer, view) or viewer.account.login
    answer = await site.desk.give_back(incident, by, "link" if own_page else "console", why, once and f"back {once}")
    back = f"/accept/{quote(incident)}" if own_page else back_to(request, incident)
    return await answered(request, site, viewer, answer, back)
