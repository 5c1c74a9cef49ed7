"""What ends by itself: a claim nobody works on, a hold, an offer, the wait for a second person, for who was sent.

A claim is work, not a tab. Whatever has ended is in somebody's hands again, or rings.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged, Noted, Rang
from alerting.dispatch.job import UNANSWERED, Job, Stage, with_job
from alerting.dispatch.platform import is_undelivered
from alerting.events import HolderCame, HolderGone
from alerting.incidents import life, missed
from alerting.incidents.conditions import NOTHING_PENDING
from alerting.incidents.expected import GOING as GOING  # noqa: PLC0414 - whoever was sent is waited for
from alerting.incidents.values import Values
from alerting.model import Entry, EntryKind, Incident, IncidentState

Result = tuple[Incident, list[AnyDecision]]
Ends = list[tuple[datetime, EntryKind, str]]

CONSOLE, STEP = "console", "step"


def _after(moment: datetime, seconds: int) -> datetime:
    return moment + timedelta(seconds=seconds)


def is_leased(incident: Incident) -> bool:
    """Whether somebody has it in hand, so that their claim may lapse."""
    return bool(incident.claimed_by) and not incident.rings and incident.hold is None


def step_s(incident: Incident, values: Values) -> int:
    """For how long its holder may record no step, seconds; 0 is no limit."""
    limits = [values.step_s.get(incident.state, {}).get(incident.priority, 0)]
    if not incident.at_console:
        limits.append(values.no_console_s.get(incident.priority, 0))
    return min((limit for limit in limits if limit), default=0)


def ends(incident: Incident, values: Values) -> Ends:
    """(when, line in the timeline, its text) of everything that ends by itself."""
    found: Ends = []
    if incident.hold is not None:
        found.append((incident.hold.until, EntryKind.HOLD_ENDED, incident.hold.reason))
    if incident.offer is not None:
        found.append((incident.offer.until, EntryKind.OFFER_LAPSED, incident.offer.to))
    if incident.closing is not None:
        found.append((incident.closing.until, EntryKind.SECOND_LAPSED, ""))
    if is_leased(incident):
        idle_s = step_s(incident, values)
        if idle_s:
            found.append((_after(incident.step_at or incident.changed_at, idle_s), EntryKind.LAPSED, STEP))
        if incident.gone_since is not None:
            found.append((_after(incident.gone_since, values.console_gone_s), EntryKind.LAPSED, CONSOLE))
    there_s = values.on_scene_s.get(incident.priority, 0)
    if there_s and incident.state is IncidentState.DISPATCHED and not incident.rings:
        found.append((_after(incident.since or incident.opened_at, there_s), EntryKind.OVERDUE, incident.responder))
    found += [(at, EntryKind.NOT_ACCEPTED, job.responder) for at, job in _unanswered(incident, values)]
    return found + _undelivered(incident, values) + missed.ends(incident, values)


def _undelivered(incident: Incident, values: Values) -> Ends:
    """Until when a grid platform is waited for to take an offer."""
    within_s = values.offer_delivered_s.get(incident.priority, 0)
    if not within_s or incident.rings or incident.state not in GOING:
        return []
    jobs = [it for it in incident.going if is_undelivered(it)]
    return [
        (_after(it.asked_at, within_s), EntryKind.NOT_DELIVERED, f"{it.responder}|{it.undelivered}".rstrip("|"))
        for it in jobs
    ]


def _unanswered(incident: Incident, values: Values) -> list[tuple[datetime, Job]]:
    """Until when each who was sent is waited for to accept; once others go, nobody is waited for a second time."""
    accept_s = values.responder_accepts_s.get(incident.priority, 0)
    if not accept_s or incident.rings or incident.state not in GOING:
        return []
    stages = (Stage.OFFERED,) if any(it.is_taken for it in incident.going) else UNANSWERED
    return [(_after(it.asked_at, accept_s), it) for it in incident.going if it.stage in stages]


def due_s(incident: Incident | None, values: Values) -> int:
    """The first full second at which something ends, UTC epoch; 0 when nothing does."""
    moments = [moment for moment, _, _ in ends(incident, values)] if incident is not None else []
    return math.ceil(min(moments).timestamp()) if moments else 0


def pass_time(incident: Incident, now: datetime, values: Values) -> Result:
    """End whatever has ended by now, the earliest first."""
    decisions: list[AnyDecision] = []
    while (over := [end for end in ends(incident, values) if end[0] <= now]) != []:
        _, kind, text = min(over, key=lambda end: end[0])
        if kind in missed.KINDS:
            incident, further = missed.rang(incident, kind, text, now, values)
        else:
            incident, further = _ended(incident, kind, text, now)
        decisions += further
    return incident, decisions


def _ended(incident: Incident, kind: EntryKind, text: str, now: datetime) -> Result:
    if kind is EntryKind.SECOND_LAPSED:  # never closed silently, never stuck: back to who asked
        fields: dict[str, object] = {"closing": None, "step_at": now}
    elif kind is EntryKind.OVERDUE:
        fields = {**NOTHING_PENDING, "unacknowledged": True, "since": now}
    elif kind in {EntryKind.NOT_ACCEPTED, EntryKind.NOT_DELIVERED}:
        late = _timed_out(incident, text.partition("|")[0], now)
        fields = {**NOTHING_PENDING, "unacknowledged": True, "jobs": late}
    else:
        fields = life.without_holder(incident.state)
    after = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at), **fields)
    if after.state is not incident.state:
        after = msgspec.structs.replace(after, since=now)
    if after.unacknowledged and not incident.unacknowledged:
        after = msgspec.structs.replace(after, rang_at=now)
    after = msgspec.structs.replace(after, ladder=life.ladder_after(incident, after, now))
    decisions: list[AnyDecision] = [
        IncidentChanged(incident=after),
        Noted(entry=Entry(incident=after.id, at=now, kind=kind, text=text)),
    ]
    if after.rings and not incident.rings:
        decisions.append(Rang(incident=after.id, priority=after.priority))
    assert after.rings or (after.claimed_by and not after.closing), "what has ended rings, or somebody has it"
    return after, decisions


def _timed_out(incident: Incident, responder: str, now: datetime) -> tuple[Job, ...]:
    job = incident.job_of(responder)
    assert job is not None, "only who was asked does not accept"
    times = job.times if job.at(Stage.TIMED_OUT) else (*job.times, (Stage.TIMED_OUT, now))
    late = msgspec.structs.replace(job, stage=Stage.TIMED_OUT, asked_at=now, times=times)
    return with_job(incident.jobs, late)


def lapses_at(incident: Incident, values: Values) -> datetime | None:
    """When the claim lapses if nothing happens; None when it does not."""
    return min((moment for moment, kind, _ in ends(incident, values) if kind is EntryKind.LAPSED), default=None)


def holder_told(
    incident: Incident | None, event: HolderCame | HolderGone, values: Values
) -> tuple[Incident | None, list[AnyDecision]]:
    """The holder's console has come, or gone. After a restart every claim has the time to come back."""
    if incident is None or incident.claimed_by != event.login:
        return incident, []
    after = _came(incident) if isinstance(event, HolderCame) else _gone(incident, event, values)
    return after, [IncidentChanged(incident=after)] if after != incident else []


def _came(incident: Incident) -> Incident:
    return msgspec.structs.replace(incident, at_console=True, gone_since=None)


def _gone(incident: Incident, event: HolderGone, values: Values) -> Incident:
    since = event.since if event.restarted else incident.gone_since or event.since
    after = msgspec.structs.replace(incident, gone_since=since if incident.at_console else None)
    idle_s = step_s(after, values)
    if event.restarted and idle_s and after.step_at is not None:
        least = _after(event.since, values.console_gone_s - idle_s)
        after = msgspec.structs.replace(after, step_at=max(after.step_at, least))
    return after
