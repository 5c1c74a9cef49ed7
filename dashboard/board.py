"""What is open now, as the consoles are shown it: folded, and counted for each group of consoles as it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from alerting.floods import Flood
from alerting.model import IncidentState
from dashboard.folds import Folds, is_outage
from dashboard.rows import group_of
from gateway.desk.contract import QueueRow

Sees = Callable[[str], bool]


class Tally:
    """What one group of consoles is shown: how many rows stand in each part of the queue, and in each fold."""

    def __init__(self, sees: Sees) -> None:
        """Nothing is counted yet."""
        self.sees = sees
        self.groups: Counter[str] = Counter()
        self.folds: Counter[str] = Counter()
        self.folded = 0

    def count(self, row: QueueRow, fold: str, by: int) -> None:
        """Count a row in (1) or out (-1)."""
        if not self.sees(row.area):
            return
        self.groups[group_of(row)] += by
        if not fold:
            return
        before = self.folds[fold]
        self.folds[fold] = before + by
        self.folded += _together(before + by) - _together(before)
        if not self.folds[fold]:
            del self.folds[fold]


def _together(n: int) -> int:
    """One alone is not folded."""
    return n if n > 1 else 0


class Board:
    """Everything open.

    A change costs what it changes: only an area incident, or a flood that begins or ends, touches other rows.
    """

    def __init__(self) -> None:
        """Nothing is open."""
        self.rows: dict[str, QueueRow] = {}
        self.folds = Folds()
        self._of_home: dict[str, set[str]] = {}
        self._over: dict[str, dict[str, tuple[datetime, str]]] = {}
        self._fold_of: dict[str, str] = {}
        self._tallies: dict[object, Tally] = {}

    def begin(self, rows: Iterable[QueueRow], flood: Flood) -> None:
        """Forget everything, and take these."""
        self.rows, self._of_home, self._over, self._fold_of = {}, {}, {}, {}
        self.folds = Folds({}, flood)
        self._tallies.clear()
        for row in rows:
            self.put(row)

    def put(self, row: QueueRow) -> bool:
        """An incident is now so; a closed one leaves. Returns whether other rows are folded than before."""
        before = self.rows.pop(row.incident, None) if row.state == IncidentState.CLOSED else self.rows.get(row.incident)
        self._count_out(before)
        touched: set[str] = set()
        if (before is not None and before.members) or row.members:
            touched = self._cover(before, row)
        if row.state != IncidentState.CLOSED:
            self.rows[row.incident] = row
            self._of_home.setdefault(row.household, set()).add(row.incident)
            self._count_in(row)
        elif before is not None:
            self._of_home[before.household].discard(row.incident)
        others = {it for home in touched for it in self._of_home.get(home, ())} - {row.incident}
        return self._fold_anew(others)

    def flood(self, flood: Flood) -> bool:
        """Flood mode stands so. Returns whether other rows are folded than before."""
        before, self.folds = self.folds.flood, Folds(self.folds.homes, flood)
        return before.lasts != flood.lasts and self._fold_anew(self.rows)

    def tally(self, group: object, sees: Sees) -> Tally:
        """What a group of consoles is shown, counted once and then kept."""
        found = self._tallies.get(group)
        if found is None:
            found = self._tallies[group] = Tally(sees)
            for id_, row in self.rows.items():
                found.count(row, self._fold_of[id_], 1)
        return found

    def keep_tallies(self, groups: Iterable[object]) -> None:
        """Count no more for other groups than these: nobody of theirs is there."""
        self._tallies = {group: self._tallies[group] for group in groups if group in self._tallies}

    def _count_in(self, row: QueueRow) -> None:
        fold = self._fold_of[row.incident] = self.folds.of(row)
        for tally in self._tallies.values():
            tally.count(row, fold, 1)

    def _count_out(self, row: QueueRow | None) -> None:
        if row is not None:
            fold = self._fold_of.pop(row.incident)
            for tally in self._tallies.values():
                tally.count(row, fold, -1)

    def _fold_anew(self, incidents: Iterable[str]) -> bool:
        """Look again in which fold these stand; whether any stands elsewhere now."""
        moved = [row for id_ in incidents if self._fold_of[id_] != self.folds.of(row := self.rows[id_])]
        for row in moved:
            self._count_out(row)
            self._count_in(row)
        return bool(moved)

    def _cover(self, before: QueueRow | None, row: QueueRow) -> set[str]:
        """Homes under another area incident than before, or under another name."""
        old = set(before.members) if before is not None and is_outage(before) else set()
        new = set(row.members) if is_outage(row) else set()
        touched = set()
        for home in old | new:
            over = self._over.setdefault(home, {})
            if home in new:
                over[row.incident] = (row.opened_at, row.resident)
            else:
                over.pop(row.incident, None)
            latest = max(((at, id_, title) for id_, (at, title) in over.items()), default=None)
            if latest is None:
                del self._over[home]
            under = latest[1:] if latest is not None else None
            if under != self.folds.homes.get(home):
                touched.add(home)
                if under is None:
                    del self.folds.homes[home]
                else:
                    self.folds.homes[home] = under
        return touched
