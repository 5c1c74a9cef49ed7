"""Midnight, a changed clock, gaps, batches: the limit in force and the alarms depend on what happened alone."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.inactivity import Quiet, alarmed, blind, due_s, fitted, moved, present_limit
from alerting.silence.rhythm import Rhythm
from nuanhu.town.dice import dice_for

POLICY = Policy(utc_offset_s=8 * 3600, false_per_week=2.0)
HOUR, DAY = 3600, 86_400
SINCE = 1_800_000_000 // DAY * DAY - POLICY.utc_offset_s
ROOMS = ("living", "bath", "bed", "hall")

Moment = tuple[int, str]


def lived(seed: int, days: int = 12) -> list[Moment]:
    """(UTC seconds, room) of invented days: bath and living by day, the bed at night, the hall before going out."""
    dice = dice_for(seed, "any clock")
    moments: list[Moment] = []
    for day in range(days):
        at = SINCE + day * DAY + 7 * HOUR + int(dice.random() * HOUR)
        while at % DAY + POLICY.utc_offset_s < DAY + 22 * HOUR and at < SINCE + day * DAY + 22 * HOUR:
            out = dice.random() < 0.03
            moments.append((at, "hall" if out else "bath" if dice.random() < 0.3 else "living"))
            at += int(2 * HOUR + 2 * HOUR * dice.random()) if out else int(30 + 1800 * dice.random() ** 2)
        moments.append((SINCE + day * DAY + 22 * HOUR + int(3 * HOUR * dice.random()), "bed"))
    return moments


class Home:
    """A home's memory, and what rang."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy, self.quiet, self.rhythm = policy, Quiet(), Rhythm()
        self.rang: list[int] = []
        self.limits: list[int] = []

    def looks(self, now_s: int) -> None:
        due = self.due
        if due and now_s >= due:
            self.rang.append(self.quiet.active_s)
            self.quiet = alarmed(self.quiet)

    @property
    def due(self) -> int:
        return due_s(self.quiet, self.rhythm, RiskTier.CARE, self.policy)

    def hears(self, at_s: int, room: str) -> None:
        offset, places = self.policy.utc_offset_s, self.rhythm.places
        self.quiet, _ = moved(self.quiet, at_s, room, door=room == "hall", utc_offset_s=offset, places=places)
        grown = fitted(self.quiet, self.rhythm, RiskTier.CARE, self.policy, asks=True, home="h1")
        if grown is not None:
            self.quiet, self.rhythm = grown
        self.limits.append(present_limit(self.quiet, self.rhythm, RiskTier.CARE, self.policy).limit_s)

    def lives(self, moments: list[Moment]) -> Home:
        for at_s, room in moments:
            self.looks(at_s)
            self.hears(at_s, room)
        return self

    @property
    def known(self) -> bytes:
        """All of its memory but the order in which rooms of one window were seen."""
        rooms = ",".join(sorted(self.quiet.rooms.split(",")))
        place = "|".join(sorted(self.quiet.place.split("|")))
        return msgspec.json.encode((msgspec.structs.replace(self.quiet, rooms=rooms, place=place), self.rhythm))


seeds = st.integers(0, 40)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, order=st.randoms(use_true_random=False))
def test_the_order_within_a_second_does_not_matter(seed: int, order: object) -> None:
    moments = [(at - at % 60, room) for at, room in lived(seed)]  # many in the same second
    shuffled = moments[:]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Home().lives(sorted(moments, key=lambda m: m[0])), Home().lives(sorted(shuffled, key=lambda m: m[0]))
    assert one.rang == other.rang
    assert one.known == other.known


@settings(max_examples=25, deadline=None)
@given(seed=seeds, late=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 26 * HOUR)), max_size=40))
def test_what_arrives_late_changes_nothing(seed: int, late: list[tuple[int, int]]) -> None:
    moments = lived(seed)
    plain, disturbed = Home().lives(moments), Home()
    overtaken = dict(late)
    for n, (at_s, room) in enumerate(moments):
        disturbed.looks(at_s)
        disturbed.hears(at_s, room)
        if n in overtaken:
            disturbed.hears(at_s - overtaken[n], ROOMS[n % 4])
            disturbed.limits.pop()
    assert disturbed.rang == plain.rang
    assert disturbed.limits == plain.limits
    assert disturbed.known == plain.known


