"""How a resident lives: every movement of one local day, as a pure function of (seed, household, date).

History and the live town ask for the same days, so that they see the same person.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple, Protocol

import msgspec

from nuanhu.town.dice import Dice, dice_for
from nuanhu.town.people import Character

LOCAL_OFFSET = timedelta(hours=8)
"""China: one fixed offset, no summer time."""

MINUTE = 60.0
HOUR = 3600.0
DAY_S = 86_400.0
DOOR = "door"
OPEN, CLOSED = "door:open", "door:closed"

Move = tuple[float, str]
"""Seconds since local midnight, and the room, ``OPEN`` or ``CLOSED``."""

STAY_S = {"living": 45 * MINUTE, "kitchen": 8 * MINUTE, "bathroom": 5 * MINUTE, "bedroom": 14 * MINUTE}
GAP_S = {"living": 430.0, "kitchen": 95.0, "bathroom": 110.0, "bedroom": 520.0}
WANDER = {"living": 0.5, "kitchen": 0.18, "bathroom": 0.13, "bedroom": 0.19}
TURNING_GAP_S = 2.2 * HOUR
DOZING_GAP_S = 1.2 * HOUR
FIDGET_S = 12.0


class Movement(NamedTuple):
    """One true movement: aware UTC, the room (``DOOR`` for the outside door), the door's state or empty."""

    at: datetime
    room: str
    door: str = ""


class Life(Protocol):
    """Somebody's days."""

    def moves(self, day: date) -> Sequence[Move]:
        """All movements of a local day, in order of time."""


class Habits(msgspec.Struct, frozen=True):
    """What tells one resident from another.

    Attributes:
        wake_s: Usual time of waking, seconds since midnight.
        bed_s: Usual time of going to bed.
        stillness: Gaps between movements are multiplied by this: 0.35 (never sits) to 3.5 (hardly stirs).
        doze: Share of the stays in the living room spent dozing, reading, hardly moving at all.
        night_visits: Mean number of visits to the bathroom a night.
        nap: Share of days with a nap after lunch.
        nap_s: Usual length of the nap.
        outings: Mean number of times out a day.
        out_s: Usual time away.
        guests: Mean number of visits by others a day.
        travels: Share of weeks with one to three days away.
    """

    wake_s: float
    bed_s: float
    stillness: float
    doze: float
    night_visits: float
    nap: float
    nap_s: float
    outings: float
    out_s: float
    guests: float
    travels: float


def local_date(moment: datetime) -> date:
    """The date on the wall at this UTC moment."""
    return (moment + LOCAL_OFFSET).date()


def midnight(day: date) -> datetime:
    """Aware UTC of the beginning of a local day."""
    return datetime.combine(day, time(), UTC) - LOCAL_OFFSET


def movements(life: Life, day: date) -> Iterator[Movement]:
    """Every true movement of a local day, lazily, in order of time."""
    start = midnight(day)
    for second, where in life.moves(day):
        at = start + timedelta(seconds=second)
        if where in (OPEN, CLOSED):
            yield Movement(at, DOOR, where.removeprefix("door:"))
        else:
            yield Movement(at, where)


def habits_of(seed: int, number: int, character: Character) -> Habits:
    """The habits of the resident of household ``number``."""
    dice = dice_for(seed, "habits", number)
    slow = 1.0 + max(0, character.age - 75) / 60 + (0.5 if character.frail else 0.0)
    stillness = min(3.5, max(0.35, math.exp(dice.gauss(-0.2, 0.6)) * slow))
    mobile = 0.0 if character.bedridden else 0.25 if character.frail else 1.0
    return Habits(
        wake_s=min(8.5, max(4.2, dice.gauss(5.9, 0.8))) * HOUR,
        bed_s=min(22.8, max(19.0, dice.gauss(20.9, 0.9))) * HOUR,
        stillness=stillness,
        doze=min(0.6, dice.expovariate(9) + (0.2 if character.frail else 0.0)),
        night_visits=min(4.5, max(0.2, dice.gauss(1.7, 0.8))),
        nap=dice.uniform(0.2, 0.95),
        nap_s=dice.uniform(25, 110) * MINUTE,
        outings=mobile * min(2.6, max(0.1, dice.gauss(1.3, 0.6))),
        out_s=dice.uniform(25, 120) * MINUTE,
        guests=dice.uniform(0.05, 0.45) + (1.6 if character.bedridden else 0.5 if character.frail else 0.0),
        travels=mobile * dice.choice((0.0, 0.0, 0.0, 0.006, 0.015)),
    )


