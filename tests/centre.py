"""A whole centre under test, driven as the outside world drives it: by MQTT messages, commands and time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from ready_store import put_ready_store

from alerting.casefile import Account, Bridge, Device, Registry
from alerting.commands import AnyCommand, Claim, Close, Note, RecordCall
from alerting.model import Entry, EntryKind, Outcome, Priority
from device_adapters.own_protocol import encode_event
from gateway.broker import BrokerUser, ChildBroker, bridge_user, gateway_user
from gateway.clock import ScriptedClock
from gateway.desk.contract import Answer, Change, ConsoleSeen, IncidentView, QueueRow
from gateway.ingest import BrokerAddress
from gateway.notify import Notifier, Outgoing, Sent
from gateway.notify.recording import Recording
from gateway.self_supervision import canary
from gateway.settings import Settings
from nuanhu.demo.people import with_demo_registry
from nuanhu.port import claim_port
from nuanhu.screens import load_screens
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Home
from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.web_server import WebServer, web_server
from nuanhu.wiring import Gateway, Store

DUTY_PHONE = "值班手机"
PERSONS = "persons.jsonl"
"""What persons are told on their own channels."""
MORNING = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)  # 08:00 in the town
PASSWORD = "for-tests-only"
HOMES = 12
WAIT_S = 60.0


@cache
def town() -> TownPlan:
    """Twelve homes with the demo's accounts; their passwords are hashed once for all tests."""
    return with_demo_registry(plan_town(7, HOMES))


class Written:
    """The gateway's own channels, but messages and calls to mere numbers go into a file: no provider is set up."""

    def __init__(self, channels: Notifier, file: Path) -> None:
        self._channels = channels
        self._file = Recording(file)

    def send(self, page: Outgoing) -> Sent:
        is_number = bool(page.address) and "://" not in page.address
        return (self._file if is_number else self._channels).send(page)


