"""Photos of a case file: of a resident, of the way in; sealed, each with the ones before it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, Engine, LargeBinary, PrimaryKeyConstraint, Table, func, select

from gateway.care.photos_asked import HomePhoto, ScenePhoto
from gateway.store.expiry import Expired, while_old
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
"""An empty body: the photo was taken out of the case file then. One of a scene is no part of the case file."""

SCENE = "scene:"
"""Before the id of an incident: a photo of its scene."""
OF_SCENES = f"{SCENE}%"


def scene_of(incident: str, name: str) -> str:
    """What a photo of the scene of an incident is called in the table."""
    return f"{SCENE}{incident}|{name}"


class HomePhotoReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def home_photos(self, home: str) -> list[HomePhoto]:
        """All that a case file ever had, the latest first."""
        p = home_photo.c
        asked = select(p.what, p.at_ms, p.login, func.length(p.body)).where(
            p.household == home, p.what.not_like(OF_SCENES)
        )
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

    def scene_photos(self, home: str, incident: str) -> list[ScenePhoto]:
        """What there is of the scene of an incident of a home, or, without one, of all its incidents; oldest first."""
        p = home_photo.c
        mine = p.what.startswith(scene_of(incident, ""), autoescape=True) if incident else p.what.like(OF_SCENES)
        asked = select(p.what, p.at_ms, p.login).where(p.household == home, mine).order_by(p.at_ms)
        with self._engine.connect() as c:
            rows = c.execute(asked).all()
        named = [(*what.removeprefix(SCENE).rpartition("|")[::2], at_ms, login) for what, at_ms, login in rows]
        return [ScenePhoto(incident, name, when(at_ms), login) for incident, name, at_ms, login in named]


def old_scenes(engine: Engine, before_ms: int) -> Iterator[Expired]:
    """Photos of scenes from before a moment, a piece at a time; those of case files stay."""
    yield from while_old(engine, "home_photo", "at_ms", before_ms, home_photo.c.what.like(OF_SCENES))
