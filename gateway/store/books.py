"""The rows of the registry and of its history, as the registry's commands change them."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete

from alerting.casefile import Account, Area, Device, Household, Responder
from alerting.decisions import (
    AccountSaved,
    AreaRemoved,
    AreaSaved,
    BridgeSaved,
    CaseFileOpened,
    DeviceSaved,
    HouseholdSaved,
    PartySaved,
    Registered,
    RegistryChange,
    RepairSaved,
    ResponderSaved,
)
from alerting.organisations import Organisation
from alerting.peers import Peer, Target, without_secrets
from gateway.store import schema
from gateway.store.bulk import Row, insert_rows, upsert_rows
from gateway.store.case_files import case_opening
from gateway.store.equipment_tables import repair
from gateway.store.exchange_tables import party
from gateway.store.finding import write_finding
from gateway.store.home_rows import home_rows
from gateway.store.registry import (
    account_row,
    area_row,
    bridge_row,
    device_row,
    installation_row,
    party_row,
    repair_row,
    responder_row,
)
from gateway.store.values import encode

POINTS_KEPT = 4
DEVICE, BRIDGE, HOUSEHOLD, INSTALLATION, REPAIR = "device", "bridge", "household", "installation", "repair"
PEER, TARGET, ORGANISATION, RESPONDER = "peer", "target", "organisation", "responder"
ACCOUNT, AREA = "account", "area"
"""Kinds of what is registered, as the history has them."""


class BookRows:
    """What one commit changes in the registry; a later row of the same thing replaces an earlier one."""

    def __init__(self) -> None:
        """Nothing is changed."""
        self.devices: dict[str, Row] = {}
        self.bridges: dict[str, Row] = {}
        self.households: dict[str, Row] = {}
        self.installations: dict[str, Row] = {}
        self.repairs: dict[str, Row] = {}
        self.parties: dict[str, Row] = {}
        self.responders: dict[str, Row] = {}
        self.accounts: dict[str, Row] = {}
        self.areas: dict[str, Row | None] = {}
        self.sought_homes: dict[str, Household] = {}
        self.sought_devices: dict[str, Device] = {}
        self.history: list[Row] = []
        self.openings: list[Row] = []

    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.history and not self.openings

    def note_opening(self, at_ms: int, opened: CaseFileOpened) -> None:
        """Somebody looks into a case file."""
        who: Row = {"household": opened.household, "at_ms": at_ms, "login": opened.by}
        self.openings.append({**who, "reason": opened.reason, "note": opened.note})

    def note(self, place: Row, at_ms: int, done: Registered) -> None:
        """One command: the things as they are from now on, and a line each in the history.

        Args:
            place: Partition, sequence and number of the decision.
            at_ms: When.
            done: Who, how and what.
        """
        for n, change in enumerate(done.changes):
            kind, id_ = self._take(change)
            before, after = _bodies(change)
            told: Row = {"at_ms": at_ms, "login": done.by, "what": done.what, "note": done.note}
            self.history.append({**place, "n": n, **told, "kind": kind, "id": id_, "before": before, "after": after})

    def _take(self, change: RegistryChange) -> tuple[str, str]:
        if isinstance(change, DeviceSaved):
            self.devices[change.device.id] = device_row(change.device)
            self.sought_devices[change.device.id] = change.device
            return DEVICE, change.device.id
        if isinstance(change, BridgeSaved):
            self.bridges[change.bridge.id] = bridge_row(change.bridge)
            return BRIDGE, change.bridge.id
        if isinstance(change, HouseholdSaved):
            self.households[change.household.key] = home_rows(change.household).household
            self.sought_homes[change.household.key] = change.household
            return HOUSEHOLD, change.household.key
        if isinstance(change, RepairSaved):
            self.repairs[change.repair.key] = repair_row(change.repair)
            return REPAIR, change.repair.key
        if isinstance(change, PartySaved):
            self.parties[change.party.id] = party_row(change.party)
            kinds = {Peer: PEER, Target: TARGET, Organisation: ORGANISATION}
            return kinds[type(change.party)], change.party.id
        if isinstance(change, ResponderSaved):
            self.responders[change.responder.id] = responder_row(change.responder)
            return RESPONDER, change.responder.id
        if isinstance(change, AccountSaved):
            self.accounts[change.account.login] = account_row(change.account)
            return ACCOUNT, change.account.login
        if isinstance(change, AreaSaved | AreaRemoved):
            self.areas[change.area.key] = area_row(change.area) if isinstance(change, AreaSaved) else None
            return AREA, change.area.key
        done = change.installation
        self.installations[done.household] = installation_row(done)
        return INSTALLATION, done.household

    def write(self, c: Connection) -> None:
        """Into the tables; bridges and homes before the devices that name them."""
        upsert_rows(c, schema.bridge, [*self.bridges.values()], ("prefix", "body"))
        upsert_rows(c, schema.household, [*self.households.values()], ("area", "tier", "lat", "lon", "body"))
        upsert_rows(c, schema.device, [*self.devices.values()], ("bridge", "inner", "household", "body"))
        write_finding(c, [home_rows(it).finding for it in self.sought_homes.values()], self.sought_devices.values())
        upsert_rows(c, schema.installation, [*self.installations.values()], ("body",))
        upsert_rows(c, repair, [*self.repairs.values()], ("body",))
        upsert_rows(c, party, [*self.parties.values()], ("body",))
        upsert_rows(c, schema.responder, [*self.responders.values()], ("area", "body"))
        upsert_rows(c, schema.account, [*self.accounts.values()], ("body",))
        upsert_rows(c, schema.area, [row for row in self.areas.values() if row is not None], ("body",))
        for key in (key for key, row in self.areas.items() if row is None):
            c.execute(delete(schema.area).where(schema.area.c.key == key))
        insert_rows(c, schema.registration, self.history)
        upsert_rows(c, case_opening, self.openings, ("reason", "note"))


def _bodies(change: RegistryChange) -> tuple[bytes, bytes]:
    if isinstance(change, DeviceSaved):
        before, after = change.before and _unsealed(change.before), encode(_unsealed(change.device))
    elif isinstance(change, BridgeSaved):
        before, after = change.before, encode(change.bridge)  # type: ignore[assignment]
    elif isinstance(change, HouseholdSaved):
        before, after = change.before, home_rows(change.household).body  # type: ignore[assignment]
    elif isinstance(change, RepairSaved):
        before, after = change.before, encode(change.repair)  # type: ignore[assignment]
    elif isinstance(change, PartySaved):
        before, after = change.before and without_secrets(change.before), encode(without_secrets(change.party))  # type: ignore[assignment]
    elif isinstance(change, ResponderSaved):
        before, after = change.before and _unaddressed(change.before), encode(_unaddressed(change.responder))  # type: ignore[assignment]
    elif isinstance(change, AccountSaved):
        before, after = change.before and _unhashed(change.before), encode(_unhashed(change.account))  # type: ignore[assignment]
    elif isinstance(change, AreaSaved):
        before, after = change.before and _undrawn(change.before), encode(_undrawn(change.area))  # type: ignore[assignment]
    elif isinstance(change, AreaRemoved):
        before, after = _undrawn(change.area), b""  # type: ignore[assignment]
    else:
        before, after = change.before, encode(change.installation)  # type: ignore[assignment]
    return b"" if before is None else encode(before), after


def _unsealed(device: Device) -> Device:
    """Without its secrets, which the history would keep for ever."""
    return msgspec.structs.replace(device, sealed_key="", sealed_code="")


def _undrawn(area: Area) -> Area:
    """With the first points of its boundary, by which one is told from another; the journal has them all."""
    return msgspec.structs.replace(area, boundary=area.boundary[:POINTS_KEPT])


def _unhashed(one: Account) -> Account:
    """Without the hash of the password and addresses of channels."""
    means = tuple(msgspec.structs.replace(it, address="") for it in one.means)
    return msgspec.structs.replace(one, means=means, password_hash="")


def _unaddressed(one: Responder) -> Responder:
    """Without PIN and addresses of channels, which may hold secrets; which of them were verified stays."""
    means = tuple(msgspec.structs.replace(it, address="") for it in one.means)
    return msgspec.structs.replace(one, means=means, sealed_pin="")
