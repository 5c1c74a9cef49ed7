"""Scripts of what to do about an incident: read, edited as cards, tried out, saved as editions, put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.commands import SaveScripts
from alerting.incidents.rehearsal import MOST_ACTS, Act
from alerting.incidents.script import Contact, Do, Script, Target, filled_in
from alerting.model import AlarmKind
from dashboard import access
from dashboard.pages.duty import LONGEST_NOTE, may_edit
from dashboard.pages.parts import name_of_login
from dashboard.script_form import Draft, differences, draft_of, read_draft, rearranged, script_of
from dashboard.script_part import titles
from dashboard.script_trial import STEPS, Trial, made_up_home, shown
from dashboard.script_words import FACT_NAMES
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.speech import Speech
from gateway.desk.contract import Answer

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(access.Do.SCRIPTS))]
Planner = Annotated[Viewer, Depends(needs(access.Do.PLAN))]

LONGEST_CARRIED = 200_000
LONGEST_ID = 40
MOST_DIGITS = 9
WAITS_S = (30, 60, 300)


@router.get("/scripts")
async def scripts(request: Request, viewer: Reader) -> Response:
    """The scripts in force, and their editions."""
    site = site_of(request)
    return site.page(request, viewer, "scripts.html", **await _parts(site, viewer))


async def _parts(site: Site, viewer: Viewer) -> dict[str, Any]:
    seen = await site.desk.scripts()
    return {
        "seen": seen,
        "saved_by": {row.by: await name_of_login(site, row.by) for row in seen.history},
        "titles": titles(seen.scripts, viewer.say),
        "may_edit": may_edit(viewer),
        "filled_in": _filler(viewer.say),
        "refused": "",
        "reasons": (),
    }


def _filler(say: Speech) -> Callable[[str], str]:
    """Fills in what a text names in braces, with an example home."""
    home = made_up_home(say, alone=False)
    return lambda text: filled_in(text, home, english=say.language.code == "en")


@router.get("/scripts/edit")
async def edit(request: Request, viewer: Planner, script: str = "") -> Response:
    """One script as step cards; a name that none has begins a new one."""
    site = site_of(request)
    if not may_edit(viewer):
        raise HTTPException(403)
    seen = await site.desk.scripts()
    found = next((it for it in seen.scripts if it.id == script), None)
    draft = draft_of(found) if found is not None else rearranged(Draft(id=script[:LONGEST_ID]), "add:0")
    return await _form(request, viewer, draft, seen.number)


async def _form(
    request: Request, viewer: Viewer, draft: Draft, based_on: int, answer: Answer | None = None, *, note: str = ""
) -> Response:
    site, say = site_of(request), viewer.say
    seen = await site.desk.scripts()
    script, wrong = script_of(draft)
    if script is not None:
        wrong = [*await site.desk.script_flaws(_with(seen.scripts, script))]
    named = titles(seen.scripts, say) | {draft.id: (draft.en if say.language.code == "en" else draft.zh) or draft.id}
    return site.page(
        request,
        viewer,
        "script_edit.html",
        status=409 if answer is not None and answer.refused else 200,
        draft=draft,
        based_on=based_on,
        note=note,
        is_new=all(it.id != draft.id for it in seen.scripts),
        refused=say.refusal(answer.refused) if answer is not None else "",
        wrong=[say.script_flaw(reason, named) for reason in wrong],
        dos=list(Do),
        targets=list(Target),
        contacts=list(Contact),
        kinds=list(AlarmKind),
        fact_names=FACT_NAMES,
        filled_in=_filler(say),
    )


def _with(scripts: Sequence[Script], script: Script) -> tuple[Script, ...]:
    """The scripts with one in its own place, or at the end."""
    if all(it.id != script.id for it in scripts):
        return (*scripts, script)
    return tuple(script if it.id == script.id else it for it in scripts)


@router.post("/scripts/edit")
async def change(request: Request, viewer: Planner, script: str = "") -> Response:
    """What a button of the form does: add, remove or move a card, check, try out, save, or take the script away."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if not may_edit(viewer):
        raise HTTPException(403)
    seen = await site.desk.scripts()
    found = next((it for it in seen.scripts if it.id == script), None)
    occasion = found.occasion if found is not None and found.occasion is not None else ""
    draft = _carried_draft(form) or read_draft(form, script[:LONGEST_ID], occasion)
    what, based_on = str(form.get("button", "check")), _whole(str(form.get("based_on", "")))
    note = str(form.get("note", "")).strip()[:LONGEST_NOTE]
    edited, wrong = script_of(draft)
    if what == "try" and edited is not None:
        return await _trial(request, viewer, Trial(script=edited, began=site.desk.now()), based_on)
    if what in {"save", "delete"} and (edited is not None or what == "delete"):
        kept = tuple(it for it in seen.scripts if it.id != draft.id)
        after = kept if what == "delete" else _with(seen.scripts, edited) if edited is not None else kept
        answer = await _save(site, viewer, after, note, based_on)
        if answer.done:
            return RedirectResponse("/scripts", 303)
        return await _form(request, viewer, draft, based_on, answer, note=note)
    refused = Answer(refused="bad_scripts") if wrong and what in {"save", "try"} else None
    return await _form(request, viewer, rearranged(draft, what), based_on, refused, note=note)


