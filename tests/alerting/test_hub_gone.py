"""A home whose only hub is dead is blind, and nobody in it can call: an incident that says so, not a mere fault."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from alerting.commands import Claim, Close, RecordCall
from alerting.events import DeviceFacts, Unobserved
from alerting.model import AlarmKind, FaultKind, Outcome, Priority
from device_adapters.signals import Heartbeat, Motion
from tests.alerting.lone_home import HOUR, KEY, UNHURRIED, LoneHome, opened

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
