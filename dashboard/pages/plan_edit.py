"""One plan of escalation as a form: filled in, checked field by field, tried out, put in force, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.commands import SavePlans
from alerting.duty.chain import Editions
from alerting.duty.plan import Plan, Target
from alerting.duty.roster import DayKind
from alerting.model import Priority, RiskTier
from dashboard.access import Do
from dashboard.duty_words import POSTS
from dashboard.form_fields import typed, whole
from dashboard.labels import area_labels, people_labels, role_labels
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.pages.duty_trial import no_trial, trial_parts
from dashboard.plan_form import PlanDraft, StepDraft, draft_of, placed, plan_of, read_draft, rearranged
from dashboard.plan_form import target_words as words_of_targets
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.speech import Speech
from gateway.desk.contract import Answer

router = APIRouter()

Planner = Annotated[Viewer, Depends(needs(Do.PLAN))]

USUAL = PlanDraft(
    steps=[
        StepDraft(after_s="30", call=("consoles",)),
        StepDraft(after_s="60", call=("consoles", "supervisor")),
        StepDraft(after_s="90", call=("duty_phone",)),
        StepDraft(after_s="120", call=("duty_phones", "village", "town")),
    ]
)
"""With what a new plan begins: the steps of the built-in one for P1."""


@router.get("/duty/plans/edit")
async def edit(request: Request, viewer: Planner, plan: str = "") -> Response:
    """One plan as a form; a name that none has begins a new one."""
    if not may_edit(viewer):
        raise HTTPException(403)
    editions = (await site_of(request).desk.duty()).editions
    found = next((it for it in editions.plans if plan and it.name == plan), None)
    people, areas = people_labels(editions.people, viewer.say), area_labels(editions.people)
    draft = draft_of(found, people, areas) if found is not None else USUAL
    original = plan if found is not None else ""
    return await _form(request, viewer, draft, editions.plans_number, original=original, is_checked=found is not None)


async def _form(
    request: Request,
    viewer: Viewer,
    draft: PlanDraft,
    based_on: int,
    *,
    original: str,
    answer: Answer | None = None,
    note: str = "",
    more: dict[str, Any] | None = None,
    is_checked: bool = True,
) -> Response:
    site, say = site_of(request), viewer.say
    editions = (await site.desk.duty()).editions
    people, areas = people_labels(editions.people, say), area_labels(editions.people)
    plan, wrong = plan_of(draft, people, areas)
    if plan is not None:
        wrong = placed(plan, await site.desk.duty_flaws(with_plan(editions.plans, plan, original), None))
    roles = sorted({shift.role for shift in editions.roster.shifts})
    return site.page(
        request,
        viewer,
        "plan_edit.html",
        status=409 if answer is not None and answer.refused else 200,
        draft=draft,
        original=original,
        address=f"/duty/plans/edit?{urlencode({'plan': original})}",
        based_on=based_on,
        note=note,
        refused=say.refusal(answer.refused) if answer is not None else "",
        wrong={field: [_told(say, it) for it in found] for field, found in wrong.items() if is_checked},
        target_words=_named(words_of_targets(roles), say, editions),
        people=people.worded,
        area_names=areas.names,
        priorities=list(Priority),
        tiers=list(RiskTier),
        day_kinds=list(DayKind),
        **(no_trial() | (more or {})),
    )


def _told(say: Speech, flaw: str) -> str:
    """A flaw at its field: what it is about is in sight there."""
    return say.flaw(flaw).rstrip(":： ")


def _named(words: Sequence[str], say: Speech, editions: Editions) -> dict[str, str]:
    """What each target is called; roles by their names."""
    roles = role_labels(POSTS, frozenset(shift.role for shift in editions.roster.shifts), say)
    named: dict[str, str] = {}
    for word in words:
        kind, _, role = word.partition(":")
        named[word] = roles.name(role) if role else say.target(Target(kind=kind))  # type: ignore[arg-type]
    return named


def with_plan(plans: Sequence[Plan], plan: Plan, original: str) -> tuple[Plan, ...]:
    """The plans with one in the place of that which had its name, or at the end."""
    if not original:
        return (*plans, plan)
    return tuple(plan if it.name == original else it for it in plans)


@router.post("/duty/plans/edit")
async def change(request: Request, viewer: Planner, plan: str = "") -> Response:
    """What a button of the form does: add, remove or move a step, check, try out, save, or take the plan away."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if not may_edit(viewer):
        raise HTTPException(403)
    editions = (await site.desk.duty()).editions
    original = plan if any(it.name == plan for it in editions.plans) else ""
    what, based_on = typed(form, "button") or "check", whole(typed(form, "based_on")) or 0
    note = typed(form, "note")[:LONGEST_NOTE]
    draft = rearranged(read_draft(form), what)
    people, areas = people_labels(editions.people, viewer.say), area_labels(editions.people)
    edited, wrong = plan_of(draft, people, areas)
    more: dict[str, Any] = no_trial(form)
    answer: Answer | None = None
    if what == "try" and edited is not None:
        more = await trial_parts(site, viewer, form, with_plan(editions.plans, edited, original), plan=edited)
    if what in {"save", "delete"}:
        kept = tuple(it for it in editions.plans if it.name != original)
        after = kept if what == "delete" else with_plan(editions.plans, edited, original) if edited else None
        answer = Answer(refused="bad_plans") if after is None or (wrong and what == "save") else None
        if answer is None and after is not None:
            by = viewer.account.login
            answer = await site.desk.submit(SavePlans(key="", by=by, plans=after, note=note, based_on=based_on))
        if answer is not None and answer.done:
            return RedirectResponse("/duty#plans", 303)
    return await _form(request, viewer, draft, based_on, original=original, answer=answer, note=note, more=more)
