"""``nuanhu demo``: broker, gateway, screens and a living town in one process, with nothing to set up."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path

import msgspec
from pydantic import SecretStr

from gateway.broker import ChildBroker, Preference, bridge_user, gateway_user
from gateway.broker.access import GATEWAY_NAME, BrokerUser
from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress
from gateway.self_supervision.canary import BRIDGE
from gateway.settings import Settings
from nuanhu import canary
from nuanhu.console_client import signed_in
from nuanhu.demo import own_settings
from nuanhu.demo.fitter import Fitter
from nuanhu.demo.people import (
    ACCOUNTS,
    BENCH,
    PASSWORD,
    bench_user,
    order_work,
    put_duty_in_force,
    with_demo_registry,
    with_organisations,
    worn_batteries,
)
from nuanhu.demo.telephones import EMERGENCY_LINE, EXCHANGE, EXTENSIONS, Telephones, is_free
from nuanhu.demo.watch import Watch
from nuanhu.demo.welcome import Opened, Tongue, farewell, said, welcome
from nuanhu.errors import UsageError
from nuanhu.port import claim_port
from nuanhu.progress import Progress, backfill, stage_collapses
from nuanhu.screens import kept_secret
from nuanhu.town.assessed import with_assessments
from nuanhu.town.plan import TownPlan
from nuanhu.town.recipe import Recipe
from nuanhu.town.town import Town
from nuanhu.web_server import web_server
from nuanhu.wiring import Gateway, Store

MOST_HOUSEHOLDS = 3000
MOST_SPEED = 60.0
HAPPENINGS_PER_HOUR = 60.0
LAST_PRESS_BEFORE_END_S = 6.0
CANARY_PASSWORD = "canary-password"  # noqa: S105 - the name of a file
HOST = "127.0.0.1"


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; see ``nuanhu demo --help``."""

    households: int = 300
    port: int = 8080
    seed: int = 1
    speed: float = 1.0
    for_s: float | None = None
    play: Path | None = None
    data: Path = Path("var/demo")
    fresh: bool = False
    mqtt_port: int = 1883
    broker: Preference = "auto"
    quiet: bool = False
    tongue: Tongue = "both"


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo that ended by itself has seen.

    Attributes:
        signals: Signals that the rules judged.
        panics_raised: Calls for help the town's own ledger holds.
        panics_shown: Of these, those that a console's socket was told of.
        inactivity_shown: Homes whose inactivity a console was told of.
        first_screen_s: From the command to the first page served, seconds.
        errors: What went wrong, in words.
    """

    signals: int
    panics_raised: int
    panics_shown: int
    inactivity_shown: int
    first_screen_s: float
    errors: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether every press was shown."""
        return self.panics_raised > 0 and self.panics_shown == self.panics_raised


async def demo(options: DemoOptions) -> DemoReport:
    """Run the demo until Ctrl-C, or for as long as asked.

    Raises:
        UsageError: The options do not fit, or not to what the folder holds.
        PortTakenError: The port of the screens is in use.
        BrokerError: No broker could be started.
    """
    started, stop = _started_at(), _stop_on_signals()
    recipe, plan = _plan(options)
    sock = claim_port(HOST, options.port)
    is_new = _open_folder(options)
    password = kept_secret(options.data / "gateway-password")
    users = [bridge_user(b, plan.passwords[b.id]) for b in plan.registry.bridges if b.id != BENCH.id]
    users += [gateway_user(password), bench_user(), bridge_user(BRIDGE, kept_secret(options.data / CANARY_PASSWORD))]
    broker = await asyncio.to_thread(_start_broker, options, users)
    try:
        report = await _run(options, recipe, plan, broker, password, sock, started, stop, is_new=is_new)
    finally:
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the end itself cuts connections
        await asyncio.to_thread(broker.stop)
        sock.close()
    if not options.quiet:
        _farewell(options, report)
    return report


def _started_at() -> datetime:
    """When the person pressed Enter, as far as known: ``scripts/demo`` says so, else now."""
    said = os.environ.get("NUANHU_STARTED", "")
    now = SystemClock().now()
    return datetime.fromtimestamp(float(said), now.tzinfo) if said.replace(".", "", 1).isdigit() else now


