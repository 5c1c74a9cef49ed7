"""How long a home may be silent: by the hour, the tier, its own rhythm, and never beyond the caps."""

from __future__ import annotations

from array import array
from datetime import timedelta

import msgspec
import pytest

from alerting.commands import Claim, Close
from alerting.decisions import Learned
from alerting.events import HistoryLoaded, Unobserved
from alerting.model import Outcome, RiskTier
from alerting.policy import Policy
from alerting.silence.day import CONTEXTS
from alerting.silence.grid import GRID
from alerting.silence.inactivity import limit_for
from alerting.silence.places import BRIEF, LONG, Places
from alerting.silence.rhythm import Rhythm
from alerting.silence.stopping import ROWS, SLOTS, Waits, row_of
from device_adapters.signals import Heartbeat, Panic
from tests.alerting.lone_home import HOUR, KEY, LoneHome, local, only, rings

POLICY = Policy()


def at_s(hour: int) -> int:
    return int(local(hour, 30).timestamp())


def known(minutes: int, *, days: int = 7) -> Rhythm:
    """A home whose limit is the same at every hour."""
    point = GRID.index(minutes // 5)
    waits = Waits(bytes([point]) * ROWS, bytes([point]) * SLOTS, expected_per_week=0.2, price=1e-5)
    return Rhythm(days=days, weeks=days / 7, waits=waits)


@pytest.mark.parametrize(("hour", "hours"), [(1, 10), (4, 8), (6, 6), (12, 6), (18, 6), (19, 10), (23, 10)])
def test_the_limit_follows_the_hour_in_which_the_silence_begins(hour: int, hours: int) -> None:
    limit = limit_for(at_s(hour), Rhythm(), RiskTier.CARE, POLICY)
    assert (limit.limit_s, limit.source) == (hours * HOUR, "city")


def test_the_more_urgent_the_tier_the_sooner_the_alarm() -> None:
    limits = [limit_for(at_s(12), Rhythm(), tier, POLICY).limit_s for tier in RiskTier]
    assert limits == sorted(limits)
    assert len(set(limits)) == len(RiskTier)


def test_a_young_home_says_that_it_is_learning() -> None:
    second = limit_for(at_s(12), known(180, days=2), RiskTier.CARE, POLICY)
    assert second.source == "city"
    sixth = limit_for(at_s(12), known(180, days=6), RiskTier.CARE, POLICY)
    seventh = limit_for(at_s(12), known(180, days=7), RiskTier.CARE, POLICY)
    assert (sixth.source, sixth.limit_s) == ("learning", 3 * HOUR)
    assert (seventh.source, seventh.limit_s) == ("own_rhythm", 3 * HOUR)


@pytest.mark.parametrize(("hour", "cap_hours"), [(6, 12), (12, 12), (21, 12), (22, 14), (2, 14), (5, 14)])
@pytest.mark.parametrize("tier", RiskTier)
def test_the_cap_of_day_or_night_beats_everything(hour: int, cap_hours: int, tier: RiskTier) -> None:
    limit = limit_for(at_s(hour), known(16 * 60, days=400), tier, POLICY)
    assert (limit.limit_s, limit.source) == (cap_hours * HOUR, "cap")


def test_a_tier_may_have_a_cap_of_its_own_and_never_more_than_a_day() -> None:
    caps = {**dict.fromkeys(RiskTier, 1.0), RiskTier.URGENT: 0.5, RiskTier.WATCH: 9.0}
    policy = msgspec.structs.replace(POLICY, tier_cap=caps)
    limits = [limit_for(at_s(12), known(24 * 60, days=400), tier, policy).limit_s // HOUR for tier in RiskTier]
    assert limits == [6, 12, 12, 24]


def test_no_limit_is_shorter_than_the_least() -> None:
    policy = msgspec.structs.replace(POLICY, least_limit_s=2 * HOUR)
    assert limit_for(at_s(12), known(60), RiskTier.URGENT, policy).limit_s == policy.least_limit_s


def test_a_home_that_is_often_empty_still_raises_its_alarm_at_the_cap() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(24 * 60, days=28)))
    home.moves(after_s=HOUR)
    assert not rings(home.wait_until(local(20, 59, 59)))
    assert rings(home.wait_until(local(21)))
    assert home.open.alarms[0].limit_source == "cap"


