"""The link of a relative: signed, for one contact of one home, and over after a month. Nothing of it is kept here.

Household, name and number are signed with it: a contact who leaves the case file, or gets another number, has none.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import Signer

from alerting.casefile import Contact, Household

LIFETIME = timedelta(days=30)
LONGEST = 300
DIGITS = 6


class RelativeLinks:
    """Writes and reads them.

    Args:
        secret: Signs them.
        base_url: Where the screens are reached from outside; may be empty.
        household: A home of the registry by its key; None when there is none.
    """

    def __init__(self, secret: str, base_url: str, household: Callable[[str], Household | None]) -> None:
        """Remember these."""
        self._base_url = base_url
        self._secret = secret
        self._household = household

    def write(self, home: Household, contact: int, now: datetime) -> tuple[str, datetime]:
        """The link of the n-th contact, and when it is over."""
        until_s = int((now + LIFETIME).timestamp())
        key = urlsafe_b64encode(home.key.encode()).decode().rstrip("=")
        said = f"{key}.{contact}.{until_s}"
        token = self._signer(home, home.contacts[contact]).sign(said).decode()
        return token, datetime.fromtimestamp(until_s, now.tzinfo)

    def read(self, token: str, now: datetime) -> tuple[Household, Contact, datetime] | None:
        """Whose it is and until when; None when it is forged or over, or when they are no contact any more."""
        said, _, _ = token.rpartition(".")
        parts = said.split(".")
        if len(token) > LONGEST or not token.isascii() or len(parts) != 3:  # noqa: PLR2004 - as they are written
            return None
        try:
            home = self._household(urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)).decode())
            contact, until_s = int(parts[1]), int(parts[2])
        except (Error, ValueError):
            return None
        if home is None or not 0 <= contact < len(home.contacts):
            return None
        if not hmac.compare_digest(self._signer(home, home.contacts[contact]).sign(said), token.encode()):
            return None
        if now.timestamp() >= until_s:
            return None
        return home, home.contacts[contact], datetime.fromtimestamp(until_s, now.tzinfo)

    def address(self, token: str) -> str:
        """The whole address of a link; empty when it is not known where the screens are reached."""
        return f"{self._base_url}/f/{token}" if self._base_url else ""

    def pin(self, token: str) -> str:
        """The PIN of a link: of the link and the secret, so that nobody has to keep it."""
        drawn = hmac.new(self._secret.encode(), f"pin {token}".encode(), sha256).digest()
        return f"{int.from_bytes(drawn[:8]) % 10**DIGITS:0{DIGITS}d}"

    def is_pin(self, token: str, pin: str) -> bool:
        """Whether it is right."""
        return hmac.compare_digest(self.pin(token).encode(), pin.strip().encode())

    def _signer(self, home: Household, contact: Contact) -> Signer:
        return Signer(self._secret, salt=f"relative {home.key} {contact.name} {contact.phone}")
