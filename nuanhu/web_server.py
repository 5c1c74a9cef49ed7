"""The web server as a task among others. Apart from the wiring, so that the gateway listens before this is loaded."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

CLOSE_S = 2


class WebServer(uvicorn.Server):
    """The web server as a task among others: signals are the front door's business."""

    def __init__(self, config: uvicorn.Config) -> None:
        """As the library's, with an event to wait for."""
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def web_server(app: FastAPI) -> WebServer:
    """A server for the screens; run with ``serve(sockets=[…])``, end with ``should_exit``."""
    return WebServer(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=CLOSE_S,
            ws_ping_interval=None,
            ws_max_size=65_536,
            ws_per_message_deflate=False,  # each console's copy would be compressed by itself
        )
    )
