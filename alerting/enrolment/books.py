"""The registry as the rules see it: what is in force, and above it what is judged but not yet in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from alerting.casefile import Account, Area, Bridge, Device, Household, Installation, Responder, covers
from alerting.decisions import (
    AccountSaved,
    AreaRemoved,
    AreaSaved,
    BridgeSaved,
    DeviceSaved,
    HouseholdSaved,
    InstallationSaved,
    PartySaved,
    RegistryChange,
    RepairSaved,
    ResponderSaved,
)
from alerting.peers import Party
from alerting.policy import Policy
from alerting.repair import Repair


class Refused(msgspec.Struct, frozen=True):
    """A refusal that says more than its word."""

    word: str
    reasons: tuple[str, ...]


class Books(Protocol):
    """What is in force."""

    @property
    def devices(self) -> dict[str, Device]:
        """All devices by registry id, retired ones too."""

    @property
    def bridges(self) -> dict[str, Bridge]:
        """All bridges by id."""

    @property
    def households(self) -> Mapping[str, Household]:
        """All homes by case number."""

    @property
    def installations(self) -> dict[str, Installation]:
        """What has been done at homes, by case number."""

    @property
    def repairs(self) -> dict[str, Repair]:
        """What people do about faults, by ``Repair.key``."""

    @property
    def parties(self) -> dict[str, Party]:
        """Peers, targets and organisations by id."""

    @property
    def responders(self) -> dict[str, Responder]:
        """Who can be sent, by id."""

    @property
    def accounts(self) -> dict[str, Account]:
        """Everybody who may sign in, by login."""

    @property
    def areas(self) -> dict[str, Area]:
        """All areas by key."""

    def named(self, inner: str) -> Iterable[Device]:
        """Devices that call themselves so, on whatever bridge."""

    def homes_in(self, area: str, *, left: bool | None = False) -> Sequence[str]:
        """Keys of the homes in an area that are in the programme, or that have left; None: of both."""

    def behind(self, bridge: str) -> Iterable[Device]:
        """Devices of a bridge, retired ones too."""

    def all_of(self, household: str) -> Iterable[Device]:
        """Devices whose home is or was this one."""


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that are judged but not yet durable, by id."""

    devices: dict[str, Device] = {}
    bridges: dict[str, Bridge] = {}
    households: dict[str, Household] = {}
    installations: dict[str, Installation] = {}
    repairs: dict[str, Repair] = {}
    parties: dict[str, Party] = {}
    responders: dict[str, Responder] = {}
    accounts: dict[str, Account] = {}
    areas: dict[str, Area | None] = {}
    """None: removed."""
    brought: dict[str, tuple[HouseholdSaved, ...]] = {}
    """Homes of lists that were brought and are not registered, by list: in memory only, the latest lists."""


