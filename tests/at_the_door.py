"""Whoever was sent, with the link of the message on their telephone: no sign-in, a PIN, and taps."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from centre import Centre
from on_call import DUTY, LINK, NUMBER, PIN, OnCall
from on_the_way import OnTheWay, claimed, near

from alerting.casefile import Household, Responder
from tests.dashboard.visitor import Visitor

SCRIPT = {"accept": "application/json"}


class AtTheDoor:
    """An incident that zuoxi1 has, and the telephone of somebody who was sent there.

    Attributes:
        who: The responder.
        it: The incident.
        phone: Their browser.
        path: Of the link in the message.
    """

    def __init__(self, story: OnCall, it: OnTheWay, who: Responder) -> None:
        self.story = story
        self.centre = story.centre
        self.it = it
        self.who = who
        self.phone = Visitor(story.centre)
        self.path = ""

    @property
    def file(self) -> Household:
        """The case file of the home."""
        return self.centre.gateway.directory.households[self.it.home.household]

    async def sent(self, **more: object) -> str:
        """The desk sends them; the text of the message they get."""
        before = len(self.story.main.texts(self.who.phone))
        assert (await self.it.send(self.who.id, **more)).done
        texts = self.story.main.texts
        await self.centre.until(lambda: len(texts(self.who.phone)) > before, "the message")
        text = texts(self.who.phone)[-1]
        found = LINK.search(text)
        assert found is not None, "no link in the message"
        self.path = found[1]
        return text

    async def look(self) -> str:
        """Open the link."""
        return html.unescape(await self.phone.go(self.path))

    async def with_pin(self, pin: str = PIN, **fields: str) -> httpx.Response:
        """Fill in the form of the page that is shown."""
        sent = {"answer": "accepted", **fields} if "eta_min" not in fields else fields
        return await self.phone.post(self.path, **self.phone.form(self.path), pin=pin, **sent)

    async def opened(self) -> str:
        """Accept with the PIN; the page of the job."""
        await self.look()
        assert (await self.with_pin()).status_code == 303
        return await self.look()

    def _shown(self) -> dict[str, str]:
        """Which risks stand on the page, as its form says."""
        found = re.search(r'name="shown" value="(\w+)"', self.phone.page)
        return {"shown": found[1]} if found else {}

    async def tap(self, step: str, **fields: str) -> httpx.Response:
        """A tap as a script of the page sends it."""
        address = f"{self.path}/{step}"
        hidden = self.phone.form(self.path) | self._shown()
        return await self.phone.post(address, headers=SCRIPT, **{**hidden, **fields})


@asynccontextmanager
async def at_the_door(centre: Centre, pin: str = PIN) -> AsyncIterator[AtTheDoor]:
    """A press that zuoxi1 has claimed, and the responsible person of the village, not sent yet."""
    who = centre.gateway.directory.responders[(await near(centre))[0]]
    story = OnCall(centre)
    try:
        pins = {DUTY: PIN} | ({f"responder:{who.id}": pin} if pin else {})
        await story.open(f"sms://main/{NUMBER}", page_pins=pins)
        yield AtTheDoor(story, await claimed(centre), who)
    finally:
        await story.close()
