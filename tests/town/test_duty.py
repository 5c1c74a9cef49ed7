"""The town's roster and plans are such as a centre could use: sound, covered but for one gap that is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from alerting.duty.chain import Editions, no_cover, plan_flaws
from alerting.duty.reach import people_of
from alerting.duty.roster import flaws, is_working, on_duty
from nuanhu.demo.people import SUPERVISORS, with_demo_registry
from nuanhu.town import duty
from nuanhu.town.plan import plan_town

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)  # a holiday


def test_roster_and_plans_are_sound_and_one_town_lacks_cover_tonight() -> None:
    registry = with_demo_registry(plan_town(3, 40)).registry
    people = people_of(registry)
    roster = duty.roster(registry, tuple(SUPERVISORS), NOW)
    editions = Editions(people=people, roster=roster, plans=duty.plans())
    assert flaws(roster, people.persons.__contains__, frozenset(people.areas)) == []
    assert plan_flaws(editions, ("值班电话",), NOW) == []
    gaps = no_cover(editions, NOW, NOW + timedelta(hours=24))
    assert {gap.role for gap in gaps} == {"town_duty"}
    assert len({gap.area for gap in gaps}) == 1
    assert not is_working(roster, NOW.date())
    assert on_duty(roster, "supervisor", "", NOW) == ("zhuguan",)
    covered = msgspec.structs.replace(editions, roster=msgspec.structs.replace(roster, absences=()))
    assert no_cover(covered, NOW, NOW + timedelta(hours=24)) == ()
