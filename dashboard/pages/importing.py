"""Homes from a list: a file, its columns, a dry run that names each refused row, and then all of it or nothing."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from alerting.intake.check import Standing
from alerting.intake.columns import COLUMNS, FIELDS, IGNORED
from dashboard.access import Do
from dashboard.case_table import NEEDED, template
from dashboard.case_words import MAPS
from dashboard.list_part import Kind, parts_of
from dashboard.lists import HomeList, HomeLists, Step
from dashboard.pages.parts import name_of_login
from dashboard.sheet import MOST_BYTES, SheetError, as_csv, as_excel, read_apart
from dashboard.site import Site, Viewer, checked_form, needs, site_of

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"xlsx": EXCEL, "csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
LONGEST_NAME = 120


def lists_of(request: Request) -> HomeLists:
    """The lists on their way, of this dashboard."""
    state = request.app.state
    if not hasattr(state, "home_lists"):
        state.home_lists = HomeLists()
    found: HomeLists = state.home_lists
    return found


def attached(content: bytes, kind: str, name: str) -> Response:
    """A file to be kept."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=KINDS[kind], headers=headers)


@router.get("/import")
async def start(request: Request, viewer: Keeper) -> Response:
    """Where a file is given in, and what was registered from files before."""
    return await _start(request, viewer, "")


async def _start(request: Request, viewer: Viewer, refused: str) -> Response:
    site = site_of(request)
    past = await site.desk.imports(viewer.account.login if viewer.account.area else "")
    names = {it.by: await name_of_login(site, it.by) for it in past}
    said = viewer.say.sheet_flaw(refused) if refused else ""
    status = 409 if refused else 200
    return site.page(request, viewer, "import.html", status=status, past=past, names=names, refused=said)


@router.get("/import/template.{kind}")
async def empty_list(_: Keeper, kind: str) -> Response:
    """The headings with an invented home, to be filled in."""
    if kind not in KINDS:
        raise HTTPException(404)
    made = as_csv(template()) if kind == "csv" else as_excel("住户", template(), needed=NEEDED)
    return attached(made, kind, f"住户导入模板.{kind}")


@router.post("/import")
async def take(request: Request, viewer: Keeper) -> Response:
    """A file."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES + 100_000:
        raise HTTPException(413)
    form = await checked_form(request, viewer.seed)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        return await _start(request, viewer, "no_file")
    try:
        sheet = await asyncio.to_thread(read_apart, await file.read())
    except SheetError as wrong:
        return await _start(request, viewer, str(wrong))
    name = "".join(c for c in (file.filename or "") if c.isprintable())[-LONGEST_NAME:]
    it = lists_of(request).take(viewer.account.login, name, sheet, site_of(request).desk.now())
    return RedirectResponse(f"/import/{it.token}", 303)


def _list(request: Request, viewer: Viewer, token: str) -> HomeList:
    found = lists_of(request).of(token, viewer.account.login)
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/import/{token}")
async def one_list(
    request: Request, viewer: Keeper, token: str, only: str = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """How far a file has come; with ``only`` one kind of what came of its rows, page by page."""
    return _shown(site_of(request), request, viewer, _list(request, viewer, token), only=only, page=page)


@router.post("/import/{token}")
async def go_on(request: Request, viewer: Keeper, token: str) -> Response:
    """Choose columns, check, go back, register, or drop it."""
    site, it = site_of(request), _list(request, viewer, token)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    do = form.get("button", "")
    back = RedirectResponse(f"/import/{token}", 303)
    if do == "drop" and it.step not in {Step.CHECKING, Step.WRITING}:
        lists_of(request).drop(it)
        return RedirectResponse("/import", 303)
    if do == "check" and it.step is Step.COLUMNS:
        wrong, twice = _choose(it, form)
        if wrong:
            return _shown(site, request, viewer, it, flaw=viewer.say.case_flaw(wrong), twice=twice)
        it.look(site.desk, viewer.account)
    elif do == "columns" and it.step is Step.CHECKED:
        it.step = Step.COLUMNS
    elif do == "carry_out" and it.step is Step.CHECKED and it.check is not None and not it.check.rejections:
        if it.check.needs_yes and not form.get("meant"):
            return _shown(site, request, viewer, it, flaw=viewer.say.case_flaw("say_meant"))
        it.carry_out(site.desk, viewer.account)
    return back


def _choose(it: HomeList, form: dict[str, str]) -> tuple[str, set[str]]:
    """Take over what was chosen of a list's columns; returns what is wrong, as a word, and fields chosen twice."""
    chosen = [form.get(f"column.{n}", IGNORED) for n in range(len(it.headings))]
    it.fields = [field if field in FIELDS else IGNORED for field in chosen]
    it.updates = form.get("existing", "update") == "update"
    it.datum = form.get("positions", "") if form.get("positions", "") in MAPS else ""
    twice = {field for field in it.fields if field != IGNORED and it.fields.count(field) > 1}
    if twice:
        return "column_twice", twice
    if "key" not in it.fields:
        return "no_key_column", set()
    return ("say_datum" if it.needs_datum else ""), set()


def _shown(
    site: Site, request: Request, viewer: Viewer, it: HomeList, *, only: str = "", page: int = 1, **more: Any
) -> Response:
    check = it.check
    values: dict[str, Any] = {
        "it": it,
        "columns": COLUMNS,
        "parts": parts_of(check, only, page) if check is not None else {},
        "only": only if only in set(Kind) else "",
        "maps": MAPS,
        "standings": list(Standing),
        "refused": viewer.say.refusal(it.refused) if it.refused else "",
        "flaw": "",
        "twice": set(),
    }
    return site.page(request, viewer, "import_list.html", status=409 if more else 200, **(values | more))
