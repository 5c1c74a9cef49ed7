"""Words of the budget of false inactivity alarms."""

from __future__ import annotations

from dashboard.speech import Speech
from dashboard.words import mark

FLAWS: dict[str, str] = {
    "bad_city": mark("The city's number must lie between 0.1 and 1000 a day, or be 0: %(what)s"),
    "bad_home": mark("A home's number must lie between 0.02 and 10 a week: %(what)s"),
    "homes_over_city": mark("The homes' own numbers together may be at most half of the city's."),
    "too_many_homes": mark("No more than %(what)s homes may have a number of their own."),
    "bad_weight": mark("A weight must lie between 0.1 and 10: %(what)s"),
    "bad_tier": mark("A label's own number must be at least 0.05 a day."),
    "tier_without_city": mark("A label can have a number of its own only as a part of the city's."),
    "tiers_over_city": mark("The labels' own numbers together must leave something of the city's for the others."),
    "bad_cap": mark("The longest silence must lie between 4 and 24 hours: %(what)s"),
    "bad_tier_cap": mark("The part of the longest silence for a label must lie between 0.25 and 2: %(what)s"),
    "not_a_number": mark("This is no number: %(what)s"),
}
"""Why a budget cannot be in force."""


def flaw(reason: str, say: Speech) -> str:
    """Why a budget cannot be in force: a word, and after a bar what it is about."""
    word, _, what = reason.partition("|")
    told = say.tier(what) if word == "bad_weight" else what
    return say.gettext(FLAWS[word], what=told) if word in FLAWS else reason
