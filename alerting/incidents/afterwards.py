"""What comes after closing: by outcome and priority, in how many days somebody telephones the home, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.model import Outcome, Priority

HOUR_S = 3600
DAY_S = 24 * HOUR_S
MOST_DAYS = 14

Days = tuple[int, int, int, int]
"""By priority, P1 first: so many days after closing; 0: no follow-up call."""

NONE: Days = (0, 0, 0, 0)


class CallResult(StrEnum):
    """What became of a follow-up call."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    """Somebody answered and does not want to be called."""


class FollowUpEnd(StrEnum):
    """How a follow-up has ended."""

    SPOKE = "spoke"
    REFUSED = "refused"
    INCIDENT = "incident"
    """The home had a new incident: it was that one's matter."""
    TAKEN_UP = "taken_up"
    """Its incident was taken up again."""
    RAISED = "raised"
    """Nobody answered, or nobody called: it has become an incident of its own."""


class FollowUpTerms(msgspec.Struct, frozen=True, kw_only=True):
    """When a home is telephoned after an incident.

    Attributes:
        days: By outcome and priority: so many days later; 0 is not at all.
        hour: Local hour at which it is due.
        until_hour: Local hour from which nobody is called; the next time is then the next day.
        again_s: So long after a call that nobody answered comes the next one, seconds.
        tries: After so many it becomes an incident.
        late_s: Due for so long it is late, which the supervisor sees, seconds.
        raise_s: Due for so long it becomes an incident, seconds.
    """

    days: dict[Outcome, Days] = msgspec.field(
        default_factory=lambda: {
            Outcome.REAL: (1, 1, 1, 0),
            Outcome.ACCIDENTAL: NONE,
            Outcome.WAS_WELL: NONE,
            Outcome.TEST: NONE,
            Outcome.EQUIPMENT: NONE,
            Outcome.NOT_AT_HOME: (1, 1, 1, 0),
            Outcome.OTHER: (1, 1, 0, 0),
        }
    )
    hour: int = 10
    until_hour: int = 20
    again_s: int = 2 * HOUR_S
    tries: int = 3
    late_s: int = 4 * HOUR_S
    raise_s: int = DAY_S

    def wanted_in_days(self, outcome: Outcome, priority: Priority) -> int:
        """In how many days; 0 when no call is wanted."""
        return self.days.get(outcome, NONE)[priority - 1]


BOUNDS: dict[str, tuple[int, int]] = {
    "hour": (6, 20),
    "until_hour": (12, 23),
    "again_s": (1800, DAY_S),
    "tries": (1, 10),
    "late_s": (1800, DAY_S),
    "raise_s": (HOUR_S, 7 * DAY_S),
}
"""What may be set beside the days, from and to."""


def with_changes(changes: Mapping[str, int | Sequence[int]]) -> FollowUpTerms:
    """The usual terms with these changed: an outcome has a list of four numbers of days, all else one number.

    Raises:
        ValueError: A name is unknown, or a value out of bounds.
    """
    terms = FollowUpTerms()
    fields: dict[str, object] = {"days": dict(terms.days)}
    for name, value in changes.items():
        if name in set(Outcome):
            days = () if isinstance(value, int) else tuple(value)
            if len(days) != len(Priority) or not all(0 <= n <= MOST_DAYS for n in days):
                raise ValueError(f"{name} must be {len(Priority)} numbers of days, from 0 to {MOST_DAYS}")
            fields["days"] = {**terms.days, **fields["days"], Outcome(name): days}  # type: ignore[dict-item]
        elif name in BOUNDS:
            least, most = BOUNDS[name]
            if not isinstance(value, int) or not least <= value <= most:
                raise ValueError(f"{name} must be between {least} and {most}")
            fields[name] = value
        else:
            raise ValueError(f"there is no {name}; there are {', '.join([*Outcome, *BOUNDS])}")
    changed = msgspec.structs.replace(terms, **fields)
    if changed.hour >= changed.until_hour:
        raise ValueError("hour must be earlier than until_hour")
    if changed.late_s >= changed.raise_s:
        raise ValueError("late_s must be less than raise_s")
    return changed


def first_call(closed_at: datetime, days: int, terms: FollowUpTerms, utc_offset_s: int) -> datetime:
    """When a follow-up is due: so many local days after the closing, at the hour for it."""
    local = closed_at + timedelta(seconds=utc_offset_s)
    day = datetime(local.year, local.month, local.day, terms.hour, tzinfo=UTC) + timedelta(days=days)
    return day - timedelta(seconds=utc_offset_s)


def next_call(now: datetime, terms: FollowUpTerms, utc_offset_s: int) -> datetime:
    """When it is tried again after nobody answered: never in the evening or at night."""
    at = now + timedelta(seconds=terms.again_s)
    local = at + timedelta(seconds=utc_offset_s)
    if terms.hour <= local.hour < terms.until_hour:
        return at
    return first_call(at, 0 if local.hour < terms.hour else 1, terms, utc_offset_s)
