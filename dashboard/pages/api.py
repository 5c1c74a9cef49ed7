"""What the console's scripts ask for: the live socket, a snapshot to poll, the map's areas."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, WebSocket, WebSocketDisconnect
from starlette.responses import JSONResponse, Response

from alerting.casefile import AreaLevel, covers
from dashboard.access import Do
from dashboard.live import Console, Hub, scope_of
from dashboard.pages.incidents import queue_parts
from dashboard.site import Site, Viewer, needs, site_of, viewer_of
from dashboard.times import epoch_ms

router = APIRouter()

SIGNED_OUT = 4401
TRY_AGAIN = 1013
SEND_S = 15
"""A browser that takes nothing for so long has gone, whatever its socket says."""
CLOSE_S = 2
LONGEST_REPORT = 200


class Attendance(msgspec.Struct, frozen=True):
    """What a console reports of itself: its audio runs, its queue is shown."""

    audio: bool
    queue: bool


@router.websocket("/ws")
async def live(socket: WebSocket, after: str = "") -> None:
    """One console's stream: a snapshot (or what was missed since ``after``), changes, beats."""
    site = site_of(socket)
    viewer = await site.viewer(socket) if site.same_origin(socket) else None
    if viewer is None or viewer.account.one_time or not (viewer.may(Do.CONSOLE) or viewer.may(Do.OVERVIEW)):
        await socket.accept()
        await socket.close(SIGNED_OUT)
        return
    await socket.accept()
    console = Console(scope_of(viewer.account, viewer.say.language.code), viewer.account, viewer.until)
    try:
        await site.hub.join(console, after)
        await _serve(socket, console, site.hub)
    except TimeoutError:
        await _close(socket, TRY_AGAIN)
    finally:
        site.hub.leave(console)


async def _serve(socket: WebSocket, console: Console, hub: Hub) -> None:
    """Send and listen until either ends: the browser has gone, is too slow, or may not watch any longer."""
    both = [asyncio.create_task(_send(socket, console)), asyncio.create_task(_listen(socket, console, hub))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _send(socket: WebSocket, console: Console) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        while (frame := await console.next()) is not None:
            async with asyncio.timeout(SEND_S):
                await socket.send_text(frame)
    await _close(socket, SIGNED_OUT if console.ended == "signed_out" else TRY_AGAIN)


async def _close(socket: WebSocket, code: int) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await socket.close(code)


async def _listen(socket: WebSocket, console: Console, hub: Hub) -> None:
    """Hear the console's reports until its socket goes."""
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            said = await socket.receive_text()
            hub.hear(console)
            attended = _attended(said)
            if attended is not None:
                console.attended = attended


def _attended(said: str) -> bool | None:
    """Whether a console reports itself attended; None when it says nothing that can be read."""
    with suppress(msgspec.MsgspecError):
        if len(said) <= LONGEST_REPORT:
            report = msgspec.json.decode(said, type=Attendance)
            return report.audio and report.queue
    return None


@router.get("/api/snapshot")
async def snapshot(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OVERVIEW))], attends: str = ""
) -> Response:
    """The same snapshot as on the socket, for consoles whose socket cannot be had; ``attends``: what they report."""
    site = site_of(request)
    seen = await site.desk.health()
    site.hub.polled(viewer.account, attended=bool(_attended(attends)))
    values = await queue_parts(site, viewer)
    rows = [*values["unclaimed"], *values["progress"]]
    return JSONResponse(
        {
            "type": "snapshot",
            "cursor": "",
            "at": epoch_ms(site.desk.now()),
            "speed": seen.speed,
            "rows": rows,
            "counters": values["counters"],
            "tests": site.hub.tests(viewer.account, viewer.say.language.code),
            "wrong": [viewer.say.wrong(word) for word in seen.loud],
            "flood": values["flood"],
        }
    )


@router.get("/api/areas.geojson")
async def areas(request: Request, viewer: Annotated[Viewer, Depends(viewer_of)]) -> Response:
    """Boundaries of the towns and villages of the viewer's area, WGS-84."""
    site = site_of(request)
    return JSONResponse({"type": "FeatureCollection", "features": await _features(site, viewer)})


async def _features(site: Site, viewer: Viewer) -> list[dict[str, object]]:
    shown = {AreaLevel.TOWN, AreaLevel.VILLAGE}
    return [
        {
            "type": "Feature",
            "id": area.key,
            "properties": {"key": area.key, "name": area.name, "level": str(area.level)},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in area.boundary]]},
        }
        for area in await site.desk.areas()
        if area.boundary and area.level in shown and covers(viewer.account.area, area.key)
    ]
