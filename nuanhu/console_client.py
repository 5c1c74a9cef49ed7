"""A console without a browser: signs in like a person, reads the same frames. For the demo's own check and benches."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import msgspec
from websockets.asyncio.client import connect

TIMEOUT_S = 20
FORM_TOKEN = re.compile(r'name="csrf"\s+value="([^"]+)"')


class ConsoleError(Exception):
    """The console could not sign in; the message says why."""


class ConsoleClient:
    """One signed-in console.

    Args:
        base: Address of the screens, ``http://host:port``.
        login: Account.
        password: Its password.
    """

    def __init__(self, base: str, login: str, password: str) -> None:
        """Nothing is asked before ``sign_in``."""
        self.base = base
        self._login = login
        self._password = password
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies))

    def fetch(self, path: str, form: dict[str, str] | None = None) -> str:
        """A page, or the answer to a form; blocking. Raises ``urllib.error.URLError``."""
        headers = {"Origin": self.base}
        data = urlencode(form).encode() if form is not None else None
        request = Request(self.base + path, data=data, headers=headers)  # noqa: S310 - our own loopback address
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            return str(answer.read().decode())

    def form_token(self, path: str) -> str:
        """The token that a page of ours puts into its forms."""
        found = FORM_TOKEN.search(self.fetch(path))
        if found is None:
            raise ConsoleError(f"no form on {path}")
        return found[1]

    def sign_in(self) -> None:
        """Sign in through the form, as a person does."""
        token = self.form_token("/sign-in")
        self.fetch("/sign-in", {"csrf": token, "login": self._login, "password": self._password, "next": "/"})
        if not any(cookie.name for cookie in self._cookies if "sign" in cookie.name or "session" in cookie.name):
            raise ConsoleError(f"{self._login} could not sign in")

    def cookie_header(self) -> str:
        """The cookies of this console."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)

    async def frames(self) -> AsyncIterator[dict[str, Any]]:
        """Frames of the console's socket, from the snapshot on, until it is closed."""
        host = urlsplit(self.base).netloc
        headers = {"Cookie": self.cookie_header()}
        async with connect(f"ws://{host}/ws", additional_headers=headers, origin=self.base, max_size=None) as socket:  # type: ignore[arg-type]
            async for frame in socket:
                yield msgspec.json.decode(frame)


async def signed_in(base: str, login: str, password: str) -> ConsoleClient:
    """A console that has signed in, without blocking the event loop."""
    client = ConsoleClient(base, login, password)
    await asyncio.to_thread(client.sign_in)
    return client
