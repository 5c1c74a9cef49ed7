"""The town lives over a real mosquitto; the gateway's part (receipts, prompts) is played by the test."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiomqtt
import msgspec
import pytest

from device_adapters.own_messages import encode_prompt, encode_receipt
from gateway.clock import SystemClock
from nuanhu.simulate import simulate
from nuanhu.town.homes import LORA, OWN, ZIGBEE
from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.town.publisher import Login
from nuanhu.town.town import Town
from tests.town.town_broker import Broker

PATIENCE_S = 60.0
MORNING = datetime(2031, 5, 6, 0, 0, tzinfo=UTC)
"""08:00 in the town: everybody is up."""


class Gateway:
    """What the other end sees and answers."""

    def __init__(self, client: aiomqtt.Client, *, receipts: bool) -> None:
        self._client = client
        self._receipts = receipts
        self.heard: list[tuple[str, bytes, bool]] = []

    async def listen(self) -> None:
        async for message in self._client.messages:
            topic, payload = str(message.topic), message.payload
            assert isinstance(payload, bytes)
            self.heard.append((topic, payload, message.retain))
            if self._receipts and topic.endswith("/event"):
                prefix, _, device = topic.removesuffix("/event").rpartition("/up/")
                event_id = msgspec.json.decode(payload)["id"]
                await self._client.publish(*encode_receipt(prefix, device, event_id, MORNING), qos=1)

    async def ask(self, prefix: str, device: str, prompt_id: str) -> None:
        until = MORNING + timedelta(days=1)
        await self._client.publish(*encode_prompt(prefix, device, prompt_id, until), qos=1)

    def about(self, part: str) -> list[tuple[str, bytes, bool]]:
        return [m for m in self.heard if part in m[0] or part.encode() in m[1]]


@asynccontextmanager
async def living(town: Town, broker: Broker, *, receipts: bool = True) -> AsyncIterator[Gateway]:
    stop = asyncio.Event()
    async with aiomqtt.Client(broker.host, broker.port) as client:
        for topic in ("nuanhu/#", "z2m/#", "application/#"):
            await client.subscribe(topic, qos=1)
        gateway = Gateway(client, receipts=receipts)
        listening = asyncio.ensure_future(gateway.listen())
        running = asyncio.ensure_future(town.run(broker.host, broker.port, stop=stop))
        try:
            yield gateway
            assert not running.done()
        finally:
            stop.set()
            await asyncio.wait_for(running, PATIENCE_S)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def until(true: Callable[[], bool], within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.02)


def make_town(households: int = 20, *, speed: float = 60.0, **wanted: object) -> Town:
    plan = plan_town(3, households)
    plan.passwords.clear()
    settings = {"happenings_per_hour": 0.0, "first_press_after_s": None, "announce_within_s": 1.0, **wanted}
    return Town(plan, SystemClock(speed, not_before=MORNING), 3, **settings)  # type: ignore[arg-type]


async def test_a_town_speaks_all_three_formats_and_its_first_press_is_receipted(broker: Broker) -> None:
    town = make_town(first_press_after_s=1.5)
    async with living(town, broker) as gateway:
        await until(lambda: bool(town.ledger.presses) and town.ledger.presses[0].receipted)
        press = town.ledger.presses[0]
        await until(lambda: len(gateway.about(press.event_id)) > 0)
        await asyncio.sleep(2.5)
        assert town.lines.connected == len(town.plan.registry.bridges)
        said = {(t, p) for t, p, _ in gateway.heard if not t.endswith(("/receipt", "/prompt"))}
        await until(lambda: town.ledger.messages >= len(said))  # what the broker has is counted when it says so
    assert (press.make, press.cause, press.kind) == (OWN, "real", "panic")
    assert press.broker_has_it
    assert press.repeats == 0
    assert press.receipted_monotonic_s is not None
    assert 0 <= press.receipted_monotonic_s - press.monotonic_s < 5
    presses = [p for t, p, _ in gateway.heard if t.endswith("/event") and b'"panic"' in p]
    assert len(presses) == 1, "no repeat after the receipt"
    topics = Counter(topic.split("/")[0] for topic, _, _ in gateway.heard)
    assert min(topics["nuanhu"], topics["z2m"], topics["application"]) >= 3
    assert any(b'"motion"' in p for _, p, _ in gateway.heard)
    assert town.ledger.errors == []


async def test_every_device_announces_itself(broker: Broker) -> None:
    town = make_town(speed=1.0)
    async with living(town, broker) as gateway:
        homes = town.plan.homes
        wanted = {f"/up/{f.device.inner}/status" for h in homes if h.make == OWN for f in h.fitted}
        wanted |= {f"device/{f.device.inner}/event/up" for h in homes if h.make == LORA for f in h.fitted}
        wanted |= {f"{h.bridge.prefix}/{f.name}" for h in homes if h.make == ZIGBEE for f in h.fitted}
        await until(lambda: all(any(t.endswith(w) for t, _, _ in gateway.heard) for w in wanted))


async def test_an_event_is_repeated_with_growing_pauses_until_its_receipt(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nuanhu.town.receipts.FIRST_S", 0.2)
    town = make_town(1, speed=1.0)
    async with living(town, broker, receipts=False) as gateway:
        await until(lambda: town.lines.connected == 1)
        press = town.press("WX00001")
        await until(lambda: press.repeats == 3)
        assert 1.2 <= town.clock.monotonic_s() - press.monotonic_s < 6.0, "0.2 + 0.4 + 0.8 s"
        await until(lambda: len(gateway.about("/sos/event")) == 4)
        said = [p for t, p, _ in gateway.heard if t.endswith("/sos/event")]
        assert len(set(said)) == 1, "the same event, word for word"
        bridge = town.plan.homes[0].bridge
        client = gateway._client
        await client.publish(*encode_receipt(bridge.prefix, "sos", press.event_id, MORNING), qos=1)
        await until(lambda: press.receipted)
        assert town.lines.unreceipted == 0


@pytest.mark.parametrize("make", [OWN, ZIGBEE, LORA])
async def test_a_press_on_demand_reaches_the_broker_at_once(broker: Broker, make: str) -> None:
    town = make_town(speed=1.0)
    home = next(h for h in town.plan.homes if h.make == make)
    async with living(town, broker) as gateway:
        await until(lambda: town.dwelling(home.household).link.connected)
        press = town.press(home.household, "canary")
        await until(lambda: press.broker_has_it, 3)
        button = home.with_role("panic")
        assert button is not None
        assert (press.device, press.inner, press.make) == (button.device.id, button.device.inner, make)
        sign = {OWN: '"panic"', ZIGBEE: '"emergency"', LORA: "/y4B"}[make]
        await until(lambda: bool(gateway.about(sign)), 3)
        if make == OWN:
            await until(lambda: press.receipted, 3)
        else:
            assert not press.receipted


async def test_an_unknown_household_cannot_press() -> None:
    with pytest.raises(KeyError):
        make_town(1).press("WX99999")


async def test_nobody_moves_in_a_collapsed_home_until_rescued(broker: Broker) -> None:
    plan = plan_town(3, 1)
    since = MORNING - timedelta(hours=9)
    town = make_town(1, speed=3600.0, collapsed={plan.homes[0].household: since})
    async with living(town, broker) as gateway:
        await until(lambda: len(gateway.about("/hub/status")) > 6)
        assert town.clock.now() > MORNING + timedelta(hours=1)
        assert gateway.about("/event") == []
        town.rescue("WX00001")
        await until(lambda: bool(gateway.about('"motion"')) and bool(gateway.about('"contact"')))
        town.collapse("WX00001")
        await asyncio.sleep(0.2)
        before = len(gateway.about('"motion"'))
        await asyncio.sleep(1.0)
        assert len(gateway.about('"motion"')) == before, "an hour of the town's time"


async def test_who_is_well_says_so_when_asked(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nuanhu.town.town.ANSWERS_AFTER_S", (0.05, 0.2))
    town = make_town(1, speed=1.0)
    home = town.plan.homes[0]
    async with living(town, broker) as gateway:
        await until(lambda: town.lines.connected == 1)
        for number in range(20):
            await gateway.ask(home.bridge.prefix, "hub", f"q{number}")
        await until(
            lambda: town.ledger.prompts == 20 and len(gateway.about('"kind":"well"')) == town.ledger.answers > 0
        )
        await asyncio.sleep(0.3)
        assert 12 <= town.ledger.answers < 20, "now and then nobody hears it"
        assert all(t == f"{home.bridge.prefix}/up/hub/event" for t, _, _ in gateway.about('"kind":"well"'))


@pytest.mark.parametrize("trouble", ["collapse", "press"])
async def test_who_needs_help_does_not_say_that_all_is_well(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr("nuanhu.town.town.ANSWERS_AFTER_S", (0.05, 0.2))
    town = make_town(1, speed=1.0)
    home = town.plan.homes[0]
    async with living(town, broker) as gateway:
        await until(lambda: town.lines.connected == 1)
        if trouble == "collapse":
            town.collapse(home.household)
        else:
            town.press(home.household, "real")
        for number in range(5):
            await gateway.ask(home.bridge.prefix, "hub", f"q{number}")
        await until(lambda: town.ledger.prompts == 5)
        await asyncio.sleep(0.5)
        assert (town.ledger.answers, gateway.about('"kind":"well"')) == (0, [])


async def test_a_lost_connection_speaks_the_will_and_comes_back(broker: Broker) -> None:
    town = make_town(1, speed=1.0)
    bridge = town.plan.homes[0].bridge
    async with living(town, broker) as gateway:
        await until(lambda: town.lines.connected == 1)
        assert town.lines.cut(bridge.id, 1.0)
        await until(lambda: bool(gateway.about("offline")))
        assert gateway.about("offline")[0][0] == f"{bridge.prefix}/up/online"
        press = town.press("WX00001")
        await until(lambda: press.receipted, 30)
        online = [p for t, p, _ in gateway.heard if t.endswith("/up/online")]
        assert b"online" in online[-1]


async def test_a_broker_that_was_away_gets_what_was_said_meanwhile_marked_as_stored(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nuanhu.town.publisher.LATE_AFTER_S", 0.3)
    town = make_town(1, speed=1.0)
    stop = asyncio.Event()
    running = asyncio.ensure_future(town.run(broker.host, broker.port, stop=stop))
    await until(lambda: town.lines.connected == 1)
    broker.stop()
    await until(lambda: town.lines.connected == 0)
    press = town.press("WX00001")
    await asyncio.sleep(0.5)
    broker.start()
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe("nuanhu/1/+/up/+/event", qos=1)
        gateway = Gateway(client, receipts=True)
        listening = asyncio.ensure_future(gateway.listen())
        await until(lambda: press.receipted, 40)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    stop.set()
    await asyncio.wait_for(running, PATIENCE_S)
    first = msgspec.json.decode(gateway.heard[0][1])
    assert (first["kind"], first["id"], first["buffered"]) == ("panic", press.event_id, True)
    assert town.ledger.reconnects >= 1


async def test_things_happen_to_people_and_devices(broker: Broker) -> None:
    town = make_town(20, speed=600.0, happenings_per_hour=60.0, first_press_after_s=0.5)
    async with living(town, broker):
        await until(lambda: len(town.ledger.happened) >= 8 and len(town.ledger.presses) >= 5, 30)
    assert town.ledger.errors == []
    causes = Counter(press.cause for press in town.ledger.presses)
    assert causes["real"] >= 1
    assert causes["mistake"] + causes["test"] >= 1


async def test_no_press_comes_too_late_to_be_shown(broker: Broker) -> None:
    town = make_town(20, speed=600.0, happenings_per_hour=300.0, first_press_after_s=0.5, last_press_after_s=2.0)
    async with living(town, broker):
        await asyncio.sleep(4.0)
    started_s = town._start_monotonic_s
    assert town.ledger.presses
    assert all(press.monotonic_s - started_s <= 2.1 for press in town.ledger.presses)
    assert sum(town.ledger.happened.values()) > len(town.ledger.presses)


async def test_one_connection_may_speak_for_the_whole_town(broker: Broker) -> None:
    town = make_town(first_press_after_s=1.0, shared=Login("bench"))
    async with living(town, broker) as gateway:
        await until(lambda: bool(town.ledger.presses) and town.ledger.presses[0].receipted)
        assert town.lines.connected == len(town.plan.registry.bridges)
        assert len({t.split("/")[2] for t, _, _ in gateway.heard if t.startswith("nuanhu/")}) > 5
        assert not town.lines.cut(town.plan.homes[0].bridge.id, 1.0)


async def test_simulate_reports_its_ledger(broker: Broker) -> None:
    result = await simulate(
        host=broker.host, port=broker.port, households=5, seed=2, speed=60.0, seconds=3.0, anonymous=True, show=False
    )
    assert (result["households"], result["seed"]) == (5, 2)
    assert result["connected"] == 5
    assert result["messages"] > 10
    assert result["errors"] == []
    assert msgspec.json.decode(msgspec.json.encode(result)) == result


async def test_ctrl_c_ends_simulate_with_its_ledger(broker: Broker) -> None:
    asyncio.get_running_loop().call_later(1.5, signal.raise_signal, signal.SIGINT)
    result = await simulate(host=broker.host, port=broker.port, households=2, anonymous=True, show=False)
    assert result["connected"] == 2
    assert result["messages"] > 0


def test_the_plan_is_not_changed_by_living(plan: TownPlan) -> None:
    Town(plan, SystemClock(1.0), 1)
    assert plan.registry == plan_town(7, 60).registry
