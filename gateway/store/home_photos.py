"""Photos of a case file: of a resident, of the way in; sealed, each with the ones before it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Engine, LargeBinary, PrimaryKeyConstraint, Table, func, select

from gateway.care.photos_asked import HomePhoto
from gateway.store.schema import Text, metadata
from gateway.store.values import when

home_photo = Table(
    "home_photo",
    metadata,
    Column("household", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("household", "what", "at_ms"),
    sqlite_with_rowid=False,
)
"""An empty body: the photo was taken out of the case file then."""


class HomePhotoReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def home_photos(self, home: str) -> list[HomePhoto]:
        """All that a case file ever had, the latest first."""
        p = home_photo.c
        asked = select(p.what, p.at_ms, p.login, func.length(p.body)).where(p.household == home)
        with self._engine.connect() as c:
            rows = c.execute(asked.order_by(p.at_ms.desc(), p.what)).all()
        return [HomePhoto(what, when(at_ms), login, bool(size)) for what, at_ms, login, size in rows]

    def home_photo(self, home: str, what: str) -> bytes:
        """The sealed photo that a case file has of something; empty where it has none."""
        p = home_photo.c
        asked = select(p.body).where(p.household == home, p.what == what).order_by(p.at_ms.desc()).limit(1)
        with self._engine.connect() as c:
            found = c.execute(asked).scalar()
        return bytes(found) if found is not None else b""
