"""A look at a store before anything is written to it: what lies there may be half of a copy that is being put back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, create_engine, exists, inspect, select

from gateway.store import schema
from gateway.store.engine import open_engine, store_address


def store_file(url: str) -> Path | None:
    """The file of an embedded store; None where a server keeps it."""
    address = store_address(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def holds_homes(url: str) -> bool:
    """Whether a home is registered in the store. Writes nothing; False also where there is no store yet.

    Raises:
        StoreError: It cannot be read.
        StoreUnusableError: The address cannot be used.
        OSError: Its folder cannot be looked into.
    """
    file = store_file(url)
    if file is None:
        engine = open_engine(url)
    else:
        if not file.exists():
            return False
        place = f"file:{quote(str(file.resolve()))}"
        engine = create_engine(URL.create("sqlite", database=place, query={"mode": "ro", "uri": "true"}))
    try:
        with engine.connect() as c:
            return inspect(c).has_table("household") and bool(c.scalar(select(exists(select(schema.household.c.key)))))
    finally:
        engine.dispose()
