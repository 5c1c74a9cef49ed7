"""A visit or a call at home: what it means for the silence. It ends no incident.

The evidence is who says so, when and with which result; whoever moves about during a visit is no evidence of the
resident.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.care.duty import MET, CareResult
from alerting.care.told import CareReceived, CareTakenBack
from alerting.commands import EndAbsence
from alerting.decisions import Answered, AnyDecision
from alerting.homes import absence, silence_ends
from alerting.homes.away import AwayStage
from alerting.homes.state import Cared, Judged, Memory
from alerting.incidents import incident
from alerting.model import EntryKind
from alerting.silence import inactivity

Told = CareReceived | CareTakenBack
"""What a household hears of its care."""


def told(memory: Memory, event: Told, now: datetime) -> Judged:
    """Somebody was with the resident or has telephoned, or says that this was a mistake."""
    if isinstance(event, CareTakenBack):
        memory, decisions = _as_before(memory, event.number), list[AnyDecision]()
        text = "taken_back"
    else:
        memory, decisions = _known_well(memory, event) if event.result in MET else (memory, [])
        if event.is_home and memory.hot.away.stage not in {AwayStage.NONE, AwayStage.PLANNED}:
            memory, back = absence.asked(memory, EndAbsence(key=memory.hot.key, by=event.by), now)
            decisions += [it for it in back if not isinstance(it, Answered)]
        text = event.result.value
    if memory.hot.open is None:
        return memory, decisions
    kind = event.kind.value if isinstance(event, CareReceived) else ""
    words = event.text if isinstance(event, CareReceived) else ""
    running, lines = incident.note(memory.hot.open, EntryKind.CARE, now, text=f"{kind}|{text}|{words}", by=event.by)
    hot = msgspec.structs.replace(memory.hot, open=running)
    return Memory(hot, memory.rhythm), [*decisions, *lines]


def _known_well(memory: Memory, event: CareReceived) -> Judged:
    """The silence counts from then; not where somebody has moved since."""
    quiet, at_s = memory.hot.quiet, int(event.at.timestamp())
    if not 0 < quiet.active_s < at_s:
        return memory, []
    cared = Cared(event.number, at_s, quiet.active_s, quiet.blind_s, alarmed=quiet.alarmed)
    memory, decisions = silence_ends.ended(memory, event.at, "call")
    known = inactivity.seen_well(memory.hot.quiet, at_s, helped=event.result is CareResult.NEEDS)
    return Memory(msgspec.structs.replace(memory.hot, quiet=known, cared=cared), memory.rhythm), decisions


def _as_before(memory: Memory, number: int) -> Memory:
    """The silence counts as it did before that visit or call; not where somebody has moved since."""
    cared, quiet = memory.hot.cared, memory.hot.quiet
    if cared.number != number or quiet.active_s != cared.at_s:
        return memory
    quiet = msgspec.structs.replace(quiet, active_s=cared.active_s, blind_s=cared.blind_s, alarmed=cared.alarmed)
    return Memory(msgspec.structs.replace(memory.hot, quiet=quiet, cared=Cared()), memory.rhythm)
