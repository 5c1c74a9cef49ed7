"""Early warnings of other departments: taken in by hand or from a file, answered by the village, supervised."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from alerting.care.commands import AnswerWarning, PushWarning
from alerting.care.duty import care_key
from alerting.care.warning import LONGEST_SOURCE, LONGEST_TEXT, WarningAnswer, WarningCode
from alerting.casefile import Area, AreaLevel, covers
from alerting.intake.cells import CellError, day
from dashboard import warning_words
from dashboard.access import Do
from dashboard.care_words import CareWords
from dashboard.form_fields import typed
from dashboard.pages.care import areas_by, home_in_care
from dashboard.pages.importing import attached
from dashboard.pages.parts import name_of_login
from dashboard.pages.steps import answered, once_key
from dashboard.refusal_words import REFUSALS
from dashboard.sheet import MOST_BYTES, SheetError, as_csv, read_apart
from dashboard.site import Site, Viewer, checked_form, needs, site_of, viewer_of
from dashboard.warning_words import COLUMNS, IN_FILES, WarningWords
from gateway.care.warnings_asked import WarningCount
from gateway.desk.contract import Answer

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.CARE))]
Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

LOOKED_BACK = timedelta(days=92)
"""A quarter: so the programme looks at them."""
MOST_ROWS = 2000
EXAMPLE = ("WX00001", "大额医疗支出", "医保局", "住院自付 3.2 万元", "2026-01-05")


class Refused(msgspec.Struct, frozen=True):
    """A row of a file that cannot be taken: its number, and the words for why."""

    row: int
    why: str


@router.get("/warnings")
async def warnings(request: Request, viewer: Reader, area: str = "", refused: str = "", taken: int = 0) -> Response:
    """Early warnings of an area: to be answered, answered, and how each town stands."""
    said = viewer.say.refusal(refused) if refused in REFUSALS else ""
    return await _page(request, viewer, area, said=said, taken=taken)


async def _page(
    request: Request,
    viewer: Viewer,
    area: str = "",
    *,
    said: str = "",
    taken: int = 0,
    rows_refused: Sequence[Refused] = (),
    typed_in: Mapping[str, str] | None = None,
) -> Response:
    site = site_of(request)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    now = site.desk.now()
    done = await site.desk.warnings_answered(within, now - LOOKED_BACK)
    counts = await site.desk.warning_counts(within, now - LOOKED_BACK, now + timedelta(seconds=1))
    return site.page(
        request,
        viewer,
        "warnings.html",
        status=409 if said else 200,
        rows=await site.desk.warnings_open(within),
        done=done,
        names={it.answered_by: await name_of_login(site, it.answered_by) for it in done},
        lines=_by_town(counts, {it.key: it for it in await site.desk.areas()}),
        terms=await site.desk.care_terms(),
        rows_refused=rows_refused,
        typed_in={name: (typed_in or {}).get(name, "") for name in COLUMNS},
        taken=taken,
        refused=said,
        warning=WarningWords(viewer.say),
        codes=list(WarningCode),
        answers=list(WarningAnswer),
        care=CareWords(viewer.say),
    )


def _by_town(counts: Collection[WarningCount], areas: Mapping[str, Area]) -> list[tuple[str, dict[str, int], int, int]]:
    """(town, how many by code, how many answered, and in time), the one with most first."""
    towns = areas_by(areas, AreaLevel.TOWN)
    piles: dict[str, list[WarningCount]] = defaultdict(list)
    for it in counts:
        piles[towns.get(it.area, it.area)].append(it)
    lines = list[tuple[str, dict[str, int], int, int]]()
    for town, pile in piles.items():
        by_code: dict[str, int] = {code.value: sum(it.came for it in pile if it.code is code) for code in WarningCode}
        name = areas[town].name if town in areas else town
        lines.append((name, by_code, sum(it.answered for it in pile), sum(it.in_time for it in pile)))
    return sorted(lines, key=lambda line: -sum(line[1].values()))


@router.post("/warnings")
async def push(request: Request, viewer: Keeper) -> Response:
    """One early warning, typed in."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    command = await _checked(site, viewer, {name: typed(form, name) for name in COLUMNS}, viewer.account.login)
    if isinstance(command, str):
        return await _page(request, viewer, said=viewer.say.refusal(command), typed_in=form)
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    if answer.refused:
        return await _page(request, viewer, said=viewer.say.refusal(answer.refused), typed_in=form)
    return RedirectResponse("/warnings?taken=1", 303)


