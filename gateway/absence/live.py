"""The Desk's side for absences, of a running gateway."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from alerting.casefile import Household
from alerting.commands import AnyCommand, InviteRelative
from alerting.homes.away import MOST, TO_LOOK_AT, Away, AwayStage
from alerting.silence.inactivity import moment
from gateway.absence.asked import AbsenceRow, RelativeLink, RelativeView
from gateway.absence.relatives import RelativeLinks
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.changes import Changes
from gateway.desk.contract import Answer
from gateway.desk.home_named import named
from gateway.desk.rows import phones_of
from gateway.store.reads import Reads
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

PUT_OFF_MARGIN = timedelta(minutes=5)
"""A form stays open a while before it is sent."""


class LiveAbsences(ABC):
    """See ``gateway.absence.asked.AbsenceDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        reads: Questions to the store, for the reasons and for what is over.
        writer: Holds the states.
        changes: What is open.
        links: Those of relatives.
        clock: Service time.
    """

    def __init__(
        self,
        directory: Directory,
        reads: Reads,
        writer: Writer,
        changes: Changes,
        links: RelativeLinks,
        clock: Clock,
    ) -> None:
        """Answer from these parts."""
        self.__directory = directory
        self.__reads = reads
        self.__writer = writer
        self.__changes = changes
        self.__links = links
        self.__clock = clock
        self.__ask = Asking().ask

    @abstractmethod
    async def submit(self, command: AnyCommand, *, once: str = "") -> Answer:
        """Carry out a command; answers after the commit."""

    async def absences(self, area: str = "", responder: str = "") -> Sequence[AbsenceRow]:
        """Absences that are known now: those somebody has to look at first, then by their end."""
        keys = [key for key in self.__changes.away.stages if self.__directory.is_in(key, area)]
        mine = [home for home in map(self.__directory.households.__getitem__, keys) if _answers_for(responder, home)]
        states = [(home, self.__writer.judge.memory_of(home.key).hot.away) for home in mine]
        states = [(home, it) for home, it in states if it.stage is not AwayStage.NONE]
        states.sort(key=lambda pair: (*_how_pressing(pair[1].stage), pair[1].until_s, pair[0].key))
        said = await self.__ask({}, self.__reads.absence_reasons, [(home.key, it.number) for home, it in states])
        return [self.__row(home, it, said.get((home.key, it.number), "")) for home, it in states]

    async def absence_of(self, key: str) -> AbsenceRow | None:
        """What is known of one home now."""
        home, it = self.__directory.households.get(key), self.__writer.judge.memory_of(key).hot.away
        if home is None or it.stage is AwayStage.NONE:
            return None
        said = await self.__ask({}, self.__reads.absence_reasons, [(key, it.number)])
        return self.__row(home, it, said.get((key, it.number), ""))

    async def absences_past(self, key: str, limit: int = 20) -> Sequence[AbsenceRow]:
        """All absences of one home, the latest first."""
        name_of = self.__directory.name_of
        rows = await self.__ask([], self.__reads.absences_of, key, limit)
        return [
            msgspec.structs.replace(
                row,
                by_name=name_of(row.by),
                ended_by_name=name_of(row.ended_by_name) if row.ended_by_name else "",
            )
            for row in rows
        ]

    def __row(self, home: Household, it: Away, reason: str) -> AbsenceRow:
        start_s = max(it.since_s, int(self.__clock.now().timestamp()))
        return AbsenceRow(
            key=home.key,
            number=it.number,
            stage=it.stage.name.lower(),
            kind=it.kind.value,
            since=moment(it.since_s),
            until=moment(it.until_s),
            said_by=it.said_by.value,
            who=it.who,
            by=it.by,
            by_name=self.__directory.name_of(it.by),
            reason=reason,
            moved_at=moment(it.moved_s) if it.moved_s else None,
            latest=moment(start_s) + MOST[it.kind] - PUT_OFF_MARGIN,
            **named(home, self.__directory),
            phones=phones_of(home),
            open_incident=self.__changes.open_of(home.key),
        )

    async def homes_of(self, responder: str) -> Sequence[Household]:
        """Homes somebody (responder id) is responsible for."""
        homes = self.__directory.households.naming(responder) if responder else ()
        return [it for it in homes if it.left is None and _answers_for(responder, it)]

    async def invite_relative(self, key: str, contact: int, by: str, *, once: str = "") -> RelativeLink | None:
        """A link for the n-th contact of a home's case file; written down before it is given to anybody."""
        home = self.__directory.households.get(key)
        if home is None or not 0 <= contact < len(home.contacts):
            return None
        token, until = self.__links.write(home, contact, self.__clock.now())
        command = InviteRelative(key=key, by=by, contact=home.contacts[contact].name, until=until)
        if not (await self.submit(command, once=once)).done:
            return None
        return RelativeLink(token=token, pin=self.__links.pin(token), until=until, address=self.__links.address(token))

    async def relative(self, token: str) -> RelativeView | None:
        """Whose link it is."""
        found = self.__links.read(token, self.__clock.now())
        if found is None:
            return None
        home, contact, until = found
        return RelativeView(key=home.key, who=contact.name, resident=_masked(home.title), until=until)

    async def is_pin(self, token: str, pin: str) -> bool:
        """Whether this is the PIN that was told with the link."""
        return self.__links.is_pin(token, pin)


def _answers_for(responder: str, home: Household) -> bool:
    return not responder or responder in {home.town_responder, home.village_responder}


def _how_pressing(stage: AwayStage) -> tuple[bool, bool]:
    return stage not in TO_LOOK_AT, stage is not AwayStage.TO_CONFIRM


def _masked(name: str) -> str:
    """A name of which whoever knows the person recognises it, and nobody else."""
    return name[:1] + "*" * max(len(name) - 1, 1)
