"""The care of one household: duties begin, climb while nobody does them, and end by a visit, a call or an answer.

It opens no incident and closes none. What a visit or call means for the home's silence is the household's to judge.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import msgspec

from alerting.care import referring
from alerting.care.calendar import climbs_s, duty_now, next_begins_s, warning_at
from alerting.care.climbing import AskedAt, asked, climbed, over, standing
from alerting.care.commands import AnswerWarning, PushWarning, RecordCare, TakeBackCare
from alerting.care.decided import (
    CareDutyChanged,
    CareKept,
    CareStruck,
    HomeTold,
    PersonTold,
    WarningAnswered,
    WarningKept,
)
from alerting.care.duty import (
    ENDS,
    MET,
    WEEKLY,
    CareDuty,
    CareEnd,
    CareGiven,
    CareKind,
    CareResult,
    CareStage,
    CareState,
    LastGiven,
)
from alerting.care.referral_commands import ReferralCommand
from alerting.care.told import CareReceived, CareTakenBack
from alerting.care.warning import LONGEST_SOURCE, LONGEST_TEXT, EarlyWarning
from alerting.decisions import Answered, AnyDecision, PassedOn, Slept, Wake
from alerting.duty.chain import NOWHERE
from alerting.duty.reach import Case
from alerting.enrolment.commands import RaiseLabel
from alerting.events import AnyEvent, Commanded, TimePassed
from alerting.model import partition_of
from alerting.policy import Policy
from alerting.silence.inactivity import moment

TAKE_BACK_S = 600
"""So long what was recorded can be taken back."""
RECORDED_WITHIN_S = 7 * 86_400
"""What waited on a telephone without a network may be so old."""
CLOCK_AHEAD_S = 120
LEFT_AT_FIRST_S = 2 * 86_400
"""A home that is new has its first duty only where so much of its time is left."""
SPREAD_S = 4
"""Homes wake so far apart, by partition: sixty thousand weeks must not begin in one second."""
MOST_OF_A_KIND = 4

Judged = tuple[CareState, list[AnyDecision]]


def step(state: CareState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to the care of a household.

    Args:
        state: Before.
        event: What happened.
        now: Service time, aware UTC.
        policy: The centre's settings, with roster and case files.

    Returns:
        State after, and decisions in the order in which they were taken.
    """
    now_s, command = int(now.timestamp()), event.command if isinstance(event, Commanded) else None
    if isinstance(event, TimePassed):
        after, decisions = _time_passed(state, now_s, policy)
    elif isinstance(command, RecordCare):
        after, decisions = _recorded(state, command, now)
    elif isinstance(command, TakeBackCare):
        after, decisions = _taken_back(state, command, now_s)
    elif isinstance(command, PushWarning):
        after, decisions = _warned(state, command, now_s, policy)
    elif isinstance(command, AnswerWarning):
        after, decisions = _answered(state, command, now_s)
    elif isinstance(command, ReferralCommand):
        after, decisions = referring.step(state, command, case_in(policy, state), now_s, policy)
    else:
        raise TypeError(f"care cannot judge {type(event).__name__}")
    return _armed(after, now_s, policy, decisions)


def _time_passed(state: CareState, now_s: int, policy: Policy) -> Judged:
    """New duties begin, and whatever nobody has done climbs."""
    state = msgspec.structs.replace(state, armed_s=0)
    case = case_in(policy, state)
    if case is None:
        gone = [it for duty in state.owed for it in over(duty, CareEnd.CHANGED, state.home)]
        state, closed = referring.left(state)
        return msgspec.structs.replace(state, owed=()), gone + closed
    state, unrated = referring.time_passed(state, now_s)
    state, decisions = _begun(state, case, now_s, policy)
    decisions += unrated
    owed = list[CareDuty]()
    for duty in state.owed:
        after, told = climbed(duty, _whose(duty, state, case, now_s, policy), now_s, policy, state.home)
        owed.append(after)
        decisions += told
    return msgspec.structs.replace(state, owed=tuple(owed)), decisions


def _whose(duty: CareDuty, state: CareState, case: Case, now_s: int, policy: Policy) -> AskedAt:
    """Whose a duty is at each stage."""
    mine = [it for it in state.referrals if duty.kind is CareKind.REFERRAL and it.number == duty.number]
    if mine:
        return referring.asked_at(mine[0], case, now_s, policy)
    return partial(_asked_at, case=case, policy=policy, now_s=now_s)


