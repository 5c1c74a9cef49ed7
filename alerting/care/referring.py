"""Referrals of one household: sent, accepted or refused, answered, rated; owned by whoever took the need first.

Until it is answered a referral is owed by somebody: accepted by the organisation, then answered by it, or, where it was
refused, sent elsewhere by its owner. What is owed climbs as visits do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from alerting.care.calendar import due_after_s
from alerting.care.climbing import AskedAt, asked, climbed, over, standing
from alerting.care.decided import CareDutyChanged, PersonTold, ReferralNoted
from alerting.care.duty import CareDuty, CareEnd, CareKind, CareStage, CareState, LastReferred
from alerting.care.referral import (
    HEARD,
    LONGEST_NEED,
    MOST_DAYS,
    MOST_OPEN,
    OPEN,
    OVER,
    Rating,
    Referral,
    ReferralAct,
    ReferralState,
)
from alerting.care.referral_commands import (
    AcceptReferral,
    AnswerReferral,
    OfferReferral,
    RateReferral,
    ReferralCommand,
    RefuseReferral,
    SendReferral,
    TakeBackReferral,
    TakeOverReferral,
    UndoReferral,
)
from alerting.care.told import CareOver, ReferralNews
from alerting.decisions import Answered, AnyDecision
from alerting.duty.reach import Case
from alerting.policy import Policy

UNDONE_WITHIN_S = 600
RATED_WITHIN_S = 30 * 86_400
"""A referral whose household nobody has asked by then is closed without."""

Judged = tuple[CareState, list[AnyDecision]]
replace = msgspec.structs.replace


class Before(msgspec.Struct, frozen=True):
    """What one step is judged against."""

    state: CareState
    case: Case | None
    now_s: int
    policy: Policy

    def due_s(self, days: int) -> int:
        """The end of so many working days."""
        return due_after_s(days, self.now_s, self.policy.care, self.policy.editions.roster)


def asked_at(it: Referral, case: Case | None, now_s: int, policy: Policy) -> AskedAt:
    """Whose it is at each stage: the organisation's, then its owner's too, then the town's."""

    def whose(stage: CareStage) -> list[str]:
        owner = standing(it.owner, "", now_s, policy)
        first = owner if it.state is ReferralState.REFUSED else it.person
        persons = {
            CareStage.REMINDED: [first],
            CareStage.DEPUTY: [owner, first],
            CareStage.TOWN: [standing(case.town, case.town_deputy, now_s, policy)] if case is not None else [],
        }.get(stage, [])
        return list(dict.fromkeys(filter(None, persons)))

    return whose


def step(state: CareState, command: ReferralCommand, case: Case | None, now_s: int, policy: Policy) -> Judged:
    """What somebody says about a referral of the household.

    Args:
        state: The household's care before.
        command: What they say.
        case: What of its case file decides; None where it is not in the programme.
        now_s: Service time, UTC epoch seconds.
        policy: The centre's settings, with roster and case files.

    Returns:
        The care after, and decisions; the last is the answer.
    """
    command = replace(command, text=command.text.strip()[:LONGEST_NEED])
    at = Before(state, case, now_s, policy)
    if isinstance(command, SendReferral) and not command.number:
        return _sent(at, command)
    if isinstance(command, UndoReferral):
        return _undone(at, command)
    mine = [it for it in state.referrals if it.number == command.number]
    if not mine:
        return state, [Answered(refused="no_referral")]
    return _STEPS[type(command)](at, mine[0], command)


def owed_of(state: CareState, number: int) -> CareDuty | None:
    """What is owed of a referral now."""
    return next((it for it in state.owed if it.kind is CareKind.REFERRAL and it.number == number), None)


def time_passed(state: CareState, now_s: int) -> Judged:
    """Those whose household nobody has asked in time are closed."""
    unrated = [it for it in state.referrals if 0 < rates_until_s(it) <= now_s]
    return _closed(state, unrated, ReferralAct.UNRATED)


