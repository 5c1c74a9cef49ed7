"""One MQTT connection a bridge, as in reality: its own user, last will, queue, and reconnecting with back-off."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import aiomqtt

from nuanhu.town.devices.voice import Outgoing

KEEP_ALIVE_S = 60
ANSWER_WITHIN_S = 15.0
PAUSES_S = (1.0, 30.0)
QUEUE_MOST = 2_000
LATE_AFTER_S = 5.0
FILES_BESIDE = 512
NODELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)

_quiet = logging.getLogger("nuanhu.town.mqtt")
_quiet.setLevel(logging.CRITICAL)  # what goes wrong is told to the ledger


def allow_connections(count: int) -> None:
    """Raise this process's limit of open files to what so many connections need, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Login(NamedTuple):
    """How a connection introduces itself. Empty ``username``: anonymous."""

    client_id: str
    username: str = ""
    password: str = ""


class Ears(NamedTuple):
    """Whom a link tells what.

    Attributes:
        connected: Called after each connect; its messages go out first.
        heard: Called with (topic, payload) of each message that arrives.
        published: Called when the broker has accepted a message (for QoS 0: when it left).
        sending: Called when a message is handed to the connection.
        dropped: Called for each message given up because the queue is full.
        trouble: Called with a line for each connection lost or refused.
    """

    connected: Callable[[], Sequence[Outgoing]]
    heard: Callable[[str, bytes], None]
    sending: Callable[[Outgoing], None]
    published: Callable[[Outgoing], None]
    dropped: Callable[[Outgoing], None]
    trouble: Callable[[str], None]


class Link:
    """One bridge's connection, kept up until cancelled.

    Messages wait in a queue while there is no connection; calls for help go before the others. Each is sent again
    on the next connection until the broker has acknowledged it.

    Args:
        login: Who connects.
        ears: Whom to tell.
        now_s: Real monotonic seconds.
        will: What the broker says when the connection is lost.
        filters: What to subscribe to.
        lanes: How many messages may be on their way at once; messages of one device keep their order.
        pauses_s: Shortest and longest pause before another attempt to connect.
    """

    def __init__(
        self,
        login: Login,
        ears: Ears,
        now_s: Callable[[], float],
        *,
        will: Outgoing | None = None,
        filters: Sequence[str] = (),
        lanes: int = 1,
        pauses_s: tuple[float, float] = PAUSES_S,
    ) -> None:
        """Remember all of it; ``run`` connects."""
        self._login = login
        self._ears = ears
        self._now_s = now_s
        self._will = will
        self._filters = filters
        self._pauses_s = pauses_s
        self._queues: list[deque[tuple[float, Outgoing]]] = [deque() for _ in range(lanes)]
        self._filled = [asyncio.Event() for _ in range(lanes)]
        self._cut_until_s = 0.0
        self._cut = asyncio.Event()
        self.connected = False

    @property
    def waiting(self) -> int:
        """Messages not yet accepted by the broker."""
        return sum(map(len, self._queues))

    def holds(self, message: Outgoing) -> bool:
        """Whether this very message stands in the queue still."""
        return any(waiting is message for queue in self._queues for _, waiting in queue)

    def say(self, message: Outgoing) -> None:
        """Publish as soon as possible. Must be called in the loop that runs the link."""
        lane = zlib.crc32((message.device or message.topic).encode()) % len(self._queues)
        queue = self._queues[lane]
        calls = next((i for i, (_, waiting) in enumerate(queue) if not waiting.urgent), len(queue))
        if len(queue) >= QUEUE_MOST and calls < len(queue):
            self._ears.dropped(queue[calls][1])
            del queue[calls]
        if message.urgent:
            queue.insert(calls, (self._now_s(), message))
        else:
            queue.append((self._now_s(), message))
        self._filled[lane].set()

    def cut(self, real_s: float) -> None:
        """Lose the connection as in an outage, for so many real seconds: the broker speaks the last will."""
        self._cut_until_s = self._now_s() + real_s
        self._cut.set()

    async def run(self, host: str, port: int, delay_s: float = 0.0) -> None:
        """Connect after ``delay_s`` and stay connected until cancelled."""
        await asyncio.sleep(delay_s)
        shortest_s, longest_s = self._pauses_s
        pause_s = shortest_s
        while True:
            began_s = self._now_s()
            try:
                await self._converse(host, port)
            except aiomqtt.MqttError as error:
                self._ears.trouble(f"{self._login.client_id}: {error}")
            finally:
                self.connected = False
            pause_s = shortest_s if self._now_s() - began_s > longest_s else pause_s * 2
            share = zlib.crc32(f"{self._login.client_id}{began_s}".encode()) / 2**32
            rest_s = max(min(pause_s, longest_s) * (0.5 + share / 2), self._cut_until_s - self._now_s())
            await asyncio.sleep(rest_s)

    async def _converse(self, host: str, port: int) -> None:
        """One connection from beginning to end."""
        will = self._will
        client = aiomqtt.Client(
            host,
            port,
            identifier=self._login.client_id,
            username=self._login.username or None,
            password=self._login.password or None,
            will=None if will is None else aiomqtt.Will(will.topic, will.payload, will.qos, will.retain),
            keepalive=KEEP_ALIVE_S,
            timeout=ANSWER_WITHIN_S,
            logger=_quiet,
            socket_options=NODELAY,
            max_inflight_messages=max(20, len(self._queues)),
        )
        async with client:
            for wanted in self._filters:
                await client.subscribe(wanted, qos=1)
            for message in self._ears.connected():
                await self._publish(client, message)
            self._cut.clear()
            self.connected = True
            tasks = [asyncio.ensure_future(self._send(client, lane)) for lane in range(len(self._queues))]
            tasks += [asyncio.ensure_future(self._listen(client)), asyncio.ensure_future(self._lose(client))]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.connected = False
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            for task in done:
                task.result()

    async def _send(self, client: aiomqtt.Client, lane: int) -> None:
        queue, filled = self._queues[lane], self._filled[lane]
        while True:
            if not queue:
                filled.clear()
                await filled.wait()
                continue
            since_s, message = entry = queue[0]
            late = bool(message.late_payload) and self._now_s() - since_s > LATE_AFTER_S
            await self._publish(client, message, late=late)
            if entry in queue:  # an urgent one may have gone before it meanwhile
                queue.remove(entry)

    async def _publish(self, client: aiomqtt.Client, message: Outgoing, *, late: bool = False) -> None:
        self._ears.sending(message)
        payload = message.late_payload if late else message.payload
        await client.publish(message.topic, payload, message.qos, message.retain)
        self._ears.published(message)

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if isinstance(message.payload, bytes):
                self._ears.heard(str(message.topic), message.payload)

    async def _lose(self, client: aiomqtt.Client) -> None:
        """In an outage: close the socket without a word, and see the connection end."""
        await self._cut.wait()
        open_socket = client._client.socket()  # noqa: SLF001 - aiomqtt has no way to lose a connection
        if isinstance(open_socket, socket.socket):
            open_socket.shutdown(socket.SHUT_RDWR)
        await asyncio.sleep(ANSWER_WITHIN_S)
