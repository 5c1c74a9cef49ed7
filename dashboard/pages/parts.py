"""What the incident and household pages are made of, gathered from the Desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from fastapi import HTTPException
from markupsafe import Markup

from alerting.casefile import Account, Role, covers
from alerting.commands import (
    Accept,
    AcceptJob,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    Dispatch,
    FollowScript,
    HandOver,
    HoldUntil,
    Note,
    Prompt,
    Recall,
    RecordArrival,
    RecordCall,
    RefuseToClose,
    Release,
    Reopen,
    Resolve,
    TakeBack,
)
from alerting.duty.reach import signing_in
from alerting.homes.away import USUAL, AwayKind
from alerting.incidents import giving_back, lease, life
from alerting.incidents.conditions import Asked, pending
from alerting.incidents.values import Values
from alerting.model import AlarmKind, Entry, EntryKind, IncidentState, Outcome, Priority
from alerting.peers import PEER_MARK
from dashboard.away_words import AwayWords
from dashboard.beside import beside_parts
from dashboard.desk_words import CLAIMS, RANG_AGAIN, alarmed_at, claim_word, is_new_alarm, ring_of
from dashboard.explain import lead_alarm, why
from dashboard.job_lines import mark_of, risks_read_at
from dashboard.path_part import path_of
from dashboard.platform_part import platform_names
from dashboard.plots import NARROW, WIDE, Grid, Heading, Silence, activity_plot, limits_plot
from dashboard.script_part import can_ask, script_part, titles
from dashboard.sending import whom_to_send
from dashboard.site import Site, Viewer
from dashboard.timeline_words import OPERATORS, tell
from dashboard.words import mark
from gateway.desk.contract import HouseholdView, IncidentView

RESPONDER = "responder:"
RELATIVE = "relative:"
"""Before the name of a contact who has told something by their own link."""
PLAIN: dict[str, type[AnyCommand]] = {
    "claim": Claim,
    "release": Release,
    "prompt": Prompt,
    "recall": Recall,
    "arrive": RecordArrival,
    "on_the_way": AcceptJob,
    "resolve": Resolve,
    "reopen": Reopen,
    "take_back": TakeBack,
    "accept": Accept,
    "decline": Decline,
    "agree": AgreeToClose,
    "refuse": RefuseToClose,
}
"""Steps that need nothing but somebody who asks."""


RARER = frozenset({"hold", "hand_over", "release"})


class Steps(msgspec.Struct, frozen=True):
    """What can be done now: the names of all steps, and the one that is most likely next."""

    possible: frozenset[str]
    next: str

    @property
    def rarer(self) -> frozenset[str]:
        """Those that are not on the row, but folded away."""
        return self.possible & RARER


def steps_for(view: IncidentView, account: Account, now: datetime, values: Values, *, others: bool = True) -> Steps:
    """The steps the rules allow this account as the incident stands: the rules themselves are asked."""
    incident = view.incident
    who: dict[str, Any] = {"key": incident.key, "incident": incident.id, "by": account.login}
    asked: dict[str, AnyCommand] = {name: kind(**who) for name, kind in PLAIN.items()}
    asked |= {
        "note": Note(**who, text="…"),
        "call": RecordCall(**who, whom="…", result="busy"),
        "dispatch": Dispatch(**who, responder="…"),
        "follow": FollowScript(**who, script="…"),
        "close": Close(**who, outcome=Outcome.OTHER),
        "hold": HoldUntil(**who, for_s=1, reason="…"),
        "hand_over": HandOver(**who, to="…"),
    }
    possible = {step for step, command in asked.items() if not life.refusal(incident, Asked(command, now, values))}
    if not others:
        possible.discard("hand_over")
    if incident.hold is not None or incident.offer is not None:
        possible -= {"hold", "hand_over"}  # end that first
    if not incident.unacknowledged:
        possible.discard("claim")  # whoever has it need not; a second person says yes or no
    if view.home is None and not view.responders:
        possible -= {"call", "dispatch"}
    if not can_ask(view):
        possible.discard("prompt")
    return Steps(frozenset(possible), _likely_next(view, possible))


def _likely_next(view: IncidentView, possible: set[str]) -> str:
    wishes = {
        IncidentState.OPEN: ["claim"],
        IncidentState.CLAIMED: ["claim", "call", "dispatch", "resolve"],
        IncidentState.VERIFYING: ["claim", "dispatch", "resolve"],
        IncidentState.DISPATCHED: ["claim", "arrive"],
        IncidentState.ON_SCENE: ["claim", "resolve"],
        IncidentState.RESOLVED: ["claim", "close"],
        IncidentState.CLOSED: [],
    }[view.incident.state]
    if view.incident.hold is not None:
        wishes = ["take_back"]
    wishes = ["agree" if "agree" in possible else "accept" if "accept" in possible else "", *wishes]
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
    values, operators = await site.desk.values(), await operators_beside(site, viewer.account)
    names = await _names(site, view) | await platform_names(site, view, say)
    named = names | await platform_names(site, view, say, with_worker=False) | titles(view.scripts, say)
    parts: dict[str, Any] = {
        "view": view,
        "carried": "",
        "lead": lead,
        "why": why(lead, until, say),
        "timeline": [tell(it, say, lambda by: names.get(by, by), named) for it in reversed(view.timeline)],
        "steps": steps_for(view, viewer.account, now, values, others=bool(operators)),
        "values": values,
        "operators": operators,
        "pending": pending(view.incident),
        "lapses_at": lease.lapses_at(view.incident, values)
        if view.incident.claimed_by == viewer.account.login
        else None,
        "asks_second": view.incident.priority is Priority.P1 and not view.incident.contact,
        "asker": await name_of_login(site, view.incident.closing.by if view.incident.closing else ""),
        "stations": path_of(view.incident, view.timeline),
        **_ringing(view, viewer),
        "holder": await name_of_login(site, view.incident.claimed_by),
        "plot": None,
        "note_names": await names_of_notes(site, view.home),
        **await absence_parts(site, viewer, view.incident.key),
        "script": script_part(view, say, {entry.by: await name_of_login(site, entry.by) for entry in view.timeline}),
        "called": _calls(view, viewer),
        "has_arrived": view.incident.arrived,
        "risks_read_at": risks_read_at(view),
        "risks_mark": mark_of(view.home.household.risks) if view.home is not None else "",
        **await whom_to_send(site, view, names, say),
        **await beside_parts(site, view, until),
    }
    if view.home is not None:
        parts["plot"] = await home_plot(
            site, viewer, view.home, until, site.settings.activity_days, incident_silence(view, until), NARROW
        )
    return parts


async def absence_parts(site: Site, viewer: Viewer, key: str) -> dict[str, Any]:
    """What is known of a home's absence, and what can be said of it."""
    known = {"absence": await site.desk.absence_of(key), "away": AwayWords(viewer.say)}
    return known | {"away_kinds": list(AwayKind), "away_usual": USUAL}


