"""How many homes are protected, live: each change moves the counts of its areas; nothing is ever counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from alerting.casefile import AreaLevel, covers
from alerting.homes.lacks import Lack
from alerting.homes.state import Memory
from alerting.silence.inactivity import moment
from gateway.equipment.contract import Goal, LackingRow, LackView, ProtectedLine, ProtectedView
from gateway.writing.directory import Directory

Changed = tuple[str, tuple[str, ...]]
"""A household, and what it lacks from now on."""


class ProtectedHomes:
    """Which homes are protected. On the event loop only.

    Args:
        directory: The registry in memory.
    """

    def __init__(self, directory: Directory) -> None:
        """No home has been judged: none is protected."""
        self._directory = directory
        self._lacks: dict[str, tuple[tuple[str, ...], datetime]] = {}
        self._counted: dict[str, str] = {}  # by home, the area under which it was
        self._homes: dict[str, int] = {}
        self._protected: dict[str, int] = {}
        self._followed: Mapping[str, object] = {}
        self._follow()

    def begin(self, homes: Mapping[str, Memory], at: datetime) -> None:
        """How every home stands at the start of the gateway."""
        self._follow()
        for key in self._counted:
            memory = homes.get(key)
            if memory is not None and memory.hot.lacks is not None:
                self._turn(key, memory.hot.lacks, moment(memory.hot.lacks_s) if memory.hot.lacks_s else at)

    def note(self, changed: Iterable[Changed], at: datetime) -> None:
        """Homes that have changed, in order."""
        self._follow()
        for key, lacks in changed:
            if key in self._counted:
                before = self._lacks.get(key)
                self._turn(key, lacks, before[1] if before is not None and before[0] else at)

    def _follow(self) -> None:
        """Homes that are new count from now on, those in another village there, those that have left no more."""
        homes = self._directory.people.homes
        if homes is self._followed:  # replaced whole whenever one of them changes
            return
        self._followed = homes
        for key, case in homes.items():
            before, area = self._counted.get(key), None if case.has_left else case.area
            if area == before:
                continue
            if before is not None:
                self._count(key, before, -1)
                del self._counted[key]
            if area is not None:
                self._counted[key] = area
                self._count(key, area, 1)

    def _count(self, key: str, area: str, more: int) -> None:
        for above in self._areas(area):
            self._homes[above] = self._homes.get(above, 0) + more
            if self._is_protected(key):
                self._protected[above] = self._protected.get(above, 0) + more

    def _turn(self, key: str, lacks: tuple[str, ...], since: datetime) -> None:
        was, is_now = self._is_protected(key), not lacks
        self._lacks[key] = (lacks, since)
        if was is not is_now:
            for area in self._areas(self._counted[key]):
                self._protected[area] = self._protected.get(area, 0) + (1 if is_now else -1)

    def _is_protected(self, key: str) -> bool:
        known = self._lacks.get(key)
        return known is not None and not known[0]

    def _areas(self, area: str) -> list[str]:
        """The areas that a home of this one counts in: the whole city under the empty key."""
        return ["", *(it.key for it in self._directory.areas_above(area))]

    def counts(self, area: str = "") -> tuple[int, int]:
        """(protected homes, all homes) of an area."""
        self._follow()
        return self._protected.get(area, 0), self._homes.get(area, 0)

    def view(self, area: str, now: datetime, goal: Goal) -> ProtectedView:
        """The number for an area, its towns and villages, and the homes that are not protected and why."""
        protected, homes = self.counts(area)
        shown = {AreaLevel.TOWN, AreaLevel.VILLAGE}
        lines = [
            ProtectedLine(key=it.key, name=it.name, level=it.level.value, homes=n[1], protected=n[0])
            for it in self._directory.areas.values()
            if it.level in shown and covers(area, it.key) and (n := self.counts(it.key))[1]
        ]
        return ProtectedView(
            homes=homes, protected=protected, goal=goal, lines=tuple(lines), lacking=tuple(self._lacking(area, now))
        )

    def _lacking(self, area: str, now: datetime) -> list[LackingRow]:
        rows, files = [], self._directory.households
        for key, counted in self._counted.items():
            home = None if self._is_protected(key) or not covers(area, counted) else files.get(key)
            if home is None:
                continue
            lacks, since = self._lacks.get(key, ((), now))
            levels = {it.level: it.name for it in self._directory.areas_above(home.area)}
            rows.append(
                LackingRow(
                    household=key,
                    resident=home.title,
                    address=home.address,
                    area=home.area,
                    town=levels.get(AreaLevel.TOWN, ""),
                    village=levels.get(AreaLevel.VILLAGE, ""),
                    tier=home.tier.value,
                    since=since,
                    lacks=tuple(self._lack(lack) for lack in lacks),
                )
            )
        return sorted(rows, key=lambda row: (row.since, row.household))

    def _lack(self, lack: str) -> LackView:
        word, _, id_ = lack.partition("|")
        if word == Lack.NO_ROLE:
            return LackView(word=word, role=id_)
        device = self._directory.devices.get(id_)
        return LackView(word=word, device=id_, role=device.role if device else "", room=device.room if device else "")
