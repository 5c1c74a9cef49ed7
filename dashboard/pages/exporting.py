"""Case files as a file: masked, or in full to whoever says for what; the latter is an opening of each of them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import AreaLevel, Household, covers
from alerting.enrolment.commands import OpenCaseFiles
from alerting.keeping.consent import ConsentFor, Standing, standing
from dashboard.access import Do
from dashboard.case_form import hidden
from dashboard.case_table import table_of
from dashboard.masking import masked
from dashboard.pages.importing import KINDS, attached
from dashboard.pages.steps import once_key
from dashboard.sheet import as_csv, as_excel, made_apart
from dashboard.site import Viewer, checked_form, needs, site_of

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]


async def _form(request: Request, viewer: Viewer, refused: str = "") -> Response:
    site, own = site_of(request), viewer.account.area
    towns = [it for it in await site.desk.areas() if it.level is AreaLevel.TOWN and covers(own, it.key)]
    said = viewer.say.refusal(refused) if refused else ""
    return site.page(request, viewer, "export.html", status=409 if refused else 200, towns=towns, refused=said)


@router.get("/export")
async def choose(request: Request, viewer: Keeper) -> Response:
    """Of which town, as what kind of file, masked or not."""
    return await _form(request, viewer)


@router.post("/export")
async def give_out(request: Request, viewer: Keeper) -> Response:
    """The file."""
    site, own = site_of(request), viewer.account.area
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    kind, area = form.get("kind", ""), form.get("area", "") or own
    if kind not in KINDS or not covers(own, area):
        raise HTTPException(400)
    homes = [it for it in await site.desk.case_files_in(area) if viewer.sees(it.area)]
    if form.get("full"):
        note, keys = form.get("note", ""), tuple(it.key for it in homes)
        command = OpenCaseFiles(households=keys, note=note, by=viewer.account.login)
        answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
        if not answer.done or not answer.recorded:  # nobody gets a list in full that is not written down
            return await _form(request, viewer, answer.refused or "list_not_recorded")
        homes = [masked(it) if _keeps_to_itself(it) else it for it in homes]
    else:
        homes = [masked(it) for it in homes]
    areas = {it.key: it for it in await site.desk.areas()}
    people = {it.id: it for it in await site.desk.responders()}
    id_of = site.desk.opened_id if form.get("full") else hidden
    table = await asyncio.to_thread(table_of, homes, areas, people, id_of)
    made = await asyncio.to_thread(made_apart, as_csv if kind == "csv" else as_excel_of_homes, table)
    return attached(made, kind, f"住户档案.{kind}")


def _keeps_to_itself(home: Household) -> bool:
    """Whether a household has taken back that its case file is given away: it stays masked in a list in full."""
    return standing(home, ConsentFor.SHARING) is Standing.WITHDRAWN


def as_excel_of_homes(table: list[list[str]]) -> bytes:
    """A table of homes as Excel."""
    return as_excel("住户", table)