def case_in(policy: Policy, state: CareState) -> Case | None:
    """What of the household's case file decides about its care; None where it is not in the programme."""
    case = policy.editions.people.homes.get(state.home)
    return None if case is None or case.has_left else case


def _begun(state: CareState, case: Case, now_s: int, policy: Policy) -> Judged:
    """Each kind has its duty of this time; the first of all only where enough of its time is left."""
    begun, owed, decisions = dict(state.begun), list(state.owed), list[AnyDecision]()
    for kind in WEEKLY:
        new = duty_now(kind, case.tier, now_s, policy.care, policy.editions.roster)
        if new is not None and new.number > begun.get(kind, -1):
            is_fair = kind in begun or new.due_s - now_s > LEFT_AT_FIRST_S
            begun[kind] = new.number
            if is_fair:
                owed.append(new)
                decisions.append(CareDutyChanged(duty=new))
        mine = [it for it in owed if it.kind is kind]
        gone = mine if new is None else mine[:-MOST_OF_A_KIND]
        how = CareEnd.CHANGED if new is None else CareEnd.MISSED
        decisions += [it for duty in gone for it in over(duty, how, state.home)]
        owed = [it for it in owed if it not in gone]
    owed.sort(key=lambda it: (it.due_s, it.kind))
    return msgspec.structs.replace(state, owed=tuple(owed), begun=begun), decisions


def _asked_at(stage: CareStage, case: Case, policy: Policy, now_s: int) -> list[str]:
    """Whose a duty is at a stage: who answers for the home, or stands in for them."""

    def there(person: str, deputy: str) -> str:
        return standing(person, deputy, now_s, policy)

    own_deputy = case.village_deputy or policy.editions.roster.deputies.get(case.village, "")
    asked = {
        CareStage.REMINDED: [there(case.village, case.village_deputy)],
        CareStage.DEPUTY: [there(own_deputy, ""), there(case.village, case.village_deputy)],
        CareStage.TOWN: [there(case.town, case.town_deputy)],
    }.get(stage, [])
    return list(dict.fromkeys(filter(None, asked)))


def who_does_it(case: Case | None, policy: Policy, at: datetime) -> str:
    """The person whose a home's visits and calls are at a moment; empty when nobody is named."""
    return next(iter(_asked_at(CareStage.REMINDED, case or NOWHERE, policy, int(at.timestamp()))), "")


def _recorded(state: CareState, command: RecordCare, now: datetime) -> Judged:
    """Somebody was there, or has telephoned: it ends what is owed of its kind, or is a try at it."""
    at, now_s = command.at or now, int(now.timestamp())
    at_s = int(at.timestamp())
    if not now_s - RECORDED_WITHIN_S <= at_s <= now_s + CLOCK_AHEAD_S:
        return state, [Answered(refused="bad_moment")]
    at, number = min(at, now), state.given + 1
    mine = tuple(it for it in state.owed if it.kind is command.kind and it.since_s <= at_s)
    given = CareGiven(
        number=number,
        kind=command.kind,
        at=at,
        by=command.by,
        result=command.result,
        text=command.text,
        lat=command.lat,
        lon=command.lon,
        accuracy_m=command.accuracy_m,
    )
    decisions: list[AnyDecision] = [CareKept(given=given)]
    owed = {it: it for it in state.owed}
    for duty in mine:
        if command.result in ENDS:
            del owed[duty]
            decisions += over(duty, _how(duty, command.result, at_s), state.home, given=number)
        else:
            owed[duty] = msgspec.structs.replace(duty, tries=duty.tries + 1)
            decisions.append(CareDutyChanged(duty=owed[duty]))
    received = CareReceived(
        kind=command.kind,
        result=command.result,
        at=at,
        number=number,
        by=command.by,
        who=command.who,
        is_home=command.is_home and command.result in MET,
        text=command.text,
    )
    decisions += [HomeTold(home=state.home, event=received), Answered(made=str(number))]
    last = LastGiven(number, command.by, now_s, mine)
    return msgspec.structs.replace(state, owed=tuple(owed.values()), given=number, last=last), decisions


