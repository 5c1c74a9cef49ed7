"""A case file: looking into it with a reason, changing it, and everything that was changed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import NO_VERSION, OFFICES, AreaLevel, Household, covers, version_of
from alerting.enrolment.commands import OpenCaseFile, OpeningReason, SaveHousehold
from alerting.intake.datum import WGS84
from alerting.keeping import id_number
from alerting.model import IncidentState, RiskTier
from dashboard.access import Do, may
from dashboard.case_form import KINDS, Flaws, Typed, fields_of, rearranged, rows_of
from dashboard.case_told import in_words, names_of
from dashboard.case_words import MAPS
from dashboard.pages.parts import name_of_login
from dashboard.pages.steps import answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.speech import Speech
from dashboard.warning_words import WarningWords
from gateway.desk.contract import Desk, HouseholdView

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.CASE_FILES))]
Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

SHOWN_FOR = timedelta(minutes=15)
"""So long after somebody has said why, the case file shows in full to them."""


async def is_shown(site: Site, viewer: Viewer, home: HouseholdView) -> bool:
    """Whether the viewer sees a case file in full: they have said why, or work on an incident of the home.

    The latter is written down as an opening of its own, once in ``SHOWN_FOR``.
    """
    login, key = viewer.account.login, home.household.key
    if await site.desk.has_opened(key, login, site.desk.now() - SHOWN_FOR):
        return True
    is_open = any(row.state != IncidentState.CLOSED for row in home.incidents)
    if not is_open or not may(viewer.account, Do.ACT):
        return False
    command = OpenCaseFile(household=key, reason=OpeningReason.INCIDENT, by=login)
    return (await site.desk.submit(command)).done


async def _home(site: Site, viewer: Viewer, key: str) -> HouseholdView:
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home


@router.post("/households/{key:path}/open")
async def open_case_file(request: Request, viewer: Reader, key: str) -> Response:
    """Say why, and see it in full."""
    site = site_of(request)
    await _home(site, viewer, key)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    if form.get("reason") not in set(OpeningReason):
        raise HTTPException(400)
    reason, login = OpeningReason(form["reason"]), viewer.account.login
    command = OpenCaseFile(household=key, reason=reason, note=form.get("note", ""), by=login)
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, answer, f"/households/{quote(key)}")


@router.get("/households/{key:path}/history")
async def history(request: Request, viewer: Keeper, key: str) -> Response:
    """Every change of a case file, and who has looked into it."""
    site = site_of(request)
    home, warning = await _home(site, viewer, key), WarningWords(viewer.say)
    told = partial(_told, say=viewer.say, desk=site.desk, names=await names_of(site))
    changes = [
        {
            "it": it,
            "note": warning.note(it.note),
            "fields": list(_changed(it.before, it.after, told)),
        }
        for it in await site.desk.registrations("household", key)
    ]
    openings = await site.desk.openings(key)
    logins = {it.by for it in openings} | {str(change["it"].by) for change in changes}  # type: ignore[attr-defined]
    names = {login: await name_of_login(site, login) for login in logins}
    return site.page(request, viewer, "case_history.html", home=home, changes=changes, openings=openings, names=names)


def _changed(before: str, after: str, told: Callable[[str], dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Fields that differ between two case files as stored: name, before, after."""
    was = told(before) if before else {}
    now = told(after)
    for name in dict.fromkeys([*now, *was]):
        if was.get(name, "") != now.get(name, ""):
            yield name, was.get(name, ""), now.get(name, "")


def _told(body: str, say: Speech, desk: Desk, names: Mapping[str, str]) -> dict[str, str]:
    """What the history shows of a case file; of the number of an identity card its last characters."""
    home = msgspec.json.decode(body, type=Household)
    return in_words(home, say, names, lambda sealed: id_number.masked(desk.opened_id(sealed)))


@router.get("/new-household")
async def new_household(request: Request, viewer: Keeper) -> Response:
    """An empty case file."""
    form = {"tier": RiskTier.CARE.value, "residents.1.name": "", "contacts.1.name": ""}
    return await _form_page(request, viewer, None, form, {})


@router.get("/households/{key:path}/edit")
async def edit(request: Request, viewer: Keeper, key: str) -> Response:
    """A case file to be changed."""
    site = site_of(request)
    home = await _home(site, viewer, key)
    command = OpenCaseFile(household=key, reason=OpeningReason.UPKEEP, by=viewer.account.login)
    if not (await site.desk.submit(command)).done:
        raise HTTPException(503)
    form = fields_of(home.household, site.desk.opened_id) | {
        "datum": WGS84
    }  # as the position is kept, whatever its source was
    return await _form_page(request, viewer, home, form, {})


@router.post("/new-household")
async def save_new(request: Request, viewer: Keeper) -> Response:
    """Register a home, or change the form's rows."""
    return await _typed(request, viewer, None)


@router.post("/households/{key:path}/edit")
async def save(request: Request, viewer: Keeper, key: str) -> Response:
    """Change a case file, or the form's rows."""
    return await _typed(request, viewer, await _home(site_of(request), viewer, key))


async def _typed(request: Request, viewer: Viewer, home: HouseholdView | None) -> Response:
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    do = form.get("button", "")
    if do != "save":
        return await _form_page(request, viewer, home, rearranged(form, do), {})
    typed = Typed(form, home.household if home else None, site.desk.seal_id)
    if not covers(viewer.account.area, typed.home.area):
        typed.flaws["area"] = "unknown_area"
    if typed.flaws:
        return await _form_page(request, viewer, home, form, typed.flaws, "bad_case_file")
    command = SaveHousehold(
        household=typed.home,
        based_on=form.get("based_on", "") if home else NO_VERSION,
        by=viewer.account.login,
        note=form.get("note", "").strip()[:200],
    )
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    if answer.done:
        return RedirectResponse(f"/households/{quote(typed.home.key)}", 303)
    flaws = dict(reason.split("|", 1) for reason in answer.reasons)
    return await _form_page(request, viewer, home, form, flaws, answer.refused)


async def _form_page(
    request: Request, viewer: Viewer, home: HouseholdView | None, form: dict[str, str], flaws: Flaws, refused: str = ""
) -> Response:
    site, area = site_of(request), viewer.account.area
    areas = [it for it in await site.desk.areas() if covers(area, it.key)]
    people = [it for it in await site.desk.responders(area) if viewer.sees(it.area)]
    values: dict[str, Any] = {
        "home": home,
        "form": form,
        "flaws": flaws,
        "villages": [it for it in areas if it.level is AreaLevel.VILLAGE],
        "town_names": {it.key: it.name for it in areas},
        "offices": {name: [it for it in people if it.duty == duty] for name, duty in OFFICES.items()},
        "rows": {kind: rows_of(form, kind) for kind in KINDS},
        "based_on": form.get("based_on") or version_of(home.household if home else None),
        "tiers": list(RiskTier),
        "maps": MAPS,
        "refused": viewer.say.refusal(refused) if refused else "",
    }
    return site.page(request, viewer, "case_form.html", status=409 if refused else 200, **values)
