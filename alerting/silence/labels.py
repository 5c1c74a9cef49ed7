"""What the outcome of an incident says about the silence that had rung: the one place where people teach detection.

Bounded: only the latest few are kept. Reversible: an incident that is taken up again takes its word back, and says
another one when it is closed anew. How far the limits may follow is the rhythm's to decide.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from alerting.model import AlarmKind, Incident, Outcome
from alerting.silence.day import DAY_S


class SilenceLabel(StrEnum):
    """What a silence that rang turned out to be."""

    FALSE = "false"
    """Nobody needed anything, or nobody was at home: the limit was too short for this home."""
    NEEDED_HELP = "needed_help"
    """Somebody did need help: the limit must not become longer over it."""
    EQUIPMENT = "equipment"
    """The sensors were at fault: it says nothing about the person."""
    UNKNOWN = "unknown"
    """A test, or something that no outcome names: it says nothing of the limit, so no price moves for it."""


LABELS: dict[Outcome, SilenceLabel] = {
    Outcome.REAL: SilenceLabel.NEEDED_HELP,
    Outcome.ACCIDENTAL: SilenceLabel.FALSE,
    Outcome.WAS_WELL: SilenceLabel.FALSE,
    Outcome.TEST: SilenceLabel.UNKNOWN,
    Outcome.EQUIPMENT: SilenceLabel.EQUIPMENT,
    Outcome.NOT_AT_HOME: SilenceLabel.FALSE,
    Outcome.OTHER: SilenceLabel.UNKNOWN,
}
"""Every outcome, and what it says of the silence."""

MOST = 8
"""So many silences that rang are remembered: with the usual budget, those of more than half a year."""


class Labelled(msgspec.Struct, frozen=True, array_like=True):
    """One silence that rang: number of its incident, UTC day of its closing since 1970, and what it was."""

    incident: int
    day: int
    label: SilenceLabel


class Labels(msgspec.Struct, frozen=True, array_like=True):
    """The latest silences that rang in a home, the oldest first: hot state, at most ``MOST``."""

    latest: tuple[Labelled, ...] = ()

    def count(self, label: SilenceLabel, since_day: int = 0) -> int:
        """How many of them were this, closed on this day (since 1970, UTC) or later."""
        return sum(it.label is label and it.day >= since_day for it in self.latest)


def rang_for_silence(incident: Incident) -> bool:
    """Whether a silence was part of an incident."""
    return any(alarm.kind is AlarmKind.INACTIVITY for alarm in incident.alarms)


def label_of(incident: Incident) -> SilenceLabel | None:
    """What a closed incident says of the silence that was part of it; None when no silence was."""
    if incident.outcome is None or not rang_for_silence(incident):
        return None
    return LABELS[incident.outcome]


def closed(labels: Labels, n: int, incident: Incident) -> Labels:
    """The labels after a home's n-th incident was closed; what it had said before counts no more."""
    label = label_of(incident)
    kept = taken_up(labels, n)
    if label is None or incident.closed_at is None:
        return kept
    said = Labelled(n, int(incident.closed_at.timestamp()) // DAY_S, label)
    return Labels((*kept.latest, said)[-MOST:])


def is_false(label: SilenceLabel) -> bool:
    """Whether it counts as a false call. What nobody can say counts as neither false nor true."""
    return label is SilenceLabel.FALSE


def taken_up(labels: Labels, n: int) -> Labels:
    """The labels after a home's n-th incident was taken up again: it has not been decided what it was."""
    kept = tuple(it for it in labels.latest if it.incident != n)
    return labels if len(kept) == len(labels.latest) else Labels(kept)
