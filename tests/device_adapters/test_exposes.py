"""Every property by which Zigbee devices tell of people, by the tables that Zigbee2MQTT's own converters publish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device_adapters.bridges.zigbee2mqtt import PANIC_WORDS
from device_adapters.signals import Battery, Button, Contact, Motion, Panic, Presence, Tamper
from tests.device_adapters.reading import read

TABLE = Path(__file__).parents[3] / "shared" / "reference" / "zigbee2mqtt_exposes.json"
IEEE = "0x00158d0001aa0001"

SAID: dict[str, tuple[type, str, str]] = {
    "occupancy": (Motion, "detected", "clear"),
    "presence": (Presence, "detected", "clear"),
    "contact": (Contact, "open", "closed"),
    "tamper": (Tamper, "active", "clear"),
}
"""Property -> what it says at the table's ``value_on`` and ``value_off``: a contact is on when it is false."""


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    if TABLE.exists():
        for model in json.loads(TABLE.read_text(encoding="utf-8"))["models"]:
            for each in model["properties"]:
                yield f"{model['vendor']} {model['model']}", each


PROPERTIES = list(properties())
NEEDS_TABLE = pytest.mark.skipif(not PROPERTIES, reason="no table of Zigbee2MQTT's properties beside the repository")


@NEEDS_TABLE
def test_every_level_in_the_table_is_read_with_its_polarity() -> None:
    seen = set()
    for model, each in PROPERTIES:
        if each["property"] not in SAID:
            continue
        seen.add(each["property"])
        kind, on, off = SAID[each["property"]]
        for value, state in ((each["value_on"], on), (each["value_off"], off)):
            [said] = read("zigbee2mqtt", IEEE, {each["property"]: value})
            assert (type(said), said.state) == (kind, state), model
    assert seen == set(SAID)


@NEEDS_TABLE
def test_every_action_in_the_table_is_a_press_and_the_calling_ones_are_panics() -> None:
    calling = set()
    for model, each in PROPERTIES:
        if each["property"] != "action":
            continue
        for value in each["values"]:
            [said] = read("zigbee2mqtt", IEEE, {"action": value})
            assert isinstance(said, Panic if value in PANIC_WORDS else Button), (model, value)
            if isinstance(said, Panic):
                calling.add(model)
    assert len(calling) >= 3


@NEEDS_TABLE
def test_every_statement_about_the_battery_in_the_table_is_read() -> None:
    said = {
        "battery": ({"battery": 57}, Battery(percent=57)),
        "battery_low": ({"battery_low": True}, Battery(low=True)),
        "voltage": ({"voltage": 2900}, Battery(volts=2.9)),
    }
    for _, each in PROPERTIES:
        if each["property"] in said:
            body, expected = said[each["property"]]
            [battery] = read("zigbee2mqtt", IEEE, body)
            assert (battery.percent, battery.low, battery.volts) == (expected.percent, expected.low, expected.volts)


@NEEDS_TABLE
def test_nothing_in_the_table_is_unknown_to_us() -> None:
    about_light_and_state = {"illuminance", "presence_event", "motion_state"}
    known = {*SAID, "action", "battery", "battery_low", "voltage", *about_light_and_state}
    assert {each["property"] for _, each in PROPERTIES} <= known
