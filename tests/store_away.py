"""A store that takes no commit, really: what is said to SQLite so that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from centre import Centre
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection


@contextmanager
def told(centre: Centre, words: str, afterwards: str) -> Iterator[None]:
    """Said to whatever connection writes, as often as one is taken; each is told the other thing when this is over."""
    engine = centre.gateway.store.seat.engine
    now = words

    @event.listens_for(engine, "checkout")
    def tell(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute(f"PRAGMA {now}")

    try:
        yield
    finally:
        now = afterwards


@contextmanager
def read_only(centre: Centre) -> Iterator[None]:
    """The store takes no commit meanwhile."""
    with told(centre, "query_only=ON", "query_only=OFF"):
        yield
