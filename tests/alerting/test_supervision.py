"""Check-ins by class, by model and by a device's own pauses; batteries, weak links, stuck sensors; cannot call."""

from __future__ import annotations

import msgspec
import pytest

from alerting.commands import OpenManual
from alerting.decisions import BatteryReplaced
from alerting.equipment_terms import CLASSES, CheckIn, with_changes
from alerting.events import DeviceFacts, Enrolled
from alerting.homes import cell, check_ins, supervision
from alerting.homes.check_ins import CheckInState
from alerting.homes.state import HouseholdState
from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome, Priority, RiskTier
from alerting.policy import Policy
from device_adapters.signals import Battery, Contact, Heartbeat, Link, Motion, Panic
from tests.alerting.desk_words import claim, close
from tests.alerting.lone_home import DAY_S, HOUR, LoneHome, cleared, lines, local, only, opened, rings

MISSED, NEVER = FaultKind.MISSED_CHECK_IN, FaultKind.NEVER_SEEN
MINUTE = 60
HOME = tuple(
    DeviceFacts(id_, role, room, 0)
    for id_, role, room in (
        ("hub", "hub", "living"),
        ("pir", "motion", "living"),
        ("bath", "motion", "bathroom"),
        ("sos", "panic", "bedroom"),
    )
)
CALM = Policy(own_ladders={}, prompts_a_day=0)


def alone(role: str, *, check_in_s: int = 0, interval_s: int = 0, policy: Policy = CALM) -> LoneHome:
    """A home with one device, which has just spoken."""
    home = LoneHome(local(8), devices=(DeviceFacts("it", role, "", check_in_s, interval_s=interval_s),), policy=policy)
    home.says("it", Heartbeat())
    return home


def beats(home: LoneHome, every_s: int, days: float, device: str = "it") -> list[tuple[str, FaultKind]]:
    """A device speaks regularly; the faults of it meanwhile."""
    found = []
    for _ in range(int(days * DAY_S / every_s)):
        found += [it for it in opened(home.says(device, Heartbeat(), after_s=every_s)) if it[0] == device]
    return found


@pytest.mark.parametrize("role", [role for role in CLASSES if role != "other"])
def test_each_class_is_silent_at_its_second_and_late_at_its_interval(role: str) -> None:
    home, usual = alone(role), CLASSES[role]
    began_s = int(home.now.timestamp())
    device = home.memory.hot.devices["it"]
    late, silent = began_s + usual.interval_s, began_s + usual.silent_s
    assert supervision.stands(device, late - 1, CALM) == (CheckInState.IN_TIME, late)
    assert supervision.stands(device, late, CALM) == (CheckInState.LATE, late)
    assert supervision.stands(device, silent, CALM) == (CheckInState.SILENT, silent)
    assert not opened(home.wait(usual.silent_s - 1))
    assert opened(home.wait(1)) == [("it", MISSED)]


def test_a_role_nobody_has_heard_of_has_the_value_of_all_others() -> None:
    assert alone("kettle").memory.hot.devices["it"].check_in_s == CLASSES["other"].silent_s


def test_a_model_s_own_interval_counts_before_its_class_and_a_device_s_own_value_before_both() -> None:
    assert alone("door", interval_s=24 * HOUR).memory.hot.devices["it"].check_in_s == 49 * HOUR
    assert alone("door", interval_s=24 * HOUR, check_in_s=HOUR).memory.hot.devices["it"].check_in_s == HOUR


def test_another_table_counts_for_devices_that_are_there_already() -> None:
    home = alone("hub")
    facts = (DeviceFacts("it", "hub", "", 0),)
    sooner = msgspec.structs.replace(CALM, own_equipment=with_changes(check_ins={"hub": (5, 20)}))
    assert home.memory.hot.devices["it"].knows(facts[0], CALM)
    assert not home.memory.hot.devices["it"].knows(facts[0], sooner), "the home is told anew at the next start"
    home.policy = sooner
    home.judge(Enrolled(tier=RiskTier.CARE, devices=facts))
    assert opened(home.wait(20 * MINUTE)) == [("it", MISSED)]


def test_a_steady_device_is_missed_sooner_than_its_class() -> None:
    home = alone("motion")
    assert beats(home, 100 * MINUTE, 15) == []
    device = home.memory.hot.devices["it"]
    pause_s = check_ins.longest_pause_s(device.trace)
    assert 100 * MINUTE <= pause_s <= 110 * MINUTE + 1
    assert not opened(home.wait(3 * pause_s - 1))
    (fault,) = [it for it in home.wait(1) if getattr(it, "kind", None) is MISSED]
    assert fault.detail == f"own|{3 * pause_s}"


