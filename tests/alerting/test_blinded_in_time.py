"""A device that is silent sooner than it could be heard blinds nobody: the home goes on being judged."""

from __future__ import annotations

import msgspec
import pytest

from alerting.equipment_terms import with_changes
from alerting.events import Enrolled
from alerting.homes import supervision
from alerting.model import AlarmKind, Priority, RiskTier
from device_adapters.signals import Heartbeat
from tests.alerting.lone_home import DAY_S, HOUR, LoneHome, local, opened
from tests.alerting.test_supervision import CALM, HOME, MINUTE, MISSED, alone, beats, declared


@pytest.mark.parametrize("tier", [RiskTier.URGENT, RiskTier.CARE])
def test_a_home_whose_sensors_speak_only_of_movement_keeps_its_inactivity_and_its_growth(tier: RiskTier) -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM, tier=tier)
    home.moves("bath", after_s=13 * HOUR)
    home.moves("pir")
    found = home.wait(24 * HOUR)
    first, second = (alarm for alarm in home.open.alarms if alarm.kind is AlarmKind.INACTIVITY)
    assert second.limit_source == "grown"
    assert first.at < second.at
    assert home.open.priority is Priority.P2
    assert not [it for it in opened(found) if it[0] in {"pir", "bath"}]
    assert AlarmKind.UNSEEN not in home.alarms


def test_a_night_of_sleep_is_no_fault_of_sensors_that_speak_only_of_movement() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    found = []
    for _ in range(20):
        for _ in range(14):
            found += home.moves("pir", after_s=HOUR) + home.moves("bath")
        found += home.moves("pir", after_s=10 * HOUR) + home.moves("bath")
    assert not [it for it in opened(found) if it[0] in {"pir", "bath"}]
    assert AlarmKind.UNSEEN not in home.alarms


def test_a_class_that_the_centre_has_made_shorter_is_a_fault_and_blinds_nobody() -> None:
    policy = msgspec.structs.replace(CALM, own_equipment=with_changes(check_ins={"motion": (60, 180)}))
    home = LoneHome(local(8), devices=HOME, policy=policy)
    home.moves("bath")
    home.moves("pir")
    assert {("pir", MISSED), ("bath", MISSED)} <= set(opened(home.wait(3 * HOUR)))
    assert home.calm
    home.wait(13 * HOUR)
    assert AlarmKind.INACTIVITY in home.alarms
    assert AlarmKind.UNSEEN not in home.alarms
    home.wait(9 * HOUR)
    assert AlarmKind.UNSEEN in home.alarms, "25 hours after their last word"


def test_a_router_that_restarts_after_a_month_of_heartbeats_is_no_death() -> None:
    home = LoneHome(local(8), devices=(HOME[1], HOME[3]), policy=CALM)
    for _ in range(31 * 144):
        for device in ("pir", "sos"):
            home.says(device, Heartbeat(), after_s=10 * MINUTE if device == "pir" else 0)
        home.memory = msgspec.structs.replace(home.memory, hot=msgspec.structs.replace(home.memory.hot, open=None))
    home.moves("pir")
    assert opened(home.wait(44 * MINUTE)) == []
    home.wait(3 * HOUR + 30 * MINUTE)
    assert home.memory.hot.devices["pir"].missed, "a fault by its own pauses, not before twice its class's interval"
    assert not home.memory.hot.unseen
    home.wait(2 * DAY_S)
    assert {AlarmKind.INACTIVITY, AlarmKind.UNSEEN, AlarmKind.CANNOT_CALL} <= set(home.alarms)


def test_a_caller_is_cut_off_by_its_own_pauses_after_six_hours_at_the_earliest() -> None:
    terms = with_changes(check_ins={"panic": (60, 1500)})
    home = LoneHome(local(8), devices=HOME[3:], policy=msgspec.structs.replace(CALM, own_equipment=terms))
    beats(home, 10 * MINUTE, 16, "sos")
    assert opened(home.wait(2 * HOUR)) == [("sos", MISSED)]
    home.wait(4 * HOUR - 1)
    assert not home.memory.hot.mute
    home.wait(1)
    assert home.memory.hot.mute
    assert home.alarms == [AlarmKind.CANNOT_CALL]


def test_a_pause_of_its_own_is_never_less_than_an_hour() -> None:
    home = alone("fall")
    beats(home, 2 * MINUTE, 16)
    assert supervision.silent_after_s(home.memory.hot.devices["it"], CALM) == 2 * HOUR
    assert supervision.silent_after_s(alone("pendant").memory.hot.devices["it"], CALM) == HOUR


def test_devices_whose_time_becomes_shorter_by_a_new_release_have_it_from_then_on() -> None:
    home = LoneHome(local(8), devices=tuple(msgspec.structs.replace(it, check_in_s=90_000) for it in HOME), policy=CALM)
    for it in HOME:
        home.says(it.id, Heartbeat())
    home.wait(9 * HOUR)
    now = home.judge(Enrolled(tier=RiskTier.CARE, devices=declared(HOUR)))
    assert opened(now + home.wait(45 * MINUTE - 1)) == []
    assert opened(home.wait(1)) == [("hub", MISSED)]
    home.says("hub", Heartbeat(), after_s=10 * MINUTE)
    for _ in range(11):
        home.says("hub", Heartbeat(), after_s=10 * MINUTE)
    assert not home.memory.hot.unseen
    home.says("hub", Heartbeat(), after_s=14 * MINUTE)
    home.wait(MINUTE)
    assert home.memory.hot.unseen, "by its sensors: the hub is heard"


def test_a_home_that_an_earlier_release_knew_as_unseen_is_seen_again_by_the_next_word() -> None:
    home = LoneHome(local(8), devices=HOME, policy=CALM)
    for it in HOME:
        home.says(it.id, Heartbeat())
    home.wait(26 * HOUR)
    hot = home.memory.hot
    assert hot.unseen
    devices = {id_: msgspec.structs.replace(it, missed=1) for id_, it in hot.devices.items()}
    home.memory = msgspec.structs.replace(home.memory, hot=msgspec.structs.replace(hot, devices=devices))
    home.moves("pir")
    assert not home.memory.hot.unseen
