"""ChirpStack v4: which codec, which event, who, and how well it was heard."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

from device_adapters import catalogue
from device_adapters.adapter import NOTHING_KNOWN, DeviceHint, Known, Message, Rejected
from device_adapters.network_servers import chirpstack
from device_adapters.signals import (
    Battery,
    Button,
    Fault,
    Heartbeat,
    Link,
    Location,
    Motion,
    Panic,
    Provisioning,
)
from tests.device_adapters.reading import NOW, kinds, read

EUI = "24e124aabb000017"
TOPIC = f"7d0c/device/{EUI}/event"
TIME = "2026-01-05T07:59:58.123456789+00:00"


def up(frame: str = "", profile: str = "WS202", **body: Any) -> dict[str, Any]:
    event = {
        "deduplicationId": "5a2e",
        "time": TIME,
        "deviceInfo": {"deviceName": "卧室", "deviceProfileName": profile, "devEui": EUI.upper()},
        "devAddr": "00aabbcc",
        "fCnt": 7,
        "fPort": 85,
        "rxInfo": [{"gatewayId": "g1", "rssi": -97, "snr": 4.5}],
        **body,
    }
    if frame:
        event["data"] = base64.b64encode(bytes.fromhex(frame)).decode()
    return {key: value for key, value in event.items() if value is not None}


def event(name: str, body: dict[str, Any], **how: Any) -> list[Any]:
    return read("chirpstack", f"{TOPIC}/{name}", body, **how)


def test_a_frame_is_read_by_the_codec_of_its_profile() -> None:
    motion, link = event("up", up("030001"))
    said = {
        "device": EUI,
        "name": "卧室",
        "arrived_at": NOW,
        "device_time": motion.device_time,
        "occurred_at": TIME,
    }
    assert motion == Motion(state="detected", level=True, event_id="5a2e", **said)
    assert link == Link(rssi_dbm=-97, snr_db=4.5, gateways=1, **said)
    assert motion.device_time is not None
    assert motion.device_time.isoformat() == "2026-01-05T07:59:58.123456+00:00"


@pytest.mark.parametrize("profile", ["WS202", "ws202", "Milesight WS202 (CN470)", "WS202-868M", "ms_WS202"])
def test_profiles_are_named_by_people(profile: str) -> None:
    assert kinds(event("up", up("030001", profile))) == ["motion", "link"]


def test_a_model_s_name_inside_a_longer_word_is_another_model() -> None:
    assert kinds(event("up", up("030001", "WS2021"))) == ["heartbeat", "link"]
    assert kinds(event("up", up("030001", "AWS202"))) == ["heartbeat", "link"]


def test_the_registry_and_the_tags_name_the_codec_when_the_profile_does_not() -> None:
    known = Known(devices={EUI: DeviceHint(vendor="Milesight", model="WS101")})
    assert kinds(event("up", up("ff2e01", "default"), known=known)) == ["button", "link"]
    body = up("ff2e01", "default")
    body["deviceInfo"]["tags"] = {"model": "ws101"}
    assert kinds(event("up", body)) == ["button", "link"]
    assert kinds(event("up", up("ff2e01", "default"))) == ["heartbeat", "link"]


def test_a_button_is_a_panic_where_provisioning_says_so() -> None:
    button, _ = event("up", up("ff2e01", "WS101"))
    assert button == Button(
        action="short",
        device=EUI,
        name="卧室",
        event_id="5a2e",
        arrived_at=NOW,
        device_time=button.device_time,
        occurred_at=TIME,
    )
    panic, _ = event("up", up("ff2e02", "WS101"), known=Known(devices={EUI: DeviceHint(role="panic")}))
    assert isinstance(panic, Panic)
    assert (panic.subtype, panic.event_id) == ("long", "5a2e")


def test_a_panic_button_whose_presses_cannot_be_read_is_a_fault() -> None:
    known = Known(devices={EUI: DeviceHint(role="panic", model="B-99")})
    fault, link = event("up", up("ff2e01", "default"), known=known)
    assert isinstance(fault, Fault)
    assert (fault.code, kinds([link])) == ("no_codec", ["link"])


@pytest.mark.parametrize("profile", ["Milesight CN470", "Dragino, Milesight", "default"])
def test_a_maker_in_the_profile_does_not_hide_the_model_in_the_registry(profile: str) -> None:
    known = Known(devices={EUI: DeviceHint(vendor="Milesight", model="WS101", role="panic")})
    body = up("017564ff2e01", profile)
    assert kinds(event("up", body, known=known)) == ["battery", "panic", "link"]
    assert chirpstack.urgent(f"application/{TOPIC}/up", msgspec.json.encode(body))


def test_of_two_makers_the_one_whose_calls_are_read_comes_first() -> None:
    known = Known(devices={EUI: DeviceHint(vendor="Netvox", model="R999Z", role="panic")})
    body = up("0100060100000000000000", "Milesight CN470", fPort=6)
    assert kinds(event("up", body, known=known)) == kinds(event("up", {**body, "deviceInfo": {}}, known=known))


@pytest.mark.parametrize("role", ["panic", "pendant", "button"])
@pytest.mark.parametrize(
    ("profile", "frame", "read"),
    [("Milesight PB05-L", "01755a", ["battery"]), ("Milesight PB05-L", "ff2e01", []), ("WS202", "030001", ["motion"])],
)
def test_a_button_of_which_only_the_battery_is_read_is_a_fault(
    role: str, profile: str, frame: str, read: list[str]
) -> None:
    known = Known(devices={EUI: DeviceHint(role=role)})
    signals = event("up", up(frame, profile), known=known)
    assert kinds(signals) == [*read, "fault", "link"]
    assert [signal.code for signal in signals if isinstance(signal, Fault)] == ["no_codec"]


def test_several_events_of_one_frame_have_ids_of_their_own() -> None:
    signals = event("up", up("017550ff34010001ff34020002", "WS136"))
    assert [(s.action, s.button, s.event_id) for s in signals if isinstance(s, Button)] == [
        ("short", 1, "5a2e"),
        ("double", 2, "5a2e#1"),
    ]
    assert [s.event_id for s in signals if isinstance(s, (Battery, Link))] == [None, None]


def test_stored_readings_keep_their_own_time() -> None:
    [contact, _] = event("up", up("20ce78685b6910015d01", "EM300-MCS"))
    assert (contact.buffered, contact.occurred_at) == (True, 0x695B6878)
    assert contact.device_time.timestamp() == 0x695B6878


def test_without_a_deduplication_id_only_equal_frames_are_equal() -> None:
    def of(**body: Any) -> str | None:
        return event("up", up("ff2e01", "WS101", deduplicationId=None, **body))[0].event_id

    assert of() == of() == "00aabbcc/7/" + TIME
    assert len({of(), of(fCnt=8), of(fCnt=None), of(time="2026-01-05T07:59:59Z"), of(devAddr="1")}) == 5
    assert of(time=None) is None
    assert of(devAddr=None) is None


def test_ids_that_begin_alike_are_two_however_long_they_are() -> None:
    def of(**body: Any) -> str:
        id_ = event("up", up("ff2e01", "WS101", **body))[0].event_id
        assert isinstance(id_, str)
        return id_

    long = "5a2e" * 16
    assert of(deduplicationId=long) == long
    ids = [long, *(long + end for end in ("1", "2", "1\0")), "5a2e\0", "5a2e", "5\x00a2e"]
    read = [of(deduplicationId=id_) for id_ in ids]
    assert len(set(read)) == len(ids)
    assert [of(deduplicationId=id_) for id_ in ids] == read
    assert all(len(id_) <= 64 and id_.isprintable() for id_ in read)
    assert of(deduplicationId=None, time=TIME + " " * 64 + "1") != of(deduplicationId=None, time=TIME + " " * 64 + "2")
    joins = [event("join", up(deduplicationId=long + end))[0].event_id for end in ("1", "2")]
    assert joins[0] != joins[1]


def test_the_best_gateway_tells_the_link_and_near_gateways_count_once() -> None:
    received = [
        {"gatewayId": "g1", "rssi": -110, "snr": -3},
        {"gatewayId": "g2", "rssi": -80},
        {"gatewayId": "g2", "rssi": -85, "snr": 9},
        {"gatewayId": "g3", "snr": 2},
    ]
    link = event("up", up("030001", rxInfo=received))[-1]
    assert (link.rssi_dbm, link.snr_db, link.gateways) == (-80, 0, 3)


@pytest.mark.parametrize("body", [{"data": ""}, {"fCnt": None, "fPort": None}, {"rxInfo": None}])
def test_keys_that_are_zero_may_be_missing(body: dict[str, Any]) -> None:
    signals = event("up", up("", **body))
    assert kinds(signals)[0] == "heartbeat"


def test_an_empty_frame_and_a_frame_about_light_are_signs_of_life() -> None:
    assert kinds(event("up", up(""))) == ["heartbeat", "link"]
    assert kinds(event("up", up("040001"))) == ["heartbeat", "link"]


def test_the_prefix_of_a_bridge_may_contain_the_application() -> None:
    payload = msgspec.json.encode(up("030001"))
    for prefix in ("application/7d0c", "region/cn/application", "application"):
        rest = f"device/{EUI}/event/up" if prefix.endswith("7d0c") else f"7d0c/device/{EUI}/event/up"
        message = Message(f"{prefix}/{rest}", payload, NOW)
        signals = catalogue.decode(message, chirpstack.ADAPTER, prefix, NOTHING_KNOWN)
        assert (signals[0].device, kinds(signals)) == (EUI, ["motion", "link"])


def test_a_join_is_provisioning() -> None:
    [join] = event("join", up())
    assert isinstance(join, Provisioning)
    assert (join.code, join.device, join.event_id) == ("join", EUI, "5a2e")


@pytest.mark.parametrize(
    ("body", "percent"),
    [
        ({"batteryLevel": 88.3}, 88.3),
        ({"batteryLevelUnavailable": True}, None),
        ({"externalPowerSource": True}, None),
        ({}, 0),
    ],
)
def test_a_status_tells_battery_and_margin(body: dict[str, Any], percent: float | None) -> None:
    signals = event("status", {**up(), "margin": 10, **body})
    assert [s.percent for s in signals if isinstance(s, Battery)] == ([] if percent is None else [percent])
    assert signals[-1].margin_db == 10


def test_the_network_s_log_is_a_fault_save_for_a_repeated_frame() -> None:
    [fault] = event("log", {**up(), "level": "ERROR", "code": "UPLINK_CODEC", "description": "x" * 999})
    assert (fault.code, fault.scope, len(fault.text)) == ("UPLINK_CODEC", "network", 200)
    [alive] = event("log", {**up(), "level": "WARNING", "code": "UPLINK_F_CNT_RETRANSMISSION"})
    assert isinstance(alive, Heartbeat)


@pytest.mark.parametrize(
    ("place", "valid"),
    [({"latitude": 31.5, "longitude": 119.9}, True), ({"latitude": 101.0, "longitude": 2.0}, False), ({}, False)],
)
def test_a_place_is_checked(place: dict[str, float], valid: bool) -> None:
    [location] = event("location", {**up(), "location": place})
    assert isinstance(location, Location)
    assert (location.valid, location.source) == (valid, "network")


@pytest.mark.parametrize("name", ["ack", "txack", "integration"])
def test_events_about_the_way_down_say_nothing(name: str) -> None:
    assert event(name, up()) == []
    assert read("chirpstack", f"7d0c/device/{EUI}/command/down", {"data": "AQ=="}) == []


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        (f"{TOPIC}/up", up(data="not base64!"), "data is not base64"),
        (f"{TOPIC}/up", up("0901"), "unknown or cut-off channel 09 01"),
        (f"{TOPIC}/up", [], "wrong shape"),
        (f"{TOPIC}/dance", up(), "no such event"),
        ("7d0c/device/xyz/event/up", up(), "not a ChirpStack device topic"),
        (f"7d0c/device/{EUI}/event/up/more", up(), "not a ChirpStack device topic"),
        (f"{TOPIC}/location", up(), "without a location"),
    ],
)
def test_what_cannot_be_read_is_refused(topic: str, body: Any, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        read("chirpstack", topic, body)


@pytest.mark.parametrize(
    ("topic", "body", "urgent"),
    [
        ("up", up("ff2e01", "WS101"), True),
        ("up", up("03f80400000000", "VS373"), True),
        ("up", up("00", "something new"), True),
        ("up", {}, True),
        ("up", up("030001", "WS202"), False),
        ("status", up("", "WS101"), False),
    ],
)
def test_what_can_be_a_call_for_help_overtakes(topic: str, body: dict[str, Any], urgent: bool) -> None:
    assert chirpstack.urgent(f"application/{TOPIC}/{topic}", msgspec.json.encode(body)) is urgent
