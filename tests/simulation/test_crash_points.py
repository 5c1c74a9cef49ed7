"""The way of a press through the gateway is cut at every boundary it has. Nothing is lost or doubled at any."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from centre import WAIT_S, Centre

from gateway.store.rung import rung_alarms
from nuanhu.bench.panic import PRESSING
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Home
from tests.simulation.axe import Axe, DoomedGateway, quiet_ends  # noqa: F401 - a fixture

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet_ends")]

MOST_BOUNDARIES = 2000
QUIET_S = 0.25
REPEAT_S = 0.3
BETWEEN_PRESSES = timedelta(seconds=10)
WAYS = {OWN: "own", ZIGBEE: "zigbee2mqtt", LORA: "chirpstack"}


class Button:
    """The panic button of a home."""

    def __init__(self, centre: Centre, home: Home) -> None:
        self.centre = centre
        self.home = home
        self.fitted = next(f for f in home.fitted if f.device.role == "panic")
        if home.make == OWN:
            centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)

    def press(self, n: int) -> None:
        topic, payload = PRESSING[WAYS[self.home.make]](self.home, self.fitted, n)
        self.centre.client(self.home.bridge.id).publish(topic, payload, qos=1)

    def has_receipt(self, n: int) -> bool:
        topic = f"{self.home.bridge.prefix}/down/{self.fitted.device.inner}/receipt"
        return any(where == topic and said["id"] == f"press-{n}" for where, said in list(self.centre.heard))

    def is_through(self, n: int, alarms_before: int) -> bool:
        """Whether it rang, and is receipted where its make knows receipts."""
        return self.alarms() > alarms_before and (self.home.make != OWN or self.has_receipt(n))

    async def repeat_until_receipt(self, n: int) -> None:
        """As a device of our own protocol does."""
        for look in range(int(WAIT_S / 0.01)):
            if self.has_receipt(n):
                return
            if look % int(REPEAT_S / 0.01) == 0:
                self.press(n)
            await asyncio.sleep(0.01)
        raise AssertionError(f"press {n} has no receipt")

    def alarms(self) -> int:
        """How often it rang, as committed."""
        alarms = rung_alarms(self.centre.gateway.store.engine)
        return sum(alarm.device == self.fitted.device.id for alarm in alarms)


async def opened(centre: Centre, at: int, *, deep: bool) -> DoomedGateway:
    """A gateway that will be cut at this boundary of the next press; now it has nothing left to do."""
    doomed = DoomedGateway(centre, Axe(at, centre.broker.port, deep=deep))
    await doomed.open()
    return doomed


async def falls(axe: Axe, is_through: Callable[[], bool]) -> bool:
    """Wait until the axe fell, or the press is through and nothing moves any more."""
    quiet, count = 0, -1
    for _ in range(int(WAIT_S / 0.01)):
        if axe.dead.is_set():
            return True
        quiet, count = (quiet + 1, count) if axe.count == count else (0, axe.count)
        if quiet >= QUIET_S / 0.01 and is_through():
            return False
        await asyncio.sleep(0.01)
    raise AssertionError(f"nothing moves after {axe.count} boundaries")


async def cut_everywhere(centre: Centre, make: str, *, deep: bool = False) -> int:
    """Press once for every boundary, cut there, start again, and compare. Returns how many there were."""
    button, marker = Button(centre, centre.home(make)), Button(centre, centre.home(OWN, 1))
    await centre.close_gateway()
    doomed = await opened(centre, 1, deep=deep)
    for at in range(1, MOST_BOUNDARIES):
        await centre.barrier()
        before = button.alarms()
        doomed.axe.arm()
        button.press(at)
        if not await falls(doomed.axe, lambda n=at, was=before: button.is_through(n, was)):  # type: ignore[misc]
            doomed.axe.rest()
            return at
        committed = button.alarms() - before
        assert committed in {0, 1}, doomed.axe.fell_at
        assert committed or not button.has_receipt(at), f"a receipt without a record: {doomed.axe.fell_at}"
        await doomed.bury()
        fell_at = doomed.axe.fell_at
        doomed = await opened(centre, at + 1, deep=deep)
        if make == OWN:
            await button.repeat_until_receipt(at)
        await marker.repeat_until_receipt(at)  # what the broker had for us came before
        rang = button.alarms() - before
        again = 1 if make == ZIGBEE and committed else 0  # no id: when in doubt it rings again
        assert 1 <= rang <= 1 + again, f"rang {rang} times, cut at {fell_at}"
        centre.clock.advance(BETWEEN_PRESSES)
    raise AssertionError("the way of a press has no end")


@pytest.mark.parametrize("make", [OWN, LORA, ZIGBEE])
async def test_a_press_is_neither_lost_nor_doubled_wherever_the_gateway_is_cut(centre: Centre, make: str) -> None:
    assert await cut_everywhere(centre, make) >= 25


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("make", [OWN, LORA, ZIGBEE])
async def test_a_press_is_neither_lost_nor_doubled_wherever_a_function_is_cut(centre: Centre, make: str) -> None:
    assert await cut_everywhere(centre, make, deep=True) >= 100
