"""From the writer's thread to every console: what is open now, and each change with a cursor.

Lives on the event loop; the writer hands changes over with ``call_soon_threadsafe``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime

from alerting.casefile import covers
from alerting.duty.reach import RESPONDER, Case
from alerting.floods import Flood
from alerting.homes.blindness import Blind
from alerting.homes.follow_up import FollowUp, Stage
from alerting.homes.state import Memory
from alerting.model import IncidentState
from gateway.absence.waiting import KnownAbsences
from gateway.absence.waiting import Told as AwayTold
from gateway.desk.contract import Change, Counters, CursorLost, QueueRow, Snapshot
from gateway.equipment.protected import Changed, ProtectedHomes
from gateway.equipment.running_steps import RunningSteps, Told
from gateway.writing.directory import Directory

KEPT = 5_000
SENT = frozenset({IncidentState.DISPATCHED.value, IncidentState.ON_SCENE.value})


class Changes:
    """Open incidents in memory, and the latest changes for whoever resumes.

    Args:
        start: Word that tells this start of the gateway from every other; part of each cursor.
        rows: What is open at the start.
        directory: The registry in memory.

    Attributes:
        homes: Area of every household.
        faults: Area of every open fault; empty for devices without a home.
        blind: Households that nobody has confirmed since their signals may have been missed.
        blind_areas: Area of each of them.
        follow_ups: Follow-up calls that are owed, by household.
        follow_up_areas: Area of each of them that is due, and whether it is late.
        quarantined: Messages set aside since the beginning.
        flood: How flood mode stands.
        steps: Devices in test mode.
        protected: Which homes are protected.
        away: Which absences are known.
    """

    def __init__(self, start: str, rows: Iterable[QueueRow], directory: Directory) -> None:
        """Begin with what is open."""
        self._start = start
        self._open = {row.incident: row for row in rows}
        self._open_of = {row.household: row.incident for row in self._open.values() if row.household}
        self._kept: deque[tuple[int, Change]] = deque(maxlen=KEPT)
        self._n = 0
        self._waiting: set[asyncio.Event] = set()
        self._ended = False
        self.homes: list[str] = []
        self.faults: list[str] = []
        self.blind: dict[str, Blind] = {}
        self.blind_areas: list[str] = []
        self.follow_ups: dict[str, FollowUp] = {}
        self.follow_up_areas: list[tuple[str, bool]] = []
        self.quarantined = 0
        self.flood = Flood()
        self.steps = RunningSteps(directory)
        self.protected = ProtectedHomes(directory)
        self.away = KnownAbsences(directory)

    def add(
        self, at: datetime, changed: Iterable[tuple[QueueRow | None, bool]], wrong: tuple[str, ...] | None = None
    ) -> None:
        """Take in committed changes, (row, rings) each, and wake every console. On the event loop only.

        ``wrong`` are the gateway's own faults, where they have just changed.
        """
        for row, rings in changed:
            if row is not None:
                if row.state == IncidentState.CLOSED.value:
                    self._open.pop(row.incident, None)
                    if self._open_of.get(row.household) == row.incident:
                        del self._open_of[row.household]
                else:
                    self._open[row.incident] = row
                    if row.household:
                        self._open_of[row.household] = row.incident
            self._n += 1
            cursor, counters = self._cursor(self._n), self.counters()
            change = Change(cursor=cursor, at=at, row=row, rings=rings, counters=counters, wrong=wrong)
            self._kept.append((self._n, change))
        for event in self._waiting:
            event.set()

    def end(self) -> None:
        """Nothing more will come from here: whoever follows loses their cursor and asks for a snapshot."""
        self._ended = True
        for event in self._waiting:
            event.set()

    def note(self, at: datetime, *, canary: str = "") -> None:
        """A total has changed, or the trial press with this event id was heard. On the event loop only."""
        self._n += 1
        counters = None if canary else self.counters()
        self._kept.append((self._n, Change(cursor=self._cursor(self._n), at=at, counters=counters, canary=canary)))
        for event in self._waiting:
            event.set()

    def begin_equipment(self, homes: Mapping[str, Memory], at: datetime) -> None:
        """The devices in test mode, the protected homes and the absences at the start."""
        self.steps.begin(homes)
        self.protected.begin(homes, at)
        self.away.begin(homes)

    def note_equipment(self, told: list[Told], protection: list[Changed], at: datetime) -> None:
        """Test modes have begun or ended, homes are protected or not any more. On the event loop only."""
        self.protected.note(protection, at)
        if not told:
            return
        self.steps.note(told, at)
        self._n += 1
        steps = tuple(self.steps.seen(at))
        self._kept.append((self._n, Change(cursor=self._cursor(self._n), at=at, steps=steps)))
        for event in self._waiting:
            event.set()

    def note_away(self, told: list[AwayTold], at: datetime) -> None:
        """Absences have begun, changed or ended. On the event loop only."""
        self.away.note(told)
        self.note(at)

    def note_flood(self, flood: Flood, at: datetime) -> None:
        """Flood mode has begun, goes on with other numbers, or has ended. On the event loop only."""
        self.flood = flood
        self._n += 1
        self._kept.append((self._n, Change(cursor=self._cursor(self._n), at=at, flood=flood)))
        for event in self._waiting:
            event.set()

    def counters(self, area: str = "") -> Counters:
        """Totals for an area, or the whole city."""
        rows = [row for row in self._open.values() if covers(area, row.area)]
        unclaimed = sum(1 for row in rows if not row.claimed_by)
        late = [is_late for key, is_late in self.follow_up_areas if covers(area, key)]
        return Counters(
            unclaimed=unclaimed,
            in_progress=len(rows) - unclaimed,
            faults=sum(covers(area, key) for key in self.faults) if area else len(self.faults),
            households=sum(covers(area, key) for key in self.homes) if area else len(self.homes),
            quarantined=self.quarantined,
            blind=sum(covers(area, key) for key in self.blind_areas) if area else len(self.blind_areas),
            follow_ups=len(late),
            late_follow_ups=sum(late),
            absences=self.away.to_look_at(area),
        )

    def take_beside(self, blind: Mapping[str, Blind], owed: Mapping[str, FollowUp], homes: Mapping[str, Case]) -> bool:
        """Of these homes some are not confirmed now, and some are owed a call. Whether that changes a total."""
        before = self.blind.keys(), self.follow_up_areas
        self.blind = {key: window for key, window in blind.items() if key in homes}
        self.blind_areas = [homes[key].area for key in self.blind]
        self.follow_ups = {key: it for key, it in owed.items() if key in homes}
        ripe = {key: it.stage for key, it in self.follow_ups.items() if it.stage in {Stage.DUE, Stage.LATE}}
        self.follow_up_areas = sorted((homes[key].area, stage is Stage.LATE) for key, stage in ripe.items())
        return before != (self.blind.keys(), self.follow_up_areas)

    def snapshot(self, at: datetime, area: str = "") -> Snapshot:
        """Everything open now, most urgent and oldest first."""
        rows = sorted(
            (row for row in self._open.values() if covers(area, row.area)),
            key=lambda row: (row.priority, row.opened_at),
        )
        counters = self.counters(area)
        return Snapshot(cursor=self._cursor(self._n), at=at, rows=tuple(rows), counters=counters, flood=self.flood)

    def rings_by_incident(self) -> dict[str, bool]:
        """By id of everything open, whether consoles are shown that it rings. From any thread."""
        return {id_: row.unacknowledged or row.second_person for id_, row in self._open.copy().items()}

    def open_of(self, household: str) -> str:
        """Id of the open incident of a household, or empty."""
        return self._open_of.get(household, "")

    def running_in(self, household: str) -> QueueRow | None:
        """The open incident of a household."""
        return self._open.get(self.open_of(household))

    def on_jobs(self, but: str) -> dict[str, str]:
        """Incident by person id of everybody who was sent somewhere, but for one incident's."""
        others = [row for row in self._open.values() if row.incident != but]
        return {f"{RESPONDER}{who}": row.incident for row in others for who in row.sent}

    def _cursor(self, n: int) -> str:
        return f"{self._start}.{n}"

    def _number(self, cursor: str) -> int:
        start, _, n = cursor.rpartition(".")
        if start != self._start or not n.isdigit():
            raise CursorLost(cursor)
        oldest = self._kept[0][0] if self._kept else self._n + 1
        if not oldest - 1 <= int(n) <= self._n:
            raise CursorLost(cursor)
        return int(n)

    async def after(self, cursor: str) -> AsyncIterator[Change]:
        """Changes after a cursor, then as they come. Raises ``CursorLost`` when it cannot go on from there."""
        seen = self._number(cursor)
        news = asyncio.Event()
        self._waiting.add(news)
        try:
            while True:
                news.clear()
                if self._ended:
                    raise CursorLost(cursor)
                if seen < self._n:
                    if not self._kept or self._kept[0][0] > seen + 1:
                        raise CursorLost(cursor)
                    first = len(self._kept) - (self._n - seen)
                    for n, change in [self._kept[i] for i in range(first, len(self._kept))]:
                        seen = n
                        yield change
                else:
                    await news.wait()
        finally:
            self._waiting.discard(news)
