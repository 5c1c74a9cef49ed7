"""Who is on duty in the town, how they are reached, and by which plans: as a centre would set it up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from alerting.casefile import AreaLevel, Channel, Means, Registry, Responder
from alerting.duty.plan import Plan, Step, Target, TargetKind
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Absence, DayKind, Post, Roster, Shift, Times
from alerting.model import Priority, RiskTier

REACHED = frozenset({"town", "village", "social"})
NIGHT = Times(from_min=22 * 60, to_min=6 * 60)
DAY = Times(from_min=6 * 60, to_min=22 * 60)
OFFICE = Times(from_min=8 * 60 + 30, to_min=17 * 60 + 30, on=DayKind.WORKING)

HOLIDAYS: dict[str, tuple[date, int]] = {
    "元旦": (date(2026, 1, 1), 3),
    "春节": (date(2026, 2, 15), 9),
    "清明节": (date(2026, 4, 4), 3),
    "劳动节": (date(2026, 5, 1), 5),
    "端午节": (date(2026, 6, 19), 3),
    "中秋节": (date(2026, 9, 25), 3),
    "国庆节": (date(2026, 10, 1), 7),
}
WORKED_INSTEAD = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def reachable(responders: Iterable[Responder]) -> tuple[Responder, ...]:
    """Responsible persons and social workers with their numbers tried: a text message at once, then a call."""
    return tuple(
        msgspec.structs.replace(person, means=means(person.phone)) if person.duty in REACHED else person
        for person in responders
    )


def means(number: str) -> tuple[Means, ...]:
    """A mobile number: text messages and calls."""
    return tuple(Means(channel=channel, address=number, verified=True) for channel in (Channel.SMS, Channel.VOICE))


def roster(registry: Registry, supervisors: tuple[str, ...], now: datetime) -> Roster:
    """Supervisors round the clock; in each town the responsible person by day and the social worker by night.

    In the last town the social worker will be off and has no deputy: the screens say so hours before.

    Args:
        registry: The town's.
        supervisors: Logins; the first by day, the next by night.
        now: When it is drawn up, aware UTC.
    """
    towns = sorted(area.key for area in registry.areas if area.level is AreaLevel.TOWN)
    by_town = {(r.area, r.duty): f"{RESPONDER}{r.id}" for r in registry.responders}
    shifts = [
        Shift(role="supervisor", persons=supervisors[:1], times=DAY),
        Shift(role="supervisor", persons=supervisors[-1:], times=NIGHT),
    ]
    for town in towns:
        shifts.append(Shift(role="town_duty", area=town, persons=(by_town[town, "town"],), times=DAY))
        shifts.append(Shift(role="town_duty", area=town, persons=(by_town[town, "social"],), times=NIGHT))
    deputies = {
        by_town[area, "village"]: by_town[area, "grid"]
        for area, duty in by_town
        if duty == "village" and (area, "grid") in by_town
    }
    deputies |= {by_town[town, "town"]: by_town[town, "social"] for town in towns}
    away = now + timedelta(hours=12)
    off = Absence(person=by_town[towns[-1], "social"], since=away, until=away + timedelta(hours=24), reason="培训")
    return Roster(
        shifts=tuple(shifts),
        posts=(Post(role="supervisor"), *(Post(role="town_duty", area=town) for town in towns)),
        absences=(off,),
        deputies=deputies,
        holidays={
            (first + timedelta(days=n)).isoformat(): name
            for name, (first, days) in HOLIDAYS.items()
            for n in range(days)
        },
        workdays=WORKED_INSTEAD,
    )


def plans() -> tuple[Plan, ...]:
    """By night and for the homes most at risk, the town's duty is called before the whole chain."""
    ring, passed_on = _step(30, TargetKind.CONSOLES), _step(60, TargetKind.CONSOLES, TargetKind.SUPERVISOR)
    phone = _step(90, TargetKind.DUTY_PHONE)
    night = Step(
        after_s=120, targets=(*_targets(TargetKind.DUTY_PHONES, TargetKind.VILLAGE), _post("town_duty")), in_turn=False
    )
    risk = Step(after_s=60, targets=(*_targets(TargetKind.CONSOLES, TargetKind.SUPERVISOR, TargetKind.VILLAGE),))
    return (
        Plan(name="夜间紧急", priority=Priority.P1, times=NIGHT, steps=(ring, passed_on, phone, night)),
        Plan(
            name="紧急干预户",
            priority=Priority.P1,
            tiers=(RiskTier.URGENT,),
            steps=(ring, risk, phone, msgspec.structs.replace(night, in_turn=True)),
        ),
    )


def _step(after_s: int, *kinds: TargetKind) -> Step:
    return Step(after_s=after_s, targets=_targets(*kinds))


def _targets(*kinds: TargetKind) -> tuple[Target, ...]:
    return tuple(Target(kind=kind) for kind in kinds)


def _post(role: str) -> Target:
    return Target(kind=TargetKind.ON_DUTY, role=role)