def _ringing(view: IncidentView, viewer: Viewer) -> dict[str, Any]:
    """What it rings for, what claiming it would mean, and whether it is theirs to give back."""
    incident, say = view.incident, viewer.say
    return {
        "claim_word": say.gettext(CLAIMS[claim_word(incident, viewer.account.login)]),
        "is_new_alarm": is_new_alarm(incident),
        "alarmed_at": alarmed_at(incident),
        "again_word": say.gettext(RANG_AGAIN[ring_of(view.row)]) if view.row.waiting_since else "",
        "theirs": bool(holds_as(viewer, view)),
        "takes_over": incident.claimed_by not in {"", viewer.account.login},
    }


def holds_as(viewer: Viewer, view: IncidentView) -> str:
    """The id under which whoever looks has accepted the incident, or is on the way; empty when they have not."""
    account = viewer.account
    ids = signing_in({account.login: account}, account.login)
    return next((id_ for id_ in ids if giving_back.is_theirs(view.incident, id_)), "")


def _calls(view: IncidentView, viewer: Viewer) -> dict[str, tuple[datetime, str]]:
    """By name, when somebody was last telephoned and what became of it."""
    calls = {}
    for entry in view.timeline:
        if entry.kind is EntryKind.CALLED:
            whom, _, result = entry.text.partition("|")
            calls[whom] = (entry.at, viewer.say.call_result(result))
    return calls


async def name_of_login(site: Site, login: str) -> str:
    """What somebody is called, by login; the login itself when there is no such account."""
    if login.startswith(PEER_MARK):
        party = await site.desk.party(login.removeprefix(PEER_MARK))
        return party.title if party else login
    account = await site.desk.account(login) if login else None
    return account.name if account else login.removeprefix(RELATIVE)


async def names_of_notes(site: Site, home: HouseholdView | None) -> dict[str, str]:
    """What those are called who wrote or struck out the notes of a home, by login."""
    logins = {login for it in home.notes for login in (it.by, it.struck_by)} if home else set()
    return {login: await name_of_login(site, login) for login in logins}


async def operators_beside(site: Site, account: Account) -> list[Account]:
    """Who else answers calls in the same area: an incident can be handed over to them."""
    answering = {Role.OPERATOR, Role.ADMINISTRATOR}
    people = [it for it in await site.desk.accounts() if it.role in answering and not it.shut]
    beside = [other for other in people if other.login != account.login and covers(other.area, account.area)]
    return sorted(beside, key=lambda other: (other.role is not Role.OPERATOR, other.login))


async def _names(site: Site, view: IncidentView) -> dict[str, str]:
    """What those are called whom the timeline names: responders by id and by login, everybody else by login."""
    responders = {id_: it.name for id_, it in view.people.items()}
    names = responders | {f"{RESPONDER}{id_}": name for id_, name in responders.items()}
    logins = {entry.by for entry in view.timeline} | {e.text for e in view.timeline if e.kind in OPERATORS}
    for login in logins - names.keys() - {""}:
        names[login] = await name_of_login(site, login)
    return names


def incident_silence(view: IncidentView, until: datetime) -> Silence | None:
    """The silence an inactivity incident is about, up to the first movement after it."""
    for alarm in view.incident.alarms:
        if alarm.kind is AlarmKind.INACTIVITY and alarm.quiet_since is not None:
            ended = _moved_at(view.timeline, alarm.at) or until
            limit_at = alarm.quiet_since + timedelta(seconds=alarm.uncounted_s + alarm.limit_s)
            return Silence(alarm.quiet_since, limit_at, min(ended, until))
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
    site: Site,
    viewer: Viewer,
    home: HouseholdView,
    until: datetime,
    days: int,
    silence: Silence | None,
    grid: Grid = WIDE,
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
    return activity_plot(windows, since, until, site.times.zone, heading, silence, grid)


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
