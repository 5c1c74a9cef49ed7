"""Words of screens about faults as work. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.repair import RepairAct, RepairState
from dashboard.words import mark

STATES: dict[RepairState, str] = {
    RepairState.OPEN: mark("nobody has taken it"),
    RepairState.TAKEN: mark("taken"),
    RepairState.PLANNED: mark("visit planned"),
    RepairState.CAME_BACK: mark("came back"),
    RepairState.DONE: mark("done, not confirmed by the device yet"),
}

ACTS: dict[RepairAct, str] = {
    RepairAct.BATTERY: mark("battery changed"),
    RepairAct.MOVED: mark("sensor moved"),
    RepairAct.SWAPPED: mark("device swapped"),
    RepairAct.POWER: mark("plugged in again, restarted"),
    RepairAct.RADIO: mark("reception improved"),
    RepairAct.FASTENED: mark("fastened again"),
    RepairAct.EXPLAINED: mark("explained to the resident"),
    RepairAct.NOTHING: mark("looked at, nothing found"),
    RepairAct.OTHER: mark("something else"),
}

CHANGES: dict[str, str] = {
    "take_repair": mark("taken"),
    "plan_repair": mark("visit planned"),
    "note_repair": mark("note"),
    "finish_repair": mark("done"),
}
"""What was done, in the history of a fault."""

REFUSALS: dict[str, str] = {
    "what_was_done": mark("Say what was done."),
}
"""Why a command about a fault was not carried out."""
