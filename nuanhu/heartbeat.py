"""The sign of life that the outside waits for: who misses it raises the alarm, when nothing here can any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http.client import HTTPException
from urllib.request import Request, urlopen

log = logging.getLogger(__name__)

WITHIN_S = 10.0


class Heartbeat:
    """Asks the outside address, one request at a time.

    Args:
        url: ``http`` or ``https``; may hold a secret, so it is in no log.
        told: Told after each request whether the outside has taken it.
    """

    def __init__(self, url: str, told: Callable[[bool], None]) -> None:
        """Ask nothing yet."""
        self._url = url
        self._told = told
        self._asking: asyncio.Task[None] | None = None

    def beat(self) -> None:
        """Send one, beside the event loop; while the last one hangs, none."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        failure = await asyncio.to_thread(ask, self._url)
        if failure:
            log.warning("the outside has not taken the heartbeat: %s", failure)
        self._told(not failure)


def ask(url: str) -> str:
    """One request, blocking; empty when it was answered with success, else why not. Never raises for the network."""
    request = Request(url, headers={"User-Agent": "nuanhu"})  # noqa: S310 - the settings allow http and https alone
    try:
        with urlopen(request, timeout=WITHIN_S) as answer:  # noqa: S310 - the same
            answer.read(1024)
    except (OSError, HTTPException, ValueError) as failure:
        return str(failure) if isinstance(failure, OSError) else type(failure).__name__  # others quote the address
    return ""