def test_before_two_weeks_have_passed_its_class_counts() -> None:
    home = alone("motion")
    beats(home, 50 * MINUTE, 13)
    assert not opened(home.wait(25 * HOUR - 1))
    assert opened(home.wait(1)) == [("it", MISSED)]


def test_an_irregular_device_is_never_missed_sooner_than_its_class() -> None:
    home = alone("motion")
    for n in range(60):
        home.says("it", Heartbeat(), after_s=(20 * MINUTE, 5 * HOUR, HOUR, 3 * HOUR)[n % 4])
    assert supervision.silent_after_s(home.memory.hot.devices["it"], CALM) == CLASSES["motion"].silent_s


def test_one_that_was_missed_wrongly_by_its_own_pauses_begins_anew_by_its_class() -> None:
    home = alone("motion")
    beats(home, 50 * MINUTE, 15)
    assert opened(home.wait(5 * HOUR)) == [("it", MISSED)]
    assert cleared(home.says("it", Heartbeat())) == [("it", MISSED)], "sooner than its class: it was there"
    assert supervision.silent_after_s(home.memory.hot.devices["it"], CALM) == CLASSES["motion"].silent_s


def test_one_that_was_really_away_keeps_its_pauses() -> None:
    home = alone("motion")
    beats(home, 50 * MINUTE, 15)
    before_s = supervision.silent_after_s(home.memory.hot.devices["it"], CALM)
    home.says("it", Heartbeat(), after_s=2 * DAY_S)
    assert supervision.silent_after_s(home.memory.hot.devices["it"], CALM) == before_s < CLASSES["motion"].silent_s


def test_one_that_never_spoke_is_a_fault_of_its_own() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    assert opened(home.wait(45 * MINUTE)) == [("hub", NEVER)]
    assert "never_seen|hub" in (home.memory.hot.lacks or ())
    assert cleared(home.says("hub", Heartbeat())) == [("hub", NEVER)]
    assert opened(home.wait(45 * MINUTE)) == [("hub", MISSED)]


def drained(home: LoneHome, percents: list[float], *, every_s: int = DAY_S) -> list[str]:
    """A battery reports these percentages, one a day; kinds of the faults that opened."""
    found = []
    for percent in percents:
        found += [kind.value for _, kind in opened(home.says("it", Battery(percent=percent), after_s=every_s))]
    return found


def days_left(home: LoneHome) -> int | None:
    return cell.days_left(home.memory.hot.devices["it"].trace, int(home.now.timestamp()))


def test_a_battery_tells_how_long_it_lasts_once_there_is_evidence() -> None:
    home = alone("button")
    drained(home, [90 - day for day in range(20)])
    assert days_left(home) is None, "not from three weeks"
    drained(home, [70 - day for day in range(20)])
    assert days_left(home) == pytest.approx(51, abs=6)
    assert drained(home, [50 - day for day in range(22)]) == ["battery_ends"]
    assert days_left(home) == pytest.approx(29, abs=5)


def test_a_battery_that_does_not_fall_says_nothing() -> None:
    home = alone("button")
    drained(home, [100, 99, 100] * 30)
    assert days_left(home) is None


def test_a_cold_week_is_no_empty_battery() -> None:
    home = alone("button")
    steady = drained(home, [90 - day / 10 for day in range(60)])
    cold = drained(home, [60 - day for day in range(7)])
    assert steady + cold == []
    left = days_left(home)
    assert left is None or left > 200


def test_a_new_battery_is_known_for_what_it_is_by_its_second_report() -> None:
    home = alone("button")
    assert "battery_low" in drained(home, [90 - day for day in range(82)])
    first = home.says("it", Battery(percent=100), after_s=DAY_S)
    assert ("it", FaultKind.BATTERY_LOW) in cleared(first)
    assert not only(BatteryReplaced, first), "one report may be a slip"
    (new,) = only(BatteryReplaced, home.says("it", Battery(percent=100), after_s=HOUR))
    assert (new.percent, 80 <= new.lasted_days <= 84) == (100, True)
    assert cell.since_day(home.memory.hot.devices["it"].trace, int(home.now.timestamp())) == int(
        home.now.timestamp() // DAY_S
    )