@settings(max_examples=25, deadline=None)
@given(seed=seeds, looks=st.lists(st.integers(1, 12 * DAY), max_size=60))
def test_looking_more_often_neither_makes_nor_hides_an_alarm(seed: int, looks: list[int]) -> None:
    moments = lived(seed)
    plain, watched = Home().lives(moments), Home()
    both = sorted([(at, room) for at, room in moments] + [(SINCE + 7 * HOUR + s, "") for s in looks])
    for at_s, room in both:
        watched.looks(at_s)
        if room:
            watched.hears(at_s, room)
    assert watched.rang[: len(plain.rang)] == plain.rang, "one look after the last movement may add the last silence"
    assert len(watched.rang) <= len(plain.rang) + 1
    assert watched.rhythm == plain.rhythm


@settings(max_examples=40, deadline=None)
@given(seed=seeds, after_s=st.integers(0, 10 * HOUR), gap_s=st.integers(1, 60 * HOUR), twice=st.booleans())
def test_a_gap_never_makes_an_alarm_and_never_hides_one(seed: int, after_s: int, gap_s: int, twice: bool) -> None:
    home = Home().lives(lived(seed))
    before, last_s = home.due, home.quiet.active_s
    since_s = last_s + after_s
    until = datetime.fromtimestamp(since_s + gap_s, UTC)
    home.quiet = blind(home.quiet, since_s, until)
    assert home.due == before + gap_s, "exactly what could not be heard is added"
    if twice:
        home.quiet = blind(home.quiet, since_s, until)
        assert home.due <= until.timestamp() + (before - last_s), "never more than the silence itself"
    home.looks(home.due - 1)
    assert last_s not in home.rang
    home.looks(home.due)
    assert home.rang[-1] == last_s


@settings(max_examples=25, deadline=None)
@given(seed=seeds, day=st.integers(1, 10), hours=st.sampled_from([-1, 1, 3]))
def test_summer_time_and_a_changed_zone_break_nothing(seed: int, day: int, hours: int) -> None:
    moments = lived(seed)
    changed_s = SINCE + day * DAY
    home = Home()
    later = msgspec.structs.replace(POLICY, utc_offset_s=POLICY.utc_offset_s + hours * HOUR)
    for at_s, room in moments:
        home.policy = later if at_s >= changed_s else POLICY
        before = home.due
        home.looks(at_s)
        assert (home.quiet.active_s in home.rang) == (0 < before <= at_s) or home.quiet.alarmed
        home.hears(at_s, room)
        assert HOUR <= home.due - at_s <= 24 * HOUR
    assert 8 <= home.rhythm.days <= 12
    assert home.rhythm.silences


@settings(max_examples=25, deadline=None)
@given(seed=seeds, back_s=st.integers(1, 3 * DAY))
def test_a_clock_that_was_set_back_costs_no_rhythm(seed: int, back_s: int) -> None:
    moments = lived(seed)
    home = Home().lives(moments)
    rhythm, due = home.rhythm, home.due
    at_s = home.quiet.active_s - back_s
    home.hears(at_s, "living")
    assert (home.rhythm, home.due) == (rhythm, due), "what is older than what is known is no news"


def test_midnight_cuts_no_silence_in_two() -> None:
    whole, cut = Home(), Home()
    for home, start in ((whole, 20), (cut, 23)):
        for day in range(12):
            at_s = SINCE + day * DAY + start * HOUR
            for minutes in range(0, 60, 5):
                home.looks(at_s + minutes * 60)
                home.hears(at_s + minutes * 60, "living")
            home.looks(at_s + 3 * HOUR)
            home.hears(at_s + 3 * HOUR, "living")
    lengths = [sorted(array("H", home.rhythm.silences)[2::3]) for home in (whole, cut)]
    assert timedelta(minutes=5 * lengths[0][0]) == timedelta(hours=2, minutes=5)
    assert lengths[0][:9] == lengths[1][:9], "begun at 20:55 or at 23:55, it is as long"
