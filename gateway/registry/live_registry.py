"""The Desk's side for the registry, of a running gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from alerting.casefile import (
    Bridge,
    Device,
    DeviceStage,
    DeviceStatus,
    Installation,
    InstallationStep,
    covers,
)
from alerting.enrolment.register import needs
from alerting.enrolment.stranger import Stranger, likely_role, likely_room
from gateway.desk.asking import Asking
from gateway.registry.registry_desk import InstallationView, Registration, StrangerView, WorkOrder
from gateway.store.reads import Reads
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

SHARED_FROM = 2
"""A bridge that serves so many homes is a network server's or a platform's: any home may speak through it."""


class LiveRegistry:
    """See ``gateway.registry.registry_desk.RegistryDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        reads: Questions to the store.
        writer: Knows the devices that nobody has registered.
    """

    def __init__(self, directory: Directory, reads: Reads, writer: Writer) -> None:
        """Answer from these parts."""
        self._directory = directory
        self._history = reads
        self._writer = writer
        self._ask = Asking().ask

    async def device(self, id_: str) -> Device | None:
        """A device by registry id."""
        return self._directory.devices.get(id_)

    async def homes_by_area(self) -> Mapping[str, int]:
        """How many homes each area has."""
        return dict(self._directory.people.homes_by_area)

    async def sealed(self, key: str) -> str:
        """What may be kept of a device's secret in hexadecimal."""
        return await asyncio.to_thread(self._directory.seals.seal, key)

    async def opened(self, sealed: str) -> str:
        """The secret again; empty when there is none."""
        return await asyncio.to_thread(self._directory.seals.open, sealed)

    async def registrations(self, kind: str, id_: str, limit: int = 50) -> Sequence[Registration]:
        """History of something registered, the latest first."""
        return await self._ask([], self._history.registrations, kind, id_, limit)

    async def strangers(self, area: str = "") -> Sequence[StrangerView]:
        """Devices that speak and are not registered."""
        views = [self._stranger_view(it) for it in self._writer.judge.strangers.all()]
        return [view for view in views if view is not None and covers(area, view.area)]

    async def stranger(self, bridge: str, inner: str) -> StrangerView | None:
        """One of them."""
        found = self._writer.judge.strangers.one(bridge, inner)
        return None if found is None else self._stranger_view(found)

    def _stranger_view(self, it: Stranger) -> StrangerView | None:
        bridge = self._directory.bridges.get(it.bridge)
        if bridge is None or bridge.revoked:
            return None
        homes = self._directory.homes_behind(bridge.id)
        home = self._directory.households.get(homes[0]) if len(homes) == 1 else None
        return StrangerView(
            stranger=it,
            bridge=bridge,
            household=home.key if home else "",
            area=home.area if home else bridge.area,
            role=likely_role(it),
            room=likely_room(it),
        )

    async def work_orders(self, area: str = "") -> Sequence[WorkOrder]:
        """Homes with work for an installer."""
        waiting: dict[str, int] = {}
        for device in self._directory.devices.values():
            if device.status is DeviceStatus.ACTIVE and device.stage is not DeviceStage.ARMED:
                waiting[device.household] = waiting.get(device.household, 0) + 1
        ordered = [key for key, it in self._directory.installations.items() if _is_ordered(it)]
        orders = [self._order(key, waiting.get(key, 0)) for key in dict.fromkeys([*ordered, *waiting])]
        mine = [order for order in orders if order is not None and covers(area, order.area)]
        return sorted(mine, key=lambda it: (not it.order, it.area, it.household))

    def _order(self, key: str, waiting: int) -> WorkOrder | None:
        home = self._directory.households.get(key)
        if home is None:
            return None
        done = self._directory.installations.get(key)
        order = done.steps[InstallationStep.ORDERED] if done is not None and _is_ordered(done) else None
        names = [area.name for area in self._directory.areas_above(home.area)]
        return WorkOrder(
            household=key,
            resident=home.title,
            address=home.address,
            area=home.area,
            village=names[-1] if names else "",
            waiting=waiting,
            devices=len(self._directory.devices_of(key)),
            order=order.text if order else "",
            ordered_at=order.at if order else None,
        )

    async def installation(self, household: str) -> InstallationView | None:
        """How far the installation of a home has come."""
        if household not in self._directory.households:
            return None
        every = self._directory.all_of(household)
        active = sorted((d for d in every if d.status is DeviceStatus.ACTIVE), key=lambda d: (d.role != "hub", d.id))
        return InstallationView(
            installation=self._directory.installations.get(household) or Installation(household=household),
            devices=tuple(active),
            former=tuple(d for d in every if d.status is not DeviceStatus.ACTIVE),
            needs=needs(active),
            protected=bool(active) and all(d.stage is DeviceStage.ARMED for d in active),
        )

    async def bridges_of(self, household: str) -> Sequence[Bridge]:
        """Bridges through which a home's devices may speak."""
        own: list[Bridge] = []
        shared: list[Bridge] = []
        for bridge in self._directory.bridges.values():
            if bridge.revoked:
                continue
            homes = self._directory.homes_behind(bridge.id)
            home = self._directory.households.get(household)
            if home is not None and not covers(bridge.area, home.area):
                continue
            if household in homes and len(homes) < SHARED_FROM:
                own.append(bridge)
            elif not homes or len(homes) >= SHARED_FROM:
                shared.append(bridge)
        return [*own, *shared]


def _is_ordered(done: Installation) -> bool:
    """Whether a supervisor's order is not carried out yet."""
    order, over = done.steps.get(InstallationStep.ORDERED), done.steps.get(InstallationStep.HANDED_OVER)
    return order is not None and (over is None or over.at < order.at)