def test_the_alarm_explains_itself_by_the_home_s_own_rhythm() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(180, days=28)))
    home.moves(after_s=HOUR)
    home.wait_until(home.due)
    (alarm,) = home.open.alarms
    assert (alarm.limit_source, alarm.limit_s, alarm.learned_days) == ("own_rhythm", 3 * HOUR, 28)
    assert alarm.usual_s == GRID[GRID.index(36) - 1] * 300
    assert alarm.once_in_weeks == 8, "none in four weeks counts as half of one"
    assert alarm.policy_version == POLICY.version


def live_days(home: LoneHome, days: range, *, nap_h: int = 3, rings_at_times: bool = False) -> None:
    """Days with movement each half hour from 07:00 to 22:00, but for an afternoon's rest after 13:00."""
    for day in days:
        for half_hour in range(30):
            if not 13 * 2 < 7 * 2 + half_hour < (13 + nap_h) * 2:
                home.wait_until(local(7, day=2) + timedelta(days=day - 2, minutes=30 * half_hour))
                home.moves()
                if half_hour == 0:
                    home.says("sos", Heartbeat())
                if rings_at_times and not home.calm:
                    found_well(home)


def found_well(home: LoneHome, outcome: Outcome = Outcome.WAS_WELL) -> None:
    who = {"key": KEY, "incident": home.open.id, "by": "anna"}
    home.asks(Claim(**who))
    home.asks(Close(**who, outcome=outcome))


def test_after_a_week_of_life_the_home_is_judged_by_its_own_rhythm() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 11))
    assert home.calm, [a.kind for a in home.open.alarms]
    rhythm = home.memory.rhythm
    assert rhythm.days == 8
    assert rhythm.usual_s(13) >= 2 * HOUR
    live_days(home, range(11, 30), rings_at_times=True)
    rhythm = home.memory.rhythm
    noon, nap = (limit_for(at_s(hour), rhythm, RiskTier.CARE, POLICY) for hour in (9, 13))
    assert {noon.source, nap.source} == {"own_rhythm"}
    assert noon.limit_s < nap.limit_s, "after lunch this home rests"
    assert nap.limit_s > 3 * HOUR


def test_a_home_that_goes_out_is_waited_for_after_its_door_alone() -> None:
    home = LoneHome(local(6))
    for day in range(2, 30):
        for half_hour in range(30):
            at = local(7) + timedelta(days=day - 2, minutes=30 * half_hour)
            if half_hour == 6 and day % 3 == 0:
                home.wait_until(at)
                home.moves("door")
            elif day % 3 or not 6 < half_hour < 14:
                home.wait_until(at)
                home.moves()
            if not home.calm:
                found_well(home)
    rhythm = home.memory.rhythm
    inside, outside = (limit_for(at_s(10), rhythm, RiskTier.CARE, POLICY, context) for context in (0, LONG))
    assert inside.limit_s + HOUR < outside.limit_s


def test_a_larger_budget_buys_a_shorter_wait() -> None:
    waits = []
    for share in (0.1, 0.5, 2.0):
        home = LoneHome(local(6), policy=Policy(false_per_week=share))
        live_days(home, range(2, 30), rings_at_times=True)
        limits = [home.memory.rhythm.limit_windows(w, c) for w in range(0, 288, 12) for c in range(CONTEXTS)]
        waits.append(sum(limits))
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 1.2 * waits[-1]


def test_the_fit_runs_once_a_day_at_the_first_movement_and_never_before_a_call_for_help() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 4))
    assert not only(Learned, home.moves())
    home.wait_until(local(7, day=4))
    assert not only(Learned, home.says("sos", Panic()))
    assert len(only(Learned, home.moves())) == 1
    assert home.memory.hot.quiet.over is None
    assert home.memory.rhythm.days == 2


def test_what_is_learned_stays_small_and_old_weeks_fade() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 62), nap_h=5, rings_at_times=True)
    late = home.memory.rhythm
    assert len(msgspec.json.encode(late)) <= 16 * 1024
    assert late.weeks < 60 / 7 - 1, "what is older than the half-life weighs less and less"
    live_days(home, range(62, 262), nap_h=1, rings_at_times=True)
    assert home.memory.rhythm.usual_s(13) < late.usual_s(13)


def test_false_alarms_make_a_home_s_limits_longer_and_quiet_weeks_take_it_back() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 30), rings_at_times=True)
    calm = msgspec.structs.replace(home.memory.rhythm, expected=4.0, spent=0.0)
    spent = msgspec.structs.replace(calm, spent=400.0)
    assert calm.spent_per_week == 0
    assert spent.spent_per_week is not None
    assert spent.spent_per_week > 400 / (calm.days + 1) * 7
    assert Rhythm(days=6).spent_per_week is None
    assert (calm.hope(0.23), spent.hope(0.23)) == (0.75, 4.0), "bounded in both directions"


