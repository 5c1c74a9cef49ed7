"""Words for the table of values: how long an incident may stand still, and why a claim has lapsed."""

from __future__ import annotations

from dashboard.words import mark

VALUES: dict[str, str] = {
    "console_gone_s": mark("A claim ends when its operator's console has been gone for"),
    "step_s": mark("A claim ends when no step was recorded for"),
    "no_console_s": mark("The same without a console that reports itself"),
    "responder_accepts_s": mark("Whoever was sent must have accepted within"),
    "on_scene_s": mark("Whoever was sent must be there within"),
    "hold_s": mark("An incident can be put by for at most"),
    "offer_s": mark("An offer waits to be accepted for"),
    "shift_offer_s": mark("The list of a shift waits to be accepted for"),
    "second_person_s": mark("A second person has to answer within"),
    "reopen_s": mark("A closed incident can be taken up again for"),
}
"""Lines of the table of values."""

LAPSES: dict[str, str] = {
    "console": mark("the operator's console was gone"),
    "step": mark("no step was recorded in time"),
}
"""Why a claim has lapsed."""
