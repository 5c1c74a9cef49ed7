"""A home whose only hub is dead is blind, and nobody in it can call: an incident that says so, not a mere fault."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.commands import Claim, Close, RecordCall
from alerting.events import DeviceFacts, Enrolled, Unobserved
from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome, Priority, RiskTier
from device_adapters.signals import Availability, Battery, Heartbeat, Motion
from tests.alerting.lone_home import DAY_S, HOUR, KEY, UNHURRIED, LoneHome, lines, opened, rings
from tests.alerting.village import Village

MINUTE = 60
DEVICES = (
    DeviceFacts("pir", "motion", "living", 0),
    DeviceFacts("sos", "panic", "bedroom", 0),
    DeviceFacts("hub", "hub", "living", 0),
)


def alive(devices: tuple[DeviceFacts, ...] = DEVICES) -> LoneHome:
    home = LoneHome(devices=devices, policy=UNHURRIED)
    for device in devices:
        home.says(device.id, Motion(state="detected") if device.role == "motion" else Heartbeat())
    return home


def test_a_dead_hub_is_a_fault_after_its_time_and_after_its_grace_an_incident_that_names_it() -> None:
    home = alive()
    assert ("hub", FaultKind.MISSED_CHECK_IN) in opened(home.wait(45 * MINUTE))
    home.wait(45 * MINUTE - 1)
    assert home.calm
    home.wait(1)
    assert home.alarms == [AlarmKind.UNSEEN]
    assert home.open.alarms[0].detail == "hub|hub"
    assert home.open.priority is Priority.P3
    home.wait(3 * HOUR)
    assert home.alarms == [AlarmKind.UNSEEN], "once"


def test_it_is_over_with_the_first_word_and_rings_anew_the_next_time() -> None:
    home = alive()
    home.wait(2 * HOUR)
    home.says("hub", Heartbeat())
    assert not home.memory.hot.unseen
    home.wait(90 * MINUTE)
    assert home.memory.hot.unseen


def test_any_device_that_is_heard_shows_that_the_home_is_not_cut_off() -> None:
    for device in ("pir", "sos"):
        home = alive()
        home.wait(2 * HOUR)
        assert home.memory.hot.unseen
        home.says(device, Heartbeat())
        assert not home.memory.hot.unseen
        home.wait(10 * HOUR)
        assert not home.memory.hot.unseen, "it has a way of its own, and its own time"


def test_sensors_that_speak_without_the_hub_keep_the_home_seen() -> None:
    home = alive()
    for _ in range(6):
        home.moves("pir", after_s=20 * MINUTE)
    assert home.calm


def test_one_of_two_hubs_is_enough() -> None:
    home = alive((*DEVICES, DeviceFacts("hub-2", "hub", "bedroom", 0)))
    for _ in range(12):
        home.says("hub-2", Heartbeat(), after_s=10 * MINUTE)
    assert home.calm
    home.wait(90 * MINUTE)
    assert home.open.alarms[0].detail == "hub|hub-2"


def test_a_hub_that_is_not_installed_yet_leaves_nobody_blind() -> None:
    unarmed = tuple(msgspec.structs.replace(d, armed=d.role != "hub") for d in DEVICES)
    home = alive(unarmed)
    home.wait(5 * HOUR)
    assert home.calm
    never = LoneHome(devices=DEVICES, policy=UNHURRIED)
    never.says("pir", Motion(state="detected"))
    never.wait(5 * HOUR)
    assert never.calm


def close(home: LoneHome) -> None:
    """The desk telephones, and closes it as the equipment's matter."""
    who = {"key": KEY, "incident": home.open.id, "by": "a"}
    for command in (
        Claim(**who),
        RecordCall(**who, whom="x", result="spoke"),
        Close(**who, outcome=Outcome.EQUIPMENT),
    ):
        assert not home.asks(command)[0].refused