class SeededLife:
    """The invented days of one household.

    Args:
        seed: The town's.
        number: Household's number.
        habits: Its resident's.
        hall: Whether the home has a hall between its rooms.
    """

    def __init__(self, seed: int, number: int, habits: Habits, *, hall: bool) -> None:
        """Remember who it is; nothing is drawn yet."""
        self._seed = seed
        self._number = number
        self.habits = habits
        self._hall = hall

    def moves(self, day: date) -> Sequence[Move]:
        """All movements of a local day, in order of time."""
        leaves, returns = self._journey(day)
        if leaves < 0 and returns > DAY_S:
            return []
        dice = dice_for(self._seed, "day", self._number, day.toordinal())
        lived = _Day(dice, self.habits, hall=self._hall).lived()
        if leaves >= 0:
            lived = [move for move in lived if move[0] < leaves]
            lived += [(leaves, OPEN), (leaves + 9, CLOSED)]
        elif returns >= 0:
            lived = [move for move in lived if move[0] > returns + 20]
            lived[:0] = [(returns, OPEN), (returns + 11, CLOSED), (returns + 14, "living")]
        return lived

    def _journey(self, day: date) -> tuple[float, float]:
        """(leaves, returns): a second of this day, or -1 for before or never, or past the day's end for later."""
        if not self.habits.travels:
            return -1.0, -1.0
        dice = dice_for(self._seed, "week", self._number, (day.toordinal() - 1) // 7)
        if dice.random() >= self.habits.travels:
            return -1.0, -1.0
        first, nights = dice.randint(0, 3), dice.randint(1, 3)
        leaves, returns = dice.uniform(7.5, 10) * HOUR, dice.uniform(14, 18.5) * HOUR
        weekday = (day.toordinal() - 1) % 7
        if weekday < first or weekday > first + nights:
            return -1.0, -1.0
        if weekday == first:
            return leaves, DAY_S + 1
        return -1.0, returns if weekday == first + nights else DAY_S + 1


class _Day:
    """One day being lived: a clock in seconds since midnight and what has moved so far."""

    def __init__(self, dice: Dice, habits: Habits, *, hall: bool) -> None:
        self._dice = dice
        self._habits = habits
        self._hall = hall
        self._moves: list[Move] = []
        self._pace = habits.stillness
        self._now_s = 0.0
        mood = dice.random()
        self._ill = mood < 0.02
        self._sleepless = 0.02 <= mood < 0.05
        if self._ill:
            self._pace = min(4.5, self._pace * 1.8)

    def lived(self) -> list[Move]:
        """The whole day."""
        dice, habits = self._dice, self._habits
        wakes_s = min(11 * HOUR, max(3.5 * HOUR, habits.wake_s + dice.gauss(0, 22 * MINUTE)))
        beds_s = min(23.4 * HOUR, max(18.2 * HOUR, habits.bed_s + dice.gauss(0, 24 * MINUTE)))
        if self._ill:
            wakes_s += 1.5 * HOUR
        self._sleep(0.0, wakes_s, habits.night_visits * 0.75)
        if self._sleepless:
            start_s = dice.uniform(1, 3) * HOUR
            self._stay("living", start_s, start_s + dice.uniform(0.5, 1.5) * HOUR, 300 * self._pace)
        self._now_s = wakes_s
        for start_s, doing in sorted(self._agenda(wakes_s, beds_s), key=_start_of):
            if start_s > self._now_s:
                self._wander(min(start_s, beds_s))
            if self._now_s >= beds_s:
                break
            doing()
        self._wander(beds_s)
        beds_s = max(beds_s, self._now_s)
        self._stay("bathroom", beds_s, beds_s + 4 * MINUTE, 80)
        self._sleep(beds_s + 5 * MINUTE, DAY_S, habits.night_visits * 0.25)
        self._moves.sort()
        return [move for move in self._moves if move[0] < DAY_S]

    def _agenda(self, wakes_s: float, beds_s: float) -> list[tuple[float, Callable[[], None]]]:
        """When the day's fixed points begin, and what they are."""
        dice, habits = self._dice, self._habits
        agenda: list[tuple[float, Callable[[], None]]] = [
            (wakes_s, lambda: self._at("bathroom", dice.uniform(6, 16) * MINUTE)),
            (wakes_s + 1, lambda: self._at("kitchen", dice.uniform(14, 34) * MINUTE)),
            (dice.gauss(11.1, 0.3) * HOUR, lambda: self._at("kitchen", dice.uniform(25, 55) * MINUTE)),
            (dice.gauss(17.2, 0.4) * HOUR, lambda: self._at("kitchen", dice.uniform(22, 50) * MINUTE)),
        ]
        if self._ill or dice.random() < habits.nap:
            nap_s = habits.nap_s * dice.uniform(0.6, 1.3) + (HOUR if self._ill else 0.0)
            agenda.append((dice.gauss(12.7, 0.3) * HOUR, partial(self._nap, nap_s)))
        if not self._ill:
            for _ in range(_count(dice, habits.outings)):
                start_s = dice.choice((7.6, 8.8, 9.4, 14.6, 15.4, 18.3)) * HOUR + dice.gauss(0, 20 * MINUTE)
                away_s = habits.out_s * math.exp(dice.gauss(0, 0.45)) + (4 * HOUR if dice.random() < 0.03 else 0.0)
                agenda.append((start_s, partial(self._out, away_s)))
        guests = _count(dice, habits.guests + (0.6 if self._ill else 0.0))
        agenda += [(dice.uniform(8.5, 18.5) * HOUR, self._guest) for _ in range(guests)]
        agenda.append((max(18.6 * HOUR, beds_s - 2.4 * HOUR), lambda: self._television(beds_s)))
        return agenda

    def _walk_to(self, room: str, at_s: float) -> None:
        if self._hall and at_s >= 6 and (not self._moves or self._moves[-1][1] != room):
            self._moves.append((at_s - 6, "hall"))

    def _stay(self, room: str, start_s: float, end_s: float, gap_s: float) -> None:
        """Movements in one room; the first on entering, then at random gaps of this mean."""
        self._walk_to(room, start_s)
        add, draw, rate = self._moves.append, self._dice.expovariate, 1.0 / gap_s
        at_s = start_s
        while at_s < end_s:
            add((at_s, room))
            at_s += FIDGET_S + draw(rate)

    def _at(self, room: str, length_s: float) -> None:
        end_s = self._now_s + length_s
        self._stay(room, self._now_s, end_s, GAP_S[room] * self._pace)
        self._now_s = end_s

    def _wander(self, until_s: float) -> None:
        """From room to room until then."""
        dice, rooms, weights = self._dice, tuple(WANDER), tuple(WANDER.values())
        while self._now_s < until_s:
            room = dice.choices(rooms, weights)[0]
            length_s = min(dice.expovariate(1 / STAY_S[room]) + MINUTE, until_s - self._now_s)
            if room == "living" and dice.random() < self._habits.doze:
                self._stay(room, self._now_s, self._now_s + length_s, DOZING_GAP_S * self._pace)
                self._now_s += length_s
            else:
                self._at(room, length_s)

    def _sleep(self, start_s: float, end_s: float, visits: float) -> None:
        dice = self._dice
        if start_s > 0:
            self._stay("bedroom", start_s, start_s + 15 * MINUTE, 240 * self._pace)
        self._stay("bedroom", start_s + dice.expovariate(1 / TURNING_GAP_S), end_s, TURNING_GAP_S * self._pace)
        for _ in range(_count(dice, visits) if end_s - start_s > HOUR else 0):
            up_s = dice.uniform(start_s + 0.5 * HOUR, end_s - 0.2 * HOUR)
            self._moves.append((up_s, "bedroom"))
            self._stay("bathroom", up_s + 25, up_s + dice.uniform(2, 7) * MINUTE, 75)
            self._moves.append((min(DAY_S - 1, up_s + 8 * MINUTE), "bedroom"))

    def _nap(self, length_s: float) -> None:
        self._stay("bedroom", self._now_s, self._now_s + 6 * MINUTE, 120)
        end_s = self._now_s + length_s
        self._moves.append((end_s, "bedroom"))
        self._now_s = end_s

    def _out(self, away_s: float) -> None:
        near = "hall" if self._hall else "living"
        leaves_s = self._now_s
        self._moves += [(leaves_s, near), (leaves_s + 5, OPEN), (leaves_s + 14, CLOSED)]
        back_s = min(leaves_s + away_s, max(leaves_s + 5 * MINUTE, 22.6 * HOUR))
        self._moves += [(back_s, OPEN), (back_s + 6, near), (back_s + 10, CLOSED)]
        self._now_s = back_s + 20

    def _guest(self) -> None:
        comes_s, length_s = self._now_s, self._dice.uniform(12, 75) * MINUTE
        self._moves += [(comes_s, "living"), (comes_s + 8, OPEN), (comes_s + 20, CLOSED)]
        self._stay("living", comes_s + 30, comes_s + length_s, 90)
        self._now_s = comes_s + length_s
        self._moves += [(self._now_s, OPEN), (self._now_s + 12, CLOSED)]

    def _television(self, until_s: float) -> None:
        while self._now_s < until_s:
            end_s = min(until_s, self._now_s + self._dice.uniform(35, 80) * MINUTE)
            self._stay("living", self._now_s, end_s, GAP_S["living"] * 1.3 * self._pace)
            self._now_s = end_s
            if end_s < until_s:
                self._at(self._dice.choice(("bathroom", "kitchen")), self._dice.uniform(2, 6) * MINUTE)


def _start_of(point: tuple[float, Callable[[], None]]) -> float:
    return point[0]


def _count(dice: Dice, mean: float) -> int:
    """How often something happens that happens ``mean`` times on average."""
    whole = int(mean)
    return whole + (dice.random() < mean - whole)
