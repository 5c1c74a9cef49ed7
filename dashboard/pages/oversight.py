"""What supervisors and administrators look at: towns, faults, messages set aside, the system."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from alerting.care.duty import CareKind
from alerting.casefile import covers
from alerting.figures.measures import TARGETS, Measure
from dashboard import audit_words
from dashboard.access import Do
from dashboard.area_parts import parts_of
from dashboard.figures_words import MEASURES
from dashboard.pages.incidents import queue_parts
from dashboard.quarantine_words import UNREAD, word_of
from dashboard.site import Site, Viewer, needs, site_of
from dashboard.soundness import Seen, findings, headline, size

router = APIRouter()

EVERY_HOME = 100_000
KINDS = (CareKind.VISIT, CareKind.CALL, CareKind.WARNING, CareKind.REFERRAL)
ON_TOP = (Measure.ANSWERED_60, Measure.ANSWERED_180, Measure.THERE_45)
"""Figures of today that stand in the overview."""


class TownLine(msgspec.Struct, frozen=True):
    """One town (or village, for an account of one town) in the overview."""

    key: str
    name: str
    households: int
    unclaimed: int
    in_progress: int
    most_urgent: int
    faults: int
    homes_with_faults: int
    late: dict[CareKind, int]

    @property
    def is_late(self) -> bool:
        """Whether anything of care is past its time there."""
        return any(self.late.values())


@router.get("/overview")
async def overview(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OVERVIEW))]) -> Response:
    """The viewer's area by town: homes, what is open, faults."""
    site = site_of(request)
    values = await queue_parts(site, viewer)
    lines = await _town_lines(site, viewer)
    today = await site.today.figures(viewer.account.area) if viewer.may(Do.FIGURES) else {}
    gaps = [
        gap for gap in (await site.desk.health()).gaps if viewer.may(Do.DUTY) and covers(viewer.account.area, gap.area)
    ]
    protected = await site.desk.protected(viewer.account.area)
    values |= {"lines": lines, "gaps": gaps, "protected": protected, "today": today, "targets": TARGETS}
    values |= {"measures": {it: viewer.say.gettext(MEASURES[it]) for it in ON_TOP}}
    return site.page(request, viewer, "overview.html", **values)


async def _town_lines(site: Site, viewer: Viewer) -> list[TownLine]:
    area = viewer.account.area
    parts = parts_of(await site.desk.areas(), area)
    homes = await site.desk.households(area, "", EVERY_HOME)
    snapshot = await site.desk.snapshot(area)
    late, lines = await _late(site, viewer), []
    for part in parts:
        mine = [home for home in homes if covers(part.key, home.area)]
        rows = [row for row in snapshot.rows if row.area and covers(part.key, row.area)]
        states = Counter(not row.claimed_by for row in rows)
        lines.append(
            TownLine(
                key=part.key,
                name=part.name,
                households=len(mine),
                unclaimed=states[True],
                in_progress=states[False],
                most_urgent=min((int(row.priority) for row in rows), default=0),
                faults=sum(home.open_faults for home in mine),
                homes_with_faults=sum(home.open_faults > 0 for home in mine),
                late={it: sum(n for where, n in late[it].items() if covers(part.key, where)) for it in KINDS},
            )
        )
    return lines


async def _late(site: Site, viewer: Viewer) -> dict[CareKind, Counter[str]]:
    """By kind and village how much of what is owed is past its time."""
    late: dict[CareKind, Counter[str]] = {kind: Counter() for kind in KINDS}
    if viewer.may(Do.CARE):
        for it in await site.desk.care_counts(viewer.account.area, site.desk.now()):
            late[it.kind][it.area] += it.late
    return late


@router.get("/quarantine")
async def quarantine(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.QUARANTINE))]) -> Response:
    """Messages that could not be used, and why."""
    site = site_of(request)
    seen = await site.desk.quarantine()
    return site.page(request, viewer, "quarantine.html", seen=seen, word_of=word_of, unread=UNREAD)


@router.get("/health")
async def health(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.HEALTH))]) -> Response:
    """How the system itself is."""
    site = site_of(request)
    health = await site.desk.health()
    here, attending = site.hub.operators
    faults = (await site.desk.snapshot()).counters.faults
    found = findings(health, Seen(attending=attending, here=here, faults=faults), viewer.say)
    return site.page(
        request,
        viewer,
        "health.html",
        health=health,
        found=found,
        headline=headline(found, viewer.say),
        bridges=await site.desk.bridges(),
        consoles=site.hub.consoles,
        attended=site.hub.attended,
        audit_said=audit_words.said,
        size=size,
    )


@router.get("/healthz")
async def healthz(request: Request) -> Response:
    """For monitors: 503 when presses may not come through, else 200. Says nothing about anybody."""
    site = site_of(request)
    seen = await site.desk.health()
    sound = seen.broker_connected and not seen.faults
    seen = msgspec.structs.replace(seen, phones=(), gaps=(), machine=None)  # names of people, versions
    found = len(seen.audit.findings)
    seen = msgspec.structs.replace(seen, audit=msgspec.structs.replace(seen.audit, findings=()))
    protected = await site.desk.protected()
    numbers = {"homes": protected.homes, "protected": protected.protected}
    told = msgspec.to_builtins(seen) | numbers
    told |= {"ok": sound, "consoles": site.hub.consoles, "attended": site.hub.attended}
    told["audit"]["found"] = found
    return JSONResponse(told, 200 if sound else 503)
