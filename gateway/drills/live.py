"""Drills of communications, of a running gateway."""

from __future__ import annotations

import asyncio
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from alerting.casefile import covers, upwards
from alerting.duty.drill import Drill, is_drill
from alerting.duty.reach import KEY_HOLDER, RESPONDER, Person
from alerting.duty.roster import Post, Shift, is_off, on_duty
from alerting.silence.inactivity import moment
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.changes import Changes
from gateway.drills.asked import DrillCall, DrillLink, DrillPerson, DrillView
from gateway.notify.links import Paged
from gateway.paging.live_outside import OutsideParts
from gateway.paging.outside import Told
from gateway.store.engine import StoreError
from gateway.store.reads import Reads
from gateway.writing.writer import Writer

WITHIN_S = 4.0
"""So long, real seconds, whoever opens a link waits for the store."""


class LiveDrills(ABC):
    """See ``gateway.drills.asked.DrillDesk`` for what each question means.

    Args:
        writer: Its judge knows people, roster and drills.
        reads: Questions to the store.
        changes: Who is on a job.
        outside: The links in messages, and PINs.
        clock: Service time.
    """

    def __init__(self, writer: Writer, reads: Reads, changes: Changes, outside: OutsideParts, clock: Clock) -> None:
        """Answer from these parts."""
        self.__writer = writer
        self.__reads = reads
        self.__changes = changes
        self.__outside = outside
        self.__pins = outside.settings.page_pins
        self.__clock = clock
        self.__ask = Asking().ask

    @abstractmethod
    async def page_told(self, reference: str, what: str, detail: str = "", *, once: str = "", why: str = "") -> Told:
        """What became of a page, by its reference."""

    async def drill_people(self, area: str) -> Sequence[DrillPerson]:
        """Who would be called for the homes of an area: those on duty first, who cannot be called at the end."""
        editions, now = self.__writer.judge.policy.editions, self.__clock.now()
        people, roster, busy = editions.people, editions.roster, self.__changes.on_jobs("")
        posts: tuple[Post | Shift, ...] = (*roster.posts, *roster.shifts)
        serving = {
            person
            for post in posts
            if covers(area, post.area) or post.area in upwards(area)
            for person in on_duty(roster, post.role, post.area, now)
        }
        theirs = serving | {
            person
            for case in people.homes.values()
            if covers(area, case.area) and not case.has_left
            for person in (case.village, case.town, case.village_deputy, case.town_deputy)
        }

        def why_not(person: str) -> str:
            against = {
                "off": is_off(roster, person, now),
                "on_job": person in busy,
                "no_address": not editions.can_reach(person),
            }
            return next((word for word, holds in against.items() if holds), "")

        def is_of_it(it: Person) -> bool:
            return it.id in theirs or (it.id.startswith(RESPONDER) and covers(area, it.area))

        found = [
            self._person(it, on_duty=it.id in serving, why_not=why_not(it.id))
            for it in people.persons.values()
            if is_of_it(it) and it.id not in roster.left and not it.id.startswith(KEY_HOLDER)
        ]
        return sorted(found, key=lambda it: (bool(it.why_not), not it.on_duty, it.area, it.name))

    def _person(self, it: Person, *, on_duty: bool = False, why_not: str = "") -> DrillPerson:
        return DrillPerson(
            id=it.id,
            name=it.name,
            duty=it.duty,
            area=it.area,
            channels=tuple(line.channel for line in it.lines),
            on_duty=on_duty,
            why_not=why_not,
            has_pin=it.id in self.__pins,
        )

    async def drills(self, area: str, limit: int = 100) -> Sequence[DrillView] | None:
        """The drills of an area and of all that lies in it, the latest first."""
        return await self.__ask(None, self.__reads.drills, area, limit)

    async def drill(self, area: str, number: int) -> DrillView | None:
        """One drill."""
        return await self.__ask(None, self.__reads.drill, area, number)

    async def drill_calls(self, area: str, number: int) -> Sequence[DrillCall]:
        """Everybody whom it has called."""
        calls = await self.__ask([], self.__reads.drill_calls, area, number)
        return [DrillCall(person=self._drilled(called.person), called=called) for called, _ in calls]

    def _drilled(self, person: str) -> DrillPerson:
        known = self.__writer.judge.policy.editions.people.persons.get(person)
        return self._person(known if known is not None else Person(id=person, name=person.removeprefix(RESPONDER)))

    async def drill_link(self, token: str) -> DrillLink | None:
        """What a link leads to; None when it is forged or over."""
        paged = await self._paged(token)
        drills: Mapping[str, Drill] = self.__writer.judge.states.care.drills
        drill = drills.get(paged.key) if paged is not None else None
        called = drill.of(paged.person) if paged is not None and drill is not None else None
        if paged is None or drill is None or called is None:
            return None
        return DrillLink(
            person=paged.person,
            name=paged.name,
            has_pin=paged.person in self.__pins,
            until=moment(drill.until_s),
            answered=bool(called.answered_s),
        )

    async def _paged(self, token: str) -> Paged | None:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._read, token), WITHIN_S)
        except (StoreError, TimeoutError):
            return None

    def _read(self, token: str) -> Paged | None:
        """Whose link it is, while it is one of the latest drill."""
        paged = self.__outside.links.read(token, self.__clock.now())
        if paged is None or not is_drill(paged.key):
            return None
        asked = self.__outside.pages.asked(paged.reference)
        drill = self.__writer.judge.states.care.drills.get(paged.key)
        is_latest = asked is not None and drill is not None and asked.round == drill.number
        return paged if is_latest else None

    async def drill_seen(self, token: str) -> None:
        """The link was opened, perhaps by a preview."""
        if (paged := await self._paged(token)) is not None:
            await self.page_told(paged.reference, "seen")

    async def answer_drill(self, token: str, pin: str, what: str, once: str) -> Told:
        """The answer of whoever holds a link and the PIN of its person."""
        paged = await self._paged(token)
        if paged is None:
            return Told(refused="over")
        right = self.__pins.get(paged.person)
        if right is None:
            return Told(refused="no_pin")
        if not hmac.compare_digest(right.get_secret_value().encode(), pin.strip().encode()):
            return Told(refused="wrong_pin")
        return await self.page_told(paged.reference, what, "link", once=f"link {what} {once[:40]}")
