"""The English words of the service's figures; translated in the catalogues."""

from __future__ import annotations

from alerting.figures.measures import Measure
from dashboard.words import mark

MEASURES: dict[str, str] = {
    Measure.ANSWERED_60: mark("Answered within 60 s"),
    Measure.ANSWERED_180: mark("Answered within 180 s"),
    Measure.ACCEPTED: mark("Accepted within 2 min"),
    Measure.THERE_45: mark("At the door within 45 min"),
    Measure.THERE_60: mark("At the door within 60 min"),
    Measure.INSIDE: mark("Inside within 5 min"),
    Measure.FALSE: mark("False alarms"),
    Measure.WASTED: mark("Wasted visits"),
}

MEANS: dict[str, str] = {
    Measure.ANSWERED_60: mark("P1 and P2: from the first ring until somebody takes it"),
    Measure.ANSWERED_180: mark("P1 and P2: from the first ring until somebody takes it"),
    Measure.ACCEPTED: mark("From the decision to send somebody to their word that they go"),
    Measure.THERE_45: mark("From the decision to send somebody until they are at the door"),
    Measure.THERE_60: mark("From the decision to send somebody until they are at the door"),
    Measure.INSIDE: mark("From the door until somebody is inside"),
    Measure.FALSE: mark("Of all that are closed: nobody had needed help"),
    Measure.WASTED: mark("Of all at which somebody was at the door: nobody had needed help"),
}

PERIODS: dict[str, str] = {
    "today": mark("Today"),
    "yesterday": mark("Yesterday"),
    "week": mark("This week"),
    "last_week": mark("Last week"),
    "month": mark("This month"),
    "last_month": mark("Last month"),
    "quarter": mark("Last 92 days"),
    "own": mark("From … to"),
}

GROUPS: dict[str, str] = {
    "town": mark("by town"),
    "village": mark("by village"),
    "shift": mark("by shift"),
    "day": mark("by day"),
    "week": mark("by week"),
    "month": mark("by month"),
}

SHIFTS: dict[str, str] = {"day": mark("Day (08–20)"), "night": mark("Night (20–08)")}

WHICH: dict[str, str] = {
    "of": mark("All that are counted"),
    "met": mark("Those in time, or of whom it is true"),
    "missed": mark("Those that were not"),
}