class Centre:
    """One gateway with its broker and store in a folder.

    Attributes:
        clock: Moves only by ``advance``, unless another is given.
        plan: Who lives in the twelve homes.
        gateway: The running gateway; replaced by ``restart``.
        rang: Incidents for which consoles were told to ring, in order.
        changes: All changes consoles were told of.
    """

    def __init__(self, folder: Path, store_url: str = "") -> None:
        self.folder = folder
        self.store_url = store_url
        self.settings: dict[str, Any] = {"duty_phones": {DUTY_PHONE: f"record://{folder / 'pages.jsonl'}"}}
        self.clock = ScriptedClock(MORNING)
        self.plan = town()
        users = [bridge_user(b, PASSWORD) for b in self.plan.registry.bridges]
        users += [bridge_user(canary.BRIDGE, PASSWORD)]
        users += [gateway_user(PASSWORD), BrokerUser("stranger", PASSWORD, write=("#",), read=("#",))]
        self.broker = ChildBroker(folder / "broker", users)
        self.rang: list[str] = []
        self.changes: list[Change] = []
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._clients: dict[str, Client] = {}
        self._said = 0
        self._event = 0
        self._registered = False
        self._server: WebServer | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self.broker.start)
        await self.open_gateway()

    async def open_gateway(self) -> None:
        """Start a gateway on the store and broker of this centre."""
        if not self.store_url:
            put_ready_store(self.folder / "data")
        store = Store(Settings(data=self.folder / "data", store_url=self.store_url))
        if not self._registered:
            store.register(self.plan.registry)
            self._registered = True
        address = BrokerAddress(host=self.broker.host, port=self.broker.port, username="gateway", password=PASSWORD)
        settings = Settings(data=self.folder / "data", store_url=self.store_url, secure_cookies=False, **self.settings)
        self.gateway = Gateway(settings, self.clock, store, address)
        self._be_patient()
        if not settings.providers:
            self.gateway.outbox._notifier = Written(self.gateway.outside.channels, self.folder / PERSONS)
        self._cursor = (await self.gateway.desk.snapshot()).cursor
        self._watching = asyncio.create_task(self._watch(self._cursor))
        self._said = 0
        self.gateway.start()
        await asyncio.to_thread(self.gateway.ingest.connected.wait, WAIT_S)
        await self.until(lambda: self.gateway.ingest.subscribed, "the gateway's subscription")

    def _be_patient(self) -> None:
        """A machine with much else to do is neither a store that does not answer nor a loop that hangs."""
        self.gateway.writer._recorder.bound_s = self.gateway.writer.recollection.bound_s = WAIT_S
        self.gateway.pulse.loop_lag_fault_s = WAIT_S

    async def close_gateway(self) -> None:
        self._watching.cancel()
        await asyncio.to_thread(self.gateway.stop)

    async def set_up(self, **settings: Any) -> None:
        """The gateway starts anew with more settings."""
        await self.close_gateway()
        self.settings |= settings
        await self.open_gateway()

    async def employ(self, account: Account) -> None:
        """Register one more account; the gateway starts anew with it."""
        await self._register(accounts=(*self.plan.registry.accounts, account))

    async def fit(self, *devices: Device) -> None:
        """Register more devices, each with a bridge that is there; the gateway starts anew with them."""
        await self._register(devices=(*self.plan.registry.devices, *devices))

    async def join(self, *bridges: Bridge) -> None:
        """Register more bridges; the gateway starts anew with them. The stranger speaks for them."""
        await self._register(bridges=(*self.plan.registry.bridges, *bridges))

    async def _register(self, **more: Any) -> None:
        await self.replace_registry(msgspec.structs.replace(self.plan.registry, **more))

    async def replace_registry(self, registry: Registry) -> None:
        """What is registered is this from now on; the gateway starts anew with it."""
        await self.close_gateway()
        self.plan = msgspec.structs.replace(self.plan, registry=registry)
        self._registered = False
        await self.open_gateway()

    async def forget_session(self) -> None:
        """The broker forgets the session of a closed gateway and what waits in it: only retained messages are left."""
        client = Client(CallbackAPIVersion.VERSION2, client_id="nuanhu-gateway", protocol=MQTTv5)
        client.username_pw_set("gateway", PASSWORD)
        connected = threading.Event()
        client.on_connect = lambda *_: connected.set()
        client.connect(self.broker.host, self.broker.port, clean_start=True)
        client.loop_start()
        assert await asyncio.to_thread(connected.wait, WAIT_S)
        client.disconnect()
        client.loop_stop()

    async def serve(self, port: int = 0) -> str:
        """Serve the screens on this port, or on a free one; returns their address."""
        sock = claim_port("127.0.0.1", port)
        await asyncio.to_thread(load_screens)
        self._server = web_server(self.gateway.app)
        self._serving = asyncio.create_task(self._server.serve(sockets=[sock]))
        await self._server.ready.wait()
        return f"http://127.0.0.1:{sock.getsockname()[1]}"

    async def stop_serving(self) -> None:
        if self._server is not None:
            self._server.should_exit = True
            await self._serving
            self._server = None

    async def stop(self) -> None:
        await self.stop_serving()
        for client in self._clients.values():
            client.disconnect()
            client.loop_stop()
        await self.close_gateway()
        await asyncio.to_thread(self.broker.stop)

    async def _watch(self, cursor: str) -> None:
        async for change in self.gateway.desk.changes(cursor):
            self.changes.append(change)
            self._cursor = change.cursor
            if change.rings and change.row is not None:
                self.rang.append(change.row.incident)

    # homes and devices ------------------------------------------------------------------------------------------

    def home(self, make: str = OWN, nth: int = 0) -> Home:
        """The n-th home of a make (``OWN``, ``ZIGBEE``, ``LORA``)."""
        return [home for home in self.plan.homes if home.make == make][nth]

    @property
    def zigbee_home(self) -> Home:
        return self.home(ZIGBEE)

    @property
    def lora_home(self) -> Home:
        return self.home(LORA)

    def device(self, home: Home, role: str) -> Device:
        return next(f.device for f in home.fitted if f.device.role == role)

    def bridge(self, id_: str) -> Bridge:
        return next(b for b in self.plan.registry.bridges if b.id == id_)

    # the outside world ------------------------------------------------------------------------------------------

    def client(self, user: str) -> Client:
        """A connection of a bridge (or ``stranger``); everything it receives is kept in ``heard``."""
        if user not in self._clients:
            client = Client(CallbackAPIVersion.VERSION2, client_id=f"{user}-test", protocol=MQTTv5)
            client.username_pw_set(user, PASSWORD)
            connected = threading.Event()
            client.on_connect = lambda *_: connected.set()
            client.on_message = lambda _c, _u, m: self.heard.append((m.topic, msgspec.json.decode(m.payload)))
            client.connect(self.broker.host, self.broker.port)
            client.loop_start()
            assert connected.wait(WAIT_S), f"{user} could not connect"
            self._clients[user] = client
        return self._clients[user]

    async def say(self, user: str, topic: str, payload: object, *, retain: bool = False, settle: bool = True) -> None:
        """Publish as a bridge and wait until the gateway has committed it."""
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        sent = self.client(user).publish(topic, body, qos=1, retain=retain)
        await asyncio.to_thread(sent.wait_for_publish, WAIT_S)
        self._said += 1
        if settle:
            await self.settled()

    async def event(self, home: Home, role: str, kind: str, **fields: Any) -> str:
        """Something an own-protocol device of this role says; returns the event id."""
        self._event += 1
        device = self.device(home, role)
        id_ = fields.pop("event_id", f"e{self._event}")
        settle = fields.pop("settle", True)
        topic, payload = encode_event(
            home.bridge.prefix,
            device.inner,
            event_id=id_,
            boot=fields.pop("boot", "b1"),
            seq=fields.pop("seq", self._event),
            kind=kind,  # type: ignore[arg-type]
            **fields,
        )
        await self.say(home.bridge.id, topic, payload, settle=settle)
        return str(id_)

    async def alive(self, home: Home, device: Device) -> None:
        """A device of our own protocol says that it is there, and nothing else."""
        self._event += 1
        status = {"boot": "b1", "seq": self._event, "at": None}
        await self.say(home.bridge.id, f"{home.bridge.prefix}/up/{device.inner}/status", status, settle=False)

    async def press(self, home: Home, **fields: Any) -> str:
        """Somebody presses the panic button of an own-protocol home."""
        return await self.event(home, "panic", "panic", **fields)

    async def move(self, home: Home) -> None:
        """Somebody walks past a motion sensor of an own-protocol home."""
        await self.event(home, "motion", "motion", state="detected")

    async def live(self, home: Home, hours: int) -> None:
        """Hours pass in a home where somebody moves about and every device is heard, its hub twice an hour."""
        for _half in range(2 * hours):
            await self.pass_time(minutes=30)
            for device in self.gateway.directory.devices_of(home.household):
                await self.alive(home, device)
            await self.move(home)

    async def pass_time(self, **by: float) -> None:
        """Let time pass and wait for what follows from it. Devices say nothing meanwhile."""
        self.clock.advance(timedelta(**by))
        await self.barrier()

    async def attended_by(self, *logins: str) -> None:
        """These consoles are attended now, and no others are there; the desk knows it."""
        now = self.clock.now()
        await self.gateway.desk.consoles([ConsoleSeen(login=it, sockets=1, attended=1, since=now) for it in logins])
        desk = self.gateway.judge.states
        await self.until(lambda: desk.desk.here == desk.desk.attended == logins, "the desk to know who is there")
        await self.barrier()

    async def settled(self) -> None:
        """Wait until everything said so far is committed and told to the consoles."""
        await self.until(lambda: self.gateway.writer.messages >= self._said, "the gateway to take all messages")
        await self.barrier()

    async def barrier(self) -> None:
        """Wait until the writer has been through a batch that began after now."""
        for _ in range(2):
            await self.gateway.desk.submit(Note(key=self.plan.homes[0].household, incident="none", text=""))
        await self.told()

    async def told(self) -> None:
        """Wait until the consoles have been told of everything up to now."""
        latest = _number((await self.gateway.desk.snapshot()).cursor)
        await self.until(lambda: _number(self._cursor) >= latest, "the consoles")

    async def until(self, true: Any, what: str) -> None:
        for _ in range(int(WAIT_S / 0.01)):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited in vain for {what}")

    # the desk ---------------------------------------------------------------------------------------------------

    async def queue(self) -> list[QueueRow]:
        return list((await self.gateway.desk.snapshot()).rows)

    async def row_of(self, home: Home) -> QueueRow:
        """The one open incident of a home."""
        rows = [row for row in await self.queue() if row.household == home.household]
        assert len(rows) == 1, f"{len(rows)} open incidents in {home.household}"
        return rows[0]

    async def ask(self, command: AnyCommand, once: str = "") -> Answer:
        return await self.gateway.desk.submit(command, once=once)

    async def claim(self, row: QueueRow, by: str = "zuoxi1") -> Answer:
        return await self.ask(Claim(key=row.key, incident=row.incident, by=by))

    async def spoke(self, row: QueueRow, by: str = "zuoxi1") -> Answer:
        """Somebody at the home answered the telephone."""
        return await self.ask(RecordCall(key=row.key, incident=row.incident, by=by, whom="家中", result="spoke"))

    async def close(self, row: QueueRow, outcome: Outcome = Outcome.WAS_WELL, by: str = "zuoxi1") -> Answer:
        return await self.ask(Close(key=row.key, incident=row.incident, by=by, outcome=outcome))

    def pages(self, file: str = "pages.jsonl") -> list[str]:
        """What the recording channel has carried so far, without the daily tests."""
        return [text for text in self.carried(file) if "每日呼叫测试" not in text]

    def paged_persons(self) -> list[tuple[str, str]]:
        """(name, channel) of everything that persons were told so far."""
        file = self.folder / PERSONS
        lines = [msgspec.json.decode(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [(line["to"], line["channel"]) for line in lines]

    def carried(self, file: str = "pages.jsonl") -> list[str]:
        """All that the recording channel has carried so far."""
        lines = (self.folder / file).read_text().splitlines() if (self.folder / file).exists() else []
        return [msgspec.json.decode(line)["text"] for line in lines]

    async def told_of(self, incident: str, kind: EntryKind) -> None:
        """Wait until the timeline of an incident has a line of this kind."""
        for _ in range(int(WAIT_S / 0.01)):
            if any(entry.kind is kind for entry in (await self.incident(incident)).timeline):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited in vain for {kind} in {incident}")

    async def incident(self, id_: str) -> IncidentView:
        view = await self.gateway.desk.incident(id_)
        assert view is not None, f"no incident {id_}"
        return view


def done(timeline: Iterable[Entry]) -> list[Entry]:
    """The lines but those that channels tell when they come to it: that a message has left."""
    return [entry for entry in timeline if entry.kind is not EntryKind.PAGE_SENT]


P1, P2, P3 = Priority.P1, Priority.P2, Priority.P3


def _number(cursor: str) -> int:
    """How far a cursor is; the words before the last dot tell one start of the gateway from another."""
    return int(cursor.rpartition(".")[2])
