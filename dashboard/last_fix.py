"""The last position of a home's portable alarm, beside the address: how old, how exact, how far from home."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Place
from alerting.duty.candidates import apart_m
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.contract import HouseholdView

NOT_OLDER = timedelta(days=1)
AT_HOME_M = 150
"""Nearer than this, beyond its own inaccuracy, it tells nothing against being at home."""


class FixShown(msgspec.Struct, frozen=True):
    """A position in words.

    Attributes:
        place: Where.
        text: When it was heard, how exact it is, and how far from home.
        is_away: It says that whoever wears it is not at home.
    """

    place: Place
    text: str
    is_away: bool


def last_fix(home: HouseholdView | None, now: datetime, say: Speech) -> FixShown | None:
    """The latest position of a home's portable alarm, within a day; None when there is none."""
    latest = home.fix if home is not None else None
    if home is None or latest is None or now - latest.at > NOT_OLDER:
        return None
    place = Place(lat=latest.lat, lon=latest.lon)
    away_m = apart_m(place, home.household.place)
    parts = [say.gettext(mark("heard at %(time)s"), time=say.times.brief(latest.at, now))]
    if latest.accuracy_m:
        parts.append(say.gettext(mark("exact to about %(far)s"), far=say.distance(latest.accuracy_m)))
    parts.append(say.gettext(mark("%(far)s from home"), far=say.distance(away_m)))
    return FixShown(place, " · ".join(parts), away_m - latest.accuracy_m > AT_HOME_M)
