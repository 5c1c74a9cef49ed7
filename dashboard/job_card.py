"""One job as whoever goes sees it on their telephone: the same card behind a sign-in and behind a link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from alerting.casefile import Place, Responder
from alerting.dispatch.job import HandedTo, Job, Stage
from alerting.duty.candidates import apart_m
from alerting.duty.escalation import is_accepted_by
from alerting.incidents.conditions import RESPONDER
from alerting.model import Aggregate, Entry, EntryKind, Incident, IncidentState
from dashboard.explain import lead_alarm, why
from dashboard.job_form import risks_note
from dashboard.job_lines import JobShown, as_written, jobs_of, mark_of, risks_in
from dashboard.job_map import Around, Spot, job_map, legend
from dashboard.job_words import HANDED_TO, STAGES
from dashboard.last_fix import last_fix
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.way_there import MAPS, ways_to
from dashboard.words import mark
from gateway.desk.contract import IncidentView

ETAS_MIN = (10, 20, 30, 45)
SIGNALS = timedelta(days=1)
ROOMS = 6
WHOM = {it: HANDED_TO[it] for it in HandedTo if it is not HandedTo.DESK}
"""To whom a responder hands over by themselves; that nobody has to stay the desk says."""

FOLLOWS: dict[Stage, str] = {
    Stage.OFFERED: "accepted",
    Stage.TIMED_OUT: "accepted",
    Stage.ACCEPTED: "en_route",
    Stage.EN_ROUTE: "on_scene",
    Stage.ON_SCENE: "inside",
    Stage.INSIDE: "safe",
    Stage.SAFE: "handed_over",
    Stage.NEEDS_120: "handed_over",
}
"""What somebody most likely taps next."""
FOLLOWS_IN_AREA = {Stage.ACCEPTED: "on_scene", Stage.EN_ROUTE: "on_scene", Stage.ON_SCENE: "resolve"}


class Other(msgspec.Struct, frozen=True):
    """Somebody else who was sent: how far along they are, and how far off they live or work."""

    job: JobShown
    far: str
    phone: str


def job_of(incident: Incident, responder: str) -> Job | None:
    """The job of a responder (id) here; of whoever has accepted a page alone it is as good as one.

    None when they have nothing to do with it.
    """
    job = incident.job_of(responder)
    if job is not None:
        return job
    person, ladder = f"{RESPONDER}{responder}", incident.ladder
    goes = is_accepted_by(incident, person) or ladder.on_the_way == person
    if not goes or incident.state is IncidentState.CLOSED:
        return None
    since = ladder.accepted_at or incident.rang_at
    return Job(responder, Stage.ACCEPTED, since, ((Stage.ACCEPTED, since),))


async def card_of(site: Site, view: IncidentView, job: Job, say: Speech) -> dict[str, Any]:
    """What the template of a job shows.

    Args:
        site: For asking.
        view: The incident.
        job: Whose.
        say: Their language.
    """
    incident, home, now = view.incident, view.home, site.desk.now()
    lead = lead_alarm(incident.alarms)
    responders = view.people
    names = {it.id: it.name for it in responders.values()}
    of_area = incident.aggregate is Aggregate.AREA
    is_running = incident.state in {IncidentState.DISPATCHED, IncidentState.ON_SCENE}
    is_resolved = incident.state is IncidentState.RESOLVED
    fix = last_fix(home, now, say)
    follows = FOLLOWS_IN_AREA if of_area and job.stage in FOLLOWS_IN_AREA else FOLLOWS
    return {
        "view": view,
        "lead": lead,
        "why": why(lead, now, say),
        "job": job,
        "of_area": of_area,
        "is_sent": incident.job_of(job.responder) is not None,
        "runs": is_running or (not is_resolved and incident.job_of(job.responder) is None),
        "sent_at": job.at(Stage.OFFERED),
        "risks_at": _risks_at(site, view, job),
        "risks_mark": mark_of(view.home.household.risks) if view.home is not None else "",
        "way": [(say.gettext(STAGES[stage]), at) for stage, at in job.times],
        "next": follows.get(job.stage, ""),
        "others": [_other(it, responders, view, say) for it in jobs_of(incident, names, say) if _goes(it, job)],
        "around": (around := _around(view, job, responders, say)),
        "legend": legend(around, say) if around is not None else [],
        "drawn": lambda n: job_map(around, n, say) if around is not None else "",
        "maps": _maps(_where_to(view, job), say),
        "fix": fix,
        "fix_maps": _maps(fix.place, say) if fix is not None and fix.is_away and not job.spot else [],
        "signals": await _signals(site, view, now, say),
        "handed_to": WHOM,
        "etas": ETAS_MIN,
    }


def _where_to(view: IncidentView, job: Job) -> Place | None:
    """Where they are sent: the position that the desk has chosen, or the home."""
    if job.spot is not None:
        return Place(lat=job.spot[0], lon=job.spot[1])
    return view.home.household.place if view.home is not None else None


def _around(view: IncidentView, job: Job, responders: Mapping[str, Responder], say: Speech) -> Around | None:
    """What is drawn around where they are sent; None where that place is not known."""
    place = _where_to(view, job)
    if place is None or view.home is None or (job.destination and job.spot is None):
        return None
    file, fix = view.home.household, view.home.fix
    at_fix = job.spot is not None and fix is not None and (fix.lat, fix.lon) == job.spot
    others = [
        Spot(known.name, known.place)
        for it in view.incident.going
        if it.responder != job.responder and not it.was_there
        if (known := responders.get(it.responder)) is not None and known.place is not None
    ]
    name = mark("Where to: the last position") if job.spot is not None else mark("Where to: the home")
    return Around(
        to=Spot(say.gettext(name), place, fix.accuracy_m if at_fix and fix is not None else 0),
        home=Spot(say.gettext(mark("the home")), file.place) if job.spot is not None else None,
        others=tuple(others),
        ring=next((it.boundary for it in view.home.areas if it.key == file.area), ()),
    )


def _maps(place: Place | None, say: Speech) -> list[tuple[str, str]]:
    return [(say.gettext(MAPS[it.map]), it.address) for it in ways_to(place)] if place is not None else []


def _risks_at(site: Site, view: IncidentView, job: Job) -> datetime | None:
    """When they have read what to beware of here; in whatever language. None: not yet."""
    risks = view.home.household.risks if view.home is not None else ()
    notes = {risks_note(risks, say) for say in site.speeches.values()}
    mine = [it for it in view.timeline if it.by == f"{RESPONDER}{job.responder}"]
    return next(
        (it.at for it in mine if _has_read(it, risks) or (it.kind is EntryKind.NOTE and it.text in notes)), None
    )


def _has_read(line: Entry, risks: tuple[str, ...]) -> bool:
    """Whether a line says that just these were read."""
    return line.kind is EntryKind.RISKS_READ and risks_in(line.text) == as_written(risks)


def _goes(it: JobShown, mine: Job) -> bool:
    return it.responder != mine.responder and not (it.is_over and not it.was_there)


def _other(it: JobShown, responders: Mapping[str, Responder], view: IncidentView, say: Speech) -> Other:
    known = responders.get(it.responder)
    far = ""
    if known is not None and known.place is not None and view.home is not None and not it.was_there:
        far = say.distance(apart_m(known.place, view.home.household.place))
    return Other(it, far, known.phone if known is not None else "")


async def _signals(site: Site, view: IncidentView, now: datetime, say: Speech) -> list[tuple[str, datetime]]:
    """Where somebody moved last, by room, the latest first."""
    if view.home is None:
        return []
    latest: dict[str, datetime] = {}
    for window in await site.desk.activity(view.incident.key, now - SIGNALS, now):
        latest |= dict.fromkeys((room for room in window.rooms if room), window.start)
    rooms = sorted(latest, key=lambda room: latest[room], reverse=True)[:ROOMS]
    return [(say.room(room), latest[room]) for room in rooms]
