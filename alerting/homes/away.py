"""The words of an absence (外出): why, who says so, how it ended; what is remembered of it, and its bounds."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum, StrEnum

import msgspec

HOUR_S = 3600


class AwayKind(StrEnum):
    """Why nobody is at home."""

    HOSPITAL = "hospital"
    TRAVEL = "travel"
    VISIT = "visit"
    """Visiting family."""
    OTHER = "other"


class SaidBy(StrEnum):
    """Who says so."""

    OPERATOR = "operator"
    """The desk, which was told."""
    RESPONSIBLE = "responsible"
    """A responsible person of the home."""
    RELATIVE = "relative"
    """Family, by their own link."""


class AwayEnd(StrEnum):
    """How an absence ended."""

    TIME = "time"
    """Its end has come."""
    MOTION = "motion"
    """Somebody moved in the home, or pressed a key there."""
    SAID = "said"
    """Somebody said that the resident is back, or does not go."""


class AwayStage(IntEnum):
    """How an absence stands."""

    NONE = 0
    PLANNED = 1
    AWAY = 2
    ENDS_SOON = 3
    """Away still; whoever entered it is reminded."""
    MOVED = 4
    """Somebody moved: the home is watched again, and somebody is to say whether the resident is back."""
    TO_CONFIRM = 5
    """Nobody of the centre has confirmed it, or nobody was seen to leave: a silence is judged as if at home, at the
    latest a day after the last movement."""


class Away(msgspec.Struct, frozen=True, array_like=True):
    """An absence: hot state, so short. Moments are UTC epoch seconds.

    Attributes:
        number: How many absences the home has had, this one included.
        stage: How it stands.
        since_s: From when.
        until_s: Until when; there is always an end.
        kind: Why.
        said_by: Who says so.
        who: Their name.
        by: Login under which it was entered.
        moved_s: When a movement ended it; 0: none has.
        unconfirmed: Told or put off by family, and nobody of the centre has confirmed it.
    """

    number: int = 0
    stage: AwayStage = AwayStage.NONE
    since_s: int = 0
    until_s: int = 0
    kind: AwayKind = AwayKind.OTHER
    said_by: SaidBy = SaidBy.OPERATOR
    who: str = ""
    by: str = ""
    moved_s: int = 0
    unconfirmed: bool = False


IS_AWAY = (AwayStage.AWAY, AwayStage.ENDS_SOON)
"""Stages in which the silence is not counted."""
TO_LOOK_AT = (AwayStage.ENDS_SOON, AwayStage.MOVED, AwayStage.TO_CONFIRM)
"""Stages in which somebody has something to say about it."""

MOST: dict[AwayKind, timedelta] = {
    AwayKind.HOSPITAL: timedelta(days=90),
    AwayKind.TRAVEL: timedelta(days=60),
    AwayKind.VISIT: timedelta(days=60),
    AwayKind.OTHER: timedelta(days=14),
}
"""No absence is longer: then somebody has to say so again."""

USUAL: dict[AwayKind, timedelta] = {
    AwayKind.HOSPITAL: timedelta(days=7),
    AwayKind.TRAVEL: timedelta(days=7),
    AwayKind.VISIT: timedelta(days=3),
    AwayKind.OTHER: timedelta(days=1),
}
"""So long it is where nobody says otherwise."""

AHEAD_MOST = timedelta(days=60)
"""It is announced so long ahead at most."""
REMINDED_BEFORE_S = 12 * HOUR_S
"""Whoever entered it is reminded so long before its end, but not before three quarters of it are over."""
ASKED_FOR_S = 24 * HOUR_S
"""After a movement has ended it, so long it can be said that the resident is away still."""
LEFT_WITHIN_S = 2 * HOUR_S
"""Who leaves packs, and goes through the door, so shortly before; a longer silence may be somebody who lies there."""
UNCONFIRMED_S = 24 * HOUR_S
"""What only family has told holds back a silence until so long after the last movement, and no longer."""
LONGEST_NAME = 40


def reminds_s(it: Away) -> int:
    """When whoever entered it is reminded, UTC epoch seconds."""
    return it.until_s - min(REMINDED_BEFORE_S, (it.until_s - it.since_s) // 4)


def due_s(it: Away) -> int:
    """When something is to be done about it, UTC epoch seconds; 0 when nothing is."""
    if it.stage is AwayStage.NONE:
        return 0
    if it.stage is AwayStage.MOVED:
        return min(it.until_s, it.moved_s + ASKED_FOR_S)
    return {AwayStage.PLANNED: it.since_s, AwayStage.AWAY: reminds_s(it)}.get(it.stage, it.until_s)
