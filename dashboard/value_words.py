"""Words for the table of values: how long an incident may stand still, and why a claim has lapsed."""

from __future__ import annotations

from dashboard.words import mark

VALUES: dict[str, str] = {
    "console_gone_s": mark("A claim ends when its operator's console has been gone for"),
    "step_s": mark("A claim ends when no step was recorded for"),
    "no_console_s": mark("The same without a console that reports itself"),
    "responder_accepts_s": mark("Whoever was sent must have accepted within"),
    "job_called_s": mark("Whoever was sent and has not answered the message is called after"),
    "offer_delivered_s": mark("A grid platform must have taken a job within"),
    "on_scene_s": mark("Whoever was sent must be there within"),
    "under_way_s": mark("So long before that, somebody must be on the way or have said when they come"),
    "job_silent_s": mark("Whoever said that they go must be heard of within"),
    "job_eta_over_s": mark("Where they have said when they come, so long after that"),
    "safe_s": mark("Once whoever is there has said that the person is safe, nobody else is called for"),
    "handed_over_s": mark("Once the resident was handed over to 120 or the family, nobody else is called for"),
    "job_welfare_s": mark("Whoever is there is asked after when nothing is heard of them for"),
    "hold_s": mark("An incident can be put by for at most"),
    "offer_s": mark("An offer waits to be accepted for"),
    "shift_offer_s": mark("The list of a shift waits to be accepted for"),
    "second_person_s": mark("A second person has to answer within"),
    "reopen_s": mark("A closed incident can be taken up again for"),
}
"""Lines of the table of values."""

REFUSALS: dict[str, str] = {
    "bad_values": mark("Some of these values cannot be used, and none is changed."),
    "no_terms": mark("There is no such group of terms."),
    "why_values": mark("Say why: it stays in the history."),
}
"""Why other values are not in force."""

LAPSES: dict[str, str] = {
    "console": mark("the operator's console was gone"),
    "step": mark("no step was recorded in time"),
}
"""Why a claim has lapsed."""

CANARY_STOPS: dict[str, str] = {
    "broker": mark("the broker was not there"),
    "receipt": mark("the gateway gave no receipt"),
    "console": mark("it did not reach the console"),
}
"""How far the last trial press had come that was lost."""

THRESHOLDS: dict[str, str] = {
    "chatter_burst": mark("A device may raise at once, of one kind"),
    "chatter_refill_s": mark("and one more after"),
    "outage_homes": mark("Homes that fall silent together are an outage, from"),
    "outage_share": mark("and this share of the area's homes"),
    "outage_within_s": mark("within"),
    "calls_homes": mark("Homes that call for help together have one cause, from"),
    "calls_share": mark("and this share of the area's homes"),
    "calls_within_s": mark("within"),
    "settle_s": mark("An outage is over when all its homes have been back for"),
    "flood_incidents": mark("A flood: more new incidents for each attended operator than"),
    "flood_within_s": mark("within"),
    "flood_quiet_s": mark("A flood is over when there have been no more for"),
    "flood_page_s": mark("While it lasts, further operators are called again after"),
}
"""Lines of the table of thresholds."""
