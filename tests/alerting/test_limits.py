"""How long a home may be silent: by the hour, the tier, its own rhythm, and never beyond the caps."""

from __future__ import annotations

import pytest

from alerting.decisions import Learned
from alerting.events import HistoryLoaded, Unobserved
from alerting.inactivity import TAIL_MAX, limit_for
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.rhythm import HOURS, Rhythm
from tests.alerting.lone_home import HOUR, LoneHome, local, only, rings

POLICY = Policy()


def at_s(hour: int) -> int:
    return int(local(hour, 30).timestamp())


def known(minutes: int, *, days: int = 7) -> Rhythm:
    """A home whose longest silence was the same at every hour."""
    return Rhythm(days=days, weeks=((minutes,) * HOURS,))


@pytest.mark.parametrize(("hour", "hours"), [(1, 10), (4, 8), (6, 6), (12, 6), (18, 6), (19, 10), (23, 10)])
def test_the_limit_follows_the_hour_in_which_the_silence_begins(hour: int, hours: int) -> None:
    limit = limit_for(at_s(hour), Rhythm(), RiskTier.CARE, POLICY)
    assert (limit.limit_s, limit.source) == (hours * HOUR, "city")


def test_the_more_urgent_the_tier_the_sooner_the_alarm() -> None:
    limits = [limit_for(at_s(12), Rhythm(), tier, POLICY).limit_s for tier in RiskTier]
    assert limits == sorted(limits)
    assert len(set(limits)) == len(RiskTier)


def test_the_home_s_own_rhythm_counts_from_the_seventh_day() -> None:
    sixth = limit_for(at_s(12), known(180, days=6), RiskTier.CARE, POLICY)
    seventh = limit_for(at_s(12), known(180, days=7), RiskTier.CARE, POLICY)
    assert (sixth.source, sixth.limit_s) == ("city", 6 * HOUR)
    assert (seventh.source, seventh.limit_s) == ("own_rhythm", int(180 * 60 * 1.25) + 45 * 60)
    assert seventh.usual_s == 180 * 60, "the operator is told the home's own usual silence"


def test_an_hour_without_a_known_silence_falls_back_on_the_centre_s_limit() -> None:
    assert limit_for(at_s(12), known(0), RiskTier.CARE, POLICY).source == "city"


def test_a_neighbouring_hour_s_silence_is_usual_too() -> None:
    week = tuple(300 if hour == 13 else 60 for hour in range(HOURS))
    rhythm = Rhythm(days=28, weeks=(week,))
    assert [rhythm.usual_s(hour) // 60 for hour in (11, 12, 13, 14, 15)] == [60, 300, 300, 300, 60]


def test_midnight_s_neighbours_are_an_hour_before_and_after() -> None:
    rhythm = Rhythm(days=28, weeks=(tuple(500 if hour == 23 else 0 for hour in range(HOURS)),))
    assert rhythm.usual_s(0) == 500 * 60


@pytest.mark.parametrize(("hour", "cap_hours"), [(6, 12), (12, 12), (21, 12), (22, 14), (2, 14), (5, 14)])
@pytest.mark.parametrize("tier", RiskTier)
def test_the_cap_of_day_or_night_beats_everything(hour: int, cap_hours: int, tier: RiskTier) -> None:
    limit = limit_for(at_s(hour), known(20 * 60, days=400), tier, POLICY)
    assert (limit.limit_s, limit.source) == (cap_hours * HOUR, "cap")


def test_no_limit_is_shorter_than_the_least() -> None:
    assert limit_for(at_s(12), known(30), RiskTier.URGENT, POLICY).limit_s == POLICY.least_limit_s


def test_a_home_that_is_often_empty_still_raises_its_alarm_at_the_cap() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(3 * 24 * 60, days=28), last_active_at=None))
    home.moves(after_s=HOUR)
    assert not rings(home.wait_until(local(20, 59, 59)))
    assert rings(home.wait_until(local(21)))
    assert home.open.alarms[0].limit_source == "cap"


def test_the_alarm_explains_itself_by_the_home_s_own_rhythm() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(100, days=28), last_active_at=None))
    home.moves(after_s=HOUR)
    home.wait_until(home.due)
    (alarm,) = home.open.alarms
    assert (alarm.limit_source, alarm.usual_s, alarm.limit_s) == ("own_rhythm", 6000, 6000 * 5 // 4 + 2700)


def live_days(home: LoneHome, days: range, *, nap_h: int = 3) -> None:
    """Days with movement each half hour from 07:00 to 22:00, but for an afternoon's rest after 13:00."""
    for day in days:
        home.wait_until(local(7, day=day))
        for half_hour in range(30):
            if not 13 * 2 < 7 * 2 + half_hour < (13 + nap_h) * 2:
                home.wait_until(local(7 + half_hour // 2, half_hour % 2 * 30, day=day))
                home.moves()


def test_after_a_week_of_life_the_home_is_judged_by_its_own_rhythm() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 11))
    assert home.calm, [a.kind for a in home.open.alarms]
    rhythm = home.memory.rhythm
    assert rhythm.days == 8
    assert rhythm.usual_s(13) == 3 * HOUR
    assert limit_for(at_s(13), rhythm, RiskTier.CARE, POLICY).source == "own_rhythm"


def test_the_fit_runs_once_a_day_at_the_first_movement() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 4))
    assert not only(Learned, home.moves())
    home.wait_until(local(7, day=4))
    assert len(only(Learned, home.moves())) == 1
    assert home.memory.hot.quiet.tail == ()


def test_four_weeks_are_remembered_and_older_ones_forgotten() -> None:
    rhythm = Rhythm()
    for day in range(7 * 8):
        long_min = 600 if day < 7 else 60
        rhythm = rhythm.fitted(((day * 24 * HOUR, long_min),), utc_offset_s=0, days=1)
    assert len(rhythm.weeks) == 4
    assert rhythm.usual_s(0) == 60 * 60
    assert rhythm.days == 56


def test_a_silence_belongs_to_the_local_hour_in_which_it_began() -> None:
    rhythm = Rhythm().fitted(((int(local(13).timestamp()), 180),), utc_offset_s=8 * HOUR, days=1)
    assert [hour for hour, minutes in enumerate(rhythm.weeks[0]) if minutes] == [13]


def test_unheard_time_is_not_learned_as_a_silence() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.wait_until(local(12))
    home.judge(Unobserved(since=local(9), until=local(12)))
    home.moves(after_s=60)
    assert home.memory.hot.quiet.tail == ()


def test_the_tail_of_silences_stays_short() -> None:
    home = LoneHome(local(0))
    loaded = tuple((int(local(0).timestamp()) + n, 40) for n in range(2 * TAIL_MAX))
    home.judge(HistoryLoaded(rhythm=Rhythm(), last_active_at=None, tail=loaded))
    assert home.memory.hot.quiet.tail == loaded[-TAIL_MAX:]
    home.moves()
    home.moves(after_s=HOUR)
    assert len(home.memory.hot.quiet.tail) == TAIL_MAX
    assert home.memory.hot.quiet.tail[-1] == (int(local(0).timestamp()), 60)
