"""What homes are found by, in rows so narrow that all of them are looked through for any part of a word.

A home has one row, and one more for each of its devices. Kept with the registry in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Column as SqlColumn
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Index,
    PrimaryKeyConstraint,
    Table,
    func,
    insert,
    or_,
    select,
    update,
)

from alerting.casefile import Device, Household
from gateway.registry.initials import initials
from gateway.store.bulk import Row, upsert_rows
from gateway.store.keys import in_area
from gateway.store.schema import Text, household, metadata

finding = Table(
    "finding",
    metadata,
    SqlColumn("household", Text, nullable=False),
    SqlColumn("of", Text, nullable=False),
    SqlColumn("area", Text, nullable=False),
    SqlColumn("text", Text, nullable=False),
    PrimaryKeyConstraint("household", "of"),
    sqlite_with_rowid=False,
)
Index("finding_of", finding.c.of)  # a device that is saved may have been elsewhere before

_BETWEEN = re.compile(r"[\s:-]+")
AT_ONCE = 500


def home_row(home: Household) -> Row:
    """Case number, address, names with their initials, numbers."""
    letters = " ".join(way for someone in home.residents for way in initials(someone.name))
    contacts = " ".join(it.name for it in home.contacts)
    numbers = [*(it.phone for it in home.residents), *(it.phone for it in home.contacts)]
    bare = " ".join(it for number in numbers if (it := _BETWEEN.sub("", number)) != number)
    text = f"{home.search_text} {letters} {contacts} {bare}".lower()
    return {"household": home.key, "of": "", "area": home.area, "text": text}


def device_row(device: Device) -> Row:
    """Registry id, id inside its bridge, with and without what stands between, and what people call it."""
    bare = _BETWEEN.sub("", device.inner)
    text = f"{device.id} {device.inner} {bare} {device.title}".lower()
    return {"household": device.household, "of": device.id, "area": "", "text": text}


def replace_finding(c: Connection, homes: Iterable[Household], devices: Iterable[Device]) -> None:
    """All rows anew, for a registry that is written whole."""
    c.execute(finding.delete())
    areas: dict[str, str] = {}
    rows: list[Row] = []
    for home in homes:
        areas[home.key] = home.area
        rows.append(home_row(home))
    rows += [{**device_row(it), "area": areas[it.household]} for it in devices if it.household in areas]
    if rows:
        c.execute(insert(finding), rows)


def write_finding(c: Connection, homes: Iterable[Row], devices: Iterable[Device]) -> None:
    """The rows of homes and devices that have changed, after these themselves; of homes as ``home_row`` makes them."""
    changed, fitted = list(homes), list(devices)
    upsert_rows(c, finding, changed, ("area", "text"))
    for it in fitted:
        c.execute(finding.delete().where(finding.c.of == it.id))
    upsert_rows(c, finding, [device_row(it) for it in fitted], ("area", "text"))
    keys = list(dict.fromkeys([*(str(it["household"]) for it in changed), *(it.household for it in fitted)]))
    for n in range(0, len(keys), AT_ONCE):
        some = keys[n : n + AT_ONCE]
        where = select(household.c.area).where(household.c.key == finding.c.household).scalar_subquery()
        c.execute(
            update(finding)
            .values(area=func.coalesce(where, ""))
            .where(finding.c.household.in_(some), finding.c.of != "")
        )


def found(engine: Engine, area: str, text: str, limit: int) -> list[str]:
    """Case numbers of homes in an area, in order, that have the text in one of their rows."""
    f, wanted = finding.c, text.lower()
    statement = select(f.household).distinct().order_by(f.household).limit(limit)
    if area:
        statement = statement.where(in_area(f.area, area))
    if wanted:
        bare = _BETWEEN.sub("", wanted)
        ways = {wanted, bare} if bare and any(c.isdigit() for c in bare) else {wanted}
        statement = statement.where(or_(*(_has(engine, it) for it in sorted(ways))))
    else:
        statement = statement.where(f.of == "")
    with engine.connect() as c:
        return list(c.scalars(statement).all())


def _has(engine: Engine, part: str) -> ColumnElement[bool]:
    """A part of the text: both stores find it so in half the time of LIKE."""
    at = func.strpos if engine.dialect.name == "postgresql" else func.instr
    return at(finding.c.text, part) > 0
