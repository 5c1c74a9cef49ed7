"""The Desk's side for the registry: what installers and supervisors may ask of what is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.casefile import Account, Area, Bridge, Device, Installation, InstallationStep, Responder
from alerting.enrolment.stranger import Stranger


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One change of what is registered, as the history has it.

    ``what`` is the command's word; ``before`` and ``after`` are JSON, ``before`` empty for what is new.
    """

    at: datetime
    by: str
    what: str
    note: str
    kind: str
    id: str
    before: str
    after: str


class StrangerView(msgspec.Struct, frozen=True, kw_only=True):
    """A device that speaks and is not registered, with what it is likely to be.

    ``household`` is the home that its bridge serves, where that is one; ``area`` is that home's.
    """

    stranger: Stranger
    bridge: Bridge
    household: str
    area: str
    role: str
    room: str


class WorkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A home where an installer has work: devices that are not armed, or an order of a supervisor."""

    household: str
    resident: str
    address: str
    area: str
    village: str
    waiting: int
    devices: int
    order: str = ""
    ordered_at: datetime | None = None


class InstallationView(msgspec.Struct, frozen=True, kw_only=True):
    """How far the installation of a home has come."""

    installation: Installation
    devices: tuple[Device, ...]
    """Active ones, the hub first."""
    former: tuple[Device, ...]
    """Those that were of this home: taken down or retired."""
    needs: tuple[InstallationStep, ...]
    protected: bool
    """Every device is armed, and there is one."""


class RegistryDesk(Protocol):
    """What a screen may ask about what is registered. Changes are commands."""

    async def device(self, id_: str) -> Device | None:
        """A device by registry id, retired ones too."""

    async def sealed(self, key: str) -> str:
        """What may be kept of a device's secret in hexadecimal, and is worth nothing without the installation's own."""

    async def opened(self, sealed: str) -> str:
        """The secret again; empty when there is none."""

    async def registrations(self, kind: str, id_: str, limit: int = 50) -> Sequence[Registration]:
        """History of a ``device``, ``bridge``, ``household`` or ``installation``, the latest first."""

    async def strangers(self, area: str = "") -> Sequence[StrangerView]:
        """Devices that speak and are not registered, the one heard last first; where the bridge's homes lie."""

    async def stranger(self, bridge: str, inner: str) -> StrangerView | None:
        """One of them."""

    async def work_orders(self, area: str = "") -> Sequence[WorkOrder]:
        """Homes with work for an installer: orders first, then by place."""

    async def installation(self, household: str) -> InstallationView | None:
        """How far the installation of a home has come; None when there is no such home."""

    async def bridges_of(self, household: str) -> Sequence[Bridge]:
        """Bridges through which a home's devices may speak: those it has first, then those for everybody."""

    async def areas(self) -> Sequence[Area]:
        """All areas, parents before children."""

    async def homes_by_area(self) -> Mapping[str, int]:
        """How many homes each area has, with all that lies in it; those that have left count until they are erased."""

    async def responders(self, area: str = "") -> Sequence[Responder]:
        """Who can be sent, in the area or above it."""

    async def bridges(self) -> Sequence[Bridge]:
        """Registered bridges."""

    async def account(self, login: str) -> Account | None:
        """An account for sign-in."""

    async def accounts(self) -> Sequence[Account]:
        """All accounts, for the administrator's page."""
