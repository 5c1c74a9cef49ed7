"""Opening a store: engine settings by kind, and migration to the newest schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

StoreError = SQLAlchemyError
"""Whatever a store can raise: disk full, locked, gone."""

SQLITE_VERSION = str(SQLiteDialect_pysqlite.import_dbapi().sqlite_version)
"""Of an embedded store."""

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_WAIT_S = 10
CONNECT_WITHIN_S = 5
UNANSWERED_MS = 5000
IN_MEMORY = ("temp_store=MEMORY", "cache_size=-16000")
WRITING = ("journal_mode=WAL", "synchronous=FULL", *IN_MEMORY)


class StoreUnusableError(Exception):
    """The address names no store that this gateway can use; the message is one line for people."""


def sqlite_url(path: Path) -> str:
    """The address of an embedded store in a file."""
    return f"sqlite:///{path}"


def store_address(url: str) -> URL:
    """The address, with our driver where it names none.

    Raises:
        StoreUnusableError: It is no address, or of a kind of store that is not known here.
    """
    try:
        address = make_url(url)
    except ArgumentError as wrong:
        raise StoreUnusableError("store_url is no address: see docs/settings.md") from wrong
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        raise StoreUnusableError(f"store_url must begin with sqlite:// or postgresql://, not {address.drivername}://")
    return address


def open_engine(url: str) -> Engine:
    """An engine for questions to the store at ``sqlite:///var/nuanhu.db`` or ``postgresql://user@host/name``.

    A question of several statements sees one moment of the store.

    Raises:
        StoreUnusableError: The address cannot be used.
    """
    address = store_address(url)
    if address.get_backend_name() == "sqlite":
        return sqlite_engine(address)
    return postgresql_engine(
        address, "-c default_transaction_read_only=on", pool_pre_ping=True, isolation_level="REPEATABLE READ"
    )


def reading_engine(url: str) -> Engine:
    """An engine that cannot write, for long work beside a writer; the store must be there.

    Raises:
        StoreUnusableError: The address cannot be used.
    """
    address = store_address(url)
    if address.get_backend_name() != "sqlite":
        return open_engine(url)
    if address.database and not address.query:
        uri = Path(address.database).resolve().as_uri()
        address = address.set(database=uri, query={"mode": "ro", "uri": "true"})
    return sqlite_engine(address, ("query_only=ON", *IN_MEMORY))


def memory_engine(name: str) -> Engine:
    """A store in memory that lasts as long as somebody is connected to it."""
    return sqlite_engine(make_url(f"sqlite:///file:{name}?mode=memory&cache=shared&uri=true"), poolclass=QueuePool)


def sqlite_engine(address: URL, pragmas: tuple[str, ...] = WRITING, **more: Any) -> Engine:
    """WAL mode with ``synchronous=FULL``: a commit that has returned survives a power cut."""
    engine = create_engine(address, connect_args={"timeout": LOCK_WAIT_S, "check_same_thread": False}, **more)

    @event.listens_for(engine, "connect")
    def _settings(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(str(connection.get_execution_options().get("begin", "BEGIN")))

    return engine


def postgresql_engine(address: URL, options: str, **more: Any) -> Engine:
    """Connections that notice within seconds when the other side is gone; a commit that has returned is on disk there.

    What the address itself says about waiting and keep-alive wins.
    """
    session = (
        f"-c lock_timeout={LOCK_WAIT_S}s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 "
        f"-c tcp_keepalives_count=3 {address.query.get('options', '')} -c synchronous_commit=on {options}"
    )
    wanted: dict[str, object] = {
        "connect_timeout": CONNECT_WITHIN_S,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": UNANSWERED_MS,
        "application_name": "nuanhu",
    }
    arguments = {name: value for name, value in wanted.items() if name not in address.query}
    try:
        engine = create_engine(address, connect_args={**arguments, "options": session}, **more)
    except ModuleNotFoundError as missing:
        raise StoreUnusableError(
            f"store_url names PostgreSQL, but {missing.name} is not installed: pip install psycopg[binary]"
        ) from missing

    @event.listens_for(engine, "connect")
    def _settings(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        from gateway.store.nul import keep_nul_out  # noqa: PLC0415 - needs psycopg, which an embedded store does not

        keep_nul_out(connection)

    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision."""
    with engine.begin() as connection:
        if _revision(connection) == _newest():
            return
        from alembic import command  # noqa: PLC0415 - a store that is up to date need not wait for it
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _newest() -> str:
    """The last revision there is: they are numbered, and the files are named by them."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
