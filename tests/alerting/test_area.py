"""Many homes, one cause: one incident of the area, with its homes, while each home keeps its own calls for help."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from alerting.areas import thresholds
from alerting.areas.member import AreaCause, area_of, cause_of, is_area, key_of, place_of
from alerting.budget.city import CITY
from alerting.casefile import upwards
from alerting.commands import DESK, Claim, Close, Dispatch, OpenManual, Recall, RecordCall, Reopen
from alerting.decisions import Answered, Rang
from alerting.duty import reach
from alerting.duty.reach import Person
from alerting.events import CanaryHeard, DeviceFacts, Enrolled
from alerting.homes.device_memory import SEES_LIFE
from alerting.model import AlarmKind, EntryKind, IncidentState, Outcome, Priority, RiskTier
from alerting.policy import Policy
from device_adapters.signals import Alarm, Availability
from tests.alerting.lone_home import DEVICES, HOUR, only, rings
from tests.alerting.village import CALLS, NEXT_VILLAGE, OUTAGE, PRESS, TOWN, TOWN_OUTAGE, VILLAGE, Village

FLOODS = Policy().floods
LEAST = FLOODS.outage_homes
ANNA = "op.anna"


def test_a_street_s_outage_is_one_incident() -> None:
    village = Village()
    village.cut(*village.homes[: LEAST - 1])
    assert village.running() is None
    village.cut(village.homes[LEAST - 1])
    incident = village.open()
    assert (incident.id, incident.priority) == (f"{OUTAGE}-1", Priority.P2)
    assert incident.alarms[0].kind is AlarmKind.AREA_OUTAGE
    assert village.silent() == village.homes[:LEAST]
    assert village.rang() == [incident.id]


def test_homes_join_while_it_runs_and_it_does_not_ring_for_each() -> None:
    village = Village(20)
    village.cut(*village.homes[:LEAST])
    village.cut(*village.homes[LEAST:15])
    village.wait(5)
    assert village.silent() == village.homes[:15]
    assert len(village.rang()) == 1


def test_homes_that_are_back_are_ticked_off_and_it_ends_when_all_are() -> None:
    village = Village()
    village.cut(*village.homes[:5])
    village.mend("H0", "H1")
    village.wait(5)
    assert village.silent() == ["H2", "H3", "H4"]
    village.mend("H2", "H3", "H4")
    village.wait(FLOODS.settle_s - 1)
    assert village.running() is not None, "not before it has settled"
    village.wait(5)
    assert village.running() is None
    assert village.lines()[-2:] == [EntryKind.ALL_BACK, EntryKind.CLOSED]
    closed = village.areas[OUTAGE].closed
    assert closed is not None
    assert (closed.outcome, closed.unacknowledged) == (Outcome.EQUIPMENT, False)
    assert all(it.back_s for it in closed.members)


def test_a_home_that_falls_silent_again_keeps_it_open() -> None:
    village = Village()
    village.cut(*village.homes[:LEAST])
    village.mend(*village.homes[:LEAST])
    village.wait(60)
    village.cut("H0")
    village.wait(10 * FLOODS.settle_s)
    assert village.silent() == ["H0"]


@pytest.mark.parametrize("recalled", [True, False])
def test_it_does_not_end_under_a_responder_who_was_sent_while_it_settled(*, recalled: bool) -> None:
    village = Village()
    village.cut(*village.homes[:LEAST])
    village.mend(*village.homes[:LEAST])
    village.wait(60)
    who = {"key": OUTAGE, "incident": f"{OUTAGE}-1", "by": ANNA}
    village.ask(OUTAGE, Claim(**who))
    village.ask(OUTAGE, Dispatch(**who, responder="r1"))
    village.wait(10 * FLOODS.settle_s)
    assert village.open().state is IncidentState.DISPATCHED
    if recalled:
        village.ask(OUTAGE, Recall(**who))
        village.wait(2)
        assert village.running() is None, "all have been back for long"


def test_a_silent_home_that_gets_a_new_sensor_is_back() -> None:
    devices = tuple(msgspec.structs.replace(it, check_in_s=HOUR) for it in DEVICES)
    eyes = [it for it in devices if it.role in SEES_LIFE]
    village = Village()
    for home in village.homes[:LEAST]:
        village.judge(home, Enrolled(tier=RiskTier.CARE, devices=devices))
        for eye in eyes:
            village.says(home, Availability(state="offline"), eye.id)
    assert village.silent() == village.homes[:LEAST]
    new = DeviceFacts("pir-new", "motion", "living", HOUR)
    village.judge("H0", Enrolled(tier=RiskTier.CARE, devices=(*devices, new)))
    village.wait(5)
    assert village.silent() == village.homes[1:LEAST]


def test_the_homes_of_an_area_are_counted_once_for_an_edition_of_the_people(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    def seen(area: str) -> Iterator[str]:
        counted.append(area)
        return upwards(area)

    monkeypatch.setattr(reach, "upwards", seen)
    village = Village(20, 5)
    village.cut(*village.homes)
    village.cut(*village.neighbours)
    assert len(counted) == len(village.homes) + len(village.neighbours)
    assert [thresholds.homes_in(it, village.policy) for it in (OUTAGE, TOWN_OUTAGE)] == [20, 25]
    assert thresholds.homes_in(key_of(AreaCause.BRIDGE, "lora"), village.policy) == 0
    assert thresholds.homes_in(key_of(AreaCause.OUTAGE, f"{TOWN}.0"), village.policy) == 0, "no part of a key"


def test_too_few_too_slow_or_too_small_a_share_is_no_outage() -> None:
    slow = Village()
    for home in slow.homes:
        slow.cut(home)
        slow.wait(FLOODS.outage_within_s / (LEAST - 1) + 1)
    assert slow.running() is None
    big = Village(100)
    big.cut(*big.homes[: int(100 * FLOODS.outage_share) - 1])
    assert big.running() is None
    big.cut(big.homes[50])
    assert big.running() is not None


def test_a_home_that_came_back_in_time_does_not_count() -> None:
    village = Village()
    for home in village.homes:
        village.cut(home)
        village.mend(home)
    assert village.running() is None


def test_hubs_that_miss_their_check_in_count_as_well() -> None:
    devices = tuple(msgspec.structs.replace(it, check_in_s=HOUR) if it.role == "hub" else it for it in DEVICES)
    assert devices != DEVICES
    village = Village()
    for home in village.homes[:LEAST]:
        village.says(home, Availability(state="offline"), "hub")
    assert village.silent() == village.homes[:LEAST]
    for home in village.homes[:LEAST]:
        village.says(home, Availability(state="online"), "hub")
    village.wait(FLOODS.settle_s + 10)
    assert village.running() is None


def test_a_press_inside_an_outage_rings_on_its_own() -> None:
    village = Village()
    village.cut(*village.homes[:5])
    decisions = village.says("H2", PRESS)
    assert rings(decisions)
    running = village.memories["H2"].hot.open
    assert running is not None
    assert running.priority is Priority.P1
    assert village.running(CALLS) is None


def test_many_calls_from_one_village_are_an_incident_of_their_own() -> None:
    village = Village()
    for home in village.homes[: FLOODS.calls_homes - 1]:
        village.says(home, PRESS)
    assert village.running(CALLS) is None
    village.says("H9", Alarm(alarm_type="smoke", state="active"))
    incident = village.open(CALLS)
    assert incident.priority is Priority.P1
    assert all(village.memories[it].hot.open is not None for it in village.silent(CALLS)), "each keeps its own"
    village.wait(24 * HOUR)
    assert village.running(CALLS) is not None, "it does not end by itself"


def test_one_home_that_presses_often_is_one_home() -> None:
    village = Village()
    for _ in range(10):
        village.says("H0", PRESS)
    assert village.running(CALLS) is None


def test_a_closed_call_is_ticked_off() -> None:
    village = Village()
    for home in village.homes[: FLOODS.calls_homes]:
        village.says(home, PRESS)
    who = {"key": "H1", "incident": "H1-1", "by": ANNA}
    village.ask("H1", Claim(**who))
    village.ask("H1", RecordCall(**who, whom="家中", result="well"))
    village.ask("H1", Close(**who, outcome=Outcome.WAS_WELL))
    village.wait(5)
    assert village.silent(CALLS) == ["H0", "H2", "H3"]


def test_a_bridge_that_many_share_is_one_incident_and_not_one_for_each_village() -> None:
    village = Village(6, 6)
    village.cut(*village.homes, *village.neighbours, shared="lora")
    key = key_of(AreaCause.BRIDGE, "lora")
    village.wait(5)
    assert [it for it, state in village.areas.items() if state.open is not None] == [key]
    assert len(village.silent(key)) == 12
    village.mend(*village.homes, *village.neighbours, shared="lora")
    village.wait(FLOODS.settle_s + 5)
    assert village.running(key) is None


def test_a_town_takes_the_incidents_of_its_villages() -> None:
    village = Village(10, 10)
    village.cut(*village.homes[:5])
    assert village.running(TOWN_OUTAGE) is None, "one village is no town"
    village.cut(*village.neighbours[:2])
    village.wait(5)
    town = village.open(TOWN_OUTAGE)
    assert village.silent(TOWN_OUTAGE) == [*village.homes[:5], *village.neighbours[:2]]
    assert village.running() is None
    assert village.lines()[-2:] == [EntryKind.MERGED, EntryKind.CLOSED]
    village.cut(*village.neighbours[2:9])
    village.wait(5)
    assert village.running(key_of(AreaCause.OUTAGE, NEXT_VILLAGE)) is None, "the town has it"
    assert len(village.silent(TOWN_OUTAGE)) == 14
    village.mend(*village.homes, *village.neighbours)
    village.wait(FLOODS.settle_s + 5)
    assert village.running(TOWN_OUTAGE) is None
    village.cut(*village.homes[:5])
    assert village.open().id == f"{OUTAGE}-2", "villages are on their own again"
    assert town.id == f"{TOWN_OUTAGE}-1"


def test_it_is_claimed_and_closed_as_any_other_and_only_what_comes_after_counts() -> None:
    village = Village()
    village.cut(*village.homes[:5])
    who = {"key": OUTAGE, "incident": f"{OUTAGE}-1", "by": ANNA}
    village.ask(OUTAGE, Claim(**who))
    assert village.open().state is IncidentState.CLAIMED
    village.ask(OUTAGE, Close(**who, outcome=Outcome.OTHER))
    assert village.running() is None
    village.cut("H5", "H6", "H7")
    assert village.running() is None, "three that are new"
    village.cut("H8")
    assert village.silent() == ["H5", "H6", "H7", "H8"]


def test_it_is_taken_up_again_with_its_homes() -> None:
    village = Village()
    village.cut(*village.homes[:5])
    who = {"key": OUTAGE, "incident": f"{OUTAGE}-1", "by": ANNA}
    village.ask(OUTAGE, Claim(**who))
    village.ask(OUTAGE, Close(**who, outcome=Outcome.OTHER))
    village.ask(OUTAGE, Reopen(**who))
    assert village.silent() == village.homes[:5]


def test_it_climbs_by_the_plan_of_its_area_and_calls_who_answers_for_it() -> None:
    village = Village(policy=Policy())
    people = village.policy.editions.people
    chief = Person(id="responder:v1", name="村长", area=VILLAGE, duty="village")
    mayor = Person(id="responder:t1", name="镇长", area=TOWN, duty="town")
    people = msgspec.structs.replace(people, persons={it.id: it for it in (chief, mayor)})
    editions = msgspec.structs.replace(village.policy.editions, people=people)
    case = editions.case_of(OUTAGE)
    assert (case.area, case.village, case.town) == (VILLAGE, chief.id, mayor.id)
    village.cut(*village.homes[:5])
    village.wait(60)
    assert village.rang().count(f"{OUTAGE}-1") == 2, "nobody took it"


def test_a_home_s_commands_are_refused() -> None:
    village = Village()
    village.cut(*village.homes[:5])
    (answer,) = only(Answered, village.ask(OUTAGE, OpenManual(key=OUTAGE, incident="", by=ANNA, text="…")))
    assert answer.refused == "no_home"


def test_an_event_of_another_aggregate_is_none_of_its_business() -> None:
    with pytest.raises(TypeError, match="an area cannot judge"):
        Village().judge(OUTAGE, CanaryHeard(id="x"))


@pytest.mark.parametrize(("cause", "place"), [(AreaCause.OUTAGE, VILLAGE), (AreaCause.BRIDGE, "chirp@stack-1")])
def test_a_key_says_cause_and_place(cause: AreaCause, place: str) -> None:
    key = key_of(cause, place)
    assert (cause_of(key), place_of(key)) == (cause, place)
    assert area_of(key) == ("" if cause is AreaCause.BRIDGE else place)


@pytest.mark.parametrize("key", [DESK, CITY, "H000001", "~bridge~x", "@"])
def test_no_other_key_is_an_area_s(key: str) -> None:
    assert not is_area(key)


def test_a_home_nobody_knows_the_place_of_tells_no_area() -> None:
    village = Village()
    village.policy = Policy(own_ladders={})
    village.cut(*village.homes)
    assert village.areas == {}
    assert not any(isinstance(decision, Rang) for _, decision in village.decided)
