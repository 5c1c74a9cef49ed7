"""Devices that speak and are not registered: kept from one start to the next."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, select

from alerting.enrolment.stranger import Stranger
from gateway.store import schema
from gateway.store.bulk import Row, upsert_rows
from gateway.store.values import encode, ms


def stranger_row(stranger: Stranger) -> Row:
    """A stranger as the store keeps it."""
    place: Row = {"bridge": stranger.bridge, "inner": stranger.inner, "heard_ms": ms(stranger.last_at)}
    return {**place, "body": encode(stranger)}


def write_strangers(c: Connection, rows: Mapping[tuple[str, str], Row | None]) -> None:
    """These are as they are now; None: it is none any more."""
    gone = [{"b_bridge": bridge, "b_inner": inner} for (bridge, inner), row in rows.items() if row is None]
    if gone:
        s = schema.stranger.c
        c.execute(
            delete(schema.stranger).where(s.bridge == bindparam("b_bridge"), s.inner == bindparam("b_inner")), gone
        )
    upsert_rows(c, schema.stranger, [row for row in rows.values() if row is not None], ("heard_ms", "body"))


def load_strangers(engine: Engine) -> list[Stranger]:
    """All strangers, the one heard last at the end."""
    decoder = msgspec.json.Decoder(Stranger)
    with engine.connect() as c:
        bodies = c.execute(select(schema.stranger.c.body).order_by(schema.stranger.c.heard_ms)).scalars()
        return [decoder.decode(body) for body in bodies]
