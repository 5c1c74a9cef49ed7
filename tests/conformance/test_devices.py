"""The checks of a device: the town's own hub passes, a device with every fault has each of them named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from device_adapters.own_messages import Prompt
from gateway.broker import BrokerUser, ChildBroker, bridge_user, gateway_user
from gateway.broker.mosquitto import MOSQUITTO
from gateway.clock import SystemClock
from nuanhu.conformance.broker import Sides
from nuanhu.conformance.command import Asked, listen
from nuanhu.conformance.device import Watch
from nuanhu.conformance.findings import Check, Verdict
from nuanhu.conformance.line import Account, Place
from nuanhu.town.devices.own import OwnVoice
from nuanhu.town.homes import OWN
from nuanhu.town.ledger import Ledger
from nuanhu.town.plan import plan_town
from nuanhu.town.switchboard import Switchboard

PASSWORD = "for-tests-only"
START = datetime(2026, 1, 5, tzinfo=UTC)
PREFIX = "nuanhu/1/hub"
LISTEN_S = 17.0
GOOD = next(home for home in plan_town(7, 12).homes if home.make == OWN)


class Device:
    """A device in scripted time: what it says goes straight into a watch."""

    def __init__(self) -> None:
        self.watch = Watch(PREFIX)
        self.receipts: list[str] = []

    def say(self, at_s: float, topic: str, body: object, *, qos: int = 1, retain: bool = False) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        now = START + timedelta(seconds=at_s)
        for _, receipt in self.watch.hear(at_s, now, f"{PREFIX}/{topic}", payload, qos=qos, retain=retain):
            self.receipts.append(json.loads(receipt)["id"])

    def event(self, at_s: float, n: int, **fields: Any) -> None:
        body = {"id": f"e{n}", "boot": "b", "seq": n, "at": None, "kind": "panic", **fields}
        self.say(at_s, "up/SN1/event", {k: v for k, v in body.items() if v != "left out"})

    def verdicts(self, at_s: float) -> dict[str, Verdict]:
        return {check.name: check.verdict for check in self.watch.checks(at_s)}

    def failed(self, at_s: float = 600) -> set[str]:
        return {name for name, verdict in self.verdicts(at_s).items() if verdict is Verdict.FAILED}


@pytest.fixture
def device() -> Device:
    return Device()


def test_a_device_that_does_everything_right(device: Device) -> None:
    device.say(0, "up/online", {"state": "online"}, retain=True)
    device.say(0.1, "up/SN1/status", {"boot": "b", "seq": 0, "at": None})
    for at_s in (1, 3, 7):
        device.event(at_s, 1)
    assert device.receipts == ["e1"]
    device.event(8, 2, kind="motion", state="detected", at="2026-01-05T00:00:08Z")
    device.event(9, 3, kind="well")
    device.say(40_000, "up/SN1/status", {"boot": "b", "seq": 4, "at": None})
    device.say(40_001, "up/online", {"state": "offline"}, retain=True)
    assert device.receipts == ["e1", "e2", "e3"]
    assert device.failed(40_010) == set()
    not_seen = {name for name, verdict in device.verdicts(40_010).items() if verdict is Verdict.NOT_SEEN}
    assert not_seen == {"answers a prompt (optional)"}


WRONG: dict[str, tuple[str, list[tuple[float, str, object, dict[str, Any]]]]] = {
    "no `at`": ("valid messages", [(1, "up/SN1/event", {"id": "1", "boot": "b", "seq": 1, "kind": "panic"}, {})]),
    "no JSON": ("valid messages", [(1, "up/SN1/event", b"panic!", {})]),
    "a press with a wrong state": (
        "valid messages",
        [(1, "up/SN1/event", {"id": "1", "boot": "b", "seq": 1, "at": None, "kind": "panic", "state": "on"}, {})],
    ),
    "an unknown kind": (
        "valid messages",
        [(1, "up/SN1/event", {"id": "1", "boot": "b", "seq": 1, "at": None, "kind": "help"}, {})],
    ),
    "a clock never set": (
        "plausible times",
        [(1, "up/SN1/status", {"boot": "b", "seq": 1, "at": "1980-01-06T00:00:00Z"}, {})],
    ),
    "QoS 0": ("QoS 1", [(1, "up/SN1/status", {"boot": "b", "seq": 1, "at": None}, {"qos": 0})]),
    "retained": ("nothing retained", [(1, "up/SN1/status", {"boot": "b", "seq": 1, "at": None}, {"retain": True})]),
    "a topic of its own": ("topics of the protocol alone", [(1, "up/SN1/state", {}, {})]),
    "online not retained": ("says that it is online", [(1, "up/online", {"state": "online"}, {})]),
}


@pytest.mark.parametrize("fault", WRONG)
def test_each_fault_is_named(device: Device, fault: str) -> None:
    name, said = WRONG[fault]
    for at_s, topic, body, how in said:
        device.say(at_s, topic, body, **how)
    assert device.failed(1.5) == {name}


def test_a_repeat_with_other_bytes_is_an_id_used_twice(device: Device) -> None:
    device.event(1, 1)
    device.event(3, 1, rssi_dbm=-60)
    assert device.failed(3.5) == {"unique ids", "boot and sequence"}


def test_a_number_used_twice_or_going_back_is_found(device: Device) -> None:
    device.event(1, 5, kind="motion")
    device.event(2, 4, kind="motion")
    assert device.failed(2.5) == {"boot and sequence"}


def test_a_press_may_overtake_and_a_stored_event_come_late(device: Device) -> None:
    device.event(1, 5, kind="motion")
    device.event(1.1, 7)
    device.event(1.2, 6, kind="motion")
    device.event(1.3, 2, kind="motion", buffered=True)
    assert device.failed(2) == set()


@pytest.mark.parametrize("at_s", [(1, 11, 21), (1, 1.5, 2), (1, 3, 5), (1, 3, 90)])
def test_a_back_off_that_is_none_is_found(device: Device, at_s: tuple[float, ...]) -> None:
    for each in at_s:
        device.event(each, 1)
    assert device.failed(at_s[-1] + 1) == {"repeats until the receipt"}


def test_no_repeat_at_all_is_found_and_the_receipt_given_in_the_end(device: Device) -> None:
    device.event(1, 1)
    assert device.verdicts(5)["repeats until the receipt"] is Verdict.NOT_SEEN
    assert device.watch.due(5, START) == []
    assert [json.loads(body)["id"] for _, body in device.watch.due(14, START)] == ["e1"]
    assert device.failed(14) == {"repeats until the receipt"}


def test_one_repeat_may_cross_the_receipt_and_no_more(device: Device) -> None:
    for at_s in (1, 3, 7, 15):
        device.event(at_s, 1)
    assert "stops at the receipt" not in device.failed(16)
    device.event(31, 1)
    assert "stops at the receipt" in device.failed(32)


def test_another_gateway_s_receipts_are_noticed(device: Device) -> None:
    device.event(1, 1)
    device.say(1.1, "down/SN1/receipt", {"id": "e1", "at": "2026-01-05T00:00:01Z"})
    assert device.failed(1.5) == {"alone with this check"}


def test_our_own_receipts_are_no_other_gateway_s(device: Device) -> None:
    for at_s in (1, 3, 7):
        device.event(at_s, 1)
    device.say(7.1, "down/SN1/receipt", {"id": "e1", "at": "2026-01-05T00:00:07Z"})
    assert device.failed(8) == set()


def test_a_status_less_often_than_twice_a_day_is_found(device: Device) -> None:
    for n, at_s in enumerate((0, 50_000)):
        device.say(at_s, "up/SN1/status", {"boot": "b", "seq": n, "at": None})
    assert device.failed(50_001) == {"checks in"}


# over a real broker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ChildBroker]:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    bad = BrokerUser("bad", PASSWORD, write=("nuanhu/1/bad/#",), read=("nuanhu/1/bad/#",))
    users = [bridge_user(GOOD.bridge, PASSWORD), gateway_user(PASSWORD), bad]
    with ChildBroker(tmp_path, users, prefer="mosquitto") as running:
        yield running


def heard(broker: ChildBroker, prefix: str, name: str) -> list[Check]:
    """What listening to a bridge finds."""
    place = Place(host=broker.host, port=broker.port)
    gateway = Account("gateway", PASSWORD)
    sides = Sides(place=place, bridge=gateway, gateway=gateway, prefix=prefix, ears_name=name)
    return listen(sides, Asked(broker="", for_s=LISTEN_S, quiet=True))


async def live_well(broker: ChildBroker) -> None:
    """The town's own hub: says that it is there, a press, a motion; answers when asked; loses power in the end."""
    clock = SystemClock()
    voice = OwnVoice(7, GOOD, "b1")
    fitted = {each.device.role: each for each in GOOD.fitted}

    def asked(bridge: str, prompt: Prompt) -> None:
        one = next(each for each in GOOD.fitted if each.device.inner == prompt.device)
        switchboard.say(bridge, voice.well(one, clock.now()))

    switchboard = Switchboard(clock, Ledger(), {GOOD.bridge.id: PASSWORD}, shared=None, asked=asked)
    switchboard.connect(GOOD.bridge, voice)
    running = asyncio.create_task(switchboard.run(broker.host, broker.port, [GOOD.bridge.id]))
    try:
        await asyncio.sleep(1)
        for role in ("panic", "motion"):
            switchboard.say(GOOD.bridge.id, voice.hello(fitted[role], clock.now()))
        switchboard.say(GOOD.bridge.id, voice.call(fitted["panic"], clock.now(), "panic"))
        switchboard.say(GOOD.bridge.id, voice.detected(fitted["motion"], clock.now()))
        await asyncio.sleep(LISTEN_S - 4)
        switchboard.cut(GOOD.bridge.id, 60)
        await asyncio.sleep(3)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def live_badly(broker: ChildBroker) -> None:
    """Says a press once, retained, with QoS 0, and counts anew with the same id."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("bad", PASSWORD)
    client.connect(broker.host, broker.port)
    client.loop_start()
    await asyncio.sleep(1)
    press = {"id": "1", "boot": "b", "seq": 1, "at": "1980-01-06T00:00:00Z", "kind": "panic"}
    client.publish("nuanhu/1/bad/up/SN1/event", json.dumps(press), qos=0, retain=True)
    await asyncio.sleep(1)
    client.publish("nuanhu/1/bad/up/SN1/event", json.dumps({**press, "kind": "motion"}), qos=1)
    await asyncio.sleep(LISTEN_S - 3)
    client.disconnect()
    client.loop_stop()


async def test_the_town_s_hub_passes_and_a_bad_one_does_not(broker: ChildBroker) -> None:
    good, bad, _, _ = await asyncio.gather(
        asyncio.to_thread(heard, broker, GOOD.bridge.prefix, "one"),
        asyncio.to_thread(heard, broker, "nuanhu/1/bad", "two"),
        live_well(broker),
        live_badly(broker),
    )
    not_ok = {(check.about, check.name): check for check in good if check.verdict is not Verdict.OK}
    motion = {each.device.role: each.device.inner for each in GOOD.fitted}["motion"]
    assert set(not_ok) == {(f"device {motion}", "calls for help")}, not_ok
    failed = {check.name for check in bad if check.verdict is Verdict.FAILED}
    assert failed == {"plausible times", "QoS 1", "nothing retained", "unique ids", "boot and sequence"}