def _carried_draft(form: FormData) -> Draft | None:
    """The script that comes back from a trial; None for a form that was filled in."""
    carried = _decoded(str(form.get("trial", "")))
    return draft_of(carried.script) if carried is not None else None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < MOST_DIGITS else 0


async def _save(site: Site, viewer: Viewer, scripts: tuple[Script, ...], note: str, based_on: int) -> Answer:
    by = viewer.account.login
    return await site.desk.submit(SaveScripts(key="", by=by, scripts=scripts, note=note, based_on=based_on))


@router.get("/scripts/editions/{number}")
async def edition(request: Request, viewer: Reader, number: int) -> Response:
    """One edition: what it changed, and how it differs from what is in force."""
    site = site_of(request)
    seen, then = await site.desk.scripts(), await site.desk.scripts_numbered(number)
    if then is None:
        raise HTTPException(404)
    earlier = max((row.number for row in seen.history if row.number < number), default=0)
    before = await site.desk.scripts_numbered(earlier) or ()
    parts = {
        "number": number,
        "earlier": earlier,
        "row": next((row for row in seen.history if row.number == number), None),
        "changed": differences(before, then) if number else [],
        "away": differences(seen.scripts, then),
        "titles": titles((*before, *seen.scripts, *then), viewer.say),
    }
    return site.page(request, viewer, "script_edition.html", **await _parts(site, viewer) | parts)


@router.post("/scripts/editions/{number}")
async def put_back(request: Request, viewer: Planner, number: int) -> Response:
    """An earlier edition is in force again, or the standard scripts (0): as a new one, so that nothing is lost."""
    site = site_of(request)
    await checked_form(request, viewer.seed)
    then = await site.desk.scripts_numbered(number) if may_edit(viewer) else None
    if then is None:
        raise HTTPException(404)
    seen = await site.desk.scripts()
    answer = await _save(site, viewer, then, f"← {number}", seen.number)
    if answer.done:
        return RedirectResponse("/scripts", 303)
    parts = await _parts(site, viewer)
    parts["refused"] = viewer.say.refusal(answer.refused)
    parts["reasons"] = [viewer.say.script_flaw(reason, parts["titles"]) for reason in answer.reasons]
    return site.page(request, viewer, "scripts.html", status=409, **parts)


# trying out ---------------------------------------------------------------------------------------------------------


@router.get("/scripts/try")
async def begin_trial(request: Request, viewer: Reader, script: str = "") -> Response:
    """A made-up incident of a script in force."""
    site = site_of(request)
    seen = await site.desk.scripts()
    found = next((it for it in seen.scripts if it.id == script), None)
    if found is None:
        raise HTTPException(404)
    return await _trial(request, viewer, Trial(script=found, began=site.desk.now()), seen.number)


@router.post("/scripts/try")
async def try_on(request: Request, viewer: Reader, step: str = "") -> Response:
    """One more act of a trial. Everything it knows came with the form; nothing is kept here."""
    form = await checked_form(request, viewer.seed)
    trial = _decoded(str(form.get("trial", "")))
    if trial is None:
        raise HTTPException(400)
    if step == "again":
        trial.acts, trial.alone = (), form.get("alone") == "yes"
    elif step == "undo":
        trial.acts = trial.acts[:-1]
    elif step in STEPS and len(trial.acts) < MOST_ACTS:
        whom = str(form.get("whom") or form.get("responder") or "")
        result = str(form.get("result") or form.get("outcome") or "")
        act = Act(do=step, whom=whom, result=result, wait_s=_whole(str(form.get("wait_s", ""))))
        trial.acts = (*trial.acts, act)
    return await _trial(request, viewer, trial, _whole(str(form.get("based_on", ""))))


def _decoded(carried: str) -> Trial | None:
    try:
        return msgspec.json.decode(carried[:LONGEST_CARRIED], type=Trial) if carried else None
    except (msgspec.MsgspecError, ValueError):
        return None


async def _trial(request: Request, viewer: Viewer, trial: Trial, based_on: int) -> Response:
    site, say = site_of(request), viewer.say
    home = made_up_home(say, alone=trial.alone)
    done = await site.desk.rehearsed(trial.kind, trial.acts, home, trial.began, viewer.account.login)
    it = shown(trial, done, viewer.account, await site.desk.values(), say, await site.desk.scripts())
    return site.page(
        request,
        viewer,
        "script_trial.html",
        trial=trial,
        carry=msgspec.json.encode(trial).decode(),
        based_on=based_on,
        view=it.view,
        steps=it.steps,
        script=it.script,
        lines=it.lines,
        at=done.now,
        acts=True,
        refused=say.refusal(done.refused) if done.refused else "",
        may_edit=may_edit(viewer),
        back_to_edit=f"/scripts/edit?script={quote(trial.script.id)}",
        waits_s=WAITS_S,
    )
