"""The Desk's side for equipment, of a running gateway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerting.casefile import AreaLevel, covers
from alerting.equipment_terms import DAY, EquipmentTerms
from alerting.homes import testing
from alerting.silence.inactivity import moment
from device_adapters.adapter import CALLERS
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.changes import Changes
from gateway.desk.rows import phones_of
from gateway.equipment.availability import by_area
from gateway.equipment.contract import AvailabilityLine, Goal, PressRow, ProtectedView, StepView
from gateway.equipment.running_steps import step_view
from gateway.store.equipment import EquipmentReads
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

ASKED_BEFORE_S = 7 * 86_400
"""A test press is due so long before it is overdue: in these days the resident is asked."""


class LiveEquipment:
    """See ``gateway.equipment.contract.EquipmentDesk`` for what each question means.

    Args:
        equipment: Questions to the store about equipment.
        directory: The registry in memory.
        writer: Holds the states and the policy in force.
        changes: What was told to the consoles.
        clock: Service time.
    """

    def __init__(
        self, equipment: EquipmentReads, directory: Directory, writer: Writer, changes: Changes, clock: Clock
    ) -> None:
        """Answer from these parts."""
        self._ledger = equipment.tests
        self._spans = equipment.spans
        self._directory = directory
        self._writer = writer
        self._changes = changes
        self._clock = clock
        self._ask = Asking().ask

    async def announced(self, area: str = "") -> Sequence[StepView]:
        """Steps that are announced now, and those that were over in the last two minutes."""
        return [step for step in self._changes.steps.seen(self._clock.now()) if covers(area, step.area)]

    async def home_tests(self, key: str, limit: int = 50) -> Sequence[StepView]:
        """The ledger of one home, latest first."""
        return [step_view(row, self._directory) for row in await self._ask([], self._ledger.of_home, key, limit)]

    async def protected(self, area: str = "") -> ProtectedView:
        """How many homes are protected now, by town and village, and which are not and why."""
        terms = self._writer.judge.policy.equipment
        return self._changes.protected.view(area, self._clock.now(), Goal(terms.goal))

    async def equipment_terms(self) -> tuple[EquipmentTerms, int]:
        """The terms for equipment, and how often a home owes a test press, days."""
        policy = self._writer.judge.policy
        return policy.equipment, policy.test_every_s // DAY

    async def availability(self, since: datetime, until: datetime, area: str = "") -> Sequence[AvailabilityLine]:
        """How much of a time the homes were protected, by town."""
        until = min(until, self._clock.now())
        spans = await self._ask([], self._spans.between, since, until)
        towns = {it.key: it.name for it in self._directory.areas.values() if it.level is AreaLevel.TOWN}
        towns = {key: name for key, name in towns.items() if covers(area, key) or covers(key, area)}
        homes = ((key, case.area) for key, case in self._directory.people.homes.items() if covers(area, case.area))
        town_of = {home: next((key for key in towns if covers(key, at)), "") for home, at in homes}
        return by_area(spans, since, until, town_of, towns)

    async def presses(self, area: str = "") -> Sequence[PressRow]:
        """Every home that owes test presses: what is overdue first, then what is due next."""
        running = {step.household: step for step in self._changes.steps.seen(self._clock.now()) if not step.how}
        rows = [self._press_row(home, running) for home in self._directory.homes_in(area)]
        return sorted((row for row in rows if row is not None), key=lambda row: (row.due_at, row.household))

    def _press_row(self, key: str, running: dict[str, StepView]) -> PressRow | None:
        tests, now_s = self._writer.judge.memory_of(key).hot.tests, int(self._clock.now().timestamp())
        due_s = testing.press_due_s(tests, self._writer.judge.policy)
        home = self._directory.households.get(key) if due_s else None
        if home is None:
            return None
        levels = {area.level: area.name for area in self._directory.areas_above(home.area)}
        callers = [device for device in self._directory.devices_of(home.key) if device.role in CALLERS]
        return PressRow(
            household=home.key,
            resident=home.title,
            address=home.address,
            area=home.area,
            town=levels.get(AreaLevel.TOWN, ""),
            village=levels.get(AreaLevel.VILLAGE, ""),
            tier=home.tier.value,
            state="overdue" if due_s <= now_s else "due" if due_s - ASKED_BEFORE_S <= now_s else "done",
            due_at=moment(due_s),
            pressed_at=moment(tests.pressed_s) if tests.pressed_s else None,
            phones=phones_of(home),
            devices=tuple((device.id, device.role, device.room) for device in callers),
            running=running.get(home.key),
        )