def left(state: CareState) -> Judged:
    """The household is not in the programme any more: what is open is closed."""
    return _closed(state, list(state.referrals), ReferralAct.LEFT)


def rates_until_s(it: Referral) -> int:
    """Until when the household can be asked; 0: that is not the question."""
    return it.answered_s + RATED_WITHIN_S if it.state is ReferralState.ANSWERED else 0


def _closed(state: CareState, some: list[Referral], act: ReferralAct) -> Judged:
    closed = [replace(it, state=ReferralState.CLOSED, offered="") for it in some]
    kept = tuple(it for it in state.referrals if it not in some)
    if closed:
        state = replace(state, last_referred=None)
    return replace(state, referrals=kept), [ReferralNoted(referral=it, act=act) for it in closed]


def _refused(at: Before, word: str) -> Judged:
    return at.state, [Answered(refused=word)]


def _owns(it: Referral, command: ReferralCommand) -> bool:
    return command.for_owner or (command.me != "" and command.me == it.owner)


def _sent(at: Before, command: SendReferral) -> Judged:
    """A new one: whoever took the need first owns it."""
    state = at.state
    if at.case is None:
        return _refused(at, "no_household")
    if len(state.referrals) >= MOST_OPEN:
        return _refused(at, "too_many_referrals")
    if not command.text or not command.owner or not command.org:
        return _refused(at, "no_words")
    if not 0 < command.days <= MOST_DAYS:
        return _refused(at, "bad_days")
    it = Referral(
        number=state.referred + 1,
        org=command.org,
        person=command.person,
        owner=command.owner,
        state=ReferralState.SENT,
        sent_s=at.now_s,
        due_s=at.due_s(command.days),
        days=command.days,
        source=command.source,
    )
    return _done(replace(at, state=replace(state, referred=it.number)), it, ReferralAct.SENT, command)


def _done(
    at: Before,
    it: Referral,
    act: ReferralAct,
    command: ReferralCommand,
    *,
    ends: CareEnd = CareEnd.CHANGED,
    how: str = "",
    person: str = "",
) -> Judged:
    """The referral is this from now on, and so is what is owed of it; whoever has it hears what others have done.

    ``person`` is whoever is asked. Nobody hears of what they did themselves.
    """
    state, home = at.state, at.state.home
    before = next((old for old in state.referrals if old.number == it.number), None)
    owed = after = owed_of(state, it.number)
    person = person or (it.owner if command.for_owner else "")
    decisions: list[AnyDecision] = [
        ReferralNoted(referral=it, act=act, by=command.by, person=person, text=command.text, how=how)
    ]
    if before is None or (before.state, before.org) != (it.state, it.org):
        after, told = _owed_now(at, it), list[AnyDecision]()
        if after is not None:
            decisions.append(CareDutyChanged(duty=after))
            whose = asked_at(it, at.case, at.now_s, at.policy)
            after, told = climbed(after, whose, at.now_s, at.policy, home)
        decisions += [*_over_for(owed, after, ends, home), *told]
    hears = it.offered if act is ReferralAct.OFFERED else (before or it).owner
    if act in HEARD and hears != command.me:
        decisions.append(PersonTold(person=hears, event=ReferralNews(home=home, number=it.number, act=act)))
    others = tuple(old for old in state.referrals if old.number != it.number)
    state = replace(state, last_referred=LastReferred(it.number, command.by, at.now_s, before, owed))
    state = _with(state, others if it.state in OVER else (*others, it), owed, after)
    return state, [*decisions, Answered(made=str(it.number))]


def _with(state: CareState, some: tuple[Referral, ...], owed: CareDuty | None, after: CareDuty | None) -> CareState:
    """The care with these referrals, and one duty in the place of another."""
    duties = [duty for duty in state.owed if duty != owed] + ([after] if after is not None else [])
    return replace(
        state,
        referrals=tuple(sorted(some, key=lambda it: it.number)),
        owed=tuple(sorted(duties, key=lambda duty: (duty.due_s, duty.kind))),
    )


