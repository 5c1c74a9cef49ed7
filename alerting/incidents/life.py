"""The life of an incident: one table of what each command does in each state, under which conditions.

``open → claimed → verifying → dispatched → on scene → resolved → closed``. Held, offered and waiting for a second
person lie over a state: they have an end of their own (``alerting.incidents.lease``). The diagram in the papers is
drawn from this table.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.commands import (
    Accept,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    FollowScript,
    HandOver,
    HoldUntil,
    Note,
    Prompt,
    RecordCall,
    RefuseToClose,
    Release,
    Reopen,
    Resolve,
    TakeBack,
)
from alerting.decisions import AnyDecision, IncidentChanged, Noted, Rang
from alerting.dispatch.job import Job, Stage, heard, moved, with_job
from alerting.duty import escalation
from alerting.incidents import job_steps
from alerting.incidents.conditions import (
    NOTHING_PENDING,
    RESPONDER,
    Asked,
    free_to_take,
    holder_asks,
    is_their_job,
    no_second_wanted,
    not_too_late,
    nothing_new,
    offered_to_them,
    pending,
    reason_and_end,
    second_person,
    somebody_else,
    something_pending,
)
from alerting.incidents.job_guards import job_meant
from alerting.incidents.rule import (
    AT_WORK,
    CLAIMED,
    CLOSED,
    OPEN,
    RESOLVED,
    RUNNING,
    STAYS,
    VERIFYING,
    Rule,
    Step,
    stands,
)
from alerting.incidents.script import EMERGENCY
from alerting.model import Closing, Entry, EntryKind, Hold, Incident, IncidentState, Ladder, Offer, Priority

WELL = "well"
SPOKE = frozenset({"spoke", "well", "help"})
"""Results of a call in which somebody answered."""

Result = tuple[Incident, list[AnyDecision]]

NOBODY: dict[str, object] = {
    **NOTHING_PENDING,
    "claimed_by": "",
    "unacknowledged": True,
    "at_console": False,
    "gone_since": None,
    "step_at": None,
}


def without_holder(state: IncidentState) -> dict[str, object]:
    """What changes when nobody has the incident any more; somebody who is on the way stays so."""
    if state in {CLAIMED, VERIFYING}:
        return {**NOBODY, "state": OPEN, "verified": False}
    return NOBODY


def ladder_after(before: Incident, after: Incident, now: datetime) -> Ladder:
    """It climbs while nobody has the incident, or a second person is wanted, and only then."""
    ladder = after.ladder
    if before.rings != after.rings:
        ladder = escalation.begun(ladder, now) if after.rings else escalation.ended(ladder)
    if after.state in {OPEN, CLAIMED, VERIFYING} or not ladder.on_the_way:
        return ladder
    return msgspec.structs.replace(ladder, on_the_way="")  # another was sent, somebody is there, or it is over


# what they do ---------------------------------------------------------------------------------------------------


def _claim(incident: Incident, asked: Asked) -> Step | None:
    if incident.claimed_by == asked.by and not incident.rings:
        return None  # asked twice
    taken: dict[str, object] = {**NOTHING_PENDING, "claimed_by": asked.by, "unacknowledged": False}
    taken["waiting_since"] = None
    taken["jobs"] = job_steps.asked_anew(incident, asked.now)  # who takes it has the whole time to reach them
    to = CLAIMED if incident.state is OPEN else incident.state
    return Step(to, {**taken, "at_console": asked.at_console, "gone_since": None})


def _release(incident: Incident, _asked: Asked) -> Step:
    ladder = msgspec.structs.replace(incident.ladder, on_the_way="")
    return Step(OPEN, {**without_holder(incident.state), "ladder": ladder})


def _call(incident: Incident, asked: Asked) -> Step:
    command = asked.command
    assert isinstance(command, RecordCall), "dispatched by type"
    step = _verified(incident, asked)
    text = f"{command.whom}|{command.result}"
    if command.responder:  # it says nothing of the resident
        return Step(step.to, {**step.fields, "jobs": _reached(incident, asked)}, text)
    contact = incident.contact or (command.result in SPOKE and command.whom not in EMERGENCY)
    return Step(step.to, {**step.fields, "contact": contact}, text)


def _reached(incident: Incident, asked: Asked) -> tuple[Job, ...]:
    """The jobs once the desk has telephoned one of those who were sent; their own word for another says nothing."""
    command = asked.command
    assert isinstance(command, RecordCall), "dispatched by type"
    job = incident.job_of(command.responder)
    if job is None or command.result not in SPOKE or asked.by.startswith(RESPONDER):
        return incident.jobs
    return with_job(incident.jobs, heard(job, asked.now))


def is_word_of_the_resident(command: RecordCall) -> bool:
    """Whether a call says that the resident is well: somebody of the home was asked, and that was the answer."""
    return command.result == WELL and command.whom not in EMERGENCY and not command.responder


def _verified(incident: Incident, _asked: Asked) -> Step:
    to = VERIFYING if incident.state is CLAIMED else incident.state
    return Step(to, {"verified": incident.verified or bool(incident.claimed_by)})


def _note(incident: Incident, asked: Asked) -> Step:
    assert isinstance(asked.command, Note), "dispatched by type"
    return Step(incident.state, {}, asked.command.text)


def _follow(incident: Incident, asked: Asked) -> Step:
    assert isinstance(asked.command, FollowScript), "dispatched by type"
    return Step(incident.state, {}, asked.command.script)


def _resolve(incident: Incident, asked: Asked) -> Step:
    assert isinstance(asked.command, Resolve), "dispatched by type"
    fields: dict[str, object] = {"step_at": asked.now} if incident.claimed_by else {}
    theirs = job_meant(incident, asked) if is_their_job(incident, asked) else None
    if incident.arrived or theirs is not None:
        fields["contact"] = True
    if theirs is not None:  # who says of their own job that the person is safe was there
        fields["jobs"] = with_job(incident.jobs, moved(theirs, Stage.SAFE, asked.now))
    return Step(RESOLVED, {**NOTHING_PENDING, **fields}, asked.command.text)


def _reopen(incident: Incident, _asked: Asked) -> Step:
    return Step(stands(incident), NOTHING_PENDING)


def _take_up_again(_incident: Incident, asked: Asked) -> Step:
    fields = {"outcome": None, "closed_at": None, "claimed_by": asked.by, "at_console": asked.at_console}
    afresh = {"gone_since": None, "contact": False, "verified": False, "jobs": ()}
    return Step(CLAIMED, {**NOTHING_PENDING, **fields, **afresh})


def _close(incident: Incident, asked: Asked) -> Step:
    command = asked.command
    assert isinstance(command, Close), "dispatched by type"
    text = f"{command.outcome}|{command.text}" if command.text else str(command.outcome)
    if incident.priority is Priority.P1 and not incident.contact:
        until = asked.now + timedelta(seconds=asked.values.second_person_s)
        closing = Closing(asked.by, command.outcome, command.text, until, asked.now)
        wish = {**NOTHING_PENDING, "closing": closing}
        return Step(incident.state, wish, text, EntryKind.SECOND_ASKED)
    return Step(CLOSED, {**NOTHING_PENDING, "outcome": command.outcome, "closed_at": asked.now}, text)


def _agree(incident: Incident, asked: Asked) -> Step:
    wish = incident.closing
    assert wish is not None, "guarded"
    text = f"{wish.outcome}|{wish.text}" if wish.text else str(wish.outcome)
    fields = {**NOTHING_PENDING, "outcome": wish.outcome, "closed_at": asked.now}
    return Step(CLOSED, fields, text, before=(EntryKind.SECOND_AGREED, asked.by))


def _refuse(incident: Incident, asked: Asked) -> Step:
    assert isinstance(asked.command, RefuseToClose), "dispatched by type"
    return Step(incident.state, {"closing": None, "step_at": asked.now}, asked.command.text)


def _hold(incident: Incident, asked: Asked) -> Step:
    command = asked.command
    assert isinstance(command, HoldUntil), "dispatched by type"
    hold = Hold(asked.now + timedelta(seconds=command.for_s), command.reason.strip())
    return Step(incident.state, {"hold": hold, "offer": None}, f"{command.for_s}|{hold.reason}")


def _take_back(incident: Incident, _asked: Asked) -> Step:
    return Step(incident.state, NOTHING_PENDING, pending(incident))


def _hand_over(incident: Incident, asked: Asked) -> Step:
    command, values = asked.command, asked.values
    assert isinstance(command, HandOver), "dispatched by type"
    waits_s = values.shift_offer_s if command.shift else values.offer_s[incident.priority]
    offer = Offer(command.to, asked.now + timedelta(seconds=waits_s))
    return Step(incident.state, {"offer": offer, "closing": None}, command.to)


def _accept(incident: Incident, asked: Asked) -> Step:
    fields = {"offer": None, "claimed_by": asked.by, "at_console": asked.at_console, "gone_since": None}
    return Step(incident.state, fields, incident.claimed_by)


def _decline(incident: Incident, asked: Asked) -> Step:
    return Step(incident.state, {"offer": None, "step_at": asked.now})


# the table ------------------------------------------------------------------------------------------------------

ROWS: tuple[tuple[type[AnyCommand], tuple[IncidentState, ...], Rule], ...] = (
    (Claim, (OPEN,), Rule((CLAIMED,), EntryKind.CLAIMED, (free_to_take,), _claim)),
    (Claim, (*AT_WORK, RESOLVED), Rule(STAYS, EntryKind.CLAIMED, (free_to_take,), _claim)),
    (Release, (CLAIMED, VERIFYING), Rule((OPEN,), EntryKind.RELEASED, (holder_asks,), _release)),
    (RecordCall, (CLAIMED,), Rule((VERIFYING,), EntryKind.CALLED, (), _call)),
    (RecordCall, (OPEN, *AT_WORK[1:], RESOLVED), Rule(STAYS, EntryKind.CALLED, (), _call)),
    (Prompt, (CLAIMED,), Rule((VERIFYING,), EntryKind.PROMPTED, (), _verified)),
    (Prompt, (OPEN, *AT_WORK[1:], RESOLVED), Rule(STAYS, EntryKind.PROMPTED, (), _verified)),
    (Note, RUNNING, Rule(STAYS, EntryKind.NOTE, (), _note)),
    (FollowScript, AT_WORK, Rule(STAYS, EntryKind.SCRIPT, (holder_asks,), _follow)),
    *job_steps.ROWS,
    (Resolve, AT_WORK, Rule((RESOLVED,), EntryKind.RESOLVED, (holder_asks, nothing_new), _resolve)),
    (Reopen, (RESOLVED,), Rule(AT_WORK, EntryKind.REOPENED, (holder_asks,), _reopen)),
    (Reopen, (CLOSED,), Rule((CLAIMED,), EntryKind.REOPENED, (not_too_late,), _take_up_again)),
    (
        Close,
        (*AT_WORK, RESOLVED),
        Rule((CLOSED,), EntryKind.CLOSED, (holder_asks, nothing_new, no_second_wanted), _close),
    ),
    (AgreeToClose, (*AT_WORK, RESOLVED), Rule((CLOSED,), EntryKind.CLOSED, (second_person, nothing_new), _agree)),
    (RefuseToClose, (*AT_WORK, RESOLVED), Rule(STAYS, EntryKind.SECOND_REFUSED, (second_person,), _refuse)),
    (
        HoldUntil,
        (*AT_WORK, RESOLVED),
        Rule(STAYS, EntryKind.HELD, (holder_asks, nothing_new, no_second_wanted, reason_and_end), _hold),
    ),
    (TakeBack, (*AT_WORK, RESOLVED), Rule(STAYS, EntryKind.TAKEN_BACK, (holder_asks, something_pending), _take_back)),
    (
        HandOver,
        (*AT_WORK, RESOLVED),
        Rule(STAYS, EntryKind.OFFERED, (holder_asks, nothing_new, no_second_wanted, somebody_else), _hand_over),
    ),
    (Accept, (*AT_WORK, RESOLVED), Rule(STAYS, EntryKind.HANDED_OVER, (offered_to_them,), _accept)),
    (Decline, (*AT_WORK, RESOLVED), Rule(STAYS, EntryKind.DECLINED, (offered_to_them,), _decline)),
)

TABLE: dict[tuple[IncidentState, type[AnyCommand]], Rule] = {
    (state, command): rule for command, states, rule in ROWS for state in states
}
"""What each command does in each state. A pair that is not here is refused."""

COMMANDS = frozenset(command for _, command in TABLE)
"""Commands to an incident. A manual incident is an alarm; the end of a shift is the desk's."""


