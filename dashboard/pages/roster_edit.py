"""The roster as a week to look at and tables to fill in: nothing holds before it is checked and put in force."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.commands import SaveRoster
from alerting.duty.chain import Editions
from alerting.duty.roster import DayKind, Roster, local
from alerting.duty.week import DAYS, monday, week
from dashboard.access import Do
from dashboard.duty_words import POSTS
from dashboard.form_fields import chosen, day, typed, whole
from dashboard.labels import area_labels, names_apart, people_labels, role_labels, who_is_meant
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.pages.duty_trial import no_trial, trial_parts
from dashboard.plan_form import Wrong
from dashboard.roster_form import TABLES, RosterDraft, Vocabulary, draft_of, read_draft, roster_of, with_row
from dashboard.roster_swaps import handed, picked, swapped, tick_of
from dashboard.site import Viewer, checked_form, needs, site_of
from dashboard.speech import Speech
from gateway.desk.contract import Answer

router = APIRouter()

Planner = Annotated[Viewer, Depends(needs(Do.PLAN))]

MOST_FIELDS = 30_000
"""A city's deputies alone are hundreds of rows."""


def known_in(editions: Editions, say: Speech) -> Vocabulary:
    """What the names in a form mean."""
    roster = editions.roster
    used = frozenset(shift.role for shift in roster.shifts) | frozenset(post.role for post in roster.posts)
    return Vocabulary(
        people=people_labels(editions.people, say),
        areas=area_labels(editions.people),
        roles=role_labels(POSTS, used, say),
        utc_offset_s=roster.utc_offset_s,
    )


@router.get("/duty/roster/edit")
async def edit(request: Request, viewer: Planner, of: str = "") -> Response:
    """The roster in force as a form, with the week of a date (this one when there is none)."""
    if not may_edit(viewer):
        raise HTTPException(403)
    editions = (await site_of(request).desk.duty()).editions
    draft = draft_of(editions.roster, known_in(editions, viewer.say))
    return await _form(request, viewer, draft, editions.roster_number, of=of)


async def _form(
    request: Request,
    viewer: Viewer,
    draft: RosterDraft,
    based_on: int,
    *,
    of: str,
    answer: Answer | None = None,
    note: str = "",
    touched: str = "",
    more: dict[str, Any] | None = None,
    said: Wrong | None = None,
) -> Response:
    site, say = site_of(request), viewer.say
    editions, now = (await site.desk.duty()).editions, site.desk.now()
    known = known_in(editions, say)
    roster, wrong = roster_of(draft, known)
    if not wrong:
        wrong = {"": [*await site.desk.duty_flaws(None, roster)]}
    wrong |= said or {}
    first = monday(day(of) or local(roster, now).date())
    seen = await asyncio.to_thread(week, msgspec.structs.replace(editions, roster=roster), first, now)
    return site.page(
        request,
        viewer,
        "roster_edit.html",
        status=409 if answer is not None and answer.refused else 200,
        draft=draft,
        based_on=based_on,
        note=note,
        touched=touched,
        refused=say.refusal(answer.refused) if answer is not None else "",
        wrong={field: [say.flaw(it).rstrip(":： ") for it in found] for field, found in wrong.items() if found},
        wrong_tables={field.partition(".")[0] for field, found in wrong.items() if found},
        seen=seen,
        first=first,
        today=local(roster, now).date(),
        known=known,
        named=names_apart(editions.people, say),
        areas=editions.people.areas,
        tick_of=tick_of,
        day_kinds=list(DayKind),
        **(no_trial() | (more or {})),
    )


@router.post("/duty/roster/edit")
async def change(request: Request, viewer: Planner) -> Response:
    """What a button of the form does: add or remove a row, swap turns, turn the week, check, try out, or save."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed, MOST_FIELDS)
    if not may_edit(viewer):
        raise HTTPException(403)
    editions = (await site.desk.duty()).editions
    known = known_in(editions, viewer.say)
    word, _, where = typed(form, "button").partition(":")
    based_on, note = whole(typed(form, "based_on")) or 0, typed(form, "note")[:LONGEST_NOTE]
    draft, said, touched = _rearranged(read_draft(form), form, word, where, known)
    roster, wrong = roster_of(draft, known)
    more: dict[str, Any] = no_trial(form)
    answer: Answer | None = None
    if word == "try":
        more = await trial_parts(site, viewer, form, roster=roster)
    if word == "save":
        answer = await _saved(request, viewer, roster, note, based_on) if not wrong else Answer(refused="bad_roster")
        if answer.done:
            return RedirectResponse("/duty", 303)
    of = _turned(typed(form, "of"), where) if word == "week" else typed(form, "of")
    return await _form(
        request, viewer, draft, based_on, of=of, answer=answer, note=note, touched=touched, more=more, said=said
    )


async def _saved(request: Request, viewer: Viewer, roster: Roster, note: str, based_on: int) -> Answer:
    command = SaveRoster(key="", by=viewer.account.login, roster=roster, note=note, based_on=based_on)
    return await site_of(request).desk.submit(command)


def _rearranged(
    draft: RosterDraft, form: FormData, word: str, where: str, known: Vocabulary
) -> tuple[RosterDraft, Wrong, str]:
    """The draft after a button, what was wrong with what the button was to do, and which table it was about."""
    table, _, n = where.partition(":")
    if word == "add" and table in TABLES:
        return with_row(draft, table), {}, table
    if word == "remove" and table in TABLES:
        return with_row(draft, table, without=whole(n) or 0), {}, table
    if word in {"swap", "hand"}:
        turns = picked(chosen(form, "pick"))
        if word == "swap":
            draft, flaw = swapped(draft, turns, known)
        else:
            named = typed(form, "hand_to")
            instead, unknown = who_is_meant(known.people, named) if named else (None, "")
            draft, flaw = handed(draft, turns, instead, known)
            flaw = unknown or flaw
        return draft, {"pick": [flaw]} if flaw else {}, "swap"
    return draft, {}, typed(form, "touched")


def _turned(of: str, weeks: str) -> str:
    """The Monday of the week before or after."""
    first = day(of)
    ahead = -DAYS if weeks.startswith("-") else DAYS
    return (first + timedelta(days=ahead)).isoformat() if isinstance(first, date) else ""
