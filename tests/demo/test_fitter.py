"""Who tries the installer's pages in the demo has nothing to walk past: the town does what is announced there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from gateway.clock import SystemClock
from gateway.equipment.contract import StepView
from nuanhu.demo.fitter import Fitter
from nuanhu.town.homes import OWN, ZIGBEE, Fitted, Home
from nuanhu.town.plan import plan_town
from nuanhu.town.town import Town
from tests.town.test_town import MORNING, Gateway, living, until
from tests.town.town_broker import MOSQUITTO, Broker


def announced(home: Home, fitted: Fitted, *, how: str = "") -> StepView:
    return StepView(
        household=home.household, resident="", address="", area="", device=fitted.device.id, role=fitted.device.role,
        room=fitted.device.room, purpose="walk", by="anzhuang", by_name="安装员", since=MORNING,
        until=MORNING + timedelta(minutes=5), how=how,
    )  # fmt: skip


def said(heard: Gateway, home: Home, word: bytes) -> bool:
    return any(word in payload for topic, payload, _ in heard.heard if topic.startswith(f"{home.bridge.prefix}/"))


@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")
async def test_every_device_that_is_announced_in_a_town_s_home_speaks_once(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    broker.start()
    plan = plan_town(7, 20)
    town = Town(plan, SystemClock(60), 7, happenings_per_hour=0, first_press_after_s=None, announce_within_s=0.5)
    homes = [next(home for home in plan.homes if home.make == make and home.door) for make in (OWN, ZIGBEE)]
    fitter = Fitter(town)
    try:
        async with living(town, broker) as heard:
            await until(lambda: all(heard.about(home.bridge.prefix) for home in homes))
            for home in homes:
                steps = [announced(home, fitted) for fitted in home.fitted]
                assert fitter.do(steps) == [(home.household, fitted.device.id) for fitted in home.fitted]
                assert fitter.do(steps) == [], "once"
            own, zigbee = homes
            wanted = (
                (own, b'"panic"'),
                (own, b'"contact"'),
                (own, b'"motion"'),
                (own, b"false"),  # the hub's plug is out
                (zigbee, b'"emergency"'),
                (zigbee, b'"occupancy":true'),
                (zigbee, b'"contact":false'),
            )
            for home, word in wanted:
                await until(partial(said, heard, home, word))
        assert town.ledger.presses == [], "a test is no call for help of the town's ledger"
    finally:
        broker.stop()


def test_what_is_over_and_what_is_no_device_of_the_town_is_left_alone() -> None:
    plan = plan_town(7, 3)
    home = plan.homes[0]
    fitter = Fitter(Town(plan, SystemClock(), 7))
    assert fitter.do([announced(home, home.fitted[0], how="matched")]) == []
    elsewhere = msgspec.structs.replace(announced(home, home.fitted[0]), device="BENCH-SOS")
    assert fitter.do([elsewhere]) == []
