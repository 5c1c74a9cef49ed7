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
from alerting.duty import editions
from alerting.events import PriceKnown
from alerting.model import Aggregate
from gateway.writing.stray_keys import aggregate_of

if TYPE_CHECKING:
    from gateway.writing.judge import Judge


def pass_on(judge: Judge, decisions: Iterable[AnyDecision], now: datetime) -> None:
    """Judge it where it belongs, in the batch at hand."""
    for decision in decisions:
        if isinstance(decision, PassedOn):
            key = decision.command.key
            judge.judge(aggregate_of(key), key, judge.states.asked(decision.command), now)
        elif isinstance(decision, AreaTold):
            judge.judge(Aggregate.AREA, decision.key, decision.event, now)
        elif isinstance(decision, HomeTold):
            judge.judge(Aggregate.HOUSEHOLD, decision.home, decision.event, now)
        elif isinstance(decision, PersonTold):
            judge.judge(Aggregate.RESPONDER, round_key(decision.person), decision.event, now)
        elif isinstance(decision, PriceFound):
            judge.judge(Aggregate.DESK, editions.KEY, PriceKnown(price=decision.price), now)
        elif isinstance(decision, DeskTold):
            judge.judge(Aggregate.DESK, DESK, decision.event, now)
        elif isinstance(decision, HolderTold):
            for incident in judge.states.theirs(decision.event.login):
                judge.judge(incident.aggregate, incident.key, decision.event, now)
