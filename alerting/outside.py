"""What happens around an incident outside of the desk: what became of its pages, and its telephone calls."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged, Noted
from alerting.duty import escalation
from alerting.events import CallLogged, PageTold
from alerting.incidents import giving_back, neighbours
from alerting.incidents.giving_back import Gone
from alerting.model import Entry, EntryKind, Incident
from alerting.policy import Policy

Result = tuple[Incident | None, list[AnyDecision]]

LINES: dict[str, EntryKind] = {
    "delivered": EntryKind.PAGE_DELIVERED,
    "failed": EntryKind.PAGE_UNDELIVERED,
    "seen": EntryKind.PAGE_SEEN,
    "accepted": EntryKind.PAGE_ACCEPTED,
    "declined": EntryKind.PAGE_DECLINED,
}
"""What may become of a page, and the line that says so."""

ANSWERS = frozenset({"accepted", "declined"})
"""What the person says; all else is what machines say."""


def told(
    incident: Incident | None, event: PageTold | CallLogged, now: datetime, policy: Policy, *, home: str = ""
) -> Result:
    """What either event does to the incident that an aggregate has open, if any."""
    if isinstance(event, CallLogged):
        return call_logged(incident, event, now)
    return page_told(incident, event, home, now, policy)


def page_told(incident: Incident | None, event: PageTold, home: str, now: datetime, policy: Policy) -> Result:
    """What became of a page: a line of the timeline, also when the incident has ended meanwhile.

    Delivery and sight stop nothing; an acceptance makes the climb pause, as if it had been given at the console, and
    whoever takes theirs back lets it climb anew. Whoever declines gets nothing more of this step.
    """
    running = incident if incident is not None and incident.id == event.incident else None
    if running is not None and neighbours.is_answer(running, event):
        return neighbours.answered(running, event, now)
    if event.what == "accepted" and running is not None and event.elsewhere:
        return giving_back.has_another_job(running, event.to, event.elsewhere, now)
    if event.what == "accepted" and running is not None:
        return escalation.accepted(running, event.to, now, policy, how=event.detail)
    name = event.name or event.to
    if event.what == "declined" and running is not None:
        if giving_back.is_theirs(running, event.to):
            gone = Gone(event.to, name, event.detail, event.why, event.round, event.step)
            return giving_back.gives_back(running, gone, home, now, policy)
        if running.ladder.since is not None:
            ladder = escalation.declined(running.ladder, event.to, event.round, event.step)
            incident = msgspec.structs.replace(running, ladder=ladder)
    words = (event.detail, name) if event.what in ANSWERS else (name, event.detail)
    text = "|".join(word for word in words if word or event.what in ANSWERS)
    text = f"{text}|{event.why}" if event.why else text
    return _line(incident, Entry(incident=event.incident, at=now, kind=LINES[event.what], text=text))


def call_logged(incident: Incident | None, event: CallLogged, now: datetime) -> Result:
    """A telephone call, as a line of the timeline."""
    kind = EntryKind.CALL_IN if event.direction == "in" else EntryKind.CALL_OUT
    text = "|".join((event.number, event.who.replace("|", " "), event.result, str(event.duration_s)))
    return _line(incident, Entry(incident=event.incident, at=now, kind=kind, by=event.by, text=text))


def _line(incident: Incident | None, entry: Entry) -> Result:
    if incident is None or incident.id != entry.incident:
        return incident, [Noted(entry=entry)]
    noted = msgspec.structs.replace(incident, changed_at=max(entry.at, incident.changed_at))
    return noted, [IncidentChanged(incident=noted), Noted(entry=entry)]
