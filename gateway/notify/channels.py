"""Which way a page goes: the addresses of the settings, and what is known of the providers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, get_args

import msgspec
from pydantic import SecretStr

from gateway.clock import Clock
from gateway.notify.apprise_channel import AppriseChannel
from gateway.notify.port import ChannelError, Outgoing, Sent
from gateway.notify.provider import Kind, Provider
from gateway.notify.recording import Recording
from gateway.paging.outside import ProviderView

log = logging.getLogger(__name__)

RECORD = "record://"
MOST_ADDRESSES = 2000
NUMBERLESS = Sent(error="no_telephone")


class _Way(Protocol):
    """One way to one telephone."""

    def send(self, page: Outgoing) -> Sent:
        """Send; may raise."""


class Channels:
    """Every way to a telephone: tried in the order of its address until one has taken the page.

    An address is ``record://<file>``, ``sms://<providers>/<number>``, ``voice://<providers>/<number>`` or any of
    Apprise's; several with a space between them are tried one after the other. ``<providers>`` are names of the
    settings with a comma between them, the second for when the first fails; ``sms:///<number>`` means all of them.

    Args:
        phones: Address by name.
        providers: Of text messages and calls, the one that is asked first in front.
        clock: Service time, for when a provider was last asked; None in tests of one channel.
        carried: Told of each page that a provider has taken: provider, its id, our reference.

    Raises:
        ChannelError: An address is not understood.
    """

    def __init__(
        self,
        phones: Mapping[str, SecretStr],
        providers: Sequence[Provider] = (),
        clock: Clock | None = None,
        carried: Callable[[str, str, str], None] = lambda *_: None,
    ) -> None:
        """Prepare every channel, so that a wrong address is known at the start and not at night."""
        self.providers = {provider.name: provider for provider in providers}
        self.carried = carried
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, ProviderView] = {
            name: ProviderView(name=name, carries=tuple(it.settings.carries)) for name, it in self.providers.items()
        }
        self._others: dict[tuple[str, str], list[_Way]] = {}
        self._kinds = {name: _kinds(address.get_secret_value()) for name, address in phones.items()}
        self._phones = {name: self._ways(name, address.get_secret_value()) for name, address in phones.items()}

    def send(self, page: Outgoing) -> Sent:
        """Send by the first way that takes it; never raises.

        When none does, the answer is the last one's, and trying again may help if it may with any of them.
        """
        ways = self._ways_to(page)
        sent, retry = NUMBERLESS, False
        for way in ways:
            try:
                sent = way.send(page)
            except Exception as failure:  # noqa: BLE001 - whatever a channel does, the page has to be tried again
                log.warning("the channel to %s failed: %s", page.recipient, type(failure).__name__)
                sent = Sent(error="failed", retry=True)
            if sent.error is None:
                return sent
            retry = retry or sent.retry
        return msgspec.structs.replace(sent, retry=retry)

    def views(self) -> tuple[ProviderView, ...]:
        """How each provider was the last time it was asked."""
        with self._lock:
            return tuple(self._seen.values())

    def kinds(self, name: str) -> tuple[str, ...]:
        """What kinds of way lead to a telephone of the settings: ``sms``, ``voice``, ``dingtalk`` and so on."""
        return self._kinds.get(name, ())

    def carries(self, kind: str) -> bool:
        """Whether a provider carries text messages (``sms``) or calls (``voice``)."""
        return any(kind in it.settings.carries for it in self.providers.values())

    def faults(self) -> list[str]:
        """Words for what is wrong: a provider has not taken the last order."""
        return ["provider"] if any(view.error for view in self.views()) else []

    def _ways_to(self, page: Outgoing) -> list[_Way]:
        if not page.address:
            return self._phones.get(page.recipient, [])
        key = (page.channel, page.address)
        ways = self._others.get(key)
        if ways is None:
            try:
                ways = self._ways(page.recipient, page.address, page.channel)
            except ChannelError as wrong:
                log.warning("%s", wrong)
                return []
            if len(self._others) >= MOST_ADDRESSES:
                self._others.clear()
            self._others[key] = ways
        return ways

    def _ways(self, name: str, address: str, channel: str = "") -> list[_Way]:
        if channel in get_args(Kind) and "://" not in address:
            return self._carried_ways(name, channel, f"/{address}")  # type: ignore[arg-type]
        ways: list[_Way] = []
        for one in address.split():
            scheme, _, rest = one.partition("://")
            if one.startswith(RECORD):
                ways.append(Recording(Path(rest)))
            elif scheme in get_args(Kind):
                ways += self._carried_ways(name, scheme, rest)  # type: ignore[arg-type]
            else:
                ways.append(AppriseChannel(name, one))
        if not ways:
            raise ChannelError(f"duty_phones: the address of {name} is not understood")
        return ways

    def _carried_ways(self, name: str, kind: Kind, rest: str) -> list[_Way]:
        wanted, _, number = rest.partition("/")
        names = wanted.split(",") if wanted else list(self.providers)
        unknown = [one for one in names if one not in self.providers]
        if unknown or not names:
            raise ChannelError(f"duty_phones: the address of {name} names a provider that is not set up")
        able = [self.providers[one] for one in names if self.providers[one].order(kind) is not None]
        if not able or not number:
            raise ChannelError(f"duty_phones: the address of {name} is not understood")
        return [_Carried(self, provider, kind, number) for provider in able]

    def asked(self, provider: Provider, page: Outgoing, sent: Sent) -> None:
        """A provider was asked; called by its ways."""
        with self._lock:
            at = self._clock.now() if self._clock is not None else None
            known = self._seen[provider.name]
            is_taken = sent.error is None
            self._seen[provider.name] = msgspec.structs.replace(
                known,
                tried_at=at,
                error=sent.error or "",
                taken_at=at if is_taken else known.taken_at,
                failing_since=None if is_taken else known.failing_since or at,
            )
        if sent.error is None and page.reference and sent.id:
            self.carried(provider.name, sent.id, page.reference)

    def reported(self, provider: str, *, refused: bool) -> None:
        """A report of a provider came in; counted."""
        with self._lock:
            view = self._seen[provider]
            more = {"refused": view.refused + 1} if refused else {"reports": view.reports + 1}
            self._seen[provider] = msgspec.structs.replace(view, **more)


def _kinds(address: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.partition("://")[0].lower() for one in address.split()))


class _Carried:
    """One number through one provider."""

    def __init__(self, channels: Channels, provider: Provider, kind: Kind, number: str) -> None:
        self._channels = channels
        self._provider = provider
        self._kind = kind
        self._number = number

    def send(self, page: Outgoing) -> Sent:
        """Order it."""
        try:
            sent = self._provider.send(page, self._kind, self._number)
        except Exception:
            self._channels.asked(self._provider, page, Sent(error="failed", retry=True))
            raise
        self._channels.asked(self._provider, page, sent)
        return sent