def refusal(incident: Incident, asked: Asked) -> str:
    """The word of why a command cannot be carried out; empty when it can."""
    rule = TABLE.get((incident.state, type(asked.command)))
    if rule is None:
        return "not_claimed" if incident.state is OPEN else "wrong_state"
    return next((word for guard in rule.guards if (word := guard(incident, asked))), "")


def carry_out(incident: Incident, asked: Asked) -> Result:
    """Do what an accepted command does: the incident afterwards, and the decisions; none when nothing changes."""
    rule = TABLE[incident.state, type(asked.command)]
    step = rule.act(incident, asked)
    if step is None:
        return incident, []
    assert step.to in rule.to or step.to is incident.state, "a command leads where the table says"
    now = asked.now
    fields: dict[str, object] = {**step.fields, "state": step.to, "changed_at": max(now, incident.changed_at)}
    if step.to is not incident.state:
        fields.setdefault("since", now)
    after = msgspec.structs.replace(incident, **fields)
    if after.claimed_by and after.claimed_by == asked.by:
        gone_since = now if after.gone_since is not None and not asked.at_console else None
        at_console = after.at_console or asked.at_console
        after = msgspec.structs.replace(after, step_at=now, gone_since=gone_since, at_console=at_console)
    if after.unacknowledged and not incident.unacknowledged:
        after = msgspec.structs.replace(after, rang_at=now)
    after = msgspec.structs.replace(after, ladder=ladder_after(incident, after, now))
    if after.state is CLOSED:
        assert after.outcome is not None, "an incident is never closed without an outcome"
        assert not after.unacknowledged, "an incident is never closed while an alarm is unacknowledged"
    return after, _decisions(incident, after, step, rule, asked)


def _decisions(before: Incident, after: Incident, step: Step, rule: Rule, asked: Asked) -> list[AnyDecision]:
    by = asked.by
    decisions: list[AnyDecision] = [IncidentChanged(incident=after)]
    if step.before is not None:
        kind, second = step.before
        assert before.closing is not None, "only a wish to close has a second line"
        decisions.append(Noted(entry=Entry(incident=after.id, at=asked.now, kind=kind, by=second)))
        by = before.closing.by
    kind = step.kind or rule.entry
    decisions.append(Noted(entry=Entry(incident=after.id, at=asked.now, kind=kind, by=by, text=step.text)))
    if after.rings and (step.rings or not before.rings):
        decisions.append(Rang(incident=after.id, priority=after.priority))
    return decisions
