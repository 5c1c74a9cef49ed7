"""How well the service does: figures counted from timelines, each with the incidents behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from alerting.casefile import covers
from alerting.dispatch.platform import responder_of
from alerting.figures.course import Course
from alerting.figures.measures import TARGETS, Figure, Measure, figures
from alerting.peers import Peer
from dashboard.access import Do
from dashboard.figures_part import Period, grouped, period_of
from dashboard.figures_words import GROUPS, MEANS, MEASURES, PERIODS, WHICH
from dashboard.site import Site, Viewer, needs, site_of

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.FIGURES))]


def _asked(request: Request, site: Site) -> tuple[Period, str, str]:
    """The time, by what the figures are told apart, and the area that is asked for."""
    query = request.query_params
    first, last = query.get("from", ""), query.get("to", "")
    is_changed = "shown" in query and query["shown"] != f"{first}{last}"
    asked = "own" if is_changed else query.get("period", "")
    period = period_of(asked, first, last, site.desk.now(), site.times)
    return period, query.get("by", "town"), query.get("area", "")


def _within(viewer: Viewer, area: str) -> str:
    return area if area and covers(viewer.account.area, area) else viewer.account.area


@router.get("/figures")
async def page(request: Request, viewer: Reader) -> Response:
    """All figures of a time, for the viewer's area and for each part of it."""
    site, say = site_of(request), viewer.say
    period, by, area = _asked(request, site)
    within = _within(viewer, area)
    courses = await site.desk.courses(within, period.since, period.until)
    areas = {it.key: it for it in await site.desk.areas()}
    values: dict[str, Any] = {
        "is_known": courses is not None,
        "period": period,
        "by": by if by in GROUPS else "town",
        "area": within,
        "areas": [it for it in areas.values() if covers(viewer.account.area, it.key)],
        "periods": PERIODS,
        "groups": GROUPS,
        "measures": {it: say.gettext(MEASURES[it]) for it in Measure},
        "means": {it: say.gettext(MEANS[it]) for it in Measure},
        "targets": TARGETS,
        "link": _linked(period, within),
    }
    found, now = courses or [], site.desk.now()
    parts = grouped(found, values["by"], areas, site.times, say)
    values |= {
        "figures": figures(found, now),
        "counted": len([it for it in found if not it.is_drill]),
        "drills": len([it for it in found if it.is_drill]),
        "lines": [(key, name, figures(some, now), len(some)) for key, name, some in parts],
        "load": None if within else await site.desk.desk_load(found, period.since, min(now, period.until)),
    }
    return site.page(request, viewer, "figures.html", **values)


def _linked(period: Period, area: str) -> Any:
    """Makes the address of the incidents behind a figure: measure, which of them, and of which group."""
    basis = {"period": period.name, "from": period.first.isoformat(), "to": period.last.isoformat(), "area": area}

    def link(measure: str, which: str, by: str = "", group: str = "") -> str:
        return "/figures/incidents?" + urlencode(basis | {"m": measure, "which": which, "by": by, "group": group})

    return link


@router.get("/figures/incidents")
async def behind(request: Request, viewer: Reader, m: str = "", which: str = "of", group: str = "") -> Response:
    """The incidents that a figure counts, or those of them that met it, or missed it."""
    site, say, now = site_of(request), viewer.say, site_of(request).desk.now()
    period, by, area = _asked(request, site)
    measure = Measure(m) if m in MEASURES else Measure.ANSWERED_60
    within, areas = _within(viewer, area), {it.key: it for it in await site.desk.areas()}
    courses = await site.desk.courses(within, period.since, period.until)
    parts = grouped(courses or [], by, areas, site.times, say)
    some = [it for key, _, pile in parts for it in pile if by not in GROUPS or key == group]
    counted = figures(some, now)[measure]
    wanted = frozenset(_ids(counted, which))
    return site.page(
        request,
        viewer,
        "figures_incidents.html",
        is_known=courses is not None,
        named=say.gettext(MEASURES[measure]),
        means=say.gettext(MEANS[measure]),
        which=say.gettext(WHICH.get(which, WHICH["of"])),
        group=next((name for key, name, _ in parts if by in GROUPS and key == group), ""),
        period=period,
        rows=[(it, _took(it, measure)) for it in some if it.incident in wanted],
        went=await _went(site, some),
        area_names={key: it.name for key, it in areas.items()},
        back=f"/figures?{urlencode({'period': period.name, 'from': period.first, 'to': period.last, 'area': within})}",
    )


async def _went(site: Site, courses: Sequence[Course]) -> dict[str, str]:
    """Who went to each incident, by its id; of a grid platform also whom it sent."""
    names = {it.id: it.name for it in await site.desk.responders()}
    names |= {responder_of(it.id): it.title for it in await site.desk.parties() if isinstance(it, Peer)}

    def named(who: str, worker: str) -> str:
        return " · ".join(part for part in (names.get(who, who), worker) if part)

    return {it.incident: ", ".join(named(*one) for one in it.went) for it in courses}


def _ids(figure: Figure, which: str) -> Sequence[str]:
    return {"met": figure.met, "missed": figure.missed}.get(which, figure.of)


def _took(it: Course, measure: Measure) -> float | None:
    """Seconds from its beginning to its end, where a time is measured; None: it has not come to that."""
    target = TARGETS[measure]
    since, until = (target.since(it) if target.since is not None else None), target.until(it)
    return (until - since).total_seconds() if since is not None and until is not None else None