def _owed_now(at: Before, it: Referral) -> CareDuty | None:
    """What is owed of a referral from now on: to accept it, to answer it, or to find somebody else."""
    if it.state not in OPEN:
        return None
    due_s = it.due_s
    if it.state is not ReferralState.ACCEPTED:
        soon_s = at.due_s(at.policy.care.accept_days)
        due_s = min(soon_s, due_s) if it.state is ReferralState.SENT else soon_s
    return CareDuty(CareKind.REFERRAL, it.number, at.now_s, due_s)


def _over_for(owed: CareDuty | None, after: CareDuty | None, ends: CareEnd, home: str) -> list[AnyDecision]:
    """What was owed is over for whoever was asked and is not asked any more; as a row where nothing is owed now."""
    if owed is None:
        return []
    if after is None:
        return over(owed, ends, home)
    done = CareOver(home=home, kind=owed.kind, number=owed.number)
    return [PersonTold(person=person, event=done) for person in owed.told if person not in after.told]


def _sent_on(at: Before, it: Referral, command: SendReferral) -> Judged:
    """To another organisation, by its owner: as long as nobody has accepted it, or once it was refused."""
    if it.state not in {ReferralState.SENT, ReferralState.REFUSED}:
        return _refused(at, "accepted_already")
    if not _owns(it, command):
        return _refused(at, "not_its_owner")
    if not command.org or not 0 < command.days <= MOST_DAYS:
        return _refused(at, "bad_days")
    due_s = at.due_s(command.days)
    after = replace(
        it, org=command.org, person=command.person, state=ReferralState.SENT, due_s=due_s, days=command.days
    )
    return _done(at, after, ReferralAct.SENT_ON, command)


def _accepted(at: Before, it: Referral, command: AcceptReferral) -> Judged:
    if it.state is not ReferralState.SENT:
        return _refused(at, "not_waiting")
    after = replace(it, state=ReferralState.ACCEPTED, accepted_s=at.now_s)
    return _done(at, after, ReferralAct.ACCEPTED, command, how=command.how)


def _turned_down(at: Before, it: Referral, command: RefuseReferral) -> Judged:
    """Back with its owner, who sends it elsewhere or answers it."""
    if it.state not in {ReferralState.SENT, ReferralState.ACCEPTED}:
        return _refused(at, "not_waiting")
    if not command.text:
        return _refused(at, "say_why")
    after = replace(it, state=ReferralState.REFUSED, accepted_s=0)
    return _done(at, after, ReferralAct.REFUSED, command, how=command.how)


def _answered(at: Before, it: Referral, command: AnswerReferral) -> Judged:
    if it.state not in OPEN:
        return _refused(at, "not_waiting")
    if not command.text:
        return _refused(at, "no_words")
    is_owners = it.state is ReferralState.REFUSED
    if is_owners and not _owns(it, command):
        return _refused(at, "not_its_owner")
    accepted_s = it.accepted_s or (0 if is_owners else at.now_s)
    after = replace(
        it,
        state=ReferralState.ANSWERED,
        accepted_s=accepted_s,
        answered_s=at.now_s,
        result=command.result,
        offered="",
    )
    act = ReferralAct.ANSWERED_BY_OWNER if is_owners else ReferralAct.ANSWERED
    ends = CareEnd.DONE if at.now_s <= it.due_s else CareEnd.LATE
    return _done(at, after, act, command, ends=ends, how="" if is_owners else command.how)


def _taken_back(at: Before, it: Referral, command: TakeBackReferral) -> Judged:
    if it.state is not ReferralState.SENT:
        return _refused(at, "accepted_already")
    if not _owns(it, command):
        return _refused(at, "not_its_owner")
    after = replace(it, state=ReferralState.TAKEN_BACK, offered="")
    return _done(at, after, ReferralAct.TAKEN_BACK, command)


