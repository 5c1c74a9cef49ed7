"""A silence that ends, by movement, by the key for *I am well*, or by a call; and one that is expected: an absence."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AbsenceSet, AnyDecision, PromptAnswered
from alerting.events import Absent
from alerting.homes.state import Judged, Memory
from alerting.silence import inactivity

ABSENT_MOST = timedelta(days=90)
"""No absence is longer: then somebody has to say so again."""


def ended(memory: Memory, now: datetime, how: str, *, by: str = "") -> Judged:
    """The present silence has ended, by ``motion``, ``well`` or a ``call``: an answer, if the home was asked.

    It also ends an absence.
    """
    hot, now_s = memory.hot, int(now.timestamp())
    growing, decisions = hot.growing, list[AnyDecision]()
    if growing.until_s:
        if now_s <= growing.until_s:
            decisions.append(PromptAnswered(how=how, after_s=now_s - growing.asked_s))
        growing = msgspec.structs.replace(growing, until_s=0)
    if growing.grave_s:
        growing = msgspec.structs.replace(growing, grave_s=0)
    if hot.absent_s and how != "call":
        decisions.append(AbsenceSet(until=None, by=by))
        hot = msgspec.structs.replace(hot, absent_s=0)
    if growing is not hot.growing:
        hot = msgspec.structs.replace(hot, growing=growing)
    return (Memory(hot, memory.rhythm) if hot is not memory.hot else memory), decisions


def absent(memory: Memory, event: Absent, now: datetime) -> Judged:
    """Nobody is at home until then: the silence is not counted, and not learned. The first movement ends it."""
    until = min(event.until, now + ABSENT_MOST)
    if until <= now:
        return memory, []
    quiet = msgspec.structs.replace(memory.hot.quiet, unsure=True)
    hot = msgspec.structs.replace(memory.hot, quiet=quiet, absent_s=int(until.timestamp()))
    return Memory(hot, memory.rhythm), [AbsenceSet(until=until, by=event.by)]


def heard_well(memory: Memory, now: datetime, by: str) -> Judged:
    """A call with its result on record: the person is well, and the silence is counted from now. It closes nothing."""
    if memory.hot.quiet.active_s == 0:
        return memory, []
    memory, decisions = ended(memory, now, "call", by=by)
    quiet = inactivity.seen_well(memory.hot.quiet, int(now.timestamp()), helped=False)
    return Memory(msgspec.structs.replace(memory.hot, quiet=quiet), memory.rhythm), decisions
