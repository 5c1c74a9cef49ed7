"""Sequences of real vendors' messages, as published, through the whole running system.

They stand beside the repository and are not part of it; without them these tests are skipped by name.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Bridge, Device
from alerting.model import AlarmKind
from device_adapters import catalogue
from nuanhu.demo.people import BENCH

FILE = Path(__file__).resolve().parents[2] / ".." / "shared" / "vectors" / "dev" / "behaviour_sequences.json"
NETWORK_SERVER = "chirpstack"
HALL = "0x00124b00aaaa0001"
FRIENDLY = {"hall": HALL}
"""Names that the sequences use, and the ids their hub would give."""

Sequence = dict[str, Any]


def sequences() -> list[Any]:
    """Every sequence as a test of its own, named as in the file; one skipped test when there is no file."""
    if not FILE.is_file():
        return [pytest.param({}, id="none", marks=pytest.mark.skip(reason="the vendors' sequences are not here"))]
    found = msgspec.json.decode(FILE.read_bytes())["sequences"]
    return [pytest.param(each, id=each["id"]) for each in found]


STRANGER = "stranger"
HUBS = {
    "shellies": Bridge(id="shelly-hub", adapter="shelly", prefix="shellies"),
    "ble": Bridge(id="ble-hub", adapter="ble", prefix="ble"),
    "gw": Bridge(id="declared-hub", adapter="counting", prefix="gw"),
    "lorawan": Bridge(id="lorawan-server", adapter="chirpstack", prefix="lorawan"),
}
"""Bridges that the town does not have, by the first level of their topics."""

COUNTING = {
    "name": "counting",
    "prefix": "gw",
    "reports": [
        {"topic": "+/button/{device}/event", "event_id": "seq", "says": [{"kind": "button", "path": "event"}]},
    ],
}
"""The make of the sequence whose events are numbered: declared, not programmed."""

LADDER_S = 30
TRACKER = "20635f0171fe0001"


@pytest.fixture(autouse=True)
def _counting_hub() -> Iterator[None]:
    catalogue.adopt([COUNTING])
    yield
    del catalogue.ADAPTERS[COUNTING["name"]]


def bridge_of(topic: str) -> str:
    """The bridge of the centre that owns a topic; empty when no make of ours speaks there."""
    if topic.startswith(f"{BENCH.prefix}/"):
        return BENCH.id
    if topic.startswith("application/"):
        return NETWORK_SERVER
    hub = HUBS.get(topic.partition("/")[0])
    return "" if hub is None else hub.id


def as_sent(step: dict[str, Any]) -> tuple[str, Any]:
    """Topic and payload of a step; a frame that stands alone is put into a network server's report."""
    if step["topic"] != "lorawan/abeeway":
        return step["topic"], step["payload"]
    frame = base64.b64encode(bytes.fromhex(step["payload"]["data"])).decode()
    body = {
        "deviceInfo": {"deviceProfileName": "Abeeway Smart Badge"},
        "fPort": step["payload"]["f_port"],
        "data": frame,
    }
    return f"lorawan/device/{TRACKER}/event/up", body


def device_of(sequence: Sequence, household: str) -> Device:
    """The one device of a sequence, as an installer would register it: a button that calls for help, or an eye."""
    step = sequence["steps"][0]
    bridge = bridge_of(step["topic"])
    at = {NETWORK_SERVER: 3, HUBS["gw"].id: 3, HUBS["lorawan"].id: 2}.get(bridge, 1)
    level = as_sent(step)[0].split("/")[at]
    if bridge == HUBS["ble"].id:
        level = level.lower()
    profile = step["payload"].get("deviceInfo", {}).get("deviceProfileName", "")
    role = "motion" if "motion_detected_min" in sequence["expect"] else "panic"
    return Device(
        id="VECTOR",
        bridge=bridge,
        inner=FRIENDLY.get(level, level),
        household=household,
        role=role,
        room="hall",
        model=profile,
    )


async def play(centre: Centre, sequence: Sequence, household: str) -> int:
    """Say each message at its time; a retained one stands at the broker before the gateway subscribes.

    Returns how often the rules took somebody in the household to have moved.
    """
    at_s = 0.0
    moved = {0}
    for step in sequence["steps"]:
        await centre.pass_time(seconds=step["t_s"] - at_s)
        at_s = step["t_s"]
        topic, payload = as_sent(step)
        body = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
        early = step.get("during_subscribe", False)
        if early:
            await centre.close_gateway()
            await centre.forget_session()
        bridge = bridge_of(topic)
        user = STRANGER if bridge in {hub.id for hub in HUBS.values()} else bridge
        await centre.say(user, topic, body, retain=step.get("retain", False), settle=not early)
        if early:
            await centre.open_gateway()
            await centre.until(lambda: centre.rang, "the retained message")
            await centre.barrier()
        moved.add(centre.gateway.judge.memory_of(household).hot.quiet.active_s)
    return len(moved) - 1


async def presses(centre: Centre, household: str) -> dict[str, int]:
    """Alarms of a household that is open: live presses, and retained ones that became a call task."""
    rows = [row for row in await centre.queue() if row.household == household]
    kinds = [alarm.kind for row in rows for alarm in row.alarms]
    assert len(kinds) == sum(row.alarm_count for row in rows)
    return {kind: kinds.count(kind) for kind in set(kinds)}


@pytest.mark.parametrize("sequence", sequences())
async def test_a_sequence_of_a_vendor_means_what_it_should(centre: Centre, sequence: Sequence) -> None:
    hub = HUBS.get(sequence["steps"][0]["topic"].partition("/")[0])
    if hub is not None:
        await centre.join(hub)
    household = centre.home().household
    await centre.fit(device_of(sequence, household))
    devices = [{"friendly_name": name, "ieee_address": id_, "type": "EndDevice"} for name, id_ in FRIENDLY.items()]
    await centre.say(BENCH.id, f"{BENCH.prefix}/bridge/devices", devices)
    moved = await play(centre, sequence, household)
    found, expect = await presses(centre, household), sequence["expect"]
    if "motion_detected_min" in expect:
        assert found == {}
        assert expect["motion_detected_min"] <= moved <= expect["motion_detected_max"]
        return
    wanted = {
        AlarmKind.PANIC: expect.get("panic", expect.get("button", expect.get("panic_incidents", 0))),
        AlarmKind.RETAINED_PANIC: expect.get("stale_panic_flagged", 0),
    }
    assert found == {kind: count for kind, count in wanted.items() if count}
    climbed = sequence["steps"][-1]["t_s"] >= LADDER_S  # nobody takes it: it rings again on its way up
    assert len(centre.rang) >= sum(wanted.values()) if climbed else len(centre.rang) == sum(wanted.values())
