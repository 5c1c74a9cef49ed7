"""The demo's telephones: a carrier of its own, on whose page the duty telephone rings and can be answered."""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from pydantic import SecretStr

from alerting.casefile import Registry
from alerting.duty.reach import Addresses, people_of
from gateway.notify.provider import ProviderSettings
from nuanhu.town.carrier import Carrier
from nuanhu.town.town import Town

HOST = "127.0.0.1"
CARRIER = "demo"
PIN = "2468"
EXCHANGE = "nuanhu-demo-exchange"
EXTENSIONS = {"zuoxi1": "8001", "zuoxi2": "8002"}
"""Whose telephone at the desk has which number."""
EMERGENCY_LINE = "0510-55500000"
PAGES = "pages.jsonl"
CALLED, TEXTED, RECORDED = "值班电话（演示）", "负责人手机（演示）", "记录（演示）"
NUMBERS = {CALLED: "13800000001", TEXTED: "13800000002"}


class Telephones:
    """The carrier and what the gateway's settings say of it.

    Args:
        folder: Of the demo.
        base_url: Where the screens are.
        port: Wished for the carrier's page; another one when it is taken.
        registry: Whose people have telephones.
    """

    def __init__(self, folder: Path, base_url: str, port: int, registry: Registry) -> None:
        """Begin to listen."""
        self.base_url = base_url
        addresses, people = Addresses(registry), people_of(registry)
        self._numbers = {id_: addresses.of(id_, "voice") for id_, it in people.persons.items() if it.lines}
        named = {number: people.persons[id_].name for id_, number in self._numbers.items()}
        self._folder = folder
        secret, reports = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.carrier = Carrier(
            CARRIER,
            secret,
            f"{base_url}/reports/{CARRIER}/signed",
            reports,
            port=port if is_free(port) else 0,
            manner="by_hand",
        )
        self.carrier.names = {**named, **{number: name for name, number in NUMBERS.items()}}
        self.carrier.start()
        self._provider = ProviderSettings(
            url=self.carrier.url, key=CARRIER, secret=SecretStr(secret), callback_secret=SecretStr(reports)
        )

    def town_calls(self, loop: asyncio.AbstractEventLoop, town: Town) -> None:
        """From now on the carrier's page has a button with which the next home of the town calls for help."""
        homes = cycle([home.household for home in town.plan.homes if home.with_role("panic") is not None])
        self.carrier.calls_for_help = lambda: loop.call_soon_threadsafe(lambda: town.press(next(homes), "real"))

    @property
    def duty_phones(self) -> dict[str, SecretStr]:
        """A call, a text message, and a file; for ``Settings``."""
        record = f"record://{(self._folder / PAGES).absolute()}"
        return {
            CALLED: SecretStr(f"voice:///{NUMBERS[CALLED]}"),
            TEXTED: SecretStr(f"sms:///{NUMBERS[TEXTED]}"),
            RECORDED: SecretStr(record),
        }

    @property
    def providers(self) -> dict[str, ProviderSettings]:
        """The carrier; for ``Settings``."""
        return {CARRIER: self._provider}

    @property
    def pins(self) -> dict[str, SecretStr]:
        """For accepting by link; for ``Settings``."""
        return dict.fromkeys((*NUMBERS, *self._numbers), SecretStr(PIN))


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False
