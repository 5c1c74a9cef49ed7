"""The running town: residents move, devices speak, things happen; and the ledger knows of every call for help."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from device_adapters.own_messages import Prompt
from gateway.clock import Clock
from nuanhu.town.agenda import Agenda
from nuanhu.town.devices.chirpstack import ChirpStackVoice
from nuanhu.town.devices.own import OwnVoice
from nuanhu.town.devices.voice import CallKind, Outgoing, Voice
from nuanhu.town.devices.zigbee2mqtt import Zigbee2MqttVoice
from nuanhu.town.dice import number_from
from nuanhu.town.dwelling import FOR_EVER, Dwelling
from nuanhu.town.fate import befall
from nuanhu.town.happenings import CALLS, Happening, happenings
from nuanhu.town.homes import LORA, OWN, Fitted, Home
from nuanhu.town.ledger import Cause, Ledger, Press
from nuanhu.town.plan import TownPlan
from nuanhu.town.publisher import PAUSES_S, Login
from nuanhu.town.sensing import DETECTED
from nuanhu.town.switchboard import Switchboard

RETRY_S = 0.5
IN_NEED_S = 1800.0
ANSWERS_AFTER_S = (6.0, 30.0)
PLUG_OUT_S, DOOR_OPEN_S = 5.0, 3.0


class Town:
    """A town that lives over MQTT. All methods belong to the event loop that runs it.

    Args:
        plan: Who lives where.
        clock: Service time, and real time for repeats.
        seed: What happens to whom.
        collapsed: Households in which nobody moves from a moment on (aware UTC), until rescued.
        worn: (household, device) of batteries that were nearly empty before and that nobody has changed.
        happenings_per_hour: In the whole town, of service time; 0 = none.
        first_press_after_s: A press for certain, so many real seconds after the start; None = none.
        last_press_after_s: No call for help by itself later than so many real seconds after the start.
        announce_within_s: All devices say that they are there within so many real seconds; None = 10, more in a town
            of over 600.
        shared: Use one connection with this login for all bridges, instead of one each.
        pauses_s: Shortest and longest pause of a bridge before it tries again to connect, real seconds.
    """

    def __init__(
        self,
        plan: TownPlan,
        clock: Clock,
        seed: int,
        *,
        collapsed: Mapping[str, datetime] | None = None,
        worn: Collection[tuple[str, str]] = (),
        happenings_per_hour: float = 30.0,
        first_press_after_s: float | None = 8.0,
        last_press_after_s: float | None = None,
        announce_within_s: float | None = None,
        shared: Login | None = None,
        pauses_s: tuple[float, float] = PAUSES_S,
    ) -> None:
        """Build every home; nothing is said before ``run``."""
        self.plan = plan
        self.clock = clock
        self.ledger = Ledger()
        self._seed = seed
        self._per_hour = happenings_per_hour
        self._first_press_after_s = first_press_after_s
        self._last_press_after_s = last_press_after_s
        self._announce_within_s = announce_within_s or max(10.0, len(plan.homes) / 60)
        self._start = clock.now()
        self._start_monotonic_s = clock.monotonic_s()
        self.agenda = Agenda(clock, self.ledger.error)
        self.lines = Switchboard(
            clock, self.ledger, plan.passwords, shared=shared, asked=self._asked, pauses_s=pauses_s
        )
        self._dwellings = {home.household: dwelling for home, dwelling in self._built(plan)}
        self._by_bridge = {d.home.bridge.id: d for d in self._dwellings.values() if d.home.make == OWN}
        for household, device in worn:
            self._dwellings[household].run_low(device)
        for household, since in (collapsed or {}).items():
            self._dwellings[household].lie_still(since.timestamp())

    def dwelling(self, household: str) -> Dwelling:
        """One home as it is now; ``KeyError`` when there is none."""
        return self._dwellings[household]

    async def run(self, host: str, port: int, *, stop: asyncio.Event) -> None:
        """Live until ``stop`` is set. A broker that cannot be reached is tried again for ever."""
        self._start, self._start_monotonic_s = self.clock.now(), self.clock.monotonic_s()
        first = self._first_caller()
        self._plan_start(first)
        tasks = [
            asyncio.ensure_future(self.lines.run(host, port, [first.home.bridge.id])),
            asyncio.ensure_future(self.agenda.run()),
        ]
        stopping = asyncio.ensure_future(stop.wait())
        try:
            done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            while left := [task for task in (*tasks, stopping) if not task.done()]:
                for task in left:
                    task.cancel()
                await asyncio.wait(left, timeout=1)  # a line that just parts from its broker may swallow the first
            await asyncio.gather(*tasks, stopping, return_exceptions=True)
        for task in done:
            task.result()

    def press(self, household: str, cause: Cause = "canary", kind: CallKind = "panic", role: str = "panic") -> Press:
        """Somebody calls for help now, with the first device of this role; else with the panic button.

        Raises:
            KeyError: No such household, or a home without a panic button.
        """
        dwelling = self._dwellings[household]
        fitted = dwelling.home.with_role(role) or dwelling.home.with_role("panic")
        if fitted is None:
            raise KeyError(f"{household} has no panic button")
        now = self.clock.now()
        device = fitted.device
        press = Press(
            household=household,
            device=device.id,
            inner=device.inner,
            bridge=device.bridge,
            make=dwelling.home.make,
            kind=kind if device.role == "pendant" else "panic",
            cause=cause,
            at=now,
            monotonic_s=self.clock.monotonic_s(),
        )
        self.ledger.presses.append(press)
        if cause == "real":
            dwelling.called_s = now.timestamp()
        self.lines.say(device.bridge, dwelling.voice.call(fitted, now, press.kind), press)
        return press

    def try_out(self, household: str, device: str, after_s: float) -> bool:
        """Somebody tries a device in so many real seconds: walks past, opens, presses, pulls the hub's plug.

        Returns whether the town has this device.
        """
        dwelling = self._dwellings.get(household)
        fitted = dwelling.home.by_id.get(device) if dwelling is not None else None
        if dwelling is None or fitted is None:
            return False
        at_s = self.clock.now().timestamp() + after_s * self.clock.speed
        self.agenda.at(at_s, self._try_out, dwelling, fitted)
        return True

    def _try_out(self, at: datetime, dwelling: Dwelling, fitted: Fitted) -> None:
        voice, at_s, speed = dwelling.voice, at.timestamp(), self.clock.speed
        role = fitted.device.role
        if role == "hub":
            gone = voice.will()
            self.say(dwelling, [gone] if gone is not None else [])
            self.agenda.at(at_s + PLUG_OUT_S * speed, self._plugged_in, dwelling)
        elif role == "door":
            self.say(dwelling, voice.moved(fitted, at, is_open=True))
            self.agenda.at(at_s + DOOR_OPEN_S * speed, self._shut, dwelling, fitted)
        elif role == "motion":
            self.say(dwelling, [*voice.settled(fitted, at), *voice.detected(fitted, at)])
            if voice.settles_after_s:
                self.agenda.at(at_s + voice.settles_after_s, self._left, dwelling, fitted)
        else:
            self.say(dwelling, voice.call(fitted, at, "fall" if role == "fall" else "panic"))

    def _plugged_in(self, at: datetime, dwelling: Dwelling) -> None:
        self.say(dwelling, dwelling.voice.connected(at))
        for fitted in dwelling.home.fitted:
            self.say(dwelling, dwelling.voice.report(fitted, at))

    def _shut(self, at: datetime, dwelling: Dwelling, fitted: Fitted) -> None:
        self.say(dwelling, dwelling.voice.moved(fitted, at, is_open=False))

    def _left(self, at: datetime, dwelling: Dwelling, fitted: Fitted) -> None:
        self.say(dwelling, dwelling.voice.settled(fitted, at))

    def collapse(self, household: str) -> None:
        """From now on nobody moves there, until rescued."""
        self._dwellings[household].lie_still(self.clock.now().timestamp())

    def rescue(self, household: str) -> None:
        """Somebody comes in and helps: the door opens, and there is movement again."""
        dwelling = self._dwellings[household]
        now_s = self.clock.now().timestamp()
        dwelling.lie_still(FOR_EVER)
        dwelling.called_s = 0.0
        home = dwelling.home
        if home.door is not None:
            self.agenda.at(now_s, self._do, dwelling, home.door, "open")
            self.agenda.at(now_s + 12, self._do, dwelling, home.door, "closed")
        for number, fitted in enumerate(home.motion.values()):
            self.agenda.at(now_s + 20 + 70 * number, self._do, dwelling, fitted, DETECTED)

    def say(self, dwelling: Dwelling, messages: list[Outgoing]) -> None:
        """Publish through the home's bridge."""
        self.lines.say(dwelling.home.bridge.id, messages)

    def _built(self, plan: TownPlan) -> Iterator[tuple[Home, Dwelling]]:
        boot = f"{int(self._start.timestamp()):x}"
        city = ChirpStackVoice(plan.seed, self._start)
        for home in plan.homes:
            voice: Voice
            if home.make == LORA:
                voice = city
            elif home.make == OWN:
                voice = OwnVoice(plan.seed, home, boot)
            else:
                voice = Zigbee2MqttVoice(plan.seed, home)
            link = self.lines.connect(home.bridge, voice)
            yield home, Dwelling(home, voice, link)

    def _first_caller(self) -> Dwelling:
        """Whoever presses first: somebody with a receipted device who can still move."""
        start_s = self._start.timestamp()
        able = [d for d in self._dwellings.values() if d.home.make == OWN and not d.is_still(start_s)]
        able = able or list(self._dwellings.values())
        return able[number_from(self._seed, "first caller") % len(able)]

    def _plan_start(self, first: Dwelling) -> None:
        """The devices announce themselves, the first press, and the first of all happenings."""
        start_s, speed = self._start.timestamp(), self.clock.speed
        step_s = self._announce_within_s * speed / max(1, len(self._dwellings))
        for count, dwelling in enumerate(self._dwellings.values()):
            self.agenda.at(start_s, self._begin, dwelling)
            self.agenda.at(start_s + count * step_s, self._announce, dwelling)
        if self._first_press_after_s is not None:
            self.agenda.at(start_s + self._first_press_after_s * speed, self._press_first, first)
        what_happens = happenings(self._seed, self.plan.homes, self._start, self._per_hour)
        self._plan_next(what_happens)

    def _begin(self, at: datetime, dwelling: Dwelling) -> None:
        dwelling.begin(at)
        self._plan_doing(dwelling)

    def _plan_doing(self, dwelling: Dwelling) -> None:
        at_s, fitted, what = next(dwelling.doings)
        self.agenda.at(at_s, self._day_goes_on, dwelling, fitted, what)

    def _day_goes_on(self, at: datetime, dwelling: Dwelling, fitted: Fitted, what: str) -> None:
        self._plan_doing(dwelling)
        self._do(at, dwelling, fitted, what)

    def _do(self, at: datetime, dwelling: Dwelling, fitted: Fitted, what: str) -> None:
        messages = dwelling.do(at, fitted, what)
        self.say(dwelling, messages)
        settles_after_s = dwelling.voice.settles_after_s
        if messages and what == DETECTED and settles_after_s:
            self.agenda.at(at.timestamp() + settles_after_s, self._settle, dwelling, fitted, at.timestamp())

    def _settle(self, at: datetime, dwelling: Dwelling, fitted: Fitted, detected_s: float) -> None:
        self.say(dwelling, dwelling.settle(at, fitted, detected_s))

    def _announce(self, at: datetime, dwelling: Dwelling) -> None:
        for fitted in dwelling.home.fitted:
            self.say(dwelling, dwelling.voice.hello(fitted, at))

    def _press_first(self, at: datetime, dwelling: Dwelling) -> None:
        if dwelling.link.connected:
            self.press(dwelling.home.household, "real")
        else:
            self.agenda.at(at.timestamp() + RETRY_S * self.clock.speed, self._press_first, dwelling)

    def _plan_next(self, coming: Iterator[Happening]) -> None:
        happening = next(coming, None)
        if happening is not None:
            self.agenda.at(happening.at.timestamp(), self._happen, happening, coming)

    def _happen(self, at: datetime, happening: Happening, coming: Iterator[Happening]) -> None:
        self._plan_next(coming)
        dwelling = self._dwellings[happening.household]
        if happening.what in CALLS and not self._may_call(dwelling):
            return
        if happening.what in CALLS or not dwelling.is_still(at.timestamp()):
            self.ledger.count(happening.what)
            befall(self, dwelling, happening)

    def _may_call(self, dwelling: Dwelling) -> bool:
        """A call needs a connection and somebody who can move, and must not come too late to be shown."""
        real_s = self.clock.monotonic_s() - self._start_monotonic_s
        in_time = self._last_press_after_s is None or real_s <= self._last_press_after_s
        return in_time and dwelling.link.connected and not dwelling.is_still(self.clock.now().timestamp())

    def _asked(self, bridge: str, prompt: Prompt) -> None:
        """The gateway asks how somebody is: who is well mostly says so within half a minute of real time."""
        dwelling = self._by_bridge.get(bridge)
        if dwelling is None:
            return
        chance = number_from(self._seed, "answer", prompt.id, bits=16) / 65_536
        if chance > 0.85:
            return
        soonest_s, latest_s = ANSWERS_AFTER_S
        wait = timedelta(seconds=(soonest_s + (latest_s - soonest_s) * chance) * self.clock.speed)
        self.agenda.at((self.clock.now() + wait).timestamp(), self._answer, dwelling, prompt)

    def _answer(self, at: datetime, dwelling: Dwelling, prompt: Prompt) -> None:
        at_s = at.timestamp()
        if dwelling.is_still(at_s) or at_s - dwelling.called_s < IN_NEED_S:
            return
        fitted = dwelling.home.by_inner.get(prompt.device) or dwelling.home.hub
        if fitted is not None:
            self.ledger.answers += 1
            self.say(dwelling, dwelling.voice.well(fitted, at))
