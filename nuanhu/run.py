"""``nuanhu run``: the gateway in production, with settings from a file and from variables."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from pathlib import Path

from pydantic import ValidationError

from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress
from gateway.settings import Settings, read_settings
from nuanhu.errors import UsageError
from nuanhu.makes import adopt_declared
from nuanhu.wiring import Gateway, Store, claim_port

DEFAULT_FILE = Path("nuanhu.toml")
LISTENS_FIRST_S = 0.5
"""Loading the screens takes the interpreter for itself: first the broker is answered, if it is there."""


def settings_from(file: Path | None) -> Settings:
    """The settings, or ``UsageError`` with one line that names what is wrong."""
    if file is None and DEFAULT_FILE.is_file():
        file = DEFAULT_FILE
    try:
        return read_settings(file)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {name}: {first['msg']}") from wrong


async def run(file: Path | None) -> int:
    """Serve until told to stop; returns the exit status."""
    settings = settings_from(file)
    if settings.json_makes:
        adopt_declared(Path(settings.json_makes))
    sock = claim_port(settings.host, settings.port)
    store = Store(settings)
    if not store.registry().accounts:
        print("nuanhu: nobody is registered yet who could sign in", file=sys.stderr)
    clock = SystemClock(not_before=store.reads.alive_at())
    address = BrokerAddress(
        host=settings.broker_host,
        port=settings.broker_port,
        username=settings.broker_username,
        password=settings.broker_password.get_secret_value(),
        ca_file=settings.broker_ca_file,
        mqtt5=settings.broker_mqtt5,
    )
    title = f"{settings.broker_host}:{settings.broker_port}"
    gateway = Gateway(settings, clock, store, address, broker_title=title)
    gateway.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        await _serve(gateway, sock, stop, settings, address)
    finally:
        await asyncio.to_thread(gateway.stop)
    return 0


async def _serve(
    gateway: Gateway, sock: socket.socket, stop: asyncio.Event, settings: Settings, address: BrokerAddress
) -> None:
    """Serve the screens until told to stop. The gateway already listens while they are loaded."""
    await asyncio.to_thread(gateway.ingest.connected.wait, LISTENS_FIRST_S)
    from nuanhu import canary  # noqa: PLC0415 - half of the time a start takes: the screens
    from nuanhu.web_server import web_server  # noqa: PLC0415 - the same

    server = web_server(gateway.app)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    stopping = asyncio.create_task(stop.wait())
    trying = None
    if settings.canary_username:
        account = canary.account_of(address, settings.canary_username, settings.canary_password.get_secret_value())
        trying = asyncio.create_task(canary.keep_trying(gateway, account, canary.served_at(sock), settings))
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if trying is not None:
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
    server.should_exit = True
    await serving
