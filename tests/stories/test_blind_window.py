"""After any time in which homes could not be heard, each is work until it has spoken or somebody has telephoned."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import msgspec
from centre import PASSWORD, Centre
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from alerting.commands import ConfirmSeen
from alerting.enrolment.commands import SaveHousehold
from alerting.model import BlindCause, RiskTier
from device_adapters.own_protocol import encode_online
from gateway.desk.contract import BlindRow
from nuanhu.town.homes import OWN, ZIGBEE, Home

TIERS = [tier.value for tier in RiskTier]


async def blind(centre: Centre) -> list[BlindRow]:
    await centre.barrier()
    return list(await centre.gateway.desk.blind())


async def keys(centre: Centre) -> set[str]:
    return {row.key for row in await blind(centre)}


async def away(centre: Centre, **by: float) -> None:
    """The gateway is away for so long."""
    await centre.pass_time(seconds=30)  # it notes that it is there
    await centre.close_gateway()
    centre.clock.advance(timedelta(**by))
    await centre.open_gateway()
    await centre.barrier()


async def zigbee_says(centre: Centre, home: Home, what: str, payload: bytes, *, retain: bool = False) -> None:
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/{what}", payload, retain=retain)


async def test_after_ten_minutes_without_a_gateway_every_home_is_listed_by_risk(centre: Centre) -> None:
    await away(centre, minutes=10)
    rows = await blind(centre)
    assert {row.key for row in rows} == {home.household for home in centre.plan.homes}
    assert {row.cause for row in rows} == {BlindCause.GATEWAY}
    order = [(TIERS.index(row.tier), row.area, row.key) for row in rows]
    assert order == sorted(order)
    assert all(row.phones and row.phones[0][2] for row in rows)
    assert (await centre.gateway.desk.snapshot()).counters.blind == len(rows)


async def test_a_home_in_which_nothing_is_fitted_has_not_been_missed(centre: Centre) -> None:
    like = centre.gateway.directory.households[centre.home().household]
    await centre.ask(SaveHousehold(household=msgspec.structs.replace(like, key="WX09999")))
    await away(centre, minutes=10)
    assert "WX09999" in centre.gateway.directory.households
    assert await keys(centre) == {home.household for home in centre.plan.homes}


async def test_a_minute_without_a_gateway_is_no_blind_window(centre: Centre) -> None:
    await away(centre, minutes=1)
    assert await blind(centre) == []


async def test_homes_that_speak_leave_the_list_and_the_counter_and_stay_away_after_a_restart(centre: Centre) -> None:
    await away(centre, minutes=10)
    own, zigbee = centre.home(OWN), centre.zigbee_home
    await centre.move(own)
    sensor = centre.device(zigbee, "motion").inner
    await zigbee_says(centre, zigbee, sensor, b'{"occupancy":true}')
    left = {home.household for home in centre.plan.homes} - {own.household, zigbee.household}
    assert await keys(centre) == left
    assert centre.changes[-1].counters is not None
    assert centre.changes[-1].counters.blind == len(left)
    await centre.close_gateway()
    await centre.open_gateway()
    assert await keys(centre) == left
    assert (await centre.gateway.desk.snapshot()).counters.blind == len(left)


async def test_an_operator_confirms_a_home_by_telephone(centre: Centre) -> None:
    await away(centre, minutes=10)
    first = (await blind(centre))[0]
    answer = await centre.ask(ConfirmSeen(key=first.key, by="zuoxi1", text="她很好"))
    assert answer.done
    assert first.key not in await keys(centre)
    assert (await centre.ask(ConfirmSeen(key=first.key, by="zuoxi2"))).refused == "not_blind"
    assert (await centre.ask(ConfirmSeen(key="nobody", by="zuoxi2"))).refused == "no_household"


async def test_areas_see_their_own_homes_alone(centre: Centre) -> None:
    await away(centre, minutes=10)
    area = (await blind(centre))[0].area
    rows = await centre.gateway.desk.blind(area)
    assert rows
    assert {row.area for row in rows} == {area}
    assert (await centre.gateway.desk.snapshot(area)).counters.blind == len(rows)


async def test_after_ten_minutes_without_a_broker_every_home_is_listed(centre: Centre) -> None:
    await asyncio.to_thread(centre.broker.stop)
    await centre.until(lambda: not centre.gateway.ingest.connected.is_set(), "the gateway to lose the broker")
    await centre.pass_time(minutes=1)
    assert await blind(centre) == []
    await centre.pass_time(minutes=1)
    assert {row.cause for row in await blind(centre)} == {BlindCause.BROKER}
    await centre.pass_time(minutes=8)
    await asyncio.to_thread(centre.broker.start)
    await centre.until(lambda: centre.gateway.ingest.subscribed, "the broker")
    home = centre.home(OWN)
    await centre.event(home, "motion", "motion", state="detected")
    assert await keys(centre) == {it.household for it in centre.plan.homes} - {home.household}


async def test_hours_without_a_broker_are_no_silence_of_anybody(centre: Centre) -> None:
    await centre.move(centre.home(OWN))
    await asyncio.to_thread(centre.broker.stop)
    await centre.until(lambda: not centre.gateway.ingest.connected.is_set(), "the gateway to lose the broker")
    for _ in range(20 * 12):
        await centre.pass_time(minutes=5)
    assert await centre.queue() == []
    assert not await centre.gateway.desk.faults()


async def test_a_home_whose_hub_goes_offline_is_listed_until_it_speaks_again(centre: Centre) -> None:
    home = centre.home(OWN)
    prefix = home.bridge.prefix
    await centre.say(home.bridge.id, *encode_online(prefix, online=False), retain=True)
    rows = await blind(centre)
    assert [(row.key, row.cause) for row in rows] == [(home.household, BlindCause.LINK)]
    await centre.pass_time(minutes=10)
    await centre.say(home.bridge.id, *encode_online(prefix, online=True), retain=True)
    assert await keys(centre) == {home.household}
    await centre.move(home)
    assert await keys(centre) == set()


async def test_a_hub_that_is_no_device_of_the_home_counts_too(centre: Centre) -> None:
    home = centre.home(ZIGBEE)
    await zigbee_says(centre, home, "bridge/state", b'{"state":"offline"}', retain=True)
    assert await keys(centre) == {home.household}
    await centre.pass_time(minutes=1)
    await zigbee_says(centre, home, "bridge/state", b'{"state":"online"}', retain=True)
    assert await keys(centre) == set()


async def test_the_last_will_of_a_hub_that_died_lists_its_home(centre: Centre) -> None:
    home = centre.home(OWN)
    hub = Client(CallbackAPIVersion.VERSION2, client_id="a-hub", protocol=MQTTv5)
    hub.username_pw_set(home.bridge.id, PASSWORD)
    topic, will = encode_online(home.bridge.prefix, online=False)
    hub.will_set(topic, will, qos=1, retain=True)
    connected = threading.Event()
    hub.on_connect = lambda *_: connected.set()
    hub.connect(centre.broker.host, centre.broker.port)
    hub.loop_start()
    assert await asyncio.to_thread(connected.wait, 10)
    hub.loop_stop()
    assert await blind(centre) == []
    hub.socket().close()  # without a word, as when the power fails
    await centre.until(lambda: centre.gateway.changes.blind, "the last will")
    assert await keys(centre) == {home.household}
