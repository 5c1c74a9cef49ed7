"""What a screen may ask about the ways to people outside: which are set up, whether each works, and a test send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from gateway.desk.vitals import PhoneView
from gateway.paging.outside import ProviderView, Told


class PhoneWays(msgspec.Struct, frozen=True, kw_only=True):
    """A duty telephone: what is known of it, and what kinds of way lead there (``sms``, ``voice``, ``mailto``, …)."""

    phone: PhoneView
    ways: tuple[str, ...]


class ChannelsView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is set up. Addresses and secrets stay where they are.

    Attributes:
        phones: Duty telephones, robots, mail boxes: whatever the settings name.
        providers: Of text messages and calls.
        people: How many who can be sent or sign in have a verified address, by channel.
        exchange: A telephone exchange is set up.
        links: Pages carry links.
    """

    phones: tuple[PhoneWays, ...]
    providers: tuple[ProviderView, ...]
    people: dict[str, int]
    exchange: bool
    links: bool


class TestStep(msgspec.Struct, frozen=True):
    """One thing that became of a test: ``asked``, ``taken``, ``not_taken``, ``delivered``, ``failed``, ``pressed``."""

    at: datetime
    what: str
    detail: str = ""


class TestSend(msgspec.Struct, frozen=True, kw_only=True):
    """One message that says of itself that it is a test.

    Attributes:
        id: Its number since the start.
        by: Who asked for it.
        to: Whom: a name of the settings, or a number with its middle hidden.
        channel: ``phone``, ``push``, ``sms`` or ``voice``.
        steps: What became of it so far, the first first.
    """

    id: int
    by: str
    to: str
    channel: str
    steps: tuple[TestStep, ...]


class ChannelDesk(Protocol):
    """What a screen may ask about channels."""

    async def channels(self) -> ChannelsView:
        """What is set up, and whether it works as far as known."""

    async def test_sends(self) -> Sequence[TestSend]:
        """The latest tests since the start, the latest first."""

    async def send_test(self, channel: str, to: str, by: str) -> Told:
        """Send a message that is a test and nothing else.

        Args:
            channel: ``phone``: ``to`` is a name of the settings; ``own``: ``to`` is a channel of whoever asks; ``sms``
                or ``voice``: ``to`` is a number.
            to: Whom.
            by: Login of whoever asks.

        Returns:
            Refused as ``bad_test``, ``no_address``, ``no_carrier`` or ``too_many_tests``.
        """
