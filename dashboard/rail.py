"""The navigation beside every page: which pages, which of them one is on, and a sign of its own for each."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import msgspec

from alerting.casefile import Account, Role
from dashboard.access import ALLOWED, Do
from dashboard.i18n import ROOM

BREAKS = frozenset({"/overview", "/incidents", "/duty", "/faults"})
"""A little room stands before these."""


BELONGS = {
    "/figures": "/overview",
    "/bulletin": "/overview",
    "/hand-over": "/overview",
    "/drills": "/duty",
    "/areas": "/accounts",
    "/channels": "/health",
    "/responders": "/duty",
    "/warnings": "/care",
    "/referrals": "/care",
    "/organisations": "/care",
    "/assessments": "/households",
    "/upkeep": "/households",
}
"""Pages that are reached from another one, and have no line of their own."""


class Place(msgspec.Struct, frozen=True):
    """One page in the rail.

    Attributes:
        address: Its address.
        name: Its name, English source text.
        icon: Id of its sign in the sprite.
        breaks: Whether a little room stands before it.
    """

    address: str
    name: str
    icon: str
    breaks: bool


def places(account: Account, pages: Collection[tuple[str, Do, str]]) -> list[Place]:
    """The pages in somebody's rail, in order.

    Args:
        account: Whose.
        pages: Address, what it takes to see it, and name, of all there are.
    """
    allowed = ALLOWED[account.role]
    has_jobs = bool(account.responder) or account.role is Role.RESPONDER
    return [
        Place(address, name, _icon(address, do), address in BREAKS)
        for address, do, name in pages
        if do in allowed and (has_jobs or do not in {Do.OWN_JOBS, Do.ROUNDS})
    ]


def place_of(path: str, rail: Collection[Place], *, is_running: bool = False) -> str:
    """The address of the page in the rail that a path belongs to; empty for none.

    Args:
        path: Of the request.
        rail: What is in the rail.
        is_running: The page shows an incident that is not closed: it belongs to the console, not to the closed ones.
    """
    addresses, path = [it.address for it in rail], BELONGS.get(path, path)
    if is_running and path.startswith("/incidents/"):
        return next((it for it in ("/", "/overview") if it in addresses), "")
    return max((it for it in addresses if path == it or (it != "/" and path.startswith(f"{it}/"))), key=len, default="")


def _icon(address: str, do: Do) -> str:
    own = f"nav-{address.strip('/').replace('/', '-') or 'console'}"
    return own if own in signs() else f"nav-{do}"


@cache
def signs() -> frozenset[str]:
    """Ids of all signs in the sprite."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (ROOM / "static" / "icons.svg").read_text("utf-8")))
