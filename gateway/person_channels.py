"""The channels to persons, by address: what Apprise reaches, and a recording one for demo, drills and tests."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Protocol

from gateway.notify import RECORD, _append, _apprise_for

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """Carries one text to one person through one channel."""

    def carry(self, channel: str, address: str, name: str, text: str) -> tuple[bool, str | None]:
        """Send, and wait for the channel's answer.

        Args:
            channel: ``push``, ``sms`` or ``voice``.
            address: The person's address on it.
            name: What people call the person: for the record.
            text: What they are told.

        Returns:
            Whether trying again may help, and why it was not taken; the latter None when it was.
        """


class PersonChannels:
    """Push addresses of Apprise's kind, and ``record://<file>``.

    Args:
        numbers_into: File into which messages and calls to telephone numbers are written instead of being sent: for
            the demo. None: a number is an address that no channel here understands.
    """

    def __init__(self, numbers_into: Path | None = None) -> None:
        """Nothing is prepared before it is needed: people come and go."""
        self._numbers_into = numbers_into
        self._apprise: dict[str, Any] = {}

    def carry(self, channel: str, address: str, name: str, text: str) -> tuple[bool, str | None]:
        """Send; never raises."""
        try:
            file = Path(address.removeprefix(RECORD)) if address.startswith(RECORD) else self._numbers_into
            if file is not None and ("://" not in address or address.startswith(RECORD)):
                _append(file, {"to": name, "channel": channel, "text": text})
                return False, None
            if "://" not in address:
                return False, "no_channel"
            if address not in self._apprise:
                self._apprise[address] = _apprise_for(name, address)
            taken = bool(self._apprise[address].notify(body=text))
        except ValueError:
            log.warning("an address of %s is not understood", name)
            return False, "no_channel"
        except Exception as failure:  # noqa: BLE001 - whatever a channel does, the page has to be tried again
            log.warning("the channel to %s failed: %s", name, type(failure).__name__)
            return True, "failed"
        return (False, None) if taken else (True, "not_taken")
