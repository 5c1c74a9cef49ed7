"""The registry in SQL: homes, devices, bridges and people, written whole and read whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Engine, Table, delete, insert, select

from alerting.casefile import Account, Area, Bridge, Device, Household, Installation, Registry, Responder
from alerting.peers import Party
from alerting.repair import Repair
from gateway.self_supervision import canary
from gateway.store import schema
from gateway.store.equipment_tables import repair as repair_table
from gateway.store.exchange_tables import party as party_table
from gateway.store.finding import replace_finding

T = TypeVar("T")

HOMES_AT_A_TIME = 1000


class RegistryError(ValueError):
    """The registry contradicts itself; the message says where."""


def check(registry: Registry) -> None:
    """Raise ``RegistryError`` when a bridge's prefix lies below another's, or a device names what is not there."""
    if any(bridge.id == canary.BRIDGE.id for bridge in registry.bridges):
        raise RegistryError(f"the bridge {canary.BRIDGE.id} is the gateway's own")
    prefixes = {bridge.prefix: bridge.id for bridge in registry.bridges}
    if len(prefixes) != len(registry.bridges):
        raise RegistryError("two bridges have the same topic prefix")
    for prefix, bridge in prefixes.items():
        parts = prefix.split("/")
        for n in range(1, len(parts)):
            above = prefixes.get("/".join(parts[:n]))
            if above is not None:
                raise RegistryError(f"bridge {bridge} lies below the prefix of bridge {above}")
    bridges = set(prefixes.values())
    households = {household.key for household in registry.households}
    claimed: set[tuple[str, str]] = set()
    for device in registry.devices:
        if device.bridge not in bridges:
            raise RegistryError(f"device {device.id} names bridge {device.bridge}, which is not registered")
        if device.household not in households:
            raise RegistryError(f"device {device.id} names household {device.household}, which is not registered")
        if (device.bridge, device.inner) in claimed:
            raise RegistryError(f"two devices of bridge {device.bridge} have the id {device.inner}")
        claimed.add((device.bridge, device.inner))


def replace_registry(engine: Engine, registry: Registry) -> None:
    """Write the registry in place of what is there, in one transaction."""
    check(registry)
    with engine.begin() as c:
        _fill(c, schema.area, [area_row(a) for a in registry.areas])
        _fill(c, schema.responder, [responder_row(r) for r in registry.responders])
        _fill(c, schema.bridge, [bridge_row(b) for b in registry.bridges])
        _fill(c, schema.household, [household_row(h) for h in registry.households])
        _fill(c, schema.device, [device_row(d) for d in registry.devices])
        replace_finding(c, registry.households, registry.devices)
        _fill(c, schema.installation, [installation_row(done) for done in registry.installations])
        _fill(c, repair_table, [repair_row(it) for it in registry.repairs])
        _fill(c, party_table, [party_row(it) for it in registry.parties])
        _fill(c, schema.account, [account_row(a) for a in registry.accounts])


def household_row(h: Household) -> dict[str, object]:
    """A home as the store keeps it."""
    return {
        "key": h.key,
        "area": h.area,
        "tier": h.tier.value,
        "lat": h.place.lat,
        "lon": h.place.lon,
        "body": msgspec.json.encode(h),
    }


def device_row(d: Device) -> dict[str, object]:
    """A device as the store keeps it."""
    return {
        "id": d.id,
        "bridge": d.bridge,
        "inner": d.inner,
        "household": d.household,
        "body": msgspec.json.encode(d),
    }


def bridge_row(b: Bridge) -> dict[str, object]:
    """A bridge as the store keeps it."""
    return {"id": b.id, "prefix": b.prefix, "body": msgspec.json.encode(b)}


def installation_row(done: Installation) -> dict[str, object]:
    """The installation of a home as the store keeps it."""
    return {"household": done.household, "body": msgspec.json.encode(done)}


def repair_row(it: Repair) -> dict[str, object]:
    """What people do about a fault, as the store keeps it."""
    return {"key": it.key, "household": it.household, "body": msgspec.json.encode(it)}


def responder_row(r: Responder) -> dict[str, object]:
    """Somebody who can be sent, as the store keeps them."""
    return {"id": r.id, "area": r.area, "body": msgspec.json.encode(r)}


def area_row(a: Area) -> dict[str, object]:
    """An area as the store keeps it."""
    return {"key": a.key, "body": msgspec.json.encode(a)}


def account_row(a: Account) -> dict[str, object]:
    """Somebody who may sign in, as the store keeps them."""
    return {"login": a.login, "body": msgspec.json.encode(a)}


def party_row(it: Party) -> dict[str, object]:
    """A peer or target as the store keeps it."""
    return {"id": it.id, "body": msgspec.json.encode(it)}


def _fill(c: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    c.execute(delete(table))
    if rows:
        c.execute(insert(table), rows)


def load_registry(engine: Engine, *, with_homes: bool = True) -> Registry:
    """Everything that is registered; households and what is known of them may be left out."""
    with engine.connect() as c:
        return Registry(
            areas=_load(c, schema.area, Area, "key"),
            responders=_load(c, schema.responder, Responder, "id"),
            households=_load(c, schema.household, Household, "key") if with_homes else (),
            bridges=_load(c, schema.bridge, Bridge, "id"),
            devices=_load(c, schema.device, Device, "id"),
            accounts=_load(c, schema.account, Account, "login"),
            installations=_load(c, schema.installation, Installation, "household"),
            repairs=_load(c, repair_table, Repair, "key"),
            parties=_load(c, party_table, Party, "id"),  # type: ignore[arg-type]
        )


def homes_of(engine: Engine) -> Iterator[Household]:
    """The households that are registered, one after the other: all of a city's at once are much."""
    decoder, t = msgspec.json.Decoder(Household), schema.household.c
    with engine.connect() as c:
        bodies = c.execution_options(yield_per=HOMES_AT_A_TIME).execute(select(t.body).order_by(t.key)).scalars()
        yield from map(decoder.decode, bodies)


def _load(c: Connection, table: Table, kind: type[T], order: str) -> tuple[T, ...]:
    decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)
    return tuple(decoder.decode(body) for body in c.execute(select(table.c.body).order_by(table.c[order])).scalars())