def test_a_home_that_is_seen_again_after_its_incident_was_closed_is_watched_from_then_on() -> None:
    home = alive()
    home.wait(2 * HOUR)
    close(home)
    home.says("pir", Heartbeat(), after_s=HOUR)
    assert not home.memory.hot.unseen
    assert home.wake is not None
    assert home.wake <= home.due


def test_an_outage_of_the_gateway_does_not_bring_a_dead_hub_back() -> None:
    for waited_s in (HOUR, 2 * HOUR):
        home = alive()
        home.wait(waited_s)
        since = home.now
        home.now += timedelta(minutes=20)
        home.judge(Unobserved(since=since, until=home.now))
        home.wait(12 * HOUR)
        assert home.memory.hot.unseen
        assert home.alarms == [AlarmKind.UNSEEN], "and no silence is judged that nobody could hear"


MIXED = (
    DeviceFacts("pir", "motion", "living", 0),
    DeviceFacts("door", "door", "hall", 0),
    DeviceFacts("sos", "panic", "bedroom", 0, hub="hub"),
    DeviceFacts("hub", "hub", "living", 0),
)
"""Its only button hangs on the hub; its sensors have ways of their own."""


def mixed(devices: tuple[DeviceFacts, ...] = MIXED) -> LoneHome:
    home = alive(devices)
    assert not home.memory.hot.mute
    return home


def test_a_button_behind_a_dead_hub_calls_nobody_though_the_sensors_are_heard() -> None:
    home = mixed()
    home.wait(45 * MINUTE)
    home.moves("pir")
    home.wait(45 * MINUTE - 1)
    assert home.calm
    home.wait(1)
    assert home.alarms == [AlarmKind.CANNOT_CALL]
    assert (home.open.priority, home.open.alarms[0].detail) == (Priority.P3, "hub_dead|sos")
    home.moves("pir", after_s=HOUR)
    assert home.alarms == [AlarmKind.CANNOT_CALL], "once"
    assert home.memory.hot.lacks == ("unheard|hub",)


def test_also_by_night_when_no_sensor_speaks_it_is_no_home_that_cannot_be_seen() -> None:
    home = mixed()
    home.wait(3 * HOUR)
    assert home.alarms == [AlarmKind.CANNOT_CALL], "its sensors have 25 hours of their own"


def test_a_hub_that_its_bridge_calls_offline_is_dead_after_its_time() -> None:
    home = mixed()
    home.says("hub", Availability(state="offline"), after_s=60)
    home.wait(44 * MINUTE - 1)
    assert home.calm
    home.wait(1)
    assert home.alarms == [AlarmKind.CANNOT_CALL]


def test_a_hub_that_is_said_to_be_offline_once_it_is_silent_is_dead_at_that_word() -> None:
    home = mixed()
    home.wait(50 * MINUTE)
    assert rings(home.says("hub", Availability(state="offline")))
    assert home.alarms == [AlarmKind.CANNOT_CALL]


@pytest.mark.parametrize("speaker", ["hub", "sos"])
def test_the_word_of_the_hub_or_the_button_ends_it(speaker: str) -> None:
    home = mixed()
    home.wait(2 * HOUR)
    assert home.memory.hot.mute
    assert EntryKind.CLEARED in lines(home.says(speaker, Heartbeat()))
    assert not home.memory.hot.mute
    close(home)
    home.wait(HOUR)
    assert home.calm
    if speaker == "hub":
        home.wait(30 * MINUTE)
        assert home.alarms == [AlarmKind.CANNOT_CALL], "and rings anew the next time"


def test_what_else_is_heard_through_the_hub_shows_that_it_lives() -> None:
    home = mixed((*MIXED, DeviceFacts("bath", "motion", "bathroom", 0, hub="hub")))
    for _ in range(10):
        home.moves("bath", after_s=20 * MINUTE)
    assert home.calm, "only its heartbeats are lost"


