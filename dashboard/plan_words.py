"""In which hours a plan applies, as people say it."""

from __future__ import annotations

from alerting.duty.roster import DAY_MIN, DayKind, Times
from dashboard.form_fields import clock
from dashboard.speech import Speech
from dashboard.words import mark


def hours_of(times: Times | None, say: Speech) -> str:
    """Hours, weekdays and kind of day by the clock on the wall; of a plan without any that it always applies.

    Args:
        times: When it applies; None: always.
        say: The language.
    """
    if times is None or times == Times():
        return say.gettext(mark("at any hour"))
    told = []
    since, until = clock(times.from_min), clock(times.to_min)
    if 0 < times.to_min <= times.from_min and times.length_min < DAY_MIN:
        told.append(say.gettext(mark("%(since)s to %(until)s on the next day"), since=since, until=until))
    elif times.length_min < DAY_MIN:
        told.append(f"{since}–{until if times.to_min else '24:00'}")
    elif times.from_min:
        told.append(say.gettext(mark("24 h from %(since)s on"), since=since))
    if times.days:
        told.append(" ".join(say.weekday(day) for day in sorted(times.days)))
    if times.on is not DayKind.ANY:
        told.append(say.day_kind(times.on))
    return " · ".join(told)
