"""Plans and rosters as text that a supervisor edits: TOML, the same whichever way it goes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from alerting.duty.plan import NAMED, Plan, Step, Target, TargetKind
from alerting.duty.roster import Absence, DayKind, Post, Roster, Shift, Swap, Times
from alerting.model import Priority, RiskTier

HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
DAY_H = 24
ALL_DAY = "00:00-24:00"


_PLAN_EXAMPLE = """\
[[plan]]
name = "{name}"
priority = 1
hours = "22:00-06:00"
steps = [
  {{after_s = 30, call = ["consoles"]}},
  {{after_s = 60, call = ["supervisor", "village"], in_turn = true}},
  {{after_s = 120, call = ["duty_phones", "town"]}},
]
"""
ROSTER_EXAMPLE = """\
[[shift]]
role = "supervisor"
hours = "22:00-06:00"
days = [6, 7]
persons = ["zhuguan"]

[[absence]]
person = "zhuguan"
since = 2026-02-16T08:00:00
until = 2026-02-23T08:00:00

[deputies]
"zhuguan" = "zhuguan2"
"""
"""For whoever sees such a text for the first time."""


def plan_example(name: str) -> str:
    """One plan of this name as text, for whoever sees such a text for the first time."""
    return _PLAN_EXAMPLE.format(name=name)


class UnreadableError(ValueError):
    """The text cannot be read; the message is the parser's, with the place."""


class _Told(msgspec.Struct, forbid_unknown_fields=True):
    """A table of the text: what it does not know is a mistake."""


class _Timed(_Told):
    hours: str = ALL_DAY
    days: tuple[int, ...] = ()
    on: DayKind = DayKind.ANY

    @property
    def times(self) -> Times:
        from_min, to_min = _minutes(self.hours)
        return Times(from_min=from_min, to_min=to_min, days=self.days, on=self.on)


class _Step(_Told):
    after_s: int
    call: tuple[str, ...]
    in_turn: bool = False


class _Plan(_Timed):
    name: str = ""
    priority: int = 1
    area: str = ""
    tiers: tuple[RiskTier, ...] = ()
    steps: tuple[_Step, ...] = ()
    rounds: int = 2
    everybody: bool = True
    again_s: int = 300
    accept_s: int = 300
    next_working_day: bool = False


class _Plans(_Told):
    plan: tuple[_Plan, ...] = ()


class _Shift(_Timed):
    role: str = ""
    area: str = ""
    persons: tuple[str, ...] = ()


class _Post(_Timed):
    role: str = ""
    area: str = ""


class _Spell(_Told):
    person: str
    since: datetime
    until: datetime
    instead: str = ""
    reason: str = ""


class _Roster(_Told):
    workdays: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    shift: tuple[_Shift, ...] = ()
    post: tuple[_Post, ...] = ()
    absence: tuple[_Spell, ...] = ()
    swap: tuple[_Spell, ...] = ()
    deputies: dict[str, str] = {}
    holidays: dict[str, str] = {}


def _minutes(hours: str) -> tuple[int, int]:
    found = HOURS.fullmatch(hours.strip())
    if found is None:
        raise UnreadableError(f"hours = {hours!r}")
    from_h, from_min, to_h, to_min = (int(part) for part in found.groups())
    if from_h >= DAY_H or to_h > DAY_H or from_min > 59 or to_min > 59:  # noqa: PLR2004 - minutes of an hour
        raise UnreadableError(f"hours = {hours!r}")
    return from_h * 60 + from_min, (to_h * 60 + to_min) % (DAY_H * 60)


def _read(text: str, kind: type[_Plans | _Roster]) -> _Plans | _Roster:
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise UnreadableError(str(wrong)) from wrong


def read_plans(text: str) -> tuple[Plan, ...]:
    """Plans from their text.

    Raises:
        UnreadableError: It is no such text.
    """
    told = _read(text, _Plans)
    assert isinstance(told, _Plans), "read as such"
    return tuple(_plan(it) for it in told.plan)


def _plan(told: _Plan) -> Plan:
    if told.priority not in set(Priority):
        raise UnreadableError(f"priority = {told.priority}")
    times = told.times
    return Plan(
        name=told.name,
        priority=Priority(told.priority),
        steps=tuple(
            Step(after_s=it.after_s, targets=tuple(_target(word) for word in it.call), in_turn=it.in_turn)
            for it in told.steps
        ),
        area=told.area,
        tiers=told.tiers,
        times=times if times != Times() else None,
        rounds=told.rounds,
        everybody=told.everybody,
        again_s=told.again_s,
        accept_s=told.accept_s,
        next_working_day=told.next_working_day,
    )


