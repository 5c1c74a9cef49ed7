"""All connections of the town: one a bridge, or one for all; and who is told of what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from alerting.casefile import Bridge
from device_adapters.adapter import Rejected
from device_adapters.own_messages import Prompt, decode_prompt, decode_receipt, down_filter
from device_adapters.own_protocol import ROOT
from gateway.clock import Clock
from nuanhu.town.devices.voice import Outgoing, Voice
from nuanhu.town.homes import OWN
from nuanhu.town.ledger import Ledger, Press
from nuanhu.town.publisher import PAUSES_S, Ears, Link, Login, allow_connections
from nuanhu.town.receipts import Repeater

GAP_S = 0.006
SHARED_LANES = 16


class Switchboard:
    """Connections by bridge.

    Args:
        clock: Service and real time.
        ledger: Kept up to date with what was sent and what came back.
        passwords: By bridge id. A bridge without one connects anonymously.
        shared: Log in once, as this, and speak for all bridges over that connection.
        asked: Told of (bridge id, prompt) when the gateway asks somebody how they are.
        pauses_s: Shortest and longest pause of a bridge before it tries again to connect.
    """

    def __init__(
        self,
        clock: Clock,
        ledger: Ledger,
        passwords: Mapping[str, str],
        *,
        shared: Login | None,
        asked: Callable[[str, Prompt], None],
        pauses_s: tuple[float, float] = PAUSES_S,
    ) -> None:
        """No bridge yet."""
        self._clock = clock
        self._ledger = ledger
        self._passwords = passwords
        self._asked = asked
        self._pauses_s = pauses_s
        self._links: dict[str, Link] = {}
        self._voices: dict[str, Voice] = {}
        self._repeaters: dict[str, Repeater] = {}
        self._bridges: dict[str, str] = {}
        self._calls: dict[int, tuple[Outgoing, Press]] = {}
        self._shared: Link | None = None
        if shared is not None:
            filters = (down_filter(f"{ROOT}/+"),)
            births = self._all_births
            self._shared = Link(shared, self._ears(births), clock.monotonic_s, filters=filters, lanes=SHARED_LANES)

    def connect(self, bridge: Bridge, voice: Voice) -> Link:
        """The connection of a bridge; the same one when asked again."""
        if bridge.id in self._links:
            return self._links[bridge.id]
        own = bridge.adapter == OWN
        if own:
            self._bridges[bridge.prefix] = bridge.id
        self._voices[bridge.id] = voice
        if self._shared is not None:
            link = self._shared
        else:
            password = self._passwords.get(bridge.id, "")
            login = Login(f"town-{bridge.id}", bridge.id if password else "", password)
            filters = (down_filter(bridge.prefix),) if own else ()
            births = partial(self._births, bridge.id)
            link = Link(
                login,
                self._ears(births),
                self._clock.monotonic_s,
                will=voice.will(),
                filters=filters,
                pauses_s=self._pauses_s,
            )
        self._links[bridge.id] = link
        if own:
            self._repeaters[bridge.id] = Repeater(link.say, partial(_can_repeat, link), self._repeated, self._dropped)
        return link

    def say(self, bridge: str, messages: Iterable[Outgoing], press: Press | None = None) -> None:
        """Publish through a bridge; the first message is that of ``press``, if any."""
        link, repeater = self._links[bridge], self._repeaters.get(bridge)
        for message in messages:
            if press is not None:
                press.event_id = message.event_id
                self._calls[id(message)] = message, press
                press = None
            link.say(message)
            if repeater is not None and message.event_id:
                repeater.expect(message.topic.rsplit("/", 2)[1], message)

    def cut(self, bridge: str, real_s: float) -> bool:
        """Let a bridge lose its connection for so many real seconds; False when it shares one."""
        if self._shared is not None:
            return False
        self._links[bridge].cut(real_s)
        return True

    async def run(self, host: str, port: int, first: Sequence[str]) -> None:
        """Keep all connections up until cancelled: those of the bridges in ``first`` at once, the rest spread."""
        order = {bridge: i for i, bridge in enumerate((*first, *self._links))}
        tasks = []
        if self._shared is not None:
            tasks.append(asyncio.ensure_future(self._shared.run(host, port)))
        else:
            allow_connections(len(self._links))
            for bridge, link in self._links.items():
                delay_s = 0.0 if bridge in first else GAP_S * order[bridge]
                tasks.append(asyncio.ensure_future(link.run(host, port, delay_s)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for repeater in self._repeaters.values():
                repeater.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def waiting(self) -> int:
        """Messages that the broker has not accepted yet."""
        return sum(link.waiting for link in set(self._links.values()))

    @property
    def unreceipted(self) -> int:
        """Events of our own protocol without a receipt."""
        return sum(map(len, self._repeaters.values()))

    @property
    def connected(self) -> int:
        """How many bridges have their connection."""
        return sum(link.connected for link in self._links.values())

    def _ears(self, births: Callable[[], Sequence[Outgoing]]) -> Ears:
        return Ears(
            connected=births,
            heard=self._heard,
            sending=self._sending,
            published=self._published,
            dropped=self._dropped,
            trouble=self._lost,
        )

    def _births(self, bridge: str) -> Sequence[Outgoing]:
        return self._voices[bridge].connected(self._clock.now())

    def _all_births(self) -> Sequence[Outgoing]:
        now = self._clock.now()
        return [message for voice in self._voices.values() for message in voice.connected(now)]

    def _heard(self, topic: str, payload: bytes) -> None:
        bridge = self._bridges.get(topic.rpartition("/down/")[0])
        if bridge is None:
            return
        try:
            if topic.endswith("/receipt"):
                self._receipted(bridge, topic, payload)
            elif topic.endswith("/prompt"):
                self._ledger.prompts += 1
                self._asked(bridge, decode_prompt(topic, payload))
        except Rejected as reason:
            self._ledger.error(f"{topic}: {reason}")

    def _receipted(self, bridge: str, topic: str, payload: bytes) -> None:
        receipt = decode_receipt(topic, payload)
        message = self._repeaters[bridge].received(receipt.device, receipt.id)
        if message is None:
            return
        self._ledger.receipts += 1
        call = self._calls.pop(id(message), None)
        if call is not None:
            press = call[1]
            press.receipted = True
            press.receipted_at = self._clock.now()
            press.receipted_monotonic_s = self._clock.monotonic_s()

    def _sending(self, message: Outgoing) -> None:
        call = self._calls.get(id(message))
        if call is not None and call[1].sent_monotonic_s is None:
            call[1].sent_monotonic_s = self._clock.monotonic_s()

    def _published(self, message: Outgoing) -> None:
        self._ledger.messages += 1
        call = self._calls.get(id(message))
        if call is not None:
            call[1].broker_has_it = True
            if not message.event_id:
                del self._calls[id(message)]

    def _repeated(self, message: Outgoing) -> None:
        self._ledger.repeats += 1
        call = self._calls.get(id(message))
        if call is not None:
            call[1].repeats += 1

    def _dropped(self, message: Outgoing) -> None:
        del message
        self._ledger.dropped += 1

    def _lost(self, line: str) -> None:
        self._ledger.reconnects += 1
        self._ledger.last_trouble = line


def _can_repeat(link: Link, message: Outgoing) -> bool:
    return link.connected and not link.holds(message)
