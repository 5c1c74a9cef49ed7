"""``nuanhu run``: the gateway in production, with settings from a file and from variables."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress
from gateway.settings import Settings, read_settings
from gateway.store.engine import StoreError
from gateway.store.seat import StoreTakenError
from nuanhu import event_loop
from nuanhu.emergency import Standing
from nuanhu.errors import UsageError
from nuanhu.makes import adopt_declared
from nuanhu.port import claim_port
from nuanhu.screens import load_screens
from nuanhu.wiring import Gateway, Store

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
    address = BrokerAddress(
        host=settings.broker_host,
        port=settings.broker_port,
        username=settings.broker_username,
        password=settings.broker_password.get_secret_value(),
        ca_file=settings.broker_ca_file,
        mqtt5=settings.broker_mqtt5,
    )
    title = f"{settings.broker_host}:{settings.broker_port}"

    def make(store: Store, not_before: datetime | None) -> Gateway:
        return Gateway(settings, SystemClock(not_before=not_before), store, address, broker_title=title)

    standing = Standing(settings, make)
    try:
        await standing.start()
    except StoreTakenError:
        raise
    except (StoreError, OSError) as failure:
        raise UsageError(f"the store cannot be opened: {str(failure).partition(chr(10))[0]}") from failure
    if not standing.gateway.directory.accounts:
        print("nuanhu: nobody is registered yet who could sign in", file=sys.stderr)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        await _serve(standing, sock, stop, settings, address)
    finally:
        await standing.stop()
    return 0


async def _serve(
    standing: Standing, sock: socket.socket, stop: asyncio.Event, settings: Settings, address: BrokerAddress
) -> None:
    """Serve the screens until told to stop. The gateway already listens while they are loaded."""
    await asyncio.to_thread(standing.gateway.ingest.connected.wait, LISTENS_FIRST_S)
    await asyncio.to_thread(load_screens)
    event_loop.spare_what_stays()
    from nuanhu import canary  # noqa: PLC0415 - needs the screens
    from nuanhu.web_server import web_server  # noqa: PLC0415 - the same

    server = web_server(standing.app)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    stopping = asyncio.create_task(stop.wait())
    if settings.canary_username:
        account = canary.account_of(address, settings.canary_username, settings.canary_password.get_secret_value())
        standing.accompany(lambda gateway: canary.keep_trying(gateway, account, canary.served_at(sock), settings))
    ends: set[asyncio.Future[Any]] = {serving, stopping, standing.displaced}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    await standing.part()
    server.should_exit = True
    await serving
    if standing.displaced.done():
        standing.displaced.result()
