"""A centre whose pages go out as messages and calls, through carriers with real sockets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from centre import Centre

from alerting.model import Entry, EntryKind
from gateway.desk.contract import QueueRow
from nuanhu.town.carrier import Carrier, Item
from nuanhu.town.homes import Home

SECRET, REPORTS = "orders are signed with this", "reports are signed with this"
DUTY = "值班主任"
NUMBER = "13800000001"
PIN = "2468"
LINK = re.compile(r"https://nuanhu\.example(/[pd]/\S+)")


class OnCall:
    """The centre with its carriers.

    Attributes:
        main: The provider that is asked first.
        second: The one for when that fails.
    """

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.main = Carrier("main", SECRET, report_secret=REPORTS)
        self.second = Carrier("second", SECRET, report_secret=REPORTS)

    async def open(self, address: str, main_timeout_s: float = 4.0, **settings: Any) -> None:
        """One duty telephone at this address; so long is waited for the first provider."""
        for carrier in (self.main, self.second):
            carrier.start()
        common = {"secret": SECRET, "callback_secret": REPORTS}
        providers: dict[str, dict[str, Any]] = {
            c.key: {"url": c.url, "key": c.key, **common} for c in (self.main, self.second)
        }
        providers["main"]["timeout_s"] = main_timeout_s
        values: dict[str, Any] = {
            "providers": providers,
            "page_pins": {DUTY: PIN},
            "base_url": "https://nuanhu.example",
        }
        await self.centre.set_up(**{**values, "duty_phones": {DUTY: address}, **settings})
        await self.serve()

    async def serve(self) -> None:
        """Serve the screens, and let the carriers know where."""
        base = await self.centre.serve()
        for carrier in (self.main, self.second):
            carrier.report_to = f"{base}/reports/{carrier.key}/x"

    async def close(self) -> None:
        for carrier in (self.main, self.second):
            await asyncio.to_thread(carrier.stop)

    async def page(self, home: Home | None = None) -> QueueRow:
        """A press that nobody takes, until the duty telephone is called."""
        home = home or self.centre.home()
        await self.centre.press(home)
        row = await self.centre.row_of(home)
        await self.centre.pass_time(seconds=90)
        return row

    async def line(self, incident: str, kind: EntryKind, nth: int = 1) -> Entry:
        """The n-th line of this kind in the incident's timeline, once it is there."""
        for _ in range(1000):
            found = await self.lines(incident, kind)
            if len(found) >= nth:
                return found[nth - 1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited in vain for {kind}")

    async def lines(self, incident: str, kind: EntryKind) -> list[Entry]:
        return [entry for entry in (await self.centre.incident(incident)).timeline if entry.kind is kind]

    async def reported(self, carrier: Carrier, count: int) -> None:
        """So many reports have been answered."""
        await self.centre.until(lambda: len(carrier.answers) >= count, f"report {count}")
        await self.centre.barrier()

    async def say_again(self, carrier: Carrier, item: Item) -> None:
        """The carrier reports once more what it has reported."""
        await asyncio.to_thread(carrier.say, item)
        await self.centre.barrier()

    async def post(self, carrier: Carrier, body: bytes, secret: str | None = None) -> int:
        """Somebody posts this where the carrier reports."""
        status = await asyncio.to_thread(carrier.post_report, body, secret)
        await self.centre.barrier()
        return status

    async def link(self, number: str = NUMBER) -> str:
        """The link in the message on the duty telephone, or another one, as a path."""
        await self.centre.until(lambda: self.main.texts(number), "the message")
        found = LINK.search(self.main.texts(number)[-1])
        assert found is not None, "no link in the message"
        return found[1]


@asynccontextmanager
async def on_call(centre: Centre, address: str = f"sms://main/{NUMBER}", **settings: Any) -> AsyncIterator[OnCall]:
    """A centre with two carriers and one duty telephone."""
    story = OnCall(centre)
    try:
        await story.open(address, **settings)
        yield story
    finally:
        await story.close()
