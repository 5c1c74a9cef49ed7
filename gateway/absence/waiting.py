"""Which absences are known, and which of them somebody has to look at. On the event loop only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alerting.decisions import AbsenceBegun, AbsenceChanged
from alerting.homes.away import TO_LOOK_AT, AwayStage
from alerting.homes.state import Memory
from gateway.writing.directory import Directory

Told = tuple[str, AbsenceBegun | AbsenceChanged]
NONE = AwayStage.NONE.name.lower()
LOOKED_AT = frozenset(stage.name.lower() for stage in TO_LOOK_AT)


class KnownAbsences:
    """The absences of all homes.

    Args:
        directory: The registry in memory.

    Attributes:
        stages: How each home's stands.
    """

    def __init__(self, directory: Directory) -> None:
        """None is known."""
        self._directory = directory
        self.stages: dict[str, str] = {}

    def begin(self, homes: Mapping[str, Memory]) -> None:
        """What is known at the start of the gateway."""
        self.stages = {key: it.hot.away.stage.name.lower() for key, it in homes.items() if it.hot.away.stage}

    def note(self, told: Iterable[Told]) -> None:
        """How some stand now."""
        for key, decision in told:
            if decision.stage == NONE:
                self.stages.pop(key, None)
            else:
                self.stages[key] = decision.stage

    def to_look_at(self, area: str = "") -> int:
        """Homes of an area that are to be looked at: soon back, somebody has moved, or to be confirmed."""
        is_in = self._directory.is_in
        return sum(stage in LOOKED_AT and is_in(key, area) for key, stage in self.stages.items())