class Register:
    """Both together: what the next command is judged against.

    Args:
        pending: Changes that are not in force yet.
        books: What is in force.
        today: Local day.
        policy: In force.
    """

    def __init__(self, pending: Pending, books: Books, today: date, policy: Policy) -> None:
        """Remember all of it."""
        self._pending = pending
        self._books = books
        self.today = today
        self.policy = policy

    def device(self, id_: str) -> Device | None:
        """A device by registry id."""
        return self._pending.devices.get(id_) or self._books.devices.get(id_)

    def bridge(self, id_: str) -> Bridge | None:
        """A bridge by id."""
        return self._pending.bridges.get(id_) or self._books.bridges.get(id_)

    def bridges(self) -> list[Bridge]:
        """All bridges."""
        return [*{**self._books.bridges, **self._pending.bridges}.values()]

    def household(self, key: str) -> Household | None:
        """A home by case number."""
        return self._pending.households.get(key) or self._books.households.get(key)

    def brought(self, list_id: str) -> tuple[HouseholdSaved, ...]:
        """The homes of a list that were brought."""
        return self._pending.brought.get(list_id, ())

    def installation(self, household: str) -> Installation:
        """What has been done at a home."""
        found = self._pending.installations.get(household) or self._books.installations.get(household)
        return found or Installation(household=household)

    def repair(self, key: str) -> Repair | None:
        """What people did about a fault, by ``Repair.key``."""
        return self._pending.repairs.get(key) or self._books.repairs.get(key)

    def responder(self, id_: str) -> Responder | None:
        """Somebody who can be sent, by id."""
        return self._pending.responders.get(id_) or self._books.responders.get(id_)

    def account(self, login: str) -> Account | None:
        """Somebody who may sign in, or could."""
        return self._pending.accounts.get(login) or self._books.accounts.get(login)

    def accounts(self) -> list[Account]:
        """Everybody who may sign in, or could."""
        return [*{**self._books.accounts, **self._pending.accounts}.values()]

    def party(self, id_: str) -> Party | None:
        """A peer, target or organisation by id."""
        return self._pending.parties.get(id_) or self._books.parties.get(id_)

    def parties(self) -> list[Party]:
        """All peers, targets and organisations."""
        return [*{**self._books.parties, **self._pending.parties}.values()]

    def repairs_of(self, household: str) -> list[Repair]:
        """What people did about faults of a home."""
        return [it for it in {**self._books.repairs, **self._pending.repairs}.values() if it.household == household]

    def has_area(self, key: str) -> bool:
        """Whether there is such an area."""
        return (self._pending.areas[key] is not None) if key in self._pending.areas else key in self._books.areas

    def areas(self) -> list[Area]:
        """All areas."""
        return [it for it in {**self._books.areas, **self._pending.areas}.values() if it is not None]

    def is_used(self, area: str) -> bool:
        """Whether a home, person, account, bridge, peer or organisation belongs to an area, or duty names it."""
        here = [it.area for it in self._pending.households.values()]
        here += [it.area for it in {**self._books.responders, **self._pending.responders}.values()]
        here += [it.area for it in (*self.accounts(), *self.bridges(), *self.parties())]
        duty = self.policy.editions
        here += [it.area for it in duty.plans]
        here += [it.area for it in duty.roster.shifts]
        here += [it.area for it in duty.roster.posts]
        return any(it and covers(area, it) for it in here) or bool(self._books.homes_in(area, left=None))

    def named(self, inner: str) -> list[Device]:
        """Devices that call themselves so, on whatever bridge."""
        return [d for d in self._over(self._books.named(inner)) if d.inner == inner]

    def behind(self, bridge: str) -> list[Device]:
        """Devices of a bridge."""
        return [d for d in self._over(self._books.behind(bridge)) if d.bridge == bridge]

    def all_of(self, household: str) -> list[Device]:
        """Devices whose home is or was this one."""
        return [d for d in self._over(self._books.all_of(household)) if d.household == household]

    def _over(self, found: Iterable[Device]) -> list[Device]:
        return [*({d.id: d for d in found} | self._pending.devices).values()]


def with_changes(pending: Pending, changes: Sequence[RegistryChange]) -> Pending:
    """Pending changes with more of them."""
    devices = {c.device.id: c.device for c in changes if isinstance(c, DeviceSaved)}
    bridges = {c.bridge.id: c.bridge for c in changes if isinstance(c, BridgeSaved)}
    homes = {c.household.key: c.household for c in changes if isinstance(c, HouseholdSaved)}
    done = {c.installation.household: c.installation for c in changes if isinstance(c, InstallationSaved)}
    repairs = {c.repair.key: c.repair for c in changes if isinstance(c, RepairSaved)}
    people = {c.responder.id: c.responder for c in changes if isinstance(c, ResponderSaved)}
    areas: dict[str, Area | None] = {c.area.key: c.area for c in changes if isinstance(c, AreaSaved)}
    areas |= {c.area.key: None for c in changes if isinstance(c, AreaRemoved)}
    accounts = {c.account.login: c.account for c in changes if isinstance(c, AccountSaved)}
    parties = {c.party.id: c.party for c in changes if isinstance(c, PartySaved)}
    return Pending(
        devices=pending.devices | devices,
        bridges=pending.bridges | bridges,
        households=pending.households | homes,
        installations=pending.installations | done,
        repairs=pending.repairs | repairs,
        parties=pending.parties | parties,
        responders=pending.responders | people,
        accounts=pending.accounts | accounts,
        areas=pending.areas | areas,
        brought=pending.brought,
    )
