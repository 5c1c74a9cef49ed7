"""The link in a page: short, signed, for one person and one incident, and soon over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest

import msgspec
from itsdangerous import Signer

from alerting.duty.drill import is_drill

LIFETIME = timedelta(minutes=45)
WITH_A_JOB = timedelta(hours=6)
"""So much longer a link leads whoever goes there to their job: what a telephone kept without a network comes late."""
BASE = 36
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST = 120


class Paged(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a page went to, and what about.

    Attributes:
        reference: Of the page.
        incident: Incident id.
        key: Key of the aggregate that owns it.
        person: Recipient of the page: name of a duty telephone, or id of a person.
        name: What people call them.
    """

    reference: str
    incident: str
    key: str
    person: str
    name: str


class Links:
    """Writes and reads links. One says a page's reference and its end; person and incident are signed with it.

    Args:
        secret: Signs them.
        base_url: Where the screens are reached from outside; empty: no links are written.
        paged: Looks a page up by its reference; None when there is none.
    """

    def __init__(self, secret: str, base_url: str, paged: Callable[[str], Paged | None]) -> None:
        """Remember these."""
        self._secret = secret
        self._base_url = base_url
        self._paged = paged

    def write(self, page: Paged, now: datetime) -> str:
        """The link that goes into a text; empty when there is no address to put into it."""
        if not self._base_url or not page.reference:
            return ""
        until_s = int((now + LIFETIME).timestamp())
        room = "d" if is_drill(page.key) else "p"
        return f"{self._base_url}/{room}/{self._signer(page).sign(f'{page.reference}.{_short(until_s)}').decode()}"

    def read(self, token: str, now: datetime) -> Paged | None:
        """Whose link it is; None when it is forged, over, or of a page that nobody knows."""
        said, _, _ = token.rpartition(".")
        reference, _, until = said.rpartition(".")
        if len(token) > LONGEST or not token.isascii() or not until.isalnum():
            return None
        page = self._paged(reference)
        if page is None:
            return None
        if not compare_digest(self._signer(page).sign(said), token.encode()):  # to the last bit of its spelling
            return None
        return page if now.timestamp() < int(until, BASE) else None

    def _signer(self, page: Paged) -> Signer:
        return Signer(self._secret, salt=f"page link {page.incident} {page.person}")


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, BASE)
        digits = DIGITS[digit] + digits
    return digits or "0"
