"""A device without a home: unknown, moved or retired, or one whose signal the rules could not judge.

Its call for help rings all the same, as what it is: never as a guessed home.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting import escalation, incident, outside
from alerting.commands import ConfirmSeen, OpenManual, Prompt
from alerting.decisions import Answered, AnyDecision, Wake
from alerting.events import (
    AnyEvent,
    CallLogged,
    CanaryHeard,
    Commanded,
    PageTold,
    PageTried,
    RuleFailed,
    ShownUnrecorded,
    SignalHeard,
    TimePassed,
)
from alerting.inactivity import moment
from alerting.meaning import alarm_of, remembered
from alerting.model import Aggregate, Alarm, AlarmKind, Incident, RiskTier
from alerting.policy import Policy
from alerting.supervision import DeviceMemory

UNKNOWN = DeviceMemory("", "", 0, 0)


class StrayState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hot state of a device without a home.

    Attributes:
        key: ``<bridge>/<inner id>``, or ``failed/<household>`` for what the rules could not judge.
        open: The running incident.
        incidents: How many there have been.
        last_home: Household it last belonged to, where known.
        pressed_s: Last live press, or frame that repeats its flag, UTC epoch seconds.
        standing: Conditions it reports as states, and when last, UTC epoch seconds.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
    """

    key: str
    open: Incident | None = None
    incidents: int = 0
    last_home: str = ""
    pressed_s: float = 0
    standing: dict[str, int] = {}
    armed_s: int = 0


Judged = tuple[StrayState, list[AnyDecision]]


def step(state: StrayState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to a device without a home. Arguments and result as for a household."""
    if isinstance(event, CanaryHeard):
        return state, []  # that it has come so far is all it says
    after, decisions = _judged(state, event, now, policy)
    due_s = escalation.due_s(after.open, policy)
    if due_s and (after.armed_s == 0 or due_s < after.armed_s):
        due_s = max(due_s, int(now.timestamp()) + 1)
        after = msgspec.structs.replace(after, armed_s=due_s)
        decisions = [*decisions, Wake(at=moment(due_s))]
    return after, decisions


def _judged(state: StrayState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    if isinstance(event, SignalHeard):
        memory = msgspec.structs.replace(UNKNOWN, pressed_s=state.pressed_s, standing=state.standing)
        alarm = alarm_of(event.signal, event.device_id, memory, now, policy)
        memory = remembered(memory, event.signal, now, rang=alarm is not None)
        state = msgspec.structs.replace(state, pressed_s=memory.pressed_s, standing=memory.standing)
        if alarm is None:
            return state, []
        state = msgspec.structs.replace(state, last_home=event.last_home or state.last_home)
        word = "moved" if event.last_home else "unregistered"
        return _raise(state, msgspec.structs.replace(alarm, detail=word), policy)
    if isinstance(event, RuleFailed):
        state = msgspec.structs.replace(state, last_home=event.household)
        return _raise(state, Alarm(kind=AlarmKind.RULE_FAILED, at=now, detail=event.reason), policy)
    if isinstance(event, Commanded):
        if isinstance(event.command, OpenManual | Prompt | ConfirmSeen):
            return state, [Answered(incident=event.command.incident, refused="no_home")]
        running, decisions = incident.act(state.open, event.command, now)
        return msgspec.structs.replace(state, open=running), decisions
    if isinstance(event, TimePassed):
        state = msgspec.structs.replace(state, armed_s=0)
        if state.open is None:
            return state, []
        climbed, decisions = escalation.climb(state.open, state.last_home, now, policy)
        return msgspec.structs.replace(state, open=climbed), decisions
    return _told(state, event, now)


def _told(state: StrayState, event: AnyEvent, now: datetime) -> Judged:
    """What became of an incident outside the rules."""
    if isinstance(event, ShownUnrecorded):
        running, decisions = incident.shown_unrecorded(state.open, event)
    elif isinstance(event, PageTried):
        running, decisions = escalation.tried(state.open, event, now)
    elif isinstance(event, PageTold | CallLogged):
        running, decisions = outside.told(state.open, event, now)
    else:
        raise TypeError(f"a device without a home cannot judge {type(event).__name__}")
    return msgspec.structs.replace(state, open=running), decisions


def _raise(state: StrayState, alarm: Alarm, policy: Policy) -> Judged:
    priority = policy.priority_of(alarm.kind, RiskTier.CARE)
    if state.open is not None:
        running, decisions = incident.join(state.open, alarm, priority)
        return msgspec.structs.replace(state, open=running), decisions
    n = state.incidents + 1
    running, decisions = incident.begin(state.key, Aggregate.DEVICE, n, alarm, priority)
    return msgspec.structs.replace(state, open=running, incidents=n), decisions
