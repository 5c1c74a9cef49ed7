"""A PIN is tried in one place: counted before it is looked at, so that trying many at once helps nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dashboard.site import Site
from gateway.paging.outside import Told

LONGEST_PIN = 20
WAIT, WRONG = "wait", "wrong_pin"


async def by_pin(site: Site, person: str, pin: object, tried: Callable[[str], Awaitable[Told]]) -> Told:
    """What comes of trying somebody's PIN; refused with ``wait`` after too many wrong ones, and then not tried.

    Args:
        site: Counts the wrong ones.
        person: Whose PIN it is.
        pin: As typed.
        tried: Tries it; refuses a wrong one with ``wrong_pin``.
    """
    now = site.desk.now()
    if site.wrong_pins.must_wait(person, now):
        return Told(refused=WAIT)
    site.wrong_pins.count(person, now)
    told = await tried(str(pin or "").strip()[:LONGEST_PIN])
    if told.refused != WRONG:
        site.wrong_pins.forgive(person)
    return told
