"""What the incident and household pages are made of, gathered from the Desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from fastapi import HTTPException
from markupsafe import Markup

from alerting.casefile import Account
from alerting.model import AlarmKind, Entry, EntryKind, IncidentState
from dashboard.explain import Told, lead_alarm, tell, why
from dashboard.plots import Heading, Silence, activity_plot, limits_plot
from dashboard.site import Site, Viewer
from dashboard.words import mark
from gateway.desk import HouseholdView, IncidentView

STATE_PATH = (IncidentState.OPEN, IncidentState.CLAIMED, IncidentState.DISPATCHED, IncidentState.RESOLVED)
RESPONDER = "responder:"


class Steps(msgspec.Struct, frozen=True):
    """What can be done now: the names of all steps, and the one that is most likely next."""

    possible: frozenset[str]
    next: str


def steps_for(view: IncidentView, account: Account) -> Steps:
    """The steps the rules allow this account in the incident's state.

    Only a picture of the rules for the screen: whatever is asked, the rules decide.
    """
    incident = view.incident
    state, mine = incident.state, incident.claimed_by in {"", account.login}
    if state is IncidentState.CLOSED:
        return Steps(frozenset(), "")
    possible = {"note"} | ({"call"} if view.home else set()) | ({"prompt"} if _can_ask(view) else set())
    if state is IncidentState.OPEN or (incident.unacknowledged and state is not IncidentState.RESOLVED):
        possible.add("claim")
    if state is IncidentState.DISPATCHED:
        possible.add("arrive")
    if mine and state in {IncidentState.CLAIMED, IncidentState.DISPATCHED}:
        possible |= {"dispatch", "resolve"} if view.home else {"resolve"}
        possible.add("recall" if state is IncidentState.DISPATCHED else "release")
    if mine and state is not IncidentState.OPEN:
        possible |= {"reopen"} if state is IncidentState.RESOLVED else set()
        possible |= set() if incident.unacknowledged else {"close"}
    return Steps(frozenset(possible), _likely_next(view, possible))


def _can_ask(view: IncidentView) -> bool:
    return view.home is not None and any(item.device.role == "hub" for item in view.home.devices)


def _likely_next(view: IncidentView, possible: set[str]) -> str:
    done = {entry.kind for entry in view.timeline}
    wishes = {
        IncidentState.OPEN: ["claim"],
        IncidentState.CLAIMED: ["claim", "dispatch" if EntryKind.CALLED in done else "call", "resolve"],
        IncidentState.DISPATCHED: ["claim", "resolve" if _has_arrived(view) else "arrive"],
        IncidentState.RESOLVED: ["close"],
        IncidentState.CLOSED: [],
    }[view.incident.state]
    return next((wish for wish in wishes if wish in possible), "")


async def incident_parts(site: Site, viewer: Viewer, incident: str) -> dict[str, Any]:
    """Everything the incident's panel shows.

    Raises:
        HTTPException: 404 when there is none, or none in the viewer's area.
    """
    view = await site.desk.incident(incident)
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    now, say = site.desk.now(), viewer.say
    until = view.incident.closed_at or now
    lead = lead_alarm(view.incident.alarms)
    parts: dict[str, Any] = {
        "view": view,
        "lead": lead,
        "why": why(lead, until, say),
        "timeline": await _told(site, viewer, view),
        "steps": steps_for(view, viewer.account),
        "state_path": STATE_PATH,
        "holder": await name_of_login(site, view.incident.claimed_by),
        "plot": None,
        "called": _calls(view, viewer),
        "has_arrived": _has_arrived(view),
        "takes_over": view.incident.claimed_by not in {"", viewer.account.login},
    }
    if view.home is not None:
        parts["plot"] = await home_plot(
            site, viewer, view.home, until, site.settings.activity_days, incident_silence(view, until)
        )
    return parts


def _calls(view: IncidentView, viewer: Viewer) -> dict[str, tuple[datetime, str]]:
    """By name, when somebody was last telephoned and what became of it."""
    calls = {}
    for entry in view.timeline:
        if entry.kind is EntryKind.CALLED:
            whom, _, result = entry.text.partition("|")
            calls[whom] = (entry.at, viewer.say.call_result(result))
    return calls


def _has_arrived(view: IncidentView) -> bool:
    """Whether the responder who was sent last has said that they are there."""
    for entry in reversed(view.timeline):
        if entry.kind in {EntryKind.ARRIVED, EntryKind.DISPATCHED}:
            return entry.kind is EntryKind.ARRIVED
    return False


async def name_of_login(site: Site, login: str) -> str:
    """What somebody is called, by login; the login itself when there is no such account."""
    account = await site.desk.account(login) if login else None
    return account.name if account else login


async def _told(site: Site, viewer: Viewer, view: IncidentView) -> list[Told]:
    """The timeline in words, latest first."""
    responders = {r.id: r.name for r in (view.home.responders if view.home else await site.desk.responders())}
    names = {f"{RESPONDER}{id_}": name for id_, name in responders.items()}
    for login in {entry.by for entry in view.timeline if entry.by and entry.by not in names}:
        names[login] = await name_of_login(site, login)
    return [tell(entry, viewer.say, lambda by: names.get(by, by), responders) for entry in reversed(view.timeline)]


def incident_silence(view: IncidentView, until: datetime) -> Silence | None:
    """The silence an inactivity incident is about, up to the first movement after it."""
    for alarm in view.incident.alarms:
        if alarm.kind is AlarmKind.INACTIVITY and alarm.quiet_since is not None:
            ended = _moved_at(view.timeline, alarm.at) or until
            return Silence(alarm.quiet_since, alarm.quiet_since + timedelta(seconds=alarm.limit_s), min(ended, until))
    return home_silence(view.home, until) if view.home and view.incident.closed_at is None else None


def _moved_at(timeline: Sequence[Entry], after: datetime) -> datetime | None:
    return next((entry.at for entry in timeline if entry.kind is EntryKind.ACTIVITY and entry.at >= after), None)


def home_silence(home: HouseholdView, now: datetime) -> Silence | None:
    """The silence that goes on in a home now."""
    rhythm = home.rhythm
    if rhythm is None or rhythm.quiet_since is None:
        return None
    return Silence(rhythm.quiet_since, rhythm.judged_at, now)


async def home_plot(
    site: Site, viewer: Viewer, home: HouseholdView, until: datetime, days: int, silence: Silence | None
) -> Markup:
    """A home's activity over the last days."""
    say = viewer.say
    since = site.times.midnight(until) - timedelta(days=days - 1)
    windows = await site.desk.activity(home.household.key, since, until)
    last = max((window.start for window in windows), default=None)
    heading = Heading(
        "activity",
        say.gettext(mark("Activity of the last %(days)s days"), days=days),
        say.gettext(
            mark("Rows are days, columns quarter hours; dark means busy. Last movement: %(ago)s."),
            ago=say.ago(last, until),
        ),
    )
    return activity_plot(windows, since, until, site.times.zone, heading, silence)


def rhythm_plot(site: Site, viewer: Viewer, home: HouseholdView, now: datetime) -> Markup | None:
    """A home's 24 limits; None where nothing is judged."""
    rhythm, say = home.rhythm, viewer.say
    if rhythm is None:
        return None
    hour = site.times.local(now).hour
    heading = Heading(
        "limits",
        say.gettext(mark("Inactivity limits by the hour in which a silence begins")),
        say.gettext(mark("A silence that begins now may last %(limit)s."), limit=say.duration(rhythm.limits_s[hour])),
    )
    return limits_plot(rhythm.limits_s, rhythm.usual_s, hour, heading)
