"""Flood mode: more new incidents than the operators at their consoles can take. Decided by the desk session.

In flood mode the consoles fold what is P3 and P4, by cause and town; P1 and P2 are never folded. Further operators are
called. It ends by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from alerting.commands import DESK
from alerting.decisions import AnyDecision, FloodChanged, PageAsked
from alerting.duty.plan import Step, Target, TargetKind
from alerting.floods import Flood
from alerting.model import EscalationLevel, Priority
from alerting.policy import Policy

SLOT_S = 15
"""New incidents are counted in slots of so many seconds: the hot state stays short whatever comes."""
TOLD_FOR_S = 600
"""That it has ended is shown for so long, seconds."""
FURTHER = Step(after_s=0, targets=(Target(kind=TargetKind.SUPERVISOR), Target(kind=TargetKind.DUTY_PHONES)))
"""Who is called: whoever brings more operators to their consoles."""


class Inflow(msgspec.Struct, frozen=True, array_like=True):
    """What the desk session remembers of new incidents: slots (its number, how many), and the flood."""

    slots: tuple[tuple[int, int], ...] = ()
    flood: Flood = Flood()


Result = tuple[Inflow, list[AnyDecision]]


def looked(inflow: Inflow, began: int, attended: int, now: datetime, policy: Policy) -> Result:
    """How it stands now: it may begin, go on, or end.

    Args:
        inflow: As remembered.
        began: How many incidents have begun just now.
        attended: How many operators attend their console.
        now: Service time, aware UTC.
        policy: Thresholds, and who is called.
    """
    now_s, floods = int(now.timestamp()), policy.floods
    slots = _counted(inflow.slots, began, now_s, floods.flood_within_s)
    lately, operators = sum(n for _, n in slots), max(1, attended)
    before = inflow.flood
    over = lately > floods.flood_incidents * operators
    after = before
    if not before.lasts and over:
        after = Flood(since=now, total=lately - began)
    if after.lasts:
        below_s = 0 if over else after.below_s or now_s
        ends = not over and now_s - below_s >= floods.flood_quiet_s
        after = msgspec.structs.replace(
            after,
            lately=lately,
            operators=operators,
            total=after.total + began,
            below_s=below_s,
            ended=now if ends else None,
        )
    elif before.ended is not None and now_s - before.ended.timestamp() >= TOLD_FOR_S:
        after = Flood()
    pages: list[AnyDecision] = []
    if after.lasts and (not after.pages or now_s - after.paged_s >= floods.flood_page_s):
        after = msgspec.structs.replace(after, paged_s=now_s, pages=after.pages + 1)
        pages = _pages(after, now, policy)
    changed: list[AnyDecision] = [FloodChanged(flood=after)] if after != before else []
    return Inflow(slots, after), [*changed, *pages]


def _counted(slots: tuple[tuple[int, int], ...], began: int, now_s: int, within_s: int) -> tuple[tuple[int, int], ...]:
    this = now_s // SLOT_S
    kept = [(slot, n) for slot, n in slots if slot > this - within_s // SLOT_S and slot != this]
    mine = began + sum(n for slot, n in slots if slot == this)
    return (*kept, (this, mine)) if mine else tuple(kept)


def rebuilt(opened_s: Iterable[int]) -> Inflow:
    """What is remembered, from the moments at which incidents were opened alone, UTC epoch seconds."""
    slots = Counter(at_s // SLOT_S for at_s in opened_s)
    return Inflow(slots=tuple(sorted(slots.items())))


def due_s(inflow: Inflow, policy: Policy) -> int:
    """When to look again, UTC epoch seconds; 0: not before something comes."""
    flood, floods = inflow.flood, policy.floods
    if flood.ended is not None:
        return int(flood.ended.timestamp()) + TOLD_FOR_S + 1
    if not flood.lasts:
        return 0
    oldest = [slot * SLOT_S + floods.flood_within_s for slot, _ in inflow.slots[:1]]
    ends = [flood.below_s + floods.flood_quiet_s] if flood.below_s else []
    return min([*oldest, *ends, flood.paged_s + floods.flood_page_s])


def _pages(flood: Flood, now: datetime, policy: Policy) -> list[AnyDecision]:
    """Everybody who can bring more operators, on all their channels: it is rare, and said once."""
    assert flood.since is not None, "only a flood calls further operators"
    people = policy.chain(DESK).called_by(FURTHER, now)
    return [
        PageAsked(
            incident="",
            key=DESK,
            home="",
            round=1,
            step=flood.pages,
            level=EscalationLevel.SUPERVISOR,
            to=person.id,
            priority=Priority.P2,
            kind=None,
            since=flood.since,
            until=now + timedelta(seconds=policy.page_s),
            channel=line.channel,
            name=person.name if line.channel else "",
            detail=f"{flood.lately}|{flood.operators}|{policy.floods.flood_within_s // 60}",
        )
        for person in people
        for line in person.lines
    ]
