"""A silence that ends: by movement, by the key for *I am well*, or by a call."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision, Learned, PromptAnswered
from alerting.homes import absence
from alerting.homes.state import Judged, Memory
from alerting.silence import inactivity


def ended(memory: Memory, now: datetime, how: str) -> Judged:
    """The present silence has ended, by ``motion``, ``well`` or a ``call``: an answer, if the home was asked.

    It also ends an absence.
    """
    hot, now_s = memory.hot, int(now.timestamp())
    growing, rhythm, decisions = hot.growing, memory.rhythm, list[AnyDecision]()
    if growing.until_s:
        in_time = now_s <= growing.until_s
        if in_time:
            decisions.append(PromptAnswered(how=how, after_s=now_s - growing.asked_s))
        rhythm = rhythm.answered(in_time=in_time)
        decisions.append(Learned(rhythm=rhythm))
        growing = msgspec.structs.replace(growing, until_s=0)
    if growing.grave_s:
        growing = msgspec.structs.replace(growing, grave_s=0)
    if growing is not hot.growing:
        hot = msgspec.structs.replace(hot, growing=growing)
    if hot.absent_s and how != "call":
        hot, back = absence.moved(hot, now_s)
        decisions += back
    return (Memory(hot, rhythm) if hot is not memory.hot else memory), decisions


def heard_well(memory: Memory, now: datetime) -> Judged:
    """A call with its result on record: the person is well, and the silence is counted from now. It closes nothing."""
    if memory.hot.quiet.active_s == 0:
        return memory, []
    memory, decisions = ended(memory, now, "call")
    quiet = inactivity.seen_well(memory.hot.quiet, int(now.timestamp()), helped=False)
    return Memory(msgspec.structs.replace(memory.hot, quiet=quiet), memory.rhythm), decisions
