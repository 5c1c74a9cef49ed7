"""Security headers on every answer."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.i18n import ROOM
from dashboard.kept_files import keeping_of, without_mark

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


DARK_WHEN = {"": "screen and (prefers-color-scheme: dark)", "dark": "screen", "light": "not all"}
"""By the look that was chosen, as the system has it where none was: when the dark colours hold. Paper stays light."""


def _phone_style(dark_when: str) -> str:
    controls, dark, phone = ((ROOM / "static" / f"{name}.css").read_text() for name in ("controls", "dark", "phone"))
    return f"{controls}\n@media {dark_when} {{\n{dark}}}\n{phone}"


PHONE_STYLES = {look: _phone_style(when) for look, when in DARK_WHEN.items()}
"""Written into pages behind a link: one answer, and a telephone with a slow network can draw them."""
LINKS = ("/p/", "/d/")
_MARKS = (b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in PHONE_STYLES.values())
_STYLES = " ".join(f"'sha256-{mark}'" for mark in _MARKS)
LINK_POLICY = CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' {_STYLES}")
"""The same for pages with one of these styles in them, and with no other."""
SQUEEZED = (*LINKS, "/static/")
LEAST_SQUEEZED = 500


class Squeezed:
    """ASGI wrapper: what goes to a telephone goes as gzip where it can read that.

    Pages of somebody signed in do not: what they are asked to show stands beside what is secret in them.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._plain, self._small = app, GZipMiddleware(app, minimum_size=LEAST_SQUEEZED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, as gzip or as it is."""
        is_for_phone = scope["type"] == "http" and scope["path"].startswith(SQUEEZED)
        await (self._small if is_for_phone else self._plain)(scope, receive, send)


WITH_MAP = {"/", "/overview"}


def with_tiles(tiles: str) -> str:
    """The policy of pages with a map: the one host of its pictures, where there is one, is named."""
    parts = urlsplit(tiles)
    origin = f" {parts.scheme}://{parts.netloc}" if tiles else ""
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self'{origin}")


class SecurityHeaders:
    """ASGI wrapper: adds ``HEADERS`` to every HTTP answer, and forbids keeping anything but static files."""

    def __init__(self, app: ASGIApp, tiles: str = "") -> None:
        """Wrap ``app``; ``tiles`` is the address of the map's pictures, if it has any."""
        self._app, self._of_maps = app, with_tiles(tiles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; add headers on the way back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        policy = LINK_POLICY if path.startswith(LINKS) else CONTENT_SECURITY_POLICY
        if path in WITH_MAP:
            policy = self._of_maps

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
                headers["Cache-Control"] = keeping_of(path, message["status"])
            await send(message)

        await self._app({**scope, "path": without_mark(path)}, receive, send_with_headers)
