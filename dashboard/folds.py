"""What the queue folds: one row with a count that opens to its list. Never P1 or P2, and never what somebody has.

Under an area incident: its homes that cannot be seen. In flood mode: P3 and P4, by cause and town.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from alerting.floods import Flood
from alerting.model import AlarmKind, FaultKind, IncidentState, Priority
from dashboard.explain import lead_alarm
from dashboard.rows import ConsoleRow
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.contract import QueueRow
from gateway.equipment.repair_desk import RepairRow

SILENT = frozenset({AlarmKind.AREA_OUTAGE, AlarmKind.AREA_BRIDGE})
UNHEARD = frozenset({AlarmKind.UNSEEN, AlarmKind.CANNOT_CALL})
"""Alarms of a home that an outage explains."""
EXPLAINED = frozenset({FaultKind.MISSED_CHECK_IN, FaultKind.OFFLINE})
"""Faults that an outage explains."""
FOLDABLE = frozenset({Priority.P3, Priority.P4})


class Folds(msgspec.Struct, frozen=True):
    """What is folded now.

    Attributes:
        homes: Name of the area by household, for homes that a running area incident has as silent.
        flood: How flood mode stands.
    """

    homes: dict[str, tuple[str, str]] = {}
    flood: Flood = Flood()

    def of(self, row: QueueRow) -> str:
        """Id of the fold in which an incident stands; empty: it stands by itself."""
        if row.priority not in FOLDABLE or row.claimed_by or row.second_person or row.state == IncidentState.CLOSED:
            return ""
        kinds = {alarm.kind for alarm in row.alarms}
        if row.household in self.homes and kinds <= UNHEARD:
            return f"area|{self.homes[row.household][0]}"
        if self.flood.lasts:
            return f"flood|{lead_alarm(row.alarms).kind}|{row.town}"
        return ""

    def applied(self, shown: ConsoleRow, row: QueueRow) -> ConsoleRow:
        """A row as a console shows it: what is folded does not ring."""
        fold = self.of(row)
        if not fold:
            return shown
        assert row.priority in FOLDABLE, "P1 and P2 are never folded"
        title = self.homes[row.household][1] if fold.startswith("area|") else row.town
        word = " · ".join(part for part in (shown["kind_word"], title) if part)
        return {**shown, "fold": fold, "fold_word": word, "ringing": False}

    def band(self, rows: Iterable[QueueRow], say: Speech) -> str:
        """The band of flood mode over the console, with these rows on it; empty without one."""
        if self.flood.since is None:
            return ""
        found = Counter(fold for row in rows if (fold := self.of(row)))
        return self.told(sum(n for n in found.values() if n > 1), say)

    def told(self, folded: int, say: Speech) -> str:
        """The band of flood mode while so many rows are folded; empty without one."""
        flood = self.flood
        if flood.since is None:
            return ""
        since = say.times.clock(flood.since)[:5]
        if flood.ended is not None:
            text = mark("Flood mode ended at %(time)s: it began at %(since)s, %(n)s new incidents")
            return say.gettext(text, time=say.times.clock(flood.ended)[:5], since=since, n=flood.total)
        text = mark(
            "Flood mode since %(since)s: %(n)s new incidents in 10 min for %(operators)s at their consoles, "
            "%(folded)s of P3 and P4 folded; P1 and P2 are never folded"
        )
        return say.gettext(text, since=since, n=flood.lately, operators=flood.operators, folded=folded)


def is_outage(row: QueueRow) -> bool:
    """Whether it is a running incident of an area whose homes fell silent."""
    return bool(row.members) and row.state != IncidentState.CLOSED and row.alarms[0].kind in SILENT


def folds_of(rows: Iterable[QueueRow], flood: Flood) -> Folds:
    """What is folded while these are open; a home of two area incidents stands under the later one."""
    outages = sorted(filter(is_outage, rows), key=lambda row: (row.opened_at, row.incident))
    return Folds({home: (row.incident, row.resident) for row in outages for home in row.members}, flood)


def faults_folded(
    faults: Iterable[RepairRow], rows: Iterable[QueueRow]
) -> tuple[list[tuple[QueueRow, list[RepairRow]]], list[RepairRow]]:
    """Faults that an outage explains, by its area incident, and all others. Those come back when it is closed."""
    areas = [row for row in rows if row.members and row.alarms[0].kind in SILENT]
    of_home = {home: row for row in areas for home in row.members}
    under: dict[str, list[RepairRow]] = {}
    alone: list[RepairRow] = []
    for fault in faults:
        area = of_home.get(fault.household)
        if area is not None and fault.kind in EXPLAINED:
            under.setdefault(area.incident, []).append(fault)
        else:
            alone.append(fault)
    return [(row, under[row.incident]) for row in areas if row.incident in under], alone


class Pile(msgspec.Struct, frozen=True):
    """One place in the queue: a row, or a fold with its rows."""

    rows: tuple[ConsoleRow, ...]
    fold: str = ""

    @property
    def first(self) -> ConsoleRow:
        """The row that stands for it."""
        return self.rows[0]


def piled(rows: Iterable[ConsoleRow]) -> list[Pile]:
    """Rows in their order; those of one fold together, where its first one stands. One alone stands as it is."""
    piles: dict[str, list[ConsoleRow]] = {}
    for row in rows:
        piles.setdefault(row["fold"] or f"row|{row['incident']}", []).append(row)
    return [Pile(tuple(found), found[0]["fold"] if len(found) > 1 else "") for found in piles.values()]