def test_a_cell_of_three_volts_is_forecast_by_its_voltage() -> None:
    home = alone("button")
    for day in range(40):
        home.says("it", Battery(volts=3.0 - day * 0.006), after_s=DAY_S)
    assert days_left(home) == pytest.approx(61, abs=10)
    assert home.memory.hot.devices["it"].low == 0


def weak(home: LoneHome, link: Link, times: int) -> list[tuple[str, FaultKind]]:
    return [it for _ in range(times) for it in opened(home.says("it", link, after_s=60))]


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (Link(lqi=12), Link(lqi=60)),
        (Link(snr_db=-17.5, rssi_dbm=-118), Link(snr_db=4, rssi_dbm=-118)),
        (Link(rssi_dbm=-93), Link(rssi_dbm=-60)),
    ],
    ids=["zigbee", "lorawan", "wifi"],
)
def test_a_link_is_weak_after_several_reports_and_good_after_as_many(bad: Link, good: Link) -> None:
    home = alone("hub")
    assert weak(home, bad, 4) == []
    assert weak(home, bad, 1) == [("it", FaultKind.WEAK_LINK)]
    assert weak(home, bad, 3) == []
    assert [c for _ in range(4) for c in cleared(home.says("it", good, after_s=60))] == []
    assert cleared(home.says("it", good, after_s=60)) == [("it", FaultKind.WEAK_LINK)]


def test_a_single_weak_report_among_good_ones_is_nothing() -> None:
    home = alone("hub")
    for _ in range(20):
        assert weak(home, Link(lqi=10), 1) == []
        assert weak(home, Link(lqi=80), 1) == []


def test_a_sensor_that_stays_occupied_is_stuck_until_it_changes() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    home.says("pir", Motion(state="detected", level=True))
    home.says("pir", Motion(state="clear", level=True), after_s=90)
    home.says("pir", Motion(state="detected", level=True), after_s=90)
    found = []
    for _ in range(25):
        found += opened(home.says("pir", Heartbeat(), after_s=HOUR))
    assert ("pir", FaultKind.STUCK) in found
    assert cleared(home.says("pir", Motion(state="clear", level=True))) == [("pir", FaultKind.STUCK)]


def test_a_sensor_that_only_ever_says_detected_is_not_stuck() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    home.says("pir", Motion(state="detected"))
    for _ in range(40):
        assert ("pir", FaultKind.STUCK) not in opened(home.says("pir", Heartbeat(), after_s=HOUR))


def test_one_that_sees_nothing_is_stuck_only_while_others_see_something() -> None:
    away, lived = (LoneHome(local(8), devices=HOME, policy=CALM) for _ in range(2))
    found = {}
    for name, home in (("away", away), ("lived", lived)):
        found[name] = []
        for day in range(15):
            found[name] += opened(home.says("bath", Heartbeat(), after_s=DAY_S / 2))
            if name == "lived" or day == 0:
                home.moves("pir")
            found[name] += opened(home.says("bath", Heartbeat(), after_s=DAY_S / 2))
    assert ("bath", FaultKind.STUCK) in found["lived"]
    assert ("bath", FaultKind.STUCK) not in found["away"]


def test_a_door_that_never_moves_in_a_lived_in_home_is_stuck_after_a_month() -> None:
    home = LoneHome(local(8), devices=(*HOME, DeviceFacts("door", "door", "hall", 0)), policy=CALM)
    found = []
    for _ in range(31):
        home.moves("pir", after_s=DAY_S)
        found += opened(home.says("door", Contact(state="closed", level=True)))
    assert found.count(("door", FaultKind.STUCK)) == 1


def declared(interval_s: int) -> tuple[DeviceFacts, ...]:
    """The home, with sensors whose models declare how often they speak."""
    return tuple(msgspec.structs.replace(it, interval_s=interval_s if it.role == "motion" else 0) for it in HOME)


