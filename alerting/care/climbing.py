"""How what is owed climbs from one person to the next, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from alerting.care.calendar import climbs_s
from alerting.care.decided import CareDutyChanged, PersonTold
from alerting.care.duty import CareDuty, CareEnd, CareStage
from alerting.care.told import CareAsked, CareOver
from alerting.decisions import AnyDecision
from alerting.duty.roster import is_off, stand_in
from alerting.policy import Policy
from alerting.silence.inactivity import moment

AskedAt = Callable[[CareStage], list[str]]
"""Whose it is at a stage: person ids."""


def climbed(
    duty: CareDuty, asked_at: AskedAt, now_s: int, policy: Policy, home: str
) -> tuple[CareDuty, list[AnyDecision]]:
    """A duty after the stages whose time has come. A stage with nobody who can be reached is passed at once."""
    decisions, is_empty = list[AnyDecision](), False
    while duty.stage is not CareStage.SUPERVISOR:
        at_s = climbs_s(duty, policy.care, policy.editions.roster)
        if not is_empty and at_s > now_s:
            break
        stage = CareStage(duty.stage + 1)
        persons = asked_at(stage)
        is_empty = stage is not CareStage.SUPERVISOR and not any(map(policy.editions.can_reach, persons))
        duty = msgspec.structs.replace(duty, stage=stage, told=tuple(dict.fromkeys((*duty.told, *persons))))
        decisions += [PersonTold(person=person, event=asked(duty, home)) for person in persons]
        decisions.append(CareDutyChanged(duty=duty))
    return duty, decisions


def asked(duty: CareDuty, home: str) -> CareAsked:
    """What somebody hears whose it is."""
    return CareAsked(home=home, kind=duty.kind, number=duty.number, due_s=duty.due_s, stage=duty.stage)


def over(duty: CareDuty, how: CareEnd, home: str, given: int = 0) -> list[AnyDecision]:
    """It ends, and whoever was asked need not do it."""
    done = CareOver(home=home, kind=duty.kind, number=duty.number)
    told = [PersonTold(person=person, event=done) for person in duty.told]
    return [CareDutyChanged(duty=duty, ended=how, given=given), *told]


def standing(person: str, deputy: str, now_s: int, policy: Policy) -> str:
    """Who stands for somebody: by the roster, else this deputy where they are there."""
    roster, at = policy.editions.roster, moment(now_s)
    found = stand_in(roster, person, at)
    return found or (deputy if deputy and not is_off(roster, deputy, at) else "")
