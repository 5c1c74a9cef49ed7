"""Trial presses against a served centre, and an outside that waits for heartbeats."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from centre import PASSWORD, Centre

from gateway.ingest import BrokerAddress
from gateway.self_supervision import canary as known
from gateway.settings import Settings
from nuanhu import canary

EVERY_S = 0.1


class Outside(ThreadingHTTPServer):
    """A service that waits for heartbeats: their paths, and the status it answers with."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.status = 200
        outside = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outside.paths.append(self.path)
                self.send_response(outside.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Answer)


@pytest.fixture(name="outside")
def outside_of() -> Iterator[Outside]:
    server = Outside()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@asynccontextmanager
async def trying(centre: Centre, heartbeat_url: str = "") -> AsyncIterator[str]:
    """The screens are served, and the canary presses ten times a second."""
    base = await centre.serve()
    gateway = BrokerAddress(host=centre.broker.host, port=centre.broker.port, username="", password="")
    account = canary.account_of(gateway, known.BRIDGE.id, PASSWORD)
    settings = Settings(canary_every_s=EVERY_S, heartbeat_url=heartbeat_url)
    task = asyncio.create_task(canary.keep_trying(centre.gateway, account, base, settings))
    try:
        yield base
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await centre.stop_serving()


async def healthz(base: str) -> tuple[int, dict[str, object]]:
    def ask() -> tuple[int, bytes]:
        try:
            with urlopen(f"{base}/healthz", timeout=10) as answer:  # noqa: S310 - our own loopback address
                return answer.status, answer.read()
        except HTTPError as answer:
            return answer.code, answer.read()

    status, body = await asyncio.to_thread(ask)
    return status, json.loads(body)
