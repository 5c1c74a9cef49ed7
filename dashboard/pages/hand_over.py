"""The hand-over sheet (交接单): what the next shift has to know, on one page that can be printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.casefile import covers
from alerting.figures.course import Course
from alerting.figures.measures import Measure, figures
from alerting.model import Priority
from dashboard.access import Do
from dashboard.away_words import AwayWords
from dashboard.figures_part import DAY_HOURS
from dashboard.rows import console_row, queue_order
from dashboard.site import Site, Viewer, needs, site_of
from dashboard.soundness import GOOD, Seen, findings, headline
from dashboard.times import LocalTime
from gateway.absence.asked import AbsenceRow

router = APIRouter()

SHIFT = timedelta(hours=12)
EARLY = timedelta(hours=2)
"""So long into a shift the sheet is still about the one before it."""
ENDED = ("none", "moved")


class Shift(msgspec.Struct, frozen=True):
    """Twelve hours of the desk, from 8 or 20 on, UTC."""

    since: datetime
    until: datetime


def shift_at(now: datetime, times: LocalTime, *, before: bool) -> Shift:
    """The shift that goes on, or the one before it."""
    local = times.local(now)
    hour = DAY_HOURS.start if local.hour in DAY_HOURS else DAY_HOURS.stop
    day = local if local.hour >= DAY_HOURS.start else local - timedelta(days=1)
    since = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    since -= SHIFT if before else timedelta()
    return Shift(since, since + SHIFT)


@router.get("/hand-over")
async def sheet(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.OVERVIEW))], which: str = "") -> Response:
    """What is open, what there was, what comes; of the shift that ends."""
    site = site_of(request)
    now, area = site.desk.now(), viewer.account.area
    running = shift_at(now, site.times, before=False)
    is_before = which == "before" or (which != "now" and now - running.since < EARLY)
    shift = shift_at(now, site.times, before=is_before)
    courses = await site.desk.courses(area, shift.since, shift.until)
    values = await _what_was(site, courses or ())
    values |= await _what_comes(site, viewer, now)
    snapshot = await site.desk.snapshot(area)
    rows = sorted((it for it in snapshot.rows if viewer.sees(it.area)), key=queue_order)
    values |= {"open": [(row, console_row(row, viewer.say)) for row in rows], "faults": snapshot.counters.faults}
    values |= {"is_known": courses is not None, "shift": shift, "is_before": is_before, "is_over": shift.until <= now}
    values |= {"is_day": site.times.local(shift.since).hour in DAY_HOURS}
    return site.page(request, viewer, "hand_over.html", **values)


async def _what_was(site: Site, courses: Sequence[Course]) -> dict[str, Any]:
    """The incidents of the shift, and how they were answered."""
    real = [it for it in courses if not it.is_drill]
    done = figures(real, site.desk.now())
    homes = {home: await site.desk.household(home) for home in {it.home for it in real if it.home}}
    return {
        "courses": [(it, homes.get(it.home)) for it in sorted(real, key=lambda it: it.rang_at)],
        "urgent": Counter(it.priority for it in real),
        "outcomes": Counter(it.outcome for it in real if it.outcome is not None).most_common(),
        "priorities": list(Priority),
        "answered": done[Measure.ANSWERED_60],
        "drills": sum(it.is_drill for it in courses),
    }


async def _what_comes(site: Site, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """What falls due in the next twelve hours, what cannot be seen, and how the system is."""
    area, until = viewer.account.area, now + SHIFT
    health = await site.desk.health()
    here, attending = site.hub.operators
    faults = (await site.desk.snapshot()).counters.faults
    found = findings(health, Seen(attending=attending, here=here, faults=faults), viewer.say)
    protected = await site.desk.protected(area)
    return {
        "follow_ups": [it for it in await site.desk.follow_ups(area) if viewer.sees(it.area) and it.due_at < until],
        "absences": [it for it in await site.desk.absences(area) if viewer.sees(it.area) and _changes(it, until)],
        "blind": [it for it in await site.desk.blind(area) if viewer.sees(it.area)],
        "protected": protected,
        "gaps": [gap for gap in health.gaps if covers(area, gap.area)],
        "found": [it for it in found if it.how != GOOD],
        "headline": headline(found, viewer.say),
        "away": AwayWords(viewer.say),
    }


def _changes(it: AbsenceRow, until: datetime) -> bool:
    """Whether an absence begins, ends or is to be confirmed before then."""
    return it.stage not in ENDED and (it.until < until or it.stage == "planned")
