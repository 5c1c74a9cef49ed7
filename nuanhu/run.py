"""``nuanhu run``: the gateway in production, with settings from a file and from variables."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from pydantic import ValidationError

from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress
from gateway.settings import Settings, read_settings
from nuanhu.errors import UsageError
from nuanhu.wiring import Gateway, Store, claim_port, web_server

DEFAULT_FILE = Path("nuanhu.toml")


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
    server = web_server(gateway.app)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, lambda: setattr(server, "should_exit", True))
    try:
        await server.serve(sockets=[sock])
    finally:
        await asyncio.to_thread(gateway.stop)
    return 0
