"""What one aggregate has decided for others goes to each of them as an event of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from alerting.care.decided import HomeTold, PersonTold
from alerting.care.duty import round_key
from alerting.commands import DESK
from alerting.decisions import (
    AnyDecision,
    AreaTold,
    DeskTold,
    HolderTold,
    PassedOn,
    PriceFound,
)
from alerting.dispatch.told import IncidentTold, ResponderTold, jobs_key
from alerting.duty import editions
from alerting.events import AnyEvent, PriceKnown
from gateway.writing.stray_keys import aggregate_of

if TYPE_CHECKING:
    from gateway.writing.judge import Judge


def pass_on(judge: Judge, decisions: Iterable[AnyDecision], now: datetime) -> None:
    """Judge it where it belongs, in the batch at hand."""
    for decision in decisions:
        if isinstance(decision, HolderTold):
            for incident in judge.states.theirs(decision.event.login):
                judge.judge(incident.aggregate, incident.key, decision.event, now)
        elif (told := _told(judge, decision)) is not None:
            key, event = told
            judge.judge(aggregate_of(key), key, event, now)


def _told(judge: Judge, decision: AnyDecision) -> tuple[str, AnyEvent] | None:
    """Whom a decision tells what: the aggregate's key, and the event; None where it tells nobody."""
    match decision:
        case PassedOn(command=command):
            return command.key, judge.states.asked(command)
        case AreaTold(key=key, event=event) | IncidentTold(key=key, event=event):
            return key, event
        case HomeTold(home=key, event=event):
            return key, event
        case PersonTold(person=person, event=event):
            return round_key(person), event
        case ResponderTold(responder=responder, event=event):
            return jobs_key(responder), event
        case PriceFound(price=price):
            return editions.KEY, PriceKnown(price=price)
        case DeskTold(event=event):
            return DESK, event
    return None
