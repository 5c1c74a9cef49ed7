"""What became of case files and incidents, by cursor; and what other systems need to name things: areas, people."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from alerting.casefile import covers, upwards
from dashboard.api.callers import Reader
from dashboard.api.homes import as_json
from dashboard.api.problems import Problem, store_away
from dashboard.site import site_of
from gateway.desk.contract import QueueRow
from gateway.exchange.cursor import CursorError

router = APIRouter()

MOST_EVENTS = 500
NOW = "now"
LONGEST_CURSOR = 12_000


@router.get("/changes")
async def changes(
    request: Request,
    peer: Reader,
    *,
    after: Annotated[str, Query(max_length=LONGEST_CURSOR)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
) -> Response:
    """The news behind a cursor, exactly once each, and the cursor to go on from."""
    desk = site_of(request).desk
    if after == NOW:
        head = await desk.news_head()
        if head is None:
            raise store_away()
        return as_json({"events": [], "cursor": head, "more": False})
    try:
        found = await desk.news(after, limit, peer.area)
    except CursorError as wrong:
        raise Problem(400, "bad_cursor") from wrong
    if found is None:
        raise store_away()
    return as_json(msgspec.structs.asdict(found))


@router.get("/areas")
async def areas(request: Request, peer: Reader) -> Response:
    """The areas of the peer, and those above them."""
    above = set(upwards(peer.area))
    every = [it for it in await site_of(request).desk.areas() if covers(peer.area, it.key) or it.key in above]
    names = ("key", "level", "name", "parent")
    return as_json({"areas": [{name: getattr(it, name) for name in names} for it in every]})


@router.get("/responders")
async def responders(request: Request, peer: Reader) -> Response:
    """Who can be named as answering for a home; without their numbers."""
    every = await site_of(request).desk.responders(peer.area)
    names = ("id", "name", "area", "duty")
    return as_json({"responders": [{name: getattr(it, name) for name in names} for it in every]})


@router.get("/incidents")
async def incidents(
    request: Request,
    peer: Reader,
    *,
    state: Literal["open", "closed"] = "open",
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
) -> Response:
    """Incidents of the peer's area, the latest first: where and what, nothing about the people."""
    desk = site_of(request).desk
    rows = (await desk.snapshot(peer.area)).rows if state == "open" else await desk.closed(peer.area, limit)
    mine = sorted((it for it in rows if covers(peer.area, it.area)), key=lambda it: it.opened_at, reverse=True)
    return as_json({"incidents": [_shown(it) for it in mine[:limit]]})


def _shown(row: QueueRow) -> dict[str, Any]:
    return {
        "incident": row.incident,
        "household": row.household,
        "area": row.area,
        "state": row.state,
        "priority": int(row.priority),
        "alarms": sorted({it.kind for it in row.alarms}),
        "opened_at": row.opened_at,
        "outcome": row.outcome,
    }
