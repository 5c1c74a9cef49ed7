"""The desk's side of an aggregate: its running incident, and the last one, which may be taken up again for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting import outside
from alerting.commands import DeclineJob, Dispatch, Reopen
from alerting.decisions import Answered, AnyDecision, Noted
from alerting.dispatch import platform
from alerting.dispatch.platform_told import OfferCarried, ToIncident
from alerting.dispatch.sent_page import pages_of_job
from alerting.duty import escalation, forward
from alerting.events import (
    CallLogged,
    Commanded,
    HolderCame,
    HolderGone,
    IncidentMended,
    PageAccepted,
    PageGivenBack,
    PageTold,
    PageTried,
    ShownUnrecorded,
)
from alerting.incidents import giving_back, incident, lease, missed, page_jobs, woken
from alerting.incidents.conditions import RESPONDER, Asked
from alerting.model import EntryKind, Incident, IncidentState
from alerting.policy import Policy

NO_WORD = EntryKind.NO_WORD


class Cases(msgspec.Struct, frozen=True):
    """What is open and what was closed last, of one aggregate."""

    open: Incident | None
    closed: Incident | None

    def most(self, incidents: int) -> int:
        """How many incidents there have been, as far as the open one tells more than is remembered."""
        return max(incidents, incident.number_of(self.open.id)) if self.open is not None else incidents


Result = tuple[Cases, list[AnyDecision]]
OfPages = PageTried | PageAccepted | PageGivenBack | PageTold
Told = OfPages | CallLogged | ShownUnrecorded | IncidentMended | HolderCame | HolderGone | ToIncident


def commanded(cases: Cases, event: Commanded, now: datetime, policy: Policy, *, home: str = "") -> Result:
    """Somebody asks something of an incident of this aggregate, which is about ``home``."""
    command = event.command
    asked = Asked(command, now, policy.values, event.at_console, event.elsewhere)
    last = cases.closed
    if isinstance(command, Reopen) and last is not None and last.id == command.incident:
        if cases.open is not None:
            return cases, [Answered(incident=last.id, refused="other_running")]
        after, decisions = incident.act(last, asked)
        reopened = after is not None and after.state is not IncidentState.CLOSED
        return (Cases(after, None) if reopened else cases), decisions
    after, decisions = incident.act(cases.open, asked)
    if after is not None and after.state is IncidentState.CLOSED:
        return Cases(None, after), decisions
    before = cases.open
    if isinstance(command, DeclineJob) and after is not None and before is not None and after is not before:
        after, called = giving_back.others(before, after, giving_back.gone(command.by, policy), home, now, policy)
        decisions = [*decisions[:-1], *called, *decisions[-1:]]
    if isinstance(command, Dispatch) and after is not None and after is not before:
        pages = pages_of_job(after, command.responder, home, now, policy)
        after, at_once = woken.called(after, home, now, policy)
        decisions = [*decisions[:-1], *pages, *at_once, *decisions[-1:]]
    if after is not None and after is not before:
        after, found = missed.looked_at(after, now, policy.values)
        decisions = [*decisions[:-1], *found, *decisions[-1:]]
    return Cases(after, cases.closed), decisions


def told(cases: Cases, event: Told, home: str, now: datetime, policy: Policy) -> Result:
    """What became of an incident outside the rules; a page that failed pulls the next one forward."""
    running, decisions = _told(cases, event, home, now, policy)
    if isinstance(event, PageTold | PageAccepted) and running is not None:
        by = event.by if isinstance(event, PageAccepted) else event.to
        running, decisions = page_jobs.with_job_of(cases.open, running, by, decisions, now, policy)
    if isinstance(event, PageTold) and event.elsewhere and event.what == "accepted":  # as good as declined
        event = msgspec.structs.replace(event, what="declined")
    if isinstance(event, PageTried | PageTold) and running is not None:
        running, sooner = forward.pulled(running, event, home, now, policy)
        decisions = [*decisions, *sooner]
    last = cases.closed if running is None or cases.closed is None or cases.closed.id != running.id else None
    return Cases(running, last), decisions


def _told(
    cases: Cases, event: Told, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    if isinstance(event, PageTried):
        return escalation.tried(cases.open, event, now)
    if isinstance(event, PageAccepted):
        return escalation.told_accepted(cases.open, event, now, policy)
    if isinstance(event, PageGivenBack):
        return giving_back.told(cases.open, event, home, now, policy)
    if isinstance(event, ToIncident):
        return _of_jobs(cases.open, event, home, now, policy)
    if isinstance(event, PageTold) and event.of_job:
        return woken.told(cases.open, cases.closed, event, home, now, policy)
    if isinstance(event, PageTold | CallLogged):
        return outside.told(cases.open, event, now, policy, home=home)
    if isinstance(event, ShownUnrecorded):
        return incident.shown_unrecorded(cases.open, event)
    if isinstance(event, IncidentMended):
        return incident.mended(cases.open, event, now)
    return lease.holder_told(cases.open, event, policy.values)


def _of_jobs(
    running: Incident | None, event: ToIncident, home: str, now: datetime, policy: Policy
) -> tuple[Incident | None, list[AnyDecision]]:
    if isinstance(event, OfferCarried):
        return platform.carried(running, event, now)
    return giving_back.taken_elsewhere(running, event, home, now, policy)


def time_passed(cases: Cases, home: str, now: datetime, policy: Policy) -> Result:
    """What has ended by now ends, then the incident climbs if nobody has it."""
    last = cases.closed
    if last is not None and last.closed_at is not None:
        kept_until = last.closed_at + timedelta(seconds=policy.values.reopen_s)
        last = last if now <= kept_until else None
    if cases.open is None:
        return Cases(None, last), []
    running, ended = lease.pass_time(cases.open, now, policy.values)
    running, called = _instead_of_the_silent(running, ended, home, now, policy)
    running, woke = woken.called(running, home, now, policy)
    running, climbed = escalation.climb(running, home, now, policy)
    return Cases(running, last), [*ended, *called, *woke, *climbed]


def _instead_of_the_silent(
    running: Incident, ended: list[AnyDecision], home: str, now: datetime, policy: Policy
) -> tuple[Incident, list[AnyDecision]]:
    """While nobody at the desk has it, the next one is called at once in the place of who is not heard of any more."""
    called: list[AnyDecision] = []
    silent = [it.entry.text.partition("|")[0] for it in ended if isinstance(it, Noted) and it.entry.kind is NO_WORD]
    for responder in silent if not running.claimed_by else ():
        who = giving_back.gone(f"{RESPONDER}{responder}", policy)
        running, further = forward.others_now(running, who.person, who.name, home, now, policy)
        called += further
    return running, called


def due_s(running: Incident | None, policy: Policy) -> float:
    """The first full millisecond at which something is due for an incident, UTC epoch seconds; 0 when nothing is."""
    due = [escalation.due_s(running, policy), lease.due_s(running, policy.values), woken.due_s(running, policy)]
    return min((at_s for at_s in due if at_s), default=0)


def is_over(before: Incident | None, after: Incident | None, armed_s: float, policy: Policy) -> bool:
    """Whether the timer that is armed (UTC epoch seconds) was for what will not be due then any more."""
    return before is not after and 0 < armed_s == due_s(before, policy) != due_s(after, policy)
