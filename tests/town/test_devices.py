"""What simulated devices publish is what the real adapters read as the truth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from device_adapters import own_protocol
from device_adapters.adapter import Adapter, DeviceHint, Known, Message, with_role
from device_adapters.bridges import zigbee2mqtt
from device_adapters.network_servers import chirpstack
from device_adapters.signals import (
    AnySignal,
    Availability,
    Battery,
    Button,
    Contact,
    Fall,
    Heartbeat,
    Link,
    Motion,
    Panic,
    Provisioning,
    Tamper,
    Test,
)
from nuanhu.town.devices.chirpstack import ChirpStackVoice
from nuanhu.town.devices.own import OwnVoice
from nuanhu.town.devices.voice import Outgoing, Voice
from nuanhu.town.devices.zigbee2mqtt import Zigbee2MqttVoice
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Fitted, Home
from nuanhu.town.plan import TownPlan

AT = datetime(2025, 3, 12, 9, 17, 31, 250_000, tzinfo=UTC)
ADAPTERS: dict[str, Adapter] = {OWN: own_protocol.ADAPTER, ZIGBEE: zigbee2mqtt.ADAPTER, LORA: chirpstack.ADAPTER}
MAKES = (OWN, ZIGBEE, LORA)


def voice_of(home: Home) -> Voice:
    if home.make == OWN:
        return OwnVoice(7, home, "b00t")
    return Zigbee2MqttVoice(7, home) if home.make == ZIGBEE else ChirpStackVoice(7, AT)


def decoded(home: Home, said: Iterable[Outgoing]) -> list[AnySignal]:
    known = Known(
        devices={
            f.device.inner: DeviceHint(vendor=f.device.vendor, model=f.device.model, role=f.device.role)
            for f in home.fitted
        },
        names={f.name: f.device.inner for f in home.fitted},
    )
    signals: list[AnySignal] = []
    for message in said:
        assert message.topic.startswith(f"{home.bridge.prefix}/")
        assert len(message.payload) < 4096
        raw = Message(message.topic, message.payload, AT)
        signals += with_role(ADAPTERS[home.make].decode(raw, home.bridge.prefix, known), known)
    return signals


def some(plan: TownPlan, make: str, count: int = 6) -> list[Home]:
    return [home for home in plan.homes if home.make == make][:count]


def role(home: Home, name: str) -> Fitted:
    found = home.with_role(name)
    assert found is not None
    return found


@pytest.mark.parametrize("make", MAKES)
def test_a_detection_is_motion_of_that_sensor(plan: TownPlan, make: str) -> None:
    for home in some(plan, make):
        voice = voice_of(home)
        for fitted in home.motion.values():
            motions = [s for s in decoded(home, voice.detected(fitted, AT)) if isinstance(s, Motion)]
            assert {(m.device, m.state) for m in motions} == {(fitted.device.inner, "detected")}


@pytest.mark.parametrize("make", [ZIGBEE, LORA])
def test_a_level_is_cleared_once(plan: TownPlan, make: str) -> None:
    for home in some(plan, make):
        voice = voice_of(home)
        fitted = next(iter(home.motion.values()))
        assert voice.settled(fitted, AT) == []
        voice.detected(fitted, AT)
        later = AT + timedelta(seconds=voice.settles_after_s)
        motions = [s for s in decoded(home, voice.settled(fitted, later)) if isinstance(s, Motion)]
        assert {m.state for m in motions} == {"clear"}
        assert voice.settled(fitted, later) == []


def test_own_sensors_never_say_that_nobody_is_there(plan: TownPlan) -> None:
    home = some(plan, OWN)[0]
    assert voice_of(home).settles_after_s == 0


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize(("is_open", "state"), [(True, "open"), (False, "closed")])
def test_a_door_says_what_it_does(plan: TownPlan, make: str, *, is_open: bool, state: str) -> None:
    for home in some(plan, make):
        if home.door is None:
            continue
        said = voice_of(home).moved(home.door, AT, is_open=is_open)
        contacts = [s for s in decoded(home, said) if isinstance(s, Contact)]
        assert {(c.device, c.state) for c in contacts} == {(home.door.device.inner, state)}


@pytest.mark.parametrize("make", MAKES)
def test_a_press_is_a_panic_of_the_button_and_goes_first(plan: TownPlan, make: str) -> None:
    adapter = ADAPTERS[make]
    for home in some(plan, make):
        button = role(home, "panic")
        said = voice_of(home).call(button, AT, "panic")
        panics = [s for s in decoded(home, said) if isinstance(s, Panic)]
        assert panics
        assert {(p.device, p.state, p.ongoing) for p in panics} == {(button.device.inner, "active", False)}
        assert all(message.urgent for message in said)
        assert adapter.urgent(said[0].topic, said[0].payload)


def test_a_zigbee_press_comes_as_three_messages_of_which_one_is_an_echo(plan: TownPlan) -> None:
    home = some(plan, ZIGBEE)[0]
    button = role(home, "panic")
    said = voice_of(home).call(button, AT, "panic")
    assert [m.topic.removeprefix(f"{home.bridge.prefix}/{button.name}") for m in said] == ["", "/action", ""]
    panics = [s for s in decoded(home, said) if isinstance(s, Panic)]
    assert [p.echo for p in panics] == [False, True]


def test_a_lorawan_press_may_come_twice_but_is_one_event(plan: TownPlan) -> None:
    home = some(plan, LORA)[0]
    voice, button = voice_of(home), role(home, "panic")
    twice = 0
    for _ in range(200):
        said = voice.call(button, AT, "panic")
        events = [s.event_id for s in decoded(home, said) if isinstance(s, Panic)]
        assert len(events) == len(said)
        assert len(set(events)) == 1
        twice += len(said) == 2
    assert 0 < twice < 20


def test_lorawan_frames_are_counted_and_never_fall_back(plan: TownPlan) -> None:
    home = some(plan, LORA)[0]
    fitted = home.fitted[0]
    before = ChirpStackVoice(7, AT)
    counts = [json.loads(m.payload)["fCnt"] for _ in range(30) for m in before.report(fitted, AT)[:1]]
    assert counts == list(range(counts[0], counts[0] + 30))
    after = ChirpStackVoice(7, AT + timedelta(hours=1)).report(fitted, AT)
    assert json.loads(after[0].payload)["fCnt"] > counts[-1]


def test_lorawan_frames_reach_one_gateway_or_two(plan: TownPlan) -> None:
    home = some(plan, LORA)[0]
    voice = voice_of(home)
    said = [m for _ in range(40) for m in voice.report(home.fitted[0], AT)]
    assert {len(json.loads(m.payload)["rxInfo"]) for m in said} == {1, 2}
    heard = [s.gateways for s in decoded(home, said) if isinstance(s, Link)]
    assert set(heard) == {1, 2}


def test_own_events_are_numbered_and_carry_the_device_time(plan: TownPlan) -> None:
    home = some(plan, OWN)[0]
    voice, button = voice_of(home), role(home, "panic")
    said = [voice.call(button, AT, "panic")[0] for _ in range(3)]
    panics = [s for s in decoded(home, said) if isinstance(s, Panic)]
    assert [p.seq for p in panics] == [0, 1, 2]
    assert [p.event_id for p in panics] == [m.event_id for m in said]
    assert len({p.event_id for p in panics}) == 3
    assert {p.device_time for p in panics} == {AT}
    late = decoded(home, [m._replace(payload=m.late_payload) for m in said])
    assert all(s.buffered and s.event_id for s in late if isinstance(s, Panic))


def test_a_pendant_says_that_somebody_fell(plan: TownPlan) -> None:
    home = next(h for h in plan.homes if h.make == OWN and h.with_role("pendant"))
    pendant = role(home, "pendant")
    falls = [s for s in decoded(home, voice_of(home).call(pendant, AT, "fall")) if isinstance(s, Fall)]
    assert [(f.device, f.state) for f in falls] == [(pendant.device.inner, "active")]


def test_marked_tests_and_answers_are_no_calls_for_help(plan: TownPlan) -> None:
    home = some(plan, OWN)[0]
    voice, button = voice_of(home), role(home, "panic")
    tests = decoded(home, voice.marked_test(button, AT))
    assert [type(s) for s in tests] == [Test]
    well = decoded(home, voice.well(role(home, "hub"), AT))
    assert [(type(s), getattr(s, "action", "")) for s in well] == [(Button, "well")]


@pytest.mark.parametrize("make", MAKES)
def test_reports_are_signs_of_life_without_motion(plan: TownPlan, make: str) -> None:
    for home in some(plan, make):
        voice = voice_of(home)
        for fitted in home.fitted:
            signals = decoded(home, voice.report(fitted, AT))
            assert signals
            assert {s.device for s in signals} == {fitted.device.inner}
            assert not [s for s in signals if isinstance(s, Panic | Fall | Button)]
            assert not [s for s in signals if isinstance(s, Tamper) and s.state == "active"]
            assert not [s for s in signals if isinstance(s, Motion) and s.state == "detected"]
            percents = {s.percent for s in signals if isinstance(s, Battery) and s.percent is not None}
            assert percents == ({fitted.battery_percent(AT)} if fitted.battery_days else set())


@pytest.mark.parametrize("make", MAKES)
def test_a_nearly_empty_battery_is_told(plan: TownPlan, make: str) -> None:
    home = some(plan, make)[0]
    fitted = role(home, "panic")
    voice = voice_of(home)
    voice.low.add(fitted.device.id)
    for said in (voice.report(fitted, AT), voice.report(fitted, AT + timedelta(hours=1))):
        assert next(s.percent for s in decoded(home, said) if isinstance(s, Battery) and s.percent is not None) < 10
    first = [s for s in decoded(home, voice.hello(fitted, AT)) if isinstance(s, Battery)]
    assert all(s.percent is None or s.percent < 10 for s in first), "nor does it say anything better when it comes back"


def test_own_devices_answer_for_themselves_at_the_start(plan: TownPlan) -> None:
    home = some(plan, OWN)[0]
    voice = voice_of(home)
    will = voice.will()
    assert will is not None
    assert will.retain
    assert [s.state for s in decoded(home, [will]) if isinstance(s, Availability)] == ["offline"]
    births = voice.connected(AT)
    assert all(m.retain for m in births)
    assert [s.state for s in decoded(home, births) if isinstance(s, Availability)] == ["online"]
    assert any(isinstance(s, Heartbeat) for s in decoded(home, voice.hello(home.fitted[0], AT)))


def test_zigbee2mqtt_announces_its_devices_retained(plan: TownPlan) -> None:
    home = some(plan, ZIGBEE)[0]
    births = voice_of(home).connected(AT)
    assert all(m.retain for m in births)
    signals = decoded(home, births)
    names = next(s.names for s in signals if isinstance(s, Provisioning))
    assert names == {f.name: f.device.inner for f in home.fitted}
    online = {s.device for s in signals if isinstance(s, Availability) and s.state == "online" and not s.scope}
    assert online == set(home.by_inner)
    lost = decoded(home, voice_of(home).lost(home.fitted[0], AT))
    assert [(type(s), s.device) for s in lost] == [(Availability, home.fitted[0].device.inner)]


def test_zigbee2mqtt_repeats_what_it_remembers_in_some_homes_only(plan: TownPlan) -> None:
    repeated = []
    for home in some(plan, ZIGBEE, 18):
        voice = voice_of(home)
        fitted = next(iter(home.motion.values()))
        voice.detected(fitted, AT)
        report = json.loads(voice.report(fitted, AT)[0].payload)
        assert "battery" in report
        repeated.append(report.get("occupancy"))
    assert set(repeated) == {None, True}


@pytest.mark.parametrize("make", [OWN, LORA])
def test_tampering_is_told_where_the_device_can(plan: TownPlan, make: str) -> None:
    home = next(h for h in plan.homes if h.make == make and h.door)
    assert home.door is not None
    voice = voice_of(home)
    for active in (True, False):
        said = voice.tampered(home.door, AT, active=active)
        states = [s.state for s in decoded(home, said) if isinstance(s, Tamper)]
        assert states == ["active" if active else "clear"] * len(said)