def _plan(options: DemoOptions) -> tuple[Recipe, TownPlan]:
    if not 1 <= options.households <= MOST_HOUSEHOLDS:
        raise UsageError(f"--households must be 1 to {MOST_HOUSEHOLDS}")
    if not 1 <= options.speed <= MOST_SPEED:
        raise UsageError(f"--speed must be 1 to {MOST_SPEED:.0f}")
    if options.play is not None and not options.play.exists():
        raise UsageError(f"--play: no file {options.play}")
    recipe = Recipe(seed=options.seed, households=options.households, play=options.play, at=SystemClock().now())
    try:
        return recipe, with_organisations(with_demo_registry(recipe.plan()))
    except ValueError as wrong:
        raise UsageError(f"--play {options.play}: {wrong}") from wrong


def _open_folder(options: DemoOptions) -> bool:
    """Make the folder, or check that it holds this very town. Returns whether it is new."""
    played = options.play.name if options.play else ""
    town = {"seed": options.seed, "households": options.households, "play": played}
    stamp = options.data / "town.json"
    if options.fresh and stamp.exists():  # only ever a folder that a demo has made
        shutil.rmtree(options.data)
    if stamp.exists():
        held = msgspec.json.decode(stamp.read_bytes(), type=dict[str, int | str])
        if held != town:
            raise UsageError(
                f"{options.data} holds a town with {held['households']} households and seed {held['seed']}: "
                "ask for the same, or add --fresh to begin anew, or --data for another folder"
            )
        return False
    if options.data.exists() and any(options.data.iterdir()):
        raise UsageError(f"{options.data} holds something else: choose another folder with --data")
    options.data.mkdir(parents=True, exist_ok=True)
    stamp.write_bytes(msgspec.json.encode(town))
    return True


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop


def _start_broker(options: DemoOptions, users: list[BrokerUser]) -> ChildBroker:
    port = options.mqtt_port if is_free(options.mqtt_port) else 0
    broker = ChildBroker(options.data / "broker", users, port=port, prefer=options.broker)
    broker.start()
    return broker


class _Scene:
    """The running parts of a demo."""

    def __init__(
        self,
        options: DemoOptions,
        recipe: Recipe,
        gateway: Gateway,
        broker: ChildBroker,
        sock: socket.socket,
        telephones: Telephones,
    ) -> None:
        self.options = options
        self.telephones = telephones
        self.gateway = gateway
        self.broker = broker
        self.base = f"http://{HOST}:{sock.getsockname()[1]}"
        self.server = web_server(gateway.app)
        self._serving = asyncio.create_task(self.server.serve(sockets=[sock]))
        self._watching: asyncio.Task[None] | None = None
        self._trying: asyncio.Task[None] | None = None
        self.progress = Progress(gateway, recipe, shown=not options.quiet and sys.stderr.isatty())

    async def first_screen(self) -> Watch:
        """Wait until a person could see the console: it is served, and an operator has signed in."""
        await self.server.ready.wait()
        console = await signed_in(self.base, ACCOUNTS[0].login, PASSWORD)
        await asyncio.to_thread(console.fetch, "/")
        watch = Watch(console)
        self._watching = asyncio.create_task(watch.run())
        return watch

    def try_all_the_time(self, account: BrokerAddress, settings: Settings) -> None:
        """Let the canary press."""
        self._trying = asyncio.create_task(canary.keep_trying(self.gateway, account, self.base, settings))

    async def live(self, plan: TownPlan, watch: Watch, stop: asyncio.Event, *, is_new: bool) -> Town:
        """Stage what began hours ago, let the town live, fill in its past, end when asked."""
        for_s = self.options.for_s
        if for_s is not None:
            asyncio.get_running_loop().call_later(for_s, stop.set)
        staged = await stage_collapses(self.progress, plan) if is_new else {}
        town = Town(
            plan,
            self.gateway.clock,
            self.options.seed,
            collapsed=staged,
            worn=await worn_batteries(self.gateway),
            happenings_per_hour=HAPPENINGS_PER_HOUR,
            last_press_after_s=for_s - watch.elapsed_s() - LAST_PRESS_BEFORE_END_S if for_s else None,
        )
        watch.town = town
        self.telephones.town_calls(asyncio.get_running_loop(), town)
        beside = (
            asyncio.create_task(backfill(self.progress, plan)),
            asyncio.create_task(Fitter(town).run(self.gateway.desk)),
        )
        try:
            await town.run(self.broker.host, self.broker.port, stop=stop)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        return town

    async def close(self) -> None:
        """End everything in order: nobody looks, nobody is served, the gateway leaves."""
        looking = [task for task in (self._watching, self._trying) if task is not None]
        for task in looking:
            task.cancel()
        self.progress.close()
        self.server.should_exit = True
        await asyncio.gather(self._serving, *looking, return_exceptions=True)
        await asyncio.to_thread(self.gateway.stop)


