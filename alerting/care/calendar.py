"""When a duty begins, is due and climbs, by the calendar of the roster. Moments are UTC epoch seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from alerting.care.duty import WEEKLY, CareDuty, CareKind, CareStage
from alerting.care.terms import CareTerms
from alerting.duty.roster import Roster, is_working
from alerting.model import RiskTier

EPOCH = date(1970, 1, 1)
A_MONDAY = 4
"""1970-01-05, in days since 1970."""
LONGEST_HOLIDAY_DAYS = 30


def days_since_1970(at_s: int, roster: Roster) -> int:
    """The local day of a moment."""
    return (at_s + roster.utc_offset_s) // 86_400


def at_hour(day: int, hour: int, roster: Roster) -> int:
    """A local hour of a day."""
    local = datetime.combine(EPOCH + timedelta(days=day), time(hour), tzinfo=UTC)
    return int(local.timestamp()) - roster.utc_offset_s


def duty_now(kind: CareKind, tier: RiskTier, now_s: int, terms: CareTerms, roster: Roster) -> CareDuty | None:
    """The duty of this kind whose time it is now; None where none is owed."""
    every = terms.every_days.get(kind, {}).get(tier, 0)  # a kind that came later is off in terms from before it
    if not every:
        return None
    today = days_since_1970(now_s, roster)
    first = today - (today - A_MONDAY) % every
    due_s = at_hour(first + every - 1, terms.due_hour, roster)
    return CareDuty(kind, first, at_hour(first, 0, roster), due_s)


def warning_at(number: int, now_s: int, terms: CareTerms, roster: Roster) -> CareDuty:
    """The duty to answer an early warning that has come now."""
    return CareDuty(CareKind.WARNING, number, now_s, due_after_s(terms.warning_days, now_s, terms, roster))


def due_after_s(days: int, now_s: int, terms: CareTerms, roster: Roster) -> int:
    """The hour at which duties are due, on the n-th working day after now."""
    last = _working_day_after(days_since_1970(now_s, roster), days, terms, roster)
    return at_hour(days_since_1970(last, roster), terms.due_hour, roster)


def next_begins_s(kind: CareKind, tier: RiskTier, now_s: int, terms: CareTerms, roster: Roster) -> int:
    """When the next one begins; 0 where none is owed."""
    this = duty_now(kind, tier, now_s, terms, roster)
    return at_hour(this.number + terms.every_days[kind][tier], 0, roster) if this is not None else 0


def climbs_s(it: CareDuty, terms: CareTerms, roster: Roster) -> int:
    """When a duty comes to its next stage; 0: it is at the last one."""
    after = {
        CareStage.REMINDED: terms.deputy_days,
        CareStage.DEPUTY: terms.town_days,
        CareStage.TOWN: terms.supervisor_days,
    }
    if it.stage is CareStage.OWED:
        return _reminds_s(it, terms, roster) if it.kind in WEEKLY else it.since_s
    if it.stage not in after:
        return 0
    return _working_day_after(days_since_1970(it.due_s, roster), after[it.stage], terms, roster)


def _reminds_s(it: CareDuty, terms: CareTerms, roster: Roster) -> int:
    """On the last working day that leaves them the time; where there is none in the duty's time, on its first day."""
    last = days_since_1970(it.due_s, roster) - terms.remind_days
    days = [day for day in range(last, it.number - 1, -1) if _is_working(day, roster)]
    return at_hour(days[0] if days else it.number, terms.from_hour, roster)


def _working_day_after(day: int, nth: int, terms: CareTerms, roster: Roster) -> int:
    """The morning of the n-th working day after a day; in a calendar without any, after the longest holiday."""
    longest = LONGEST_HOLIDAY_DAYS + nth // 5 * 7
    for ahead in range(1, longest):
        nth -= _is_working(day + ahead, roster)
        if nth == 0:
            return at_hour(day + ahead, terms.from_hour, roster)
    return at_hour(day + longest, terms.from_hour, roster)


def next_round_s(now_s: int, terms: CareTerms, roster: Roster, *, wait_s: int) -> int:
    """When somebody is told of what they are to do: soon by day, else in the morning."""
    soon = now_s + wait_s
    today = days_since_1970(soon, roster)
    if at_hour(today, terms.from_hour, roster) <= soon < at_hour(today, terms.due_hour, roster):
        return soon
    morning = at_hour(today, terms.from_hour, roster)
    return morning if soon < morning else at_hour(today + 1, terms.from_hour, roster)


def _is_working(day: int, roster: Roster) -> bool:
    return is_working(roster, EPOCH + timedelta(days=day))
