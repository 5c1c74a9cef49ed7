"""Early warnings: pushed by another system onto a household, and how the village has answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from alerting.care.commands import PushWarning
from alerting.care.duty import care_key
from alerting.care.warning import LONGEST_SOURCE, LONGEST_TEXT, WarningCode
from dashboard.api.callers import Reader, Writer, by
from dashboard.api.homes import AWAY, as_json, decoded, home_of
from dashboard.api.problems import Problem, store_away
from dashboard.inflow import bounded_body
from dashboard.site import site_of
from gateway.care.warnings_asked import WarningRow

router = APIRouter()

LONGEST_WARNING = 8192
LONGEST_ID = 100
MOST_WARNINGS = 500


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An early warning as it is pushed.

    Attributes:
        id: The other system's own for it: the same again is the same warning.
        household: Case number.
        code: What has happened.
        source: Department that says so.
        text: In its words.
        on: When it happened, local day.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
    household: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    code: WarningCode
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SOURCE)]
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)] = ""
    on: date | None = None


@router.post("/warnings")
async def push(request: Request, peer: Writer) -> Response:
    """One early warning of a home of the peer's area; the same id twice is one warning."""
    site = site_of(request)
    given = _read(decoded(await bounded_body(request, LONGEST_WARNING)))
    if given.on is not None and given.on > site.times.local(site.desk.now()).date():
        raise Problem(422, "bad_warning", errors=[_flaw("on", "bad_day", "lies ahead")])
    await home_of(site, peer, given.household)
    command = PushWarning(
        key=care_key(given.household),
        by=by(peer),
        code=given.code,
        source=given.source,
        text=given.text,
        on=given.on,
    )
    answer = await site.desk.submit(command, once=f"{by(peer)}:{given.id}")
    if answer.refused in AWAY or not answer.recorded:
        raise store_away()
    if answer.refused:
        raise Problem(404, "unknown_home")
    return as_json({"household": given.household, "number": int(answer.made)}, 201)


def _read(given: object) -> Given:
    try:
        return msgspec.convert(given, Given)
    except msgspec.ValidationError as wrong:
        said, _, where = str(wrong).partition(" - at `$")
        field = where.strip("`").lstrip(".")
        raise Problem(422, "bad_warning", errors=[_flaw(field, "bad_value", said[:200])]) from wrong


def _flaw(field: str, reason: str, message: str) -> dict[str, str]:
    return {"field": field, "reason": reason, "message": message}


@router.get("/warnings")
async def pushed(
    request: Request, peer: Reader, *, limit: Annotated[int, Query(ge=1, le=MOST_WARNINGS)] = 100
) -> Response:
    """Those that this peer has pushed, the latest first, with what the village has answered."""
    rows = await site_of(request).desk.warnings_pushed(by(peer), peer.area, limit)
    return as_json({"warnings": [_shown(row) for row in rows]})


def _shown(row: WarningRow) -> dict[str, Any]:
    return {
        "household": row.home,
        "number": row.number,
        "code": row.code,
        "source": row.source,
        "at": row.at,
        "due_at": row.due_at,
        "stage": row.stage.name.lower(),
        "answer": row.answer,
        "answer_text": row.answer_text,
        "answered_at": row.answered_at,
    }
