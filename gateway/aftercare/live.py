"""The Desk's side for what comes after an incident, of a running gateway."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alerting.homes.follow_up import FollowUp, Stage
from alerting.incidents.afterwards import FollowUpTerms
from alerting.silence.inactivity import moment
from gateway.aftercare.asked import CaseNote, FollowUpRow
from gateway.desk.asking import Asking
from gateway.desk.changes import Changes
from gateway.desk.home_named import named
from gateway.store.aftercare import Ends
from gateway.store.reads import Reads
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

FIRST = {Stage.LATE: 0, Stage.DUE: 1, Stage.WAITS: 2, Stage.PLANNED: 3}


class LiveAftercare:
    """See ``gateway.aftercare.asked.Aftercare`` for what each question means.

    Args:
        directory: The registry in memory.
        reads: Questions to the store; while it is away only what is owed is known.
        changes: What is owed now.
        writer: Holds the terms in force.
    """

    def __init__(self, directory: Directory, reads: Reads, changes: Changes, writer: Writer) -> None:
        """Answer from these parts."""
        self.__directory = directory
        self.__reads = reads
        self.__changes = changes
        self.__writer = writer
        self.__ask = Asking().ask

    async def follow_up_terms(self) -> FollowUpTerms:
        """When a home is telephoned after an incident."""
        return self.__writer.judge.policy.follow_up

    async def follow_ups(self, area: str = "") -> Sequence[FollowUpRow]:
        """Follow-up calls that are owed, the late ones first, then by when they are due."""
        is_in = self.__directory.is_in
        owed = {key: it for key, it in self.__changes.follow_ups.items() if is_in(key, area)}
        order = sorted(owed, key=lambda key: (FIRST[owed[key].stage], owed[key].due_s, key))
        ends = await self.__ask({}, self.__reads.ends_of, [it.incident for it in owed.values()])
        return [self.__with_home(_owed(key, owed[key]), ends) for key in order]

    async def follow_ups_done(self, area: str = "", limit: int = 100) -> Sequence[FollowUpRow]:
        """Follow-ups that have ended, the latest first."""
        rows = await self.__ask([], self.__reads.follow_ups_done, area, limit)
        ends = await self.__ask({}, self.__reads.ends_of, [row.incident for row in rows])
        return [self.__with_home(row, ends) for row in rows]

    async def case_notes(self, key: str) -> Sequence[CaseNote]:
        """Notes with a household's case file, the latest first."""
        return await self.__ask([], self.__reads.case_notes, key)

    def __with_home(self, row: FollowUpRow, ends: Ends) -> FollowUpRow:
        """The row with what is known of home and incident."""
        outcome, closed_at = ends.get(row.incident, ("", None))
        home = self.__directory.households.get(row.key)
        if home is None:
            return msgspec.structs.replace(row, outcome=outcome, closed_at=closed_at)
        own = [(person.name, "", person.phone) for person in home.residents if person.phone]
        return msgspec.structs.replace(
            row,
            **named(home, self.__directory),
            outcome=outcome,
            closed_at=closed_at,
            phones=(*own, *((it.name, it.relation, it.phone) for it in home.contacts)),
            open_incident=self.__changes.open_of(row.key),
        )


def _owed(key: str, it: FollowUp) -> FollowUpRow:
    return FollowUpRow(
        key=key,
        incident=it.incident,
        planned_at=moment(it.planned_s),
        due_at=moment(it.due_s),
        tries=it.tries,
        stage=it.stage.name.lower(),
    )