def _target(word: str) -> Target:
    kind, _, role = word.partition(":")
    if kind not in set(TargetKind) or bool(role) != (kind in NAMED):
        raise UnreadableError(f"call = {word!r}")
    return Target(kind=TargetKind(kind), role=role)


def read_roster(text: str, utc_offset_s: int) -> Roster:
    """A roster from its text.

    Args:
        text: As a supervisor writes it; times by the clock on the wall.
        utc_offset_s: That clock, seconds east of Greenwich.

    Raises:
        UnreadableError: It is no such text.
    """
    told = _read(text, _Roster)
    assert isinstance(told, _Roster), "read as such"
    zone = timezone(timedelta(seconds=utc_offset_s))

    def moment(at: datetime) -> datetime:
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)

    return Roster(
        shifts=tuple(Shift(role=s.role, area=s.area, persons=s.persons, times=s.times) for s in told.shift),
        posts=tuple(Post(role=p.role, area=p.area, times=p.times) for p in told.post),
        absences=tuple(
            Absence(person=a.person, since=moment(a.since), until=moment(a.until), reason=a.reason)
            for a in told.absence
        ),
        swaps=tuple(
            Swap(person=s.person, instead=s.instead, since=moment(s.since), until=moment(s.until)) for s in told.swap
        ),
        deputies=told.deputies,
        holidays=told.holidays,
        workdays=told.workdays,
        left=told.left,
        utc_offset_s=utc_offset_s,
    )


def plans_text(plans: Iterable[Plan]) -> str:
    """Plans as text."""
    return "\n".join(_plan_text(plan) for plan in plans)


def _plan_text(plan: Plan) -> str:
    lines = ["[[plan]]", f"name = {_word(plan.name)}", f"priority = {int(plan.priority)}"]
    lines += [f"area = {_word(plan.area)}"] if plan.area else []
    lines += [f"tiers = {_words(tier.value for tier in plan.tiers)}"] if plan.tiers else []
    lines += _times_text(plan.times) if plan.times is not None else []
    lines += [f"rounds = {plan.rounds}", f"again_s = {plan.again_s}", f"accept_s = {plan.accept_s}"]
    lines += [] if plan.everybody else ["everybody = false"]
    lines += ["next_working_day = true"] if plan.next_working_day else []
    lines.append("steps = [")
    for step in plan.steps:
        call = _words(f"{t.kind.value}:{t.role}" if t.role else t.kind.value for t in step.targets)
        turn = ", in_turn = true" if step.in_turn else ""
        lines.append(f"  {{after_s = {step.after_s}, call = {call}{turn}}},")
    return "\n".join([*lines, "]", ""])


def roster_text(roster: Roster) -> str:
    """A roster as text; times by the clock on the wall."""
    zone = timezone(timedelta(seconds=roster.utc_offset_s))

    def spell(person: str, since: datetime, until: datetime) -> list[str]:
        told = [
            f"{name} = {at.astimezone(zone):%Y-%m-%d %H:%M:%S}" for name, at in (("since", since), ("until", until))
        ]
        return [f"person = {_word(person)}", *told]

    blocks = [[f"workdays = {_words(roster.workdays)}", f"left = {_words(roster.left)}"]]
    blocks += [
        ["[[shift]]", *_standing(s), f"persons = {_words(s.persons)}", *_times_text(s.times)] for s in roster.shifts
    ]
    blocks += [["[[post]]", *_standing(p), *_times_text(p.times)] for p in roster.posts]
    blocks += [
        ["[[absence]]", *spell(a.person, a.since, a.until), f"reason = {_word(a.reason)}"] for a in roster.absences
    ]
    blocks += [["[[swap]]", *spell(s.person, s.since, s.until), f"instead = {_word(s.instead)}"] for s in roster.swaps]
    for name, pairs in (("deputies", roster.deputies), ("holidays", roster.holidays)):
        blocks.append([f"[{name}]", *(f"{_word(key)} = {_word(value)}" for key, value in pairs.items())])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _standing(it: Shift | Post) -> list[str]:
    return [f"role = {_word(it.role)}", f"area = {_word(it.area)}"]


def _times_text(times: Times) -> list[str]:
    lines: list[str] = []
    if (times.from_min, times.to_min) != (0, 0):
        lines.append(f'hours = "{times.from_min // 60:02}:{times.from_min % 60:02}-{_until(times.to_min)}"')
    lines += [f"days = [{', '.join(map(str, times.days))}]"] if times.days else []
    return lines + ([f'on = "{times.on.value}"'] if times.on is not DayKind.ANY else [])


def _until(to_min: int) -> str:
    return f"{to_min // 60:02}:{to_min % 60:02}"


def _word(text: str) -> str:
    """A string: JSON's way of quoting is TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _words(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_word(text) for text in texts) + "]"
