"""Home Assistant discovery, Homie and ESPHome: what is declared, and what is read by its words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_adapters import catalogue
from device_adapters.adapter import Known
from device_adapters.bridges.plain_values import LEVELS, meaning_of, said_of
from device_adapters.bridges.state_template import read_template
from device_adapters.signals import (
    Availability,
    Battery,
    Button,
    Contact,
    Fall,
    Fault,
    Heartbeat,
    Motion,
    Panic,
    Provisioning,
)
from tests.device_adapters.reading import kinds, read

PREFIX = "homeassistant"


def learn(component: str, config: dict[str, Any], known: Known | None = None) -> Known:
    """What the registry knows once a bridge has published a declaration."""
    known = known or Known()
    object_id = config.get("unique_id", "x")
    [said] = read("home-assistant", f"{component}/{object_id}/config", config, known=known, retained=True)
    assert isinstance(said, Provisioning)
    return Known(names={**known.names, **(said.names or {})})


DOOR = {
    "unique_id": "door",
    "device_class": "door",
    "state_topic": f"{PREFIX}/hub/door",
    "payload_on": "OFFEN",
    "payload_off": "ZU",
    "device": {"identifiers": ["0x00158d01"]},
}


def test_a_declared_door_is_read_by_its_own_words() -> None:
    known = learn("binary_sensor", DOOR)
    [door] = read("home-assistant", "hub/door", "OFFEN", known=known)
    assert door == Contact(state="open", level=True, device="0x00158d01", name="hub/door", arrived_at=door.arrived_at)
    assert kinds(read("home-assistant", "hub/door", "ZU", known=known)) == ["contact"]
    assert isinstance(read("home-assistant", "hub/door", "unavailable", known=known)[0], Heartbeat)


def test_several_entities_share_one_topic_of_json() -> None:
    shared = {"state_topic": f"{PREFIX}/hub/pir", "device": {"ids": "pir-1"}}
    known = learn(
        "binary_sensor",
        {**shared, "uniq_id": "m", "unique_id": "m", "dev_cla": "motion", "val_tpl": "{{ value_json.occupancy }}",
         "pl_on": True, "pl_off": False},
    )  # fmt: skip
    known = learn(
        "sensor",
        {
            **shared,
            "unique_id": "b",
            "device_class": "battery",
            "value_template": "{{ value_json['power']['battery'] }}",
        },
        known,
    )
    said = read("home-assistant", "hub/pir", {"occupancy": True, "power": {"battery": 55}}, known=known)
    assert [type(one) for one in said] == [Motion, Battery]
    assert {one.device for one in said} == {"pir-1"}
    assert kinds(read("home-assistant", "hub/pir", {"illuminance": 4}, known=known)) == ["heartbeat"]


def test_declaring_again_replaces_and_a_complicated_template_is_left_alone() -> None:
    known = learn("binary_sensor", DOOR)
    again = learn("binary_sensor", {**DOOR, "payload_on": "AUF"}, known)
    assert kinds(read("home-assistant", "hub/door", "OFFEN", known=again)) == ["heartbeat"]
    assert kinds(read("home-assistant", "hub/door", "AUF", known=again)) == ["contact"]
    odd = learn("binary_sensor", {**DOOR, "value_template": "{% if value > 3 %}ON{% endif %}"})
    assert not odd.names


def test_safety_is_a_call_and_problem_a_fault_and_connectivity_an_availability() -> None:
    for class_, kind in (("safety", Panic), ("problem", Fault), ("connectivity", Availability)):
        known = learn("binary_sensor", {**DOOR, "device_class": class_})
        assert isinstance(read("home-assistant", "hub/door", "OFFEN", known=known)[0], kind)


def test_events_and_triggers_are_presses() -> None:
    known = learn("event", {"unique_id": "k", "state_topic": f"{PREFIX}/hub/key", "device": {"ids": ["key"]}})
    assert read("home-assistant", "hub/key", {"event_type": "double"}, known=known)[0].action == "double"
    assert isinstance(read("home-assistant", "hub/key", {"event_type": "emergency"}, known=known)[0], Panic)
    trigger = {"automation_type": "trigger", "topic": f"{PREFIX}/hub/act", "type": "button_short_press",
               "subtype": "button_1", "payload": "single", "device": {"identifiers": ["key"]}}  # fmt: skip
    known = learn("device_automation", trigger)
    assert isinstance(read("home-assistant", "hub/act", "single", known=known)[0], Button)
    assert kinds(read("home-assistant", "hub/act", "double", known=known)) == ["heartbeat"]


def test_a_trigger_or_an_event_that_is_called_sos_is_a_call_and_its_release_is_none() -> None:
    trigger = {"automation_type": "trigger", "topic": f"{PREFIX}/hub/act", "type": "button_short_press",
               "subtype": "sos", "device": {"identifiers": ["key"]}}  # fmt: skip
    known = learn("device_automation", trigger)
    assert isinstance(read("home-assistant", "hub/act", "1", known=known)[0], Panic)
    event = {"unique_id": "k", "name": "紧急按钮", "state_topic": f"{PREFIX}/hub/key", "device": {"ids": ["key"]}}
    known = learn("event", event)
    assert isinstance(read("home-assistant", "hub/key", {"event_type": "single"}, known=known)[0], Panic)
    for word in ("release", "long_release"):
        assert isinstance(read("home-assistant", "hub/key", {"event_type": word}, known=known)[0], Button)


def test_a_verdict_in_words_is_a_fall_and_its_figures_are_none() -> None:
    verdict = {"unique_id": "f", "name": "Fall status", "state_topic": f"{PREFIX}/hub/f", "device": {"ids": ["f"]}}
    known = learn("sensor", verdict)
    [fall] = read("home-assistant", "hub/f", "fall", known=known)
    assert (type(fall), fall.state) == (Fall, "active")
    assert read("home-assistant", "hub/f", "no fall", known=known)[0].state == "clear"
    for word in ("maybe_fall", "1", "unavailable"):
        assert kinds(read("home-assistant", "hub/f", word, known=known)) == ["heartbeat"], word


def test_a_call_behind_a_template_that_cannot_be_read_is_a_fault_and_no_silence() -> None:
    odd = {**DOOR, "device_class": "safety", "payload_on": "ON", "payload_off": "OFF"}
    for template in (
        "{{ 'ON' if value_json.a > 3 and value_json.b else 'OFF' }}",
        "{{ value_json.a | replace('x', 'ON') }}",
        "{{ states('sensor.x') }}",
    ):
        known = learn("binary_sensor", {**odd, "value_template": template})
        [fault] = read("home-assistant", "hub/door", {"a": 4, "b": 1}, known=known)
        assert (fault.code, fault.device) == ("unread", "0x00158d01"), template


@pytest.mark.parametrize(
    ("template", "on", "off"),
    [
        ("{{ 'ON' if value_json.a else 'OFF' }}", {"a": True}, {"a": 0}),
        ('{{ "ON" if value_json["a"] == "open" else "OFF" }}', {"a": "open"}, {"a": "closed"}),
        ("{{ 'ON' if value_json.a | int > 3 else 'OFF' }}", {"a": "4"}, {"a": "3"}),
        ("{{ 'OFF' if value_json.a.b != 'alarm' else 'ON' }}", {"a": {"b": "alarm"}}, {"a": {"b": "idle"}}),
        ("{{ 'ON' if not value_json.a else 'OFF' }}", {"a": False}, {"a": True}),
        ("{{ 'ON' if value_json.a in ['sos', 'help'] else 'OFF' }}", {"a": "help"}, {"a": "idle"}),
        ("{{ 'ON' if 'sos' in value_json.a else 'OFF' }}", {"a": "short_sos"}, {"a": "short"}),
        ("{{ 'ON' if value_json.a is defined else 'OFF' }}", {"a": 0}, {"c": 1}),
        ("{{ value_json.a | iif('ON', 'OFF') }}", {"a": 1}, {"a": 0}),
        ("{{ (value_json.a == 2) | iif('ON','OFF') }}", {"a": 2}, {"a": 3}),
        ("{{ 'ON' if (value_json.a | int) >= 3 else 'OFF' }}", {"a": "3"}, {"a": 2}),
        ("{{ 'ON' if not (value_json.a != 2) else 'OFF' }}", {"a": 2}, {"a": 3}),
        ("{{ 'ON' if not (value_json.a not in [2, 4]) else 'OFF' }}", {"a": 4}, {"a": 3}),
        ("{%- if value_json.a == 1 -%} ON {%- else -%} OFF {%- endif -%}", {"a": 1}, {"a": 2}),
        ("{% if value == 'PRESSED' %}ON{% else %}OFF{% endif %}", "PRESSED", "IDLE"),
        ("{{ value_json.a | is_defined }}", {"a": "ON"}, {"a": "OFF"}),
        ("{{ value_json.a | upper }}", {"a": "on"}, {"a": "off"}),
    ],
)
def test_a_condition_on_one_value_is_read_as_it_was_declared(template: str, on: object, off: object) -> None:
    odd = {**DOOR, "device_class": "safety", "payload_on": "ON", "payload_off": "OFF", "value_template": template}
    known = learn("binary_sensor", odd)
    for payload, state in ((on, "active"), (off, "clear")):
        said = read("home-assistant", "hub/door", payload, known=known)
        assert [(type(it), it.state) for it in said] == [(Panic, state)]


def test_a_condition_that_says_true_or_false_is_read_by_these() -> None:
    door = {**DOOR, "payload_on": True, "payload_off": False, "value_template": "{{ value_json.door == 'open' }}"}
    known = learn("binary_sensor", door)
    for word, state in (("open", "open"), ("shut", "closed")):
        assert read("home-assistant", "hub/door", {"door": word}, known=known)[0].state == state


def test_a_condition_on_what_a_message_does_not_have_says_nothing() -> None:
    door = {**DOOR, "payload_on": "ON", "payload_off": "OFF", "value_template": "{{ 'ON' if value_json.a else 'OFF' }}"}
    known = learn("binary_sensor", door)
    assert kinds(read("home-assistant", "hub/door", {"battery": 80}, known=known)) == ["heartbeat"]


@given(st.text(st.sampled_from("{}%'\"|().,[]= valuejsonifelse0 "), max_size=80) | st.text(max_size=80))
def test_no_template_whatever_is_in_it_costs_more_than_not_being_read(template: str) -> None:
    read_template(template)
    read_template("{{ " + template + " }}")


def test_a_device_declares_its_parts_at_once_with_a_base_topic() -> None:
    config = {
        "~": f"{PREFIX}/hub/d",
        "dev": {"ids": ["d"]},
        "avty": [{"t": "~/status"}],
        "cmps": {
            "m": {"p": "binary_sensor", "dev_cla": "motion", "stat_t": "~/motion", "uniq_id": "m"},
            "s": {"p": "binary_sensor", "dev_cla": "safety", "stat_t": "~/sos", "uniq_id": "s"},
        },
    }
    [said] = read("home-assistant", "device/d/config", config)
    known = Known(names=said.names)
    assert kinds(read("home-assistant", "hub/d/motion", "ON", known=known)) == ["motion"]
    assert kinds(read("home-assistant", "hub/d/sos", "ON", known=known)) == ["panic"]
    assert kinds(read("home-assistant", "hub/d/status", "offline", known=known)) == ["availability"]


def test_what_others_could_publish_is_not_believed() -> None:
    known = learn("binary_sensor", {**DOOR, "state_topic": "stranger/door", "availability_topic": "stranger/s"})
    assert not known.names


def test_a_topic_has_room_for_so_many_meanings_and_no_more() -> None:
    known = Known()
    for n in range(60):
        known = learn("binary_sensor", {**DOOR, "unique_id": f"d{n}"}, known)
    assert len(read("home-assistant", "hub/door", "OFFEN", known=known)) == 40


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("hall_motion", "motion"),
        ("Front-Door", "contact"),
        ("sos_button", "panic"),
        ("sos button battery", "battery"),
        ("bed_presence", "presence"),
        ("pir_tamper", "tamper"),
        ("co2", ""),
        ("uptime", ""),
        ("卧室一键呼救", "panic"),
        ("跌倒报警", "fall"),
        ("大门门磁", "contact"),
        ("客厅人体感应", "motion"),
        ("厨房燃气", "gas"),
        ("水阀", ""),
        ("fall_sensitivity", ""),
        ("跌倒次数", ""),
        ("door_open_count", ""),
    ],
)
def test_names_tell_by_their_words(name: str, meaning: str) -> None:
    assert meaning_of(name) == meaning


@pytest.mark.parametrize("value", ["ON", "on", "true", "1", True, "OPEN"])
def test_on_is_written_in_many_ways(value: Any) -> None:
    assert said_of("door", value, {})[0] == Contact(state="open", level=True)


def test_every_level_can_be_built_both_ways() -> None:
    for level in LEVELS.values():
        assert level(True, {}) != level(False, {})


def test_a_pull_cord_as_a_level_calls_and_is_over() -> None:
    on, off = (read("esphome", "bath/binary_sensor/sos_cord/state", word)[0] for word in ("ON", "OFF"))
    assert (on.state, off.state) == ("active", "clear")
    assert catalogue.can_be_urgent("esphome/bath/binary_sensor/sos_cord/state", b"ON", None)


def test_homie_s_devices_tell_how_they_are() -> None:
    for state, said in (("ready", "online"), ("lost", "offline"), ("disconnected", "offline")):
        assert read("homie", "5/eye/$state", state)[0].state == said
    assert kinds(read("homie", "eye/$state", "init")) == ["heartbeat"]
    assert read("homie", "eye/sensor/motion/set", "true") == []
    assert read("homie", "eye/sensor/$properties", "motion") == []
