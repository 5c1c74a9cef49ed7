"""What an escalation is doing and will do, for people to see: a look ahead that changes nothing."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.duty.escalation import onward, plan_of, step_at, step_due
from alerting.model import EscalationLevel, Incident
from alerting.policy import Policy


class Coming(msgspec.Struct, frozen=True):
    """One thing that will happen if nobody takes the incident: whom it calls, on which channel where only one."""

    at: datetime
    level: EscalationLevel
    people: tuple[str, ...]
    channel: str = ""


def calling(incident: Incident, now: datetime, policy: Policy) -> tuple[str, ...]:
    """Names of those whom the latest step calls, but for whoever has declined; empty before the first step."""
    plan, ladder = plan_of(incident, policy), incident.ladder
    if plan is None or ladder.since is None or ladder.step == 0:
        return ()
    latest = msgspec.structs.replace(ladder, step=ladder.step - 1)
    refused = {person for person, round_, step in ladder.declined if (round_, step) >= (ladder.round, ladder.step)}
    called = step_at(incident.key, latest, plan, now, policy).people
    return tuple(person.name for person in called if person.id not in refused | set(ladder.out))


def coming(incident: Incident, now: datetime, policy: Policy, most: int = 4) -> tuple[Coming, ...]:
    """What comes next, the next first, with who is on duty then as far as the roster knows now."""
    plan = plan_of(incident, policy)
    if plan is None or incident.ladder.since is None:
        return ()
    ladder, found = onward(incident.ladder, plan), list[Coming]()
    for _ in range(most):
        at = step_due(ladder, plan, policy)
        if at is None:
            break
        step = step_at(incident.key, ladder, plan, max(at, now), policy)
        found.append(Coming(at, step.level, tuple(person.name for person in step.people)))
        ladder = msgspec.structs.replace(ladder, step=ladder.step + 1, level=step.level)
    chain = policy.chain(incident.key)
    for call in incident.ladder.calls:
        person = chain.person(call.person)
        if person is not None:
            found.append(Coming(call.at, call.level, (person.name,), call.channel))
    return tuple(sorted(found, key=lambda it: it.at)[:most])
