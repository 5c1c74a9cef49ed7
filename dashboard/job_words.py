"""Words for jobs: how far a responder has come, to whom they hand over, and what a job refuses."""

from __future__ import annotations

from alerting.dispatch.job import HandedTo, Stage
from alerting.dispatch.neighbour import NeighbourStage
from alerting.model import EntryKind
from dashboard.words import mark

STAGES: dict[Stage, str] = {
    Stage.OFFERED: mark("asked"),
    Stage.TIMED_OUT: mark("has not accepted in time"),
    Stage.ACCEPTED: mark("has accepted"),
    Stage.EN_ROUTE: mark("on the way"),
    Stage.ON_SCENE: mark("at the door"),
    Stage.INSIDE: mark("inside"),
    Stage.SAFE: mark("resident safe"),
    Stage.NEEDS_120: mark("needs 120"),
    Stage.HANDED_OVER: mark("has handed over"),
    Stage.CANNOT_GO: mark("cannot go"),
    Stage.RECALLED: mark("called back"),
    Stage.ELSEWHERE: mark("has another job"),
}
"""How far a job has come, or how it has ended."""

MISSED: dict[str, str] = {
    EntryKind.EXPECTED_LATE: mark("will not be there in time"),
    EntryKind.NO_WORD: mark("no word"),
    EntryKind.ASKED_AFTER: mark("no word: well?"),
}
"""What was expected of who was sent, and does not come, in a row of the queue."""

NEIGHBOURS: dict[NeighbourStage, str] = {
    NeighbourStage.RUNG: mark("rung, no answer yet"),
    NeighbourStage.GOES: mark("goes to look"),
    NeighbourStage.CANNOT: mark("cannot look"),
    NeighbourStage.NOT_NOW: mark("not rung: outside of their hours"),
}
"""What has become of ringing a neighbour who has a key."""

HANDED_TO: dict[HandedTo, str] = {
    HandedTo.AMBULANCE: mark("to the ambulance (120)"),
    HandedTo.FAMILY: mark("to the family"),
    HandedTo.RESPONDER: mark("to another responder who is there"),
    HandedTo.DESK: mark("resident safe, and the desk agrees"),
}
"""To whom a resident is handed over."""

REFUSALS: dict[str, str] = {
    "nobody_needed": mark("The resident has been handed over already: nobody else needs to go."),
    "scene_not_kept": mark("The photo could not be kept. Please try again."),
    "enough_photos": mark("There are enough photos of this scene."),
    "other_risks": mark("What to beware of has changed meanwhile: read it anew."),
    "job_over": mark("This job is over: it was handed over, called back, or taken up by others."),
    "nobody_sent": mark("Nobody has been sent, or not this one."),
    "sent_already": mark("This responder is on the way already."),
    "enough_sent": mark("Enough people have been sent. Call one back first."),
    "on_other_job": mark(
        "This responder has a job elsewhere (%(who)s). It must be handed over there first, or the desk calls them back."
    ),
    "hand_over_first": mark("Whoever is there stays until they have handed over, or the desk calls them back."),
    "to_whom": mark("Say to whom the resident is handed over."),
    "nobody_there": mark("No other responder is there yet."),
    "desk_must_agree": mark("The desk must agree first: telephone it, or hand over to the ambulance or the family."),
    "not_safe": mark("The responder has not said yet that the resident is safe."),
}
"""Why a step of a job is refused."""
