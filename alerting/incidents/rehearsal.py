"""A script tried out on a made-up incident: the rules of a real one, and nothing leaves this function.

Nobody is called, nothing is journalled: what the rules decide is read, and its lines are the timeline that would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Household
from alerting.commands import (
    AnyCommand,
    Claim,
    Close,
    Dispatch,
    Prompt,
    RecordArrival,
    RecordCall,
    Resolve,
)
from alerting.decisions import Answered, AnyDecision, Noted
from alerting.events import Commanded
from alerting.incidents import casework, incident
from alerting.incidents.casework import Cases
from alerting.model import Aggregate, Alarm, AlarmKind, Entry, Incident, Outcome
from alerting.policy import Policy

ACT_S = 20
"""So long takes whatever somebody does."""
MOST_ACTS = 60
LONGEST_WAIT_S = 24 * 3600


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happens in a rehearsal.

    Attributes:
        do: A step of the panel (``claim``, ``call``, ``prompt``, ``dispatch``, ``arrive``, ``resolve``, ``close``), or
            ``wait``, ``press`` (the key again) and ``well`` (the resident answers the home's device).
        whom: Who is called or sent.
        result: Of a call.
        wait_s: How long is waited, seconds.
    """

    do: str
    whom: str = ""
    result: str = ""
    wait_s: int = 0


class Rehearsed(msgspec.Struct, frozen=True):
    """How it stands after all acts.

    Attributes:
        incident: The made-up incident.
        timeline: What would be recorded, oldest first.
        now: The moment after the last act.
        refused: Why the last act was not possible; empty when it was.
    """

    incident: Incident
    timeline: tuple[Entry, ...]
    now: datetime
    refused: str = ""


def rehearse(
    kind: AlarmKind, acts: Sequence[Act], home: Household, began: datetime, policy: Policy, by: str
) -> Rehearsed:
    """Put acts through the rules of a real incident.

    Args:
        kind: What rings.
        acts: What happens then, in this order; what is more than ``MOST_ACTS`` is left out.
        home: The made-up home.
        began: When it rings, aware UTC.
        policy: The centre's settings.
        by: Login of who acts.
    """
    priority = policy.priority_of(kind, home.tier)
    alarm = Alarm(kind=kind, at=began)
    running, decisions = incident.begin(home.key, Aggregate.HOUSEHOLD, 1, alarm, priority)
    cases, lines, now, refused = Cases(running, None), _lines(decisions), began, ""
    for act in acts[:MOST_ACTS]:
        now += timedelta(seconds=min(max(act.wait_s, 0), LONGEST_WAIT_S) if act.do == "wait" else ACT_S)
        cases, decisions = casework.time_passed(cases, home.key, now, policy)
        lines += _lines(decisions)
        cases, decisions = _act(cases, act, now, policy, by)
        lines += _lines(decisions)
        refused = next((d.refused for d in decisions if isinstance(d, Answered)), "")
    last = cases.open or cases.closed
    assert last is not None, "an incident does not vanish"
    return Rehearsed(last, tuple(lines), now, refused)


def _lines(decisions: Iterable[AnyDecision]) -> list[Entry]:
    return [decision.entry for decision in decisions if isinstance(decision, Noted)]


def _act(cases: Cases, act: Act, now: datetime, policy: Policy, by: str) -> casework.Result:
    running = cases.open
    if act.do == "wait":
        return cases, []
    if running is None:
        return cases, [Answered(refused="wrong_state")]
    if act.do == "press":
        alarm = Alarm(kind=AlarmKind.PANIC, at=now)
        after, decisions = incident.join(running, alarm, policy.priorities[AlarmKind.PANIC], policy.priorities)
        return Cases(after, cases.closed), decisions
    if act.do == "well":
        after, decisions = incident.answered_well(running, now)
        return Cases(after, cases.closed), decisions
    command = _command(act, running, by)
    if command is None:
        return cases, [Answered(refused="wrong_state")]
    return casework.commanded(cases, Commanded(command=command, at_console=True), now, policy)


def _command(act: Act, running: Incident, by: str) -> AnyCommand | None:
    who = {"key": running.key, "incident": running.id, "by": by}
    match act.do:
        case "claim":
            return Claim(**who)
        case "call":
            return RecordCall(**who, whom=act.whom, result=act.result)
        case "prompt":
            return Prompt(**who)
        case "dispatch":
            return Dispatch(**who, responder=act.whom, spot=None)
        case "arrive":
            return RecordArrival(**who)
        case "resolve":
            return Resolve(**who)
        case "close":
            outcome = act.result if act.result in set(Outcome) else Outcome.TEST
            return Close(**who, outcome=Outcome(outcome))
    return None