def test_an_alarm_after_which_nobody_needed_help_is_spent_and_one_that_helped_is_not() -> None:
    spent = {}
    for outcome in (Outcome.WAS_WELL, Outcome.REAL):
        home = LoneHome(local(6))
        live_days(home, range(2, 16), rings_at_times=True)
        home.wait_until(home.due)
        found_well(home, outcome)
        while home.now < local(21, day=16):
            home.moves(after_s=1800)
        live_days(home, range(17, 20))
        spent[outcome] = home.memory.rhythm.spent
    assert spent[Outcome.WAS_WELL] - spent[Outcome.REAL] == pytest.approx(1, abs=0.1)


def test_unheard_time_is_not_learned_as_a_silence() -> None:
    learned = []
    for heard in (True, False):
        home = LoneHome(local(9))
        home.moves()
        home.wait_until(local(12))
        if not heard:
            home.judge(Unobserved(since=local(9), until=local(12)))
        home.moves(after_s=60)
        home.wait_until(local(8, day=3))
        home.moves()
        learned.append(len(home.memory.rhythm.silences))
    assert learned == [6, 0]


def test_low_activity_days_are_one_incident_a_run_and_the_longest_cap_still_counts() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 16))
    days = home.memory.rhythm.days
    home.wait_until(local(8, day=16))
    home.moves()
    home.wait_until(home.due)
    found_well(home)
    home.wait_until(local(18, day=18))
    if not home.calm:
        found_well(home)
    home.moves()
    assert home.memory.rhythm.low
    home.wait_until(local(18, 30, day=18))
    home.moves()
    assert home.due == local(18, 30, day=19), "the run has had its incident; a day is the most that is waited for"
    assert rings(home.wait_until(local(18, 30, day=19)))
    found_well(home)
    live_days(home, range(20, 22))
    assert home.due - home.now < timedelta(hours=15), "back to its own rhythm"
    assert home.memory.rhythm.days <= days + 4


def test_the_limit_counts_again_as_soon_as_the_day_is_as_busy_as_others() -> None:
    home = LoneHome(local(6))
    live_days(home, range(2, 16))
    home.wait_until(local(18, day=19))
    found_well(home)
    live_days(home, range(20, 21))
    assert home.memory.rhythm.low
    assert home.memory.hot.quiet.run
    assert home.due - home.now < timedelta(hours=15)


def test_a_limit_below_the_usual_longest_silence_of_the_hour_tells_how_rare_one_is_that_begins_alike() -> None:
    """Each day two hours after the bed, each tenth day one after the bath: the hour is not the moment."""
    rows = array("H")
    for day in range(28):
        rows.extend((day, row_of(LONG, 9 * 12), 24))
        if day % 10 == 0:
            rows.extend((day, row_of(BRIEF, 9 * 12), 13))
    waits = known(60).waits
    assert waits is not None
    usual = bytes([GRID.index(24) + 1]) * SLOTS
    rhythm = msgspec.structs.replace(
        known(60, days=28),
        silences=rows.tobytes(),
        upto=28,
        waits=msgspec.structs.replace(waits, usual=usual),
        places=Places(kinds={"bedroom": LONG, "bathroom": BRIEF}),
    )
    for room, rare in (("bedroom", False), ("bathroom", True)):
        home = LoneHome(local(8), policy=Policy(prompts_a_day=0))
        home.judge(HistoryLoaded(rhythm=rhythm))
        home.moves(f"pir-{room}", after_s=HOUR)
        home.wait_until(home.due)
        (alarm,) = home.open.alarms
        assert alarm.limit_s < alarm.usual_s
        assert alarm.once_in_weeks < 1
        assert (alarm.alike_weeks > 1) is rare


def test_a_limit_above_the_usual_longest_silence_needs_no_other_word() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(180, days=28)))
    home.moves(after_s=HOUR)
    home.wait_until(home.due)
    assert home.open.alarms[0].alike_weeks == 0


def test_the_alarm_says_how_much_of_the_time_since_the_last_movement_is_no_silence() -> None:
    home = LoneHome(local(8))
    home.judge(HistoryLoaded(rhythm=known(180, days=28)))
    home.moves(after_s=HOUR)
    home.wait_until(local(10))
    home.judge(Unobserved(since=local(9, 30), until=local(10)))
    home.wait_until(home.due)
    (alarm,) = home.open.alarms
    assert (alarm.at, alarm.uncounted_s) == (local(12, 30), HOUR // 2)
