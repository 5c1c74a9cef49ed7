"""A real home's log as one more household: its last days become the past until now, and go on live, in a loop."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from nuanhu.home_log import LogEvent, read_home_log
from nuanhu.town.dice import dice_for, secret_from
from nuanhu.town.homes import OWN, Home, bridge_of, fit_own
from nuanhu.town.life import CLOSED, OPEN, Move, local_date
from nuanhu.town.people import plan_household
from nuanhu.town.places import plan_district
from nuanhu.town.plan import TownPlan

NUMBER = 0
"""The town's own households count from 1."""

KEEP_DAYS = 42
MOST_ROOMS = 12
FULL_FROM_H, FULL_UNTIL_H = 7, 20
DOOR_SWINGS_S = 20.0
DOOR_CLOSES_AFTER_S = 6.0

ROOMS = (
    ("bathroom", ("bath", "toilet", "shower", "wc", "washroom")),
    ("kitchen", ("kitchen", "stove", "fridge", "refrigerator", "microwave")),
    ("bedroom", ("bed", "sleep")),
    ("living", ("living", "lounge", "tv", "couch", "sofa", "total")),
    ("hall", ("hall", "entry", "corridor", "stairs")),
    ("dining", ("dining",)),
    ("study", ("work", "office", "study", "desk")),
)
"""Our words for rooms, and what logs call them; the first that fits."""


class PlayedLife:
    """Days of a log, the last one laid on ``anchor``, going on in a loop after it and beginning where the log does.

    Args:
        days: Movements by day of the log, oldest first, every day of the log in it; at least one.
        anchor: Local date that gets the last day.
    """

    def __init__(self, days: Sequence[Sequence[Move]], anchor: date) -> None:
        """Keep the days as they are."""
        self._days = days
        self._anchor = anchor

    def __len__(self) -> int:
        """How many days the loop has."""
        return len(self._days)

    def moves(self, day: date) -> Sequence[Move]:
        """All movements of a local day; none before the log begins."""
        index = len(self._days) - 1 + (day - self._anchor).days
        return self._days[index % len(self._days)] if index >= 0 else ()


def room_word(name: str) -> str:
    """Our word for a room or sensor of a log; unknown names as a device's name can hold them; none: ``living``."""
    low = name.lower()
    for word, parts in ROOMS:
        if any(part in low for part in parts):
            return word
    return re.sub(r"[^a-z0-9._-]+", "-", low).strip("-")[:24] or "living"


def played_days(events: Iterable[LogEvent]) -> list[list[Move]]:
    """The last whole days of a log, at most 42; a first or last day that the log only touches is left out.

    Raises:
        ValueError: No event at all.
    """
    by_day: dict[date, list[LogEvent]] = {}
    for event in events:
        by_day.setdefault(event.at_local.date(), []).append(event)
    if not by_day:
        raise ValueError("the log has no activity in it")
    first, last = min(by_day), max(by_day)
    if last - first >= timedelta(days=2):
        first += timedelta(days=by_day[first][0].at_local.hour >= FULL_FROM_H)
        last -= timedelta(days=by_day[last][-1].at_local.hour < FULL_UNTIL_H)
    first = max(first, last - timedelta(days=KEEP_DAYS - 1))
    rooms = _rooms(event for day, found in by_day.items() if first <= day <= last for event in found)
    count = (last - first).days + 1
    return [_moves(by_day.get(first + timedelta(days=i), ()), rooms) for i in range(count)]


def with_played_home(plan: TownPlan, path: Path, now: datetime) -> TownPlan:
    """The town with one more household, ``WX00000``, whose sensors see what the log's sensors saw.

    Args:
        plan: The town.
        path: The log; formats as for ``read_home_log``.
        now: Service time, aware UTC: the log's last day is laid on its local date.

    Raises:
        ValueError: The log cannot be read; the message has line and reason.
        OSError: The file cannot be read.
    """
    days = played_days(read_home_log(path))
    household, _ = plan_household(plan.seed, NUMBER, plan_district(plan.seed))
    household = msgspec.structs.replace(household, address=f"{household.address}（回放 {path.name}）")
    seen = Counter(where for day in days for _, where in day if where not in (OPEN, CLOSED))
    bridge = bridge_of(OWN, NUMBER)
    dice = dice_for(plan.seed, "devices", NUMBER)
    home = Home(
        household=household.key,
        number=NUMBER,
        make=OWN,
        bridge=bridge,
        fitted=fit_own(dice, NUMBER, household.key, tuple(sorted(seen)), pendant=False),
        life=PlayedLife(days, local_date(now)),
    )
    registry = msgspec.structs.replace(
        plan.registry,
        households=(household, *plan.registry.households),
        bridges=(bridge, *plan.registry.bridges),
        devices=(*(f.device for f in home.fitted), *plan.registry.devices),
    )
    return TownPlan(
        seed=plan.seed,
        registry=registry,
        passwords={bridge.id: secret_from(plan.seed, bridge.id), **plan.passwords},
        homes=(home, *plan.homes),
    )


def _rooms(events: Iterable[LogEvent]) -> Mapping[str, str]:
    """Our word by the log's name; sensors beyond the twelfth commonest room count as the living room."""
    counts = Counter(event.room for event in events if not event.door)
    words = {name: room_word(name) for name in counts}
    common = Counter[str]()
    for name, count in counts.items():
        common[words[name]] += count
    kept = {word for word, _ in common.most_common(MOST_ROOMS)}
    return {name: word if word in kept else "living" for name, word in words.items()}


def _moves(events: Iterable[LogEvent], rooms: Mapping[str, str]) -> list[Move]:
    moves: list[Move] = []
    swung_s = -DOOR_SWINGS_S
    for event in events:
        at = event.at_local
        second = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6
        if not event.door:
            moves.append((second, rooms[event.room]))
        elif second - swung_s >= DOOR_SWINGS_S:
            swung_s = second
            moves += [(second, OPEN), (min(second + DOOR_CLOSES_AFTER_S, 86_399.9), CLOSED)]
    moves.sort()
    return moves
