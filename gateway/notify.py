"""The channels to duty telephones: one port, behind it whatever Apprise can reach, and a recording one for tests."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

log = logging.getLogger(__name__)

RECORD = "record://"


class ChannelError(ValueError):
    """An address that no channel understands; the message names the telephone, never the address."""


class Notifier(Protocol):
    """Carries one text to one recipient."""

    def send(self, recipient: str, text: str) -> tuple[bool, str | None]:
        """Send, and wait for the channel's answer.

        Args:
            recipient: Name of a duty telephone.
            text: What it is told.

        Returns:
            Whether trying again may help, and why it was not taken; the latter None when it was.
        """


class Channels:
    """The duty telephones of the settings, each with the channel its address asks for.

    Args:
        phones: Address by name: any of Apprise's, or ``record://<file>``, which appends a line of JSON to that file.

    Raises:
        ChannelError: An address is not understood.
    """

    def __init__(self, phones: Mapping[str, SecretStr]) -> None:
        """Prepare every channel, so that a wrong address is known at the start and not at night."""
        self._files: dict[str, Path] = {}
        self._apprise: dict[str, Any] = {}
        for name, address in phones.items():
            url = address.get_secret_value()
            if url.startswith(RECORD):
                self._files[name] = Path(url.removeprefix(RECORD))
            else:
                self._apprise[name] = _apprise_for(name, url)

    def send(self, recipient: str, text: str) -> tuple[bool, str | None]:
        """Send through the recipient's channel; never raises."""
        try:
            if recipient in self._files:
                _append(self._files[recipient], {"to": recipient, "text": text})
                return False, None
            channel = self._apprise.get(recipient)
            if channel is None:
                return False, "no_telephone"
            taken = bool(channel.notify(body=text))
        except Exception as failure:  # noqa: BLE001 - whatever a channel does, the page has to be tried again
            log.warning("the channel to %s failed: %s", recipient, type(failure).__name__)
            return True, "failed"
        return (False, None) if taken else (True, "not_taken")


def _apprise_for(name: str, url: str) -> Any:
    import apprise  # noqa: PLC0415 - takes a moment to load, and only those who use it shall wait

    channel = apprise.Apprise()
    if not channel.add(url):
        raise ChannelError(f"duty_phones: the address of {name} is not understood")
    return channel


def _append(file: Path, line: Mapping[str, str]) -> None:
    """One line of JSON, durable when this returns."""
    with file.open("ab") as out:
        out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
