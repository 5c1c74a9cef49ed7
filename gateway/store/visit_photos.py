"""Photos of visits: sealed, in a table of their own beside the visits."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, and_, select

from gateway.store.care_tables import care_given, care_photo
from gateway.store.expiry import Expired, while_old

CHANGES = ("at_ms", "login", "body")


class PhotoReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def visit_photo(self, home: str, number: int) -> bytes:
        """The sealed photo of a visit that stands; empty where there is none."""
        p, g = care_photo.c, care_given.c
        same = and_(g.household == p.household, g.number == p.number)
        mine = select(p.body).select_from(care_photo.join(care_given, same))
        with self._engine.connect() as c:
            found = c.execute(mine.where(p.household == home, p.number == number, g.struck_ms.is_(None))).scalar()
        return bytes(found) if found is not None else b""

    def visits_with_photo(self, home: str) -> list[int]:
        """Numbers of the visits at a home of which there is a photo."""
        p = care_photo.c
        with self._engine.connect() as c:
            return [int(it) for it in c.execute(select(p.number).where(p.household == home)).scalars()]


def old_photos(engine: Engine, before_ms: int) -> Iterator[Expired]:
    """Photos from before a moment, a piece at a time."""
    yield from while_old(engine, "care_photo", "at_ms", before_ms)