def _how(duty: CareDuty, result: CareResult, at_s: int) -> CareEnd:
    if result is CareResult.AWAY:
        return CareEnd.AWAY
    return CareEnd.DONE if at_s <= duty.due_s else CareEnd.LATE


def _taken_back(state: CareState, command: TakeBackCare, now_s: int) -> Judged:
    """The last record was a mistake: what it had ended is owed as before, and the home's silence counts as before."""
    last = state.last
    if last is None or last.number != command.number or last.by != command.by:
        return state, [Answered(refused="not_recorder")]
    if now_s - last.at_s > TAKE_BACK_S:
        return state, [Answered(refused="too_late")]
    back = {(it.kind, it.number): it for it in last.ended}
    others = [it for it in state.owed if (it.kind, it.number) not in back]
    owed = tuple(sorted((*others, *last.ended), key=lambda it: (it.due_s, it.kind)))
    decisions: list[AnyDecision] = [CareStruck(number=command.number, by=command.by)]
    for duty in last.ended:
        decisions.append(CareDutyChanged(duty=duty))
        decisions += [PersonTold(person=person, event=asked(duty, state.home)) for person in duty.told]
    taken_back = CareTakenBack(number=command.number, by=command.by)
    decisions += [HomeTold(home=state.home, event=taken_back), Answered()]
    return msgspec.structs.replace(state, owed=owed, last=None), decisions


def _warned(state: CareState, command: PushWarning, now_s: int, policy: Policy) -> Judged:
    """An early warning: the village is told at once and answers in time; the label is higher until it is assessed."""
    case, number = case_in(policy, state), state.warned + 1
    if case is None:
        return state, [Answered(refused="no_household")]
    warning = EarlyWarning(
        number=number,
        code=command.code,
        source=command.source.strip()[:LONGEST_SOURCE],
        text=command.text.strip()[:LONGEST_TEXT],
        on=command.on,
        by=command.by,
    )
    duty = warning_at(number, now_s, policy.care, policy.editions.roster)
    decisions: list[AnyDecision] = [WarningKept(warning=warning), CareDutyChanged(duty=duty)]
    duty, told = climbed(duty, _whose(duty, state, case, now_s, policy), now_s, policy, state.home)
    raised = RaiseLabel(household=state.home, by=command.by, note=f"{warning.code} {warning.source}".strip())
    decisions += [*told, PassedOn(command=raised), Answered(made=str(number))]
    owed = tuple(sorted((*state.owed, duty), key=lambda it: (it.due_s, it.kind)))
    return msgspec.structs.replace(state, owed=owed, warned=number), decisions


def _answered(state: CareState, command: AnswerWarning, now_s: int) -> Judged:
    """It has been looked into, and what came of it."""
    mine = [it for it in state.owed if it.kind is CareKind.WARNING and it.number == command.number]
    if not mine:
        return state, [Answered(refused="no_warning")]
    (duty,) = mine
    how = CareEnd.DONE if now_s <= duty.due_s else CareEnd.LATE
    said = WarningAnswered(
        number=command.number, answer=command.answer, text=command.text.strip()[:LONGEST_TEXT], by=command.by
    )
    owed = tuple(it for it in state.owed if it is not duty)
    return msgspec.structs.replace(state, owed=owed), [said, *over(duty, how, state.home), Answered()]


def _armed(state: CareState, now_s: int, policy: Policy, decisions: list[AnyDecision]) -> Judged:
    """Name the next wake time: the next stage of what is owed, or the next duty."""
    case, terms, roster = case_in(policy, state), policy.care, policy.editions.roster
    due = [climbs_s(it, terms, roster) for it in state.owed]
    due += [referring.rates_until_s(it) for it in state.referrals]
    if case is not None:
        due += [next_begins_s(kind, case.tier, now_s, terms, roster) for kind in WEEKLY]
    next_s = min((it for it in due if it), default=0)
    if next_s:
        next_s = max(next_s + partition_of(state.key) * SPREAD_S, now_s + 1)
    if next_s == state.armed_s:
        return state, decisions
    state = msgspec.structs.replace(state, armed_s=next_s)
    return state, [*decisions, Wake(at=moment(next_s)) if next_s else Slept()]
