"""The way of a press through the gateway is cut at every boundary it has. Nothing is lost or doubled at any.

At the end of a run it is said how many boundaries there are and how many were tried. A failure names its own, to be
tried alone: ``CRASH_POINT=nuanhu/function/213 scripts/test -m "" tests/simulation/test_crash_points.py``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from centre import WAIT_S, Centre
from on_both_stores import only_postgresql, only_sqlite, store_url  # noqa: F401 - a fixture

from gateway.store.rung import rung_alarms
from nuanhu.bench.panic import PRESSING
from nuanhu.town.dice import dice_for
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Home
from tests.simulation.axe import LOOK_S, Axe, DoomedGateway, quiet_ends  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("quiet_ends"), pytest.mark.timeout(600)]

Say = Callable[[str, str], None]
MOST_BOUNDARIES = 2000
SAMPLE = 15
STEPS, FUNCTIONS = 20, 100
"""There must be at least so many boundaries, or they are not found any more."""
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
        for look in range(int(WAIT_S / LOOK_S)):
            if self.has_receipt(n):
                return
            if look % int(REPEAT_S / LOOK_S) == 0:
                self.press(n)
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"press {n} has no receipt")

    def alarms(self) -> int:
        """How often it rang, as committed."""
        alarms = rung_alarms(self.centre.gateway.store.engine)
        return sum(alarm.device == self.fitted.device.id for alarm in alarms)


class Way:
    """The way of one make's press through the gateway, to be cut.

    Args:
        centre: A running centre; its gateway is replaced after every cut.
        make: Who presses.
        deep: Whether every function of the gateway is a boundary as well.
    """

    def __init__(self, centre: Centre, make: str, *, deep: bool) -> None:
        self.name = f"{WAYS[make]}/{'function' if deep else 'step'}"
        self._centre = centre
        self._make = make
        self._deep = deep
        self._button = Button(centre, centre.home(make))
        self._marker = Button(centre, centre.home(OWN, 1))
        self._pressed = 0

    async def begin(self) -> int:
        """Put a gateway that can be cut in place of the centre's; returns how many boundaries a press has there.

        That is a press that joins an incident, as all but the first do.
        """
        await self._centre.close_gateway()
        await self._open()
        for _ in range(2):
            assert not await self._falls(0)
        return self._doomed.axe.count

    async def _open(self) -> None:
        self._doomed = DoomedGateway(self._centre, Axe(self._centre.broker.port, deep=self._deep))
        await self._doomed.open()

    async def cut(self, at: int) -> bool:
        """Press, cut there, start again and compare; False when the press has fewer boundaries than that."""
        before = self._button.alarms()
        if not await self._falls(at):
            return False
        axe = self._doomed.axe
        try:
            await self._is_neither_lost_nor_doubled(before)
        except Exception as failure:
            failure.add_note(f"cut at {axe.fell_at}; to try it again: CRASH_POINT={self.name}/{at}")
            raise
        self._centre.clock.advance(BETWEEN_PRESSES)
        return True

    async def _falls(self, at: int) -> bool:
        """Press, and wait until the axe falls, or the press is through and nothing moves any more."""
        await self._centre.barrier()
        axe, before, quiet, count = self._doomed.axe, self._button.alarms(), 0, -1
        self._pressed += 1
        axe.arm(at)
        self._button.press(self._pressed)
        for _ in range(int(WAIT_S / LOOK_S)):
            if axe.dead.is_set():
                return True
            quiet, count = (quiet + 1, count) if axe.count == count else (0, axe.count)
            if quiet >= QUIET_S / LOOK_S and self._button.is_through(self._pressed, before):
                axe.rest()
                return False
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"nothing moves after {axe.count} boundaries")

    async def _is_neither_lost_nor_doubled(self, before: int) -> None:
        """What the store has after the cut, and after a new gateway has had time for everything."""
        button, n = self._button, self._pressed
        committed = button.alarms() - before
        assert committed in {0, 1}
        assert committed or not button.has_receipt(n), "a receipt without a record"
        await self._doomed.bury()
        await self._open()
        if self._make == OWN:
            await button.repeat_until_receipt(n)
        await self._marker.repeat_until_receipt(n)  # what the broker had for us came before
        rang = button.alarms() - before
        again = 1 if self._make == ZIGBEE and committed else 0  # no id: when in doubt it rings again
        assert 1 <= rang <= 1 + again, f"rang {rang} times"


async def cut(way: Way, say: Say, seed: int | None = None) -> int:
    """Cut the way at every boundary, or at some that a seed chooses. Returns how many there are."""
    length = await way.begin()
    points: Iterable[int] = range(1, MOST_BOUNDARIES)
    if seed is not None:
        points = sorted(dice_for(seed, way.name).sample(range(1, length + 1), SAMPLE))
    only, _, n = os.environ.get("CRASH_POINT", "").rpartition("/")
    if only:
        points = [int(n)] if only == way.name else []
    tried = 0
    for at in points:
        if await way.cut(at):
            tried += 1
        elif seed is None:
            break
    chosen = "" if seed is None else f", chosen by seed {seed}"
    say("crash points", f"{way.name}: {tried} of {max(tried, length)} boundaries{chosen}")
    return length


MAKES = pytest.mark.parametrize("make", [OWN, LORA, ZIGBEE])


@only_sqlite
@MAKES
async def test_a_press_is_neither_lost_nor_doubled_wherever_the_gateway_is_cut(
    centre: Centre, make: str, say: Say
) -> None:
    assert await cut(Way(centre, make, deep=False), say) >= STEPS


@only_sqlite
@MAKES
async def test_nor_wherever_one_of_its_functions_is_cut_of_which_a_seed_chooses_some(
    centre: Centre, make: str, say: Say, crash_seed: int
) -> None:
    assert await cut(Way(centre, make, deep=True), say, crash_seed) >= FUNCTIONS


@pytest.mark.slow
@only_sqlite
@MAKES
async def test_nor_wherever_one_of_its_functions_is_cut(centre: Centre, make: str, say: Say) -> None:
    assert await cut(Way(centre, make, deep=True), say) >= FUNCTIONS


@pytest.mark.slow
@only_postgresql
@MAKES
async def test_nor_wherever_the_gateway_is_cut_on_its_way_to_postgresql(centre: Centre, make: str, say: Say) -> None:
    assert await cut(Way(centre, make, deep=False), say) >= STEPS
