"""A device without a home: unknown, moved or retired, or one whose signal the rules could not judge.

Its call for help rings all the same, as what it is: never as a guessed home.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.audit import Finding, news
from alerting.commands import AnnounceStep, ConfirmSeen, EndStep, OpenManual, Prompt
from alerting.decisions import Answered, AnyDecision, IncidentChanged, Slept, Wake
from alerting.dispatch import reckoned
from alerting.events import (
    AnyEvent,
    AuditTold,
    CanaryHeard,
    Commanded,
    RuleFailed,
    SignalHeard,
    TimePassed,
)
from alerting.homes import chatter
from alerting.homes.aftercare import Care
from alerting.homes.device_memory import DeviceMemory
from alerting.incidents import casework, incident
from alerting.incidents.casework import Cases
from alerting.meaning import alarm_of, remembered
from alerting.model import Aggregate, Alarm, AlarmKind, Bucket, EntryKind, Incident, RiskTier
from alerting.policy import Policy
from alerting.silence.inactivity import moment

UNKNOWN = DeviceMemory("", "", 0, 0)


class StrayState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hot state of a device without a home.

    Attributes:
        key: ``<bridge>/<inner id>``, or ``failed/<household>`` for what the rules could not judge.
        open: The running incident.
        closed: The last one, while it can be taken up again.
        incidents: How many there have been.
        last_home: Household it last belonged to, where known.
        pressed_s: Last live press, or frame that repeats its flag, UTC epoch seconds; below 0: it has ended since.
        standing: Conditions it reports as states, and when last, UTC epoch seconds.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
        rates: How often it may still ring, by kind of alarm and its own word for it.
        found: What the auditor has found and is not mended, and when that rang last, UTC epoch seconds.
    """

    key: str
    open: Incident | None = None
    closed: Incident | None = None
    incidents: int = 0
    last_home: str = ""
    pressed_s: float = 0
    standing: dict[str, int] = {}
    armed_s: float = 0
    rates: dict[str, Bucket] = {}
    found: tuple[tuple[Finding, int], ...] = ()


Judged = tuple[StrayState, list[AnyDecision]]


def step(state: StrayState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to a device without a home. Arguments and result as for a household."""
    if isinstance(event, CanaryHeard):
        return state, []  # that it has come so far is all it says
    after, decisions = _judged(state, event, now, policy)
    decisions = [*decisions, *reckoned.told(state.open, after.open)]
    due = (casework.due_s(after.open, policy), chatter.due_s((after.rates,), policy))
    due_s = min((at_s for at_s in due if at_s), default=0)
    if casework.is_over(state.open, after.open, after.armed_s, policy):
        after = msgspec.structs.replace(after, armed_s=0)
        decisions = decisions if due_s else [*decisions, Slept()]
    if due_s and (after.armed_s == 0 or due_s < after.armed_s):
        due_s = due_s if due_s > now.timestamp() else int(now.timestamp()) + 1
        after = msgspec.structs.replace(after, armed_s=due_s)
        decisions = [*decisions, Wake(at=moment(due_s))]
    return after, decisions


def _judged(state: StrayState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    if isinstance(event, SignalHeard):
        memory = msgspec.structs.replace(UNKNOWN, pressed_s=state.pressed_s, standing=state.standing)
        alarm = alarm_of(event.signal, event.device_id, memory, now, policy, running=state.open)
        memory = remembered(memory, event.signal, now, rang=alarm is not None)
        state = msgspec.structs.replace(state, pressed_s=memory.pressed_s, standing=memory.standing)
        if alarm is None:
            return state, []
        state = msgspec.structs.replace(state, last_home=event.last_home or state.last_home)
        token = chatter.taken(state.rates, alarm, state.open, now, policy)
        faults = chatter.opened("", state.rates, token.rates)
        state = msgspec.structs.replace(state, rates=token.rates)
        if token.folds and state.open is not None:
            running, decisions = chatter.folded(state.open, alarm)
            return msgspec.structs.replace(state, open=running), [*faults, *decisions]
        word = "moved" if event.last_home else "unregistered"
        return _raise(state, msgspec.structs.replace(alarm, detail=word, said=alarm.detail), policy)
    if isinstance(event, RuleFailed):
        state = msgspec.structs.replace(state, last_home=event.household)
        return _raise(state, Alarm(kind=AlarmKind.RULE_FAILED, at=now, detail=event.reason), policy)
    if isinstance(event, AuditTold):
        return _audited(state, event, now, policy)
    if isinstance(event, Commanded):
        if isinstance(event.command, OpenManual | Prompt | ConfirmSeen | AnnounceStep | EndStep | Care):
            return state, [Answered(incident=event.command.incident, refused="no_home")]
        return _with_cases(state, casework.commanded(_cases(state), event, now, policy, home=state.last_home))
    if isinstance(event, TimePassed):
        rates, faults = chatter.over("", state.rates, now, policy)
        state = msgspec.structs.replace(state, armed_s=0, rates=rates)
        after, decisions = _with_cases(state, casework.time_passed(_cases(state), state.last_home, now, policy))
        return after, [*faults, *decisions]
    if isinstance(event, casework.Told):
        return _with_cases(state, casework.told(_cases(state), event, state.last_home, now, policy))
    raise TypeError(f"a device without a home cannot judge {type(event).__name__}")


def _cases(state: StrayState) -> Cases:
    return Cases(state.open, state.closed)


def _with_cases(state: StrayState, after: casework.Result) -> Judged:
    cases, decisions = after
    most = cases.most(state.incidents)
    return msgspec.structs.replace(state, open=cases.open, closed=cases.closed, incidents=most), decisions


def _audited(state: StrayState, event: AuditTold, now: datetime, policy: Policy) -> Judged:
    """What the auditor finds rings once each; what is mended is a line. No resident has to be spoken to about it."""
    standing = tuple(Finding(event.check, *it) for it in event.standing)
    known, now_s = dict(state.found), int(now.timestamp())
    rings, mended = news(known, standing, now_s, is_open=state.open is not None)
    decisions: list[AnyDecision] = []
    for finding in rings:
        state, raised = _raise(state, Alarm(kind=AlarmKind.AUDIT, at=now, detail=finding.text), policy)
        decisions += raised
    running = state.open
    if running is not None:
        for finding in mended:
            running, noted = incident.note(running, EntryKind.MENDED, now, text=finding.text)
            decisions += noted
        if rings:
            running = msgspec.structs.replace(running, contact=True)
            decisions.append(IncidentChanged(incident=running))
    kept = tuple((it, now_s if it in rings else known[it]) for it in standing)
    return msgspec.structs.replace(state, open=running, found=kept), decisions


def _raise(state: StrayState, alarm: Alarm, policy: Policy) -> Judged:
    priority = policy.priority_of(alarm.kind, RiskTier.CARE)
    if state.open is not None:
        running, decisions = incident.join(state.open, alarm, priority, policy.priorities)
        return msgspec.structs.replace(state, open=running), decisions
    n = state.incidents + 1
    scripts = policy.editions.scripts_number
    running, decisions = incident.begin(state.key, Aggregate.DEVICE, n, alarm, priority, scripts=scripts)
    return msgspec.structs.replace(state, open=running, incidents=n), decisions
