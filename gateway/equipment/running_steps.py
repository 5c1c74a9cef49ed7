"""Which steps are announced now, as the screens show them: each test mode with who, where and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from alerting.decisions import StepAnnounced, StepEnded
from alerting.homes.state import Memory
from alerting.homes.testing import Announced
from alerting.silence.inactivity import moment
from gateway.equipment.contract import StepView
from gateway.store.home_tests import TestRow
from gateway.writing.directory import Directory

SHOWN_FOR = timedelta(minutes=2)
"""So long after its end a step is still shown, with how it ended."""

Told = tuple[str, StepAnnounced | StepEnded]


def step_view(row: TestRow, directory: Directory) -> StepView:
    """A line of the ledger with the home's people and place."""
    home, device = directory.households.get(row.household), directory.devices.get(row.device)
    return StepView(
        household=row.household,
        resident=home.title if home else "",
        address=home.address if home else "",
        area=home.area if home else "",
        device=row.device,
        role=row.role,
        room=device.room if device else "",
        purpose=row.purpose,
        by=row.by,
        by_name=directory.name_of(row.by),
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        how=row.how,
        ended_by_name=directory.name_of(row.ended_by) if row.ended_by else "",
        evidence=row.evidence,
    )


class RunningSteps:
    """Test modes that run, and those that were over a moment ago. On the event loop only.

    Args:
        directory: The registry in memory.
    """

    def __init__(self, directory: Directory) -> None:
        """None runs."""
        self._directory = directory
        self._steps: dict[str, StepView] = {}

    def begin(self, homes: Mapping[str, Memory]) -> None:
        """What runs at the start of the gateway."""
        for key, memory in homes.items():
            step = memory.hot.tests.announced
            if step is not None:
                self._steps[key] = self._running(key, step)

    def _running(self, key: str, step: Announced) -> StepView:
        since = datetime.fromtimestamp(step.since_s, moment(0).tzinfo)
        return self._announced(key, step, since, moment(step.until_s))

    def _announced(self, key: str, step: Announced | StepAnnounced, since: datetime, until: datetime) -> StepView:
        row = TestRow(
            household=key,
            device=step.device,
            role=step.role,
            purpose=step.purpose.value,
            by=step.by,
            since=since,
            until=until,
            ended_at=None,
            how="",
            ended_by="",
            evidence=None,
        )
        return step_view(row, self._directory)

    def note(self, told: Iterable[Told], at: datetime) -> None:
        """Steps that have begun or ended, in order."""
        for key, step in told:
            if isinstance(step, StepAnnounced):
                self._steps[key] = self._announced(key, step, step.since, step.until)
            elif (running := self._steps.get(key)) is not None:
                by = self._directory.name_of(step.ended_by) if step.ended_by else ""
                ended = {"ended_at": at, "how": step.how.value, "ended_by_name": by, "evidence": step.evidence}
                self._steps[key] = msgspec.structs.replace(running, **ended)

    def seen(self, now: datetime) -> list[StepView]:
        """What runs, and what was over a moment ago; oldest first."""
        fresh = {k: s for k, s in self._steps.items() if s.ended_at is None or now - s.ended_at <= SHOWN_FOR}
        self._steps = fresh
        return sorted(fresh.values(), key=lambda step: step.since)
