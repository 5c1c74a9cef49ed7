"""The port: one page to one person through one channel, and what became of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

KEYS: Mapping[str, str] = {"1": "accepted", "2": "declined"}
"""What a key means that is pressed during a call."""


class ChannelError(ValueError):
    """An address that no channel understands; the message names the telephone, never the address."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One page on its way to one person.

    Attributes:
        recipient: Who is paged: name of a duty telephone, or id of a person.
        text: What they are told, where a channel takes free text.
        name: What people call them; empty: as ``recipient``.
        channel: ``push``, ``sms`` or ``voice``; empty: whatever the address says.
        address: Where; empty: the address of the settings for this recipient. For ``sms`` and ``voice`` a mere number
            will do.
        reference: Names this page once and for ever; comes back with what a provider tells of it. Empty for none.
        keys: What may be pressed during a call, and what it means.
        words: What fills the places of a provider's template: see ``gateway.paging.page_text``.
    """

    recipient: str
    text: str
    name: str = ""
    channel: str = ""
    address: str = ""
    reference: str = ""
    keys: Mapping[str, str] = msgspec.field(default_factory=lambda: KEYS)
    words: Mapping[str, str] = {}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel made of a page.

    Attributes:
        error: Why it was not taken; None when it was.
        retry: Whether trying again may help.
        carrier: Provider that has taken it; empty for other channels.
        id: The provider's own id for it, where it gives one.
    """

    error: str | None = None
    retry: bool = False
    carrier: str = ""
    id: str = ""


class Notifier(Protocol):
    """Carries one page to one person."""

    def send(self, page: Outgoing) -> Sent:
        """Send, and wait for the channel's answer; never raises."""