def test_a_dead_hub_is_a_fault_at_once_and_leaves_the_home_unseen_as_soon_as_its_sensors_should_have_spoken() -> None:
    home = LoneHome(local(8), devices=declared(HOUR), policy=CALM)
    for _ in range(15 * 48):
        for device in ("hub", "pir", "bath", "sos"):
            home.says(device, Heartbeat(), after_s=15)
        home.wait(30 * MINUTE - 60)
        if not home.calm:
            break
    assert home.calm
    decisions = home.wait(17 * MINUTE)
    assert opened(decisions) == [("hub", MISSED)]
    assert home.calm
    assert rings(home.wait(3 * HOUR)), "as their models declare"
    assert home.alarms == [AlarmKind.UNSEEN]
    home.wait(21 * HOUR)
    assert home.alarms == [AlarmKind.UNSEEN, AlarmKind.CANNOT_CALL], "nor does a press come through"
    assert lines(home.says("pir", Heartbeat(), after_s=60)) == [EntryKind.CLEARED]


def test_the_last_button_that_dies_is_an_incident_of_its_own_with_its_end() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    home.says("sos", Heartbeat())
    for _ in range(25):
        for device in ("hub", "pir", "bath"):
            home.says(device, Heartbeat(), after_s=20 * MINUTE)
    assert AlarmKind.CANNOT_CALL in home.alarms
    assert home.open.priority is Priority.P3
    assert home.open.alarms[-1].detail == "unheard|sos"
    assert EntryKind.CLEARED in lines(home.says("sos", Heartbeat()))
    assert not home.memory.hot.mute


def test_a_button_with_an_empty_battery_cannot_be_relied_on_either() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    assert rings(home.says("sos", Battery(percent=4)))
    assert home.alarms == [AlarmKind.CANNOT_CALL]
    assert not rings(home.says("sos", Battery(percent=3), after_s=60)), "once"
    home.says("sos", Panic(), after_s=60)
    assert home.open.priority is Priority.P1, "and it still calls"


def test_a_home_that_cannot_call_is_an_incident_of_its_own_once_what_it_stood_behind_is_closed() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    home.asks(OpenManual(key=home.memory.hot.key, by="anna", text="abc", priority=Priority.P2))
    assert not rings(home.says("sos", Battery(percent=4))), "a line in something more urgent"
    home.asks(claim())
    assert rings(home.asks(close(outcome=Outcome.REAL))[1])
    assert (home.alarms, home.open.priority) == ([AlarmKind.CANNOT_CALL], Priority.P3)
    assert home.open.alarms[0].detail == "battery|sos"
    assert home.memory.hot.follow_up.due_s, "the call after the other incident is owed still"
    own = home.open.id
    home.asks(claim(incident=own))
    assert not rings(home.asks(close(incident=own, outcome=Outcome.EQUIPMENT))[1]), "whoever closes its own has seen it"
    assert home.calm


def test_with_a_second_means_the_resident_can_call() -> None:
    home = LoneHome(local(8), devices=(*HOME, DeviceFacts("pendant", "pendant", "", 0)), policy=CALM)
    home.says("pendant", Heartbeat())
    home.says("sos", Battery(percent=4))
    assert home.calm


def test_a_home_has_what_its_tier_or_case_requires() -> None:
    def lacks(**required: tuple[str, ...]) -> tuple[str, ...] | None:
        policy = msgspec.structs.replace(CALM, own_equipment=with_changes(required=required))
        home = LoneHome(local(8), devices=HOME, policy=policy, tier=RiskTier.URGENT)
        return home.memory.hot.lacks

    assert lacks() == ()
    assert lacks(urgent=("caller", "eye", "smoke")) == ("no_role|smoke",)
    assert lacks(urgent=("caller", "smoke"), H000001=("caller", "eye")) == (), "the case before its tier"


@pytest.mark.parametrize(
    "wrong",
    [
        {"check_ins": {"hub": (1, 30)}},
        {"check_ins": {"hub": (30, 30)}},
        {"check_ins": {"kettle": (10, 30)}},
        {"numbers": {"weak_lqi": 2}},
        {"numbers": {"x": 2}},
        {"required": {"urgent": ("kettle",)}},
    ],
)
def test_terms_out_of_bounds_are_refused(wrong: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"there (is|are)|between|at least"):
        with_changes(**wrong)  # type: ignore[arg-type]


def test_a_state_of_an_earlier_release_is_read() -> None:
    row = b'["motion","",7200,1772452879,{},87.5,0,-1,0,true,false,false,true,0,"",-1,{},{},{},0]'
    state = msgspec.json.decode(b'{"key":"H","devices":{"it":' + row + b"}}", type=HouseholdState)
    device = state.devices["it"]
    assert (device.low, device.tamper, device.offline, device.trace) == (1, 0, 1, "")
    assert CheckIn(1, 2) != CheckIn(2, 3)