def test_a_new_button_behind_a_dead_hub_is_no_sign_that_it_lives() -> None:
    home = mixed()
    home.wait(2 * HOUR)
    new = msgspec.structs.replace(MIXED[2], id="sos-2")
    home.judge(Enrolled(tier=RiskTier.CARE, devices=(*MIXED, new)))
    assert home.memory.hot.mute


def test_a_second_means_with_a_way_of_its_own_is_enough() -> None:
    home = mixed((*MIXED, DeviceFacts("pendant", "pendant", "", 2 * DAY_S)))
    home.wait(5 * HOUR)
    assert home.calm
    assert rings(home.says("pendant", Battery(percent=4)))
    assert home.open.alarms[0].detail == "hub_dead|sos battery|pendant"


def test_a_button_behind_the_living_one_of_two_hubs_calls() -> None:
    two = (*MIXED, DeviceFacts("hub-2", "hub", "bedroom", 0), DeviceFacts("bath", "motion", "bathroom", 0, hub="hub-2"))
    for dead, living, alarms in (("hub", "hub-2", [AlarmKind.CANNOT_CALL]), ("hub-2", "hub", [])):
        home = mixed(two)
        for _ in range(10):
            home.says(living, Heartbeat(), after_s=10 * MINUTE)
        assert home.alarms == alarms, dead


def test_two_dead_hubs_with_all_that_is_in_the_home_leave_it_unseen_and_say_it_once() -> None:
    both = tuple(msgspec.structs.replace(it, hub=it.hub or "hub-2") for it in MIXED if it.role != "hub")
    home = mixed((*both, MIXED[-1], DeviceFacts("hub-2", "hub", "bedroom", 0)))
    home.wait(5 * HOUR)
    assert home.alarms == [AlarmKind.UNSEEN]
    assert home.open.alarms[0].detail.startswith("hub|")


SEEN_BY_THE_HUB = (
    DeviceFacts("pir", "motion", "living", 0, hub="hub"),
    DeviceFacts("pendant", "pendant", "", 0),
    DeviceFacts("hub", "hub", "living", 0),
)
"""Its sensors hang on the hub; its button has a way of its own."""


def beats(home: LoneHome, hours: int) -> None:
    for _ in range(4 * hours):
        home.says("pendant", Heartbeat(), after_s=15 * MINUTE)


def test_sensors_behind_a_dead_hub_see_nothing_though_the_portable_alarm_is_heard() -> None:
    home = mixed(SEEN_BY_THE_HUB)
    beats(home, 14)
    assert home.alarms == [AlarmKind.UNSEEN], "and no silence is judged that nobody could hear"
    assert home.open.alarms[0].detail == "sensors|hub"
    assert EntryKind.CLEARED in lines(home.says("hub", Heartbeat()))
    assert home.due > home.now + timedelta(hours=5), "nor counted afterwards"


def test_of_a_home_with_one_hub_for_all_nothing_is_kept() -> None:
    home = alive(tuple(msgspec.structs.replace(it, hub="hub" if it.role != "hub" else "") for it in DEVICES))
    assert home.memory.hot.behind == {}
    assert mixed().memory.hot.behind == {"hub": ("sos",)}


def test_in_a_village_without_power_they_stand_under_its_one_incident() -> None:
    village = Village(10, policy=UNHURRIED)
    for home in village.homes:
        village.judge(home, Enrolled(tier=RiskTier.CARE, devices=MIXED))
        for it in MIXED:
            village.says(home, Heartbeat(), it.id)
    village.wait(80 * MINUTE)
    assert set(village.silent()) == set(village.homes), "the area's incident begins with their hubs' faults"
    village.wait(20 * MINUTE)
    running = [it.hot.open for it in village.memories.values() if it.hot.open is not None]
    assert [[alarm.kind for alarm in it.alarms] for it in running] == [[AlarmKind.CANNOT_CALL]] * 10
    assert set(village.silent()) == set(village.homes)