async def _run(
    options: DemoOptions,
    recipe: Recipe,
    plan: TownPlan,
    broker: ChildBroker,
    password: str,
    sock: socket.socket,
    started: datetime,
    stop: asyncio.Event,
    *,
    is_new: bool,
) -> DemoReport:
    stop = _stop_on_signals()
    base_url = f"http://{HOST}:{sock.getsockname()[1]}"
    telephones = Telephones(options.data, base_url, sock.getsockname()[1] + 1, plan.registry)
    settings = _settings(options, telephones)
    own_settings.keep(settings)
    store = Store(settings)
    if is_new:
        store.register(with_assessments(plan.registry, started.date()))
    clock = SystemClock(options.speed, not_before=store.reads.alive_at())
    mqtt5 = broker.kind == "mosquitto"
    address = BrokerAddress(host=broker.host, port=broker.port, username=GATEWAY_NAME, password=password, mqtt5=mqtt5)
    gateway = Gateway(settings, clock, store, address, demo_accounts=ACCOUNTS, broker_title=broker.kind)
    gateway.start()
    if is_new:
        await put_duty_in_force(gateway, plan)
        await order_work(gateway, plan)
    scene = _Scene(options, recipe, gateway, broker, sock, telephones)
    try:
        watch = await scene.first_screen()
        trial = canary.account_of(address, BRIDGE.id, kept_secret(options.data / CANARY_PASSWORD))
        scene.try_all_the_time(trial, settings)
        first_screen_s = (SystemClock().now() - started).total_seconds()
        _welcome(options, scene, telephones, first_screen_s, is_new=is_new)
        town = await scene.live(plan, watch, stop, is_new=is_new)
    finally:
        await scene.close()
        await asyncio.to_thread(telephones.carrier.stop)
    return DemoReport(
        signals=gateway.judge.signals,
        panics_raised=len(town.ledger.presses),
        panics_shown=watch.shown(town.ledger),
        inactivity_shown=len(watch.inactive),
        first_screen_s=round(first_screen_s, 1),
        errors=(*town.ledger.errors, *watch.errors),
    )


def _settings(options: DemoOptions, telephones: Telephones) -> Settings:
    return Settings(
        data=options.data,
        host=HOST,
        port=options.port,
        secure_cookies=False,
        title="暖护演示",
        base_url=telephones.base_url,
        duty_phones=telephones.duty_phones,
        page_pins=telephones.pins,
        providers=telephones.providers,
        telephony_token=SecretStr(EXCHANGE),
        telephony_emergency_lines=(EMERGENCY_LINE,),
        telephony_extensions=EXTENSIONS,
        desk_phone=EMERGENCY_LINE,
        area_code="0510",
        push_networks=("127.0.0.0/8",),  # so that a platform or a receiver on this machine can be tried with it
    )


def _welcome(
    options: DemoOptions, scene: _Scene, telephones: Telephones, first_screen_s: float, *, is_new: bool
) -> None:
    if options.quiet:
        return
    opened = Opened(
        households=options.households,
        base=scene.base,
        telephones=telephones.carrier.url,
        folder=options.data,
        broker=(scene.broker.kind, scene.broker.host, scene.broker.port),
        first_screen_s=first_screen_s,
        is_new=is_new,
        limits=tuple(scene.broker.limits),
    )
    print(said(options.tongue, welcome(opened)), flush=True)


def _farewell(options: DemoOptions, report: DemoReport) -> None:
    print(said(options.tongue, farewell(report.signals, report.panics_shown, report.panics_raised, options.data)))
    for error in report.errors:
        print(f"  error: {error}")
