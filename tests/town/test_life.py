"""Residents live believable days, and sensors see of them what such sensors see."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median

from nuanhu.town.homes import Home
from nuanhu.town.life import DOOR, local_date, midnight, movements
from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.town.sensing import DETECTED, REPORT, detections, doings

FIRST = date(2025, 3, 3)
WEEK = [FIRST + timedelta(days=i) for i in range(7)]


def _motions(home: Home, day: date) -> list[float]:
    return [second for second, _, what in detections(home, day) if what == DETECTED]


def test_a_day_is_a_function_of_seed_household_and_date(plan: TownPlan) -> None:
    again = plan_town(7, 20)
    for home, same in zip(plan.homes[:20], again.homes, strict=True):
        backwards = {day: list(movements(home.life, day)) for day in reversed(WEEK)}
        assert backwards == {day: list(movements(same.life, day)) for day in WEEK}
    days = [tuple(home.life.moves(day)) for home in plan.homes[:20] for day in WEEK]
    assert len(set(days)) == len(days), "no two days are alike"


def test_movements_are_in_order_and_within_their_local_day(plan: TownPlan) -> None:
    for home in plan.homes[:30]:
        for day in WEEK:
            lived = list(movements(home.life, day))
            assert all(a.at <= b.at for a, b in pairwise(lived))
            assert all(local_date(m.at) == day for m in lived)
            assert midnight(day) <= lived[0].at
            assert all((m.room == DOOR) == (m.door in {"open", "closed"}) for m in lived)


def test_homes_have_a_realistic_number_of_detections(plan: TownPlan) -> None:
    per_day = [mean(len(_motions(home, day)) for day in WEEK) for home in plan.homes]
    assert 100 <= median(per_day) <= 250
    assert min(per_day) > 20
    assert max(per_day) < 600


def test_people_differ_in_how_quiet_they_are(plan: TownPlan) -> None:
    usual = sorted(median(_longest_gap(_motions(home, day)) for day in WEEK) for home in plan.homes)
    assert usual[-1] / usual[0] >= 5
    assert all(600 < gap < 6 * 3600 for gap in usual)


def _longest_gap(seconds: list[float]) -> float:
    by_day = [9 * 3600.0, *(s for s in seconds if 9 * 3600 < s < 20 * 3600), 20 * 3600.0]
    return max(b - a for a, b in pairwise(by_day))


def test_nights_are_quiet(plan: TownPlan) -> None:
    hours: Counter[int] = Counter()
    for home in plan.homes:
        for day in WEEK:
            hours.update(int(second // 3600) for second in _motions(home, day))
    night = mean(hours[h] for h in (0, 1, 2, 3))
    by_day = mean(hours[h] for h in range(8, 20))
    assert 0 < night < by_day / 5
    visits = sum(
        1
        for home in plan.homes
        for day in WEEK
        for s, where in home.life.moves(day)
        if where == "bathroom" and s < 10_800
    )
    assert visits > 0, "nobody goes to the bathroom at night"


def test_people_go_out_and_are_not_seen_meanwhile(plan: TownPlan) -> None:
    outings = 0
    for home in plan.homes:
        for day in WEEK:
            moves = home.life.moves(day)
            for (left, what), (_, after) in pairwise(moves):
                if (what, after) == ("door:closed", "door:open"):
                    outings += 1
                    back = next(s for s, w in moves if s > left and w == "door:open")
                    assert not [s for s, _ in moves if left < s < back]
    assert outings / (len(plan.homes) * len(WEEK)) > 0.5


def test_a_motion_sensor_is_blind_after_a_detection(plan: TownPlan) -> None:
    for home in plan.homes:
        seen: dict[str, float] = {}
        for second, fitted, what in detections(home, FIRST):
            if what == DETECTED:
                before = seen.get(fitted.device.id)
                assert before is None or second - before >= fitted.blind_s >= 30
                seen[fitted.device.id] = second


def test_sensors_see_only_their_room(plan: TownPlan) -> None:
    for home in plan.homes[:20]:
        truth = set(home.life.moves(FIRST))
        for second, fitted, what in detections(home, FIRST):
            where = fitted.device.room if what == DETECTED else f"door:{what}"
            assert (second, where) in truth


def test_the_live_stream_is_the_same_days_with_regular_reports(plan: TownPlan) -> None:
    since = datetime(2025, 3, 3, 4, 30, tzinfo=UTC)
    until_s = (since + timedelta(days=2)).timestamp()
    for home in plan.homes[:8]:
        live = []
        for doing in doings(home, since):
            if doing[0] >= until_s:
                break
            live.append(doing)
        assert all(a[0] <= b[0] for a, b in pairwise(live))
        days = [FIRST + timedelta(days=i) for i in range(3)]
        expected = [
            (midnight(day).timestamp() + second, fitted, what)
            for day in days
            for second, fitted, what in detections(home, day)
        ]
        seen = [doing for doing in live if doing[2] != REPORT]
        assert seen == [doing for doing in expected if since.timestamp() <= doing[0] < until_s]
        for fitted in home.fitted:
            reports = [at for at, who, what in live if who is fitted and what == REPORT]
            assert len(reports) in {int(172_800 / fitted.report_s), int(172_800 / fitted.report_s) + 1}
            assert fitted.report_s * 2 <= fitted.silent_s, "one lost report must not be a fault"


def test_batteries_go_down_slowly_and_are_changed(plan: TownPlan) -> None:
    for fitted in plan.homes[0].fitted:
        start = datetime(2025, 1, 1, tzinfo=UTC)
        levels = [fitted.battery_percent(start + timedelta(days=i)) for i in range(1500)]
        assert all(25 <= level <= 100 for level in levels)
        if fitted.battery_days:
            assert sum(b > a for a, b in pairwise(levels)) >= 1
            assert 2500 < fitted.battery_mv(start) <= 3000
        else:
            assert set(levels) == {100}
