"""What came in the last weeks: each incident is read once when it is closed, and while it is open each time."""

from __future__ import annotations

from datetime import datetime

from alerting.model import Incident
from alerting.silence.labels import SilenceLabel, label_of, rang_for_silence
from gateway.store.editions import Saved
from gateway.store.values import when

FALSE, REAL, OPEN = "false", "real", "open"

Row = tuple[str, datetime, str]
"""Home, when it rang, and what it was."""


class Came:
    """The incidents for which a silence had rung, as far as they say something of the budget.

    Args:
        saved: Questions to the store.
    """

    def __init__(self, saved: Saved) -> None:
        """Nothing is read yet."""
        self._saved = saved
        self._closed: dict[tuple[str, int], Row | None] = {}

    def since(self, since: datetime) -> list[Row]:
        """Those opened since then, the oldest first."""
        opened = self._saved.opened_since(since)
        known = self._closed
        asked = [it.id for it in opened if it.closed_ms is None or (it.id, it.closed_ms) not in known]
        read = {
            it.id: (it.key, it.opened_at, word) if (word := _word(it)) else None for it in self._saved.incidents(asked)
        }
        closed: dict[tuple[str, int], Row | None] = {}
        rows: list[Row] = []
        for it in opened:
            row = read[it.id] if it.id in read else known.get((it.id, it.closed_ms or 0))
            if it.closed_ms is not None:
                closed[it.id, it.closed_ms] = row
            if row is not None:
                rows.append((row[0], when(it.opened_ms), row[2]))
        self._closed = closed
        return rows


def _word(incident: Incident) -> str:
    """What an incident in which a silence rang was; empty for another, and for one that says nothing of the budget."""
    label = label_of(incident)
    if label is None:
        return OPEN if incident.outcome is None and rang_for_silence(incident) else ""
    return {SilenceLabel.NEEDED_HELP: REAL, SilenceLabel.FALSE: FALSE}.get(label, "")