def _offered(at: Before, it: Referral, command: OfferReferral) -> Judged:
    """To be owned by somebody else: it is theirs only once they have said so."""
    if not _owns(it, command):
        return _refused(at, "not_its_owner")
    if not command.text:
        return _refused(at, "say_why")
    if command.to == it.owner or command.to not in at.policy.editions.people.persons:
        return _refused(at, "no_such_person")
    after = replace(it, offered=command.to)
    return _done(at, after, ReferralAct.OFFERED, command, person=command.to)


def _taken_over(at: Before, it: Referral, command: TakeOverReferral) -> Judged:
    if not it.offered or command.me != it.offered:
        return _refused(at, "not_offered")
    if not command.accepts:
        if not command.text:
            return _refused(at, "say_why")
        return _done(at, replace(it, offered=""), ReferralAct.DECLINED, command, person=it.offered)
    after = replace(it, owner=it.offered, offered="")
    state, decisions = _done(at, after, ReferralAct.TAKEN_OVER, command, person=it.offered)
    owed = owed_of(state, it.number)
    if owed is None or it.owner not in owed.told:
        return state, decisions
    told = tuple(dict.fromkeys(after.owner if person == it.owner else person for person in owed.told))
    now = replace(owed, told=told)
    done = CareOver(home=state.home, kind=now.kind, number=now.number)
    moved: list[AnyDecision] = [
        CareDutyChanged(duty=now),
        PersonTold(person=it.owner, event=done),
        PersonTold(person=after.owner, event=asked(now, state.home)),
    ]
    duties = tuple(now if duty is owed else duty for duty in state.owed)
    return replace(state, owed=duties), [*decisions[:-1], *moved, decisions[-1]]


def _rated(at: Before, it: Referral, command: RateReferral) -> Judged:
    """What the household says; where it is not content the organisation is to do it again."""
    if it.state is not ReferralState.ANSWERED:
        return _refused(at, "not_answered")
    if command.again and command.rating is not Rating.NOT_CONTENT:
        return _refused(at, "is_content")
    if command.again and not command.text:
        return _refused(at, "say_why")
    if not command.again:
        after = replace(it, state=ReferralState.CLOSED, rating=command.rating, offered="")
        return _done(at, after, ReferralAct.RATED, command)
    after = replace(
        it,
        state=ReferralState.SENT,
        rating=command.rating,
        due_s=at.due_s(it.days),
        returned=it.returned + 1,
        accepted_s=0,
        answered_s=0,
        result=None,
    )
    return _done(at, after, ReferralAct.RETURNED, command)


def _undone(at: Before, command: UndoReferral) -> Judged:
    """The last step was a mistake: all is as it was before it."""
    state, last = at.state, at.state.last_referred
    if last is None or last.number != command.number or last.by != command.by:
        return _refused(at, "not_your_step")
    if at.now_s - last.at_s > UNDONE_WITHIN_S:
        return _refused(at, "too_late")
    home, owed, before = state.home, owed_of(state, last.number), last.before
    now = next((it for it in state.referrals if it.number == last.number), None)
    others = tuple(it for it in state.referrals if it.number != last.number)
    if before is None:
        assert now is not None, "a referral that was just sent is open"
        before = replace(now, state=ReferralState.TAKEN_BACK)
    referrals = others if before.state in OVER else (*others, before)
    decisions: list[AnyDecision] = [ReferralNoted(referral=before, act=ReferralAct.UNDONE, by=command.by)]
    decisions += _over_for(owed, last.duty, CareEnd.CHANGED, home)
    if last.duty is not None:
        decisions.append(CareDutyChanged(duty=last.duty))
        decisions += [PersonTold(person=person, event=asked(last.duty, home)) for person in last.duty.told]
    state = _with(replace(state, last_referred=None), referrals, owed, last.duty)
    return state, [*decisions, Answered(made=str(before.number))]


_STEPS: dict[type, Callable[[Before, Referral, Any], Judged]] = {
    SendReferral: _sent_on,
    AcceptReferral: _accepted,
    RefuseReferral: _turned_down,
    AnswerReferral: _answered,
    TakeBackReferral: _taken_back,
    OfferReferral: _offered,
    TakeOverReferral: _taken_over,
    RateReferral: _rated,
}