async def _checked(site: Site, viewer: Viewer, fields: Mapping[str, str], by: str) -> PushWarning | str:
    """The command of a form or a row; or the word of what is wrong with it."""
    home = await site.desk.household(fields["home"]) if fields["home"] else None
    if home is None or not viewer.sees(home.household.area):
        return "no_household"
    code = IN_FILES.get(fields["code"])
    if code is None:
        return "unknown_code"
    if not fields["source"]:
        return "no_source"
    on = _day(fields["on"], site.times.local(site.desk.now()).date())
    if fields["on"] and on is None:
        return "bad_day"
    return PushWarning(
        key=care_key(home.household.key),
        by=by,
        code=code,
        source=fields["source"][:LONGEST_SOURCE],
        text=fields["text"][:LONGEST_TEXT],
        on=on,
    )


def _day(text: str, today: date) -> date | None:
    """A day as lists have them, up to today; None for what is none."""
    try:
        found = day(text)
    except CellError:
        return None
    return found if found <= today else None


@router.get("/warnings/template.csv")
async def template(_: Keeper) -> Response:
    """A file with the columns and one example."""
    return attached(as_csv([list(COLUMNS.values()), list(EXAMPLE)]), "csv", "预警推送模板.csv")


@router.post("/warnings/file")
async def push_file(request: Request, viewer: Keeper) -> Response:
    """Many from a file: all of them or none, and the same file twice counts once."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    file = form.get("file")
    content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    if not content or len(content) > MOST_BYTES:
        return await _page(request, viewer, said=viewer.say.sheet_flaw("too_large" if content else "no_file"))
    try:
        sheet = await asyncio.to_thread(read_apart, content)
    except SheetError as wrong:
        word = str(wrong)
        said = viewer.say.refusal(word) if word in warning_words.REFUSALS else viewer.say.sheet_flaw(word)
        return await _page(request, viewer, said=said)
    places = _columns(sheet.rows[0][1]) if sheet.rows else None
    if places is None:
        return await _page(request, viewer, said=viewer.say.refusal("no_columns"))
    if not 1 < len(sheet.rows) <= MOST_ROWS:
        return await _page(request, viewer, said=viewer.say.refusal("no_rows"))
    commands, refused = list[PushWarning](), list[Refused]()
    for number, cells in sheet.rows[1:]:
        fields = {name: cells[n].strip() if n is not None and n < len(cells) else "" for name, n in places.items()}
        checked = await _checked(site, viewer, fields, viewer.account.login)
        if isinstance(checked, str):
            refused.append(Refused(number, viewer.say.refusal(checked)))
        else:
            commands.append(checked)
    if refused:
        return await _page(request, viewer, said=viewer.say.refusal("rows_refused"), rows_refused=refused)
    for command in commands:
        once = hashlib.sha256(b"warning" + msgspec.json.encode(command)).hexdigest()
        await site.desk.submit(command, once=once)
    return RedirectResponse(f"/warnings?taken={len(commands)}", 303)


def _columns(header: Sequence[str]) -> dict[str, int | None] | None:
    """Where each field is; None where one that is needed has no column."""
    cells = [cell.strip() for cell in header]
    places = {field: cells.index(name) if name in cells else None for field, name in COLUMNS.items()}
    return None if any(places[field] is None for field in ("home", "code", "source")) else places


@router.post("/warnings/{key:path}/{number:int}/answer")
async def answer(request: Request, key: str, number: int) -> Response:
    """It has been looked into: by whoever answers for the home, or by the desk or a supervisor."""
    site, viewer = site_of(request), await viewer_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await home_in_care(site, viewer, key)
    if form.get("answer") not in set(WarningAnswer):
        raise HTTPException(400)
    pages = {"rounds": "/rounds", "home": f"/households/{home.key}"}
    back = pages.get(form.get("back", ""), "/warnings")
    text = typed(form, "text")[:LONGEST_TEXT]
    if not text:
        return await answered(request, site, viewer, Answer(refused="no_words"), back)
    command = AnswerWarning(
        key=care_key(home.key),
        by=viewer.account.login,
        number=number,
        answer=WarningAnswer(form["answer"]),
        text=text,
    )
    done = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, msgspec.structs.replace(done, incident=""), back)
