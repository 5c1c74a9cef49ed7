"""One gateway at a time writes to a store; whoever has lost the right, or the line, writes nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres import PostgresServer
from presses import PRESSED, a_press, counts
from sqlalchemy import Engine, create_engine, insert

from gateway.settings import Settings
from gateway.store import schema
from gateway.store.engine import StoreError, StoreUnusableError, open_engine, sqlite_url, store_address
from gateway.store.seat import StoreTakenError
from nuanhu.cli import main
from nuanhu.wiring import Store

ONLY_POSTGRESQL = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)

ANOTHER_GATEWAY = """
import sys
from gateway.store.seat import Seat
seat = Seat(sys.argv[1])
print("seated", flush=True)
sys.stdin.read()
"""


@contextmanager
def told_at_once() -> Iterator[None]:
    """Whoever wants a taken seat meanwhile does not wait for the former writer to go."""
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr("gateway.store.seat.FORMER_GONE_WITHIN_S", 0.0)
        yield


@pytest.fixture
def another(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the seat."""
    settings.data.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", ANOTHER_GATEWAY, settings.store_url or sqlite_url(settings.data / "nuanhu.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "seated\n"
    yield child
    child.kill()
    child.communicate()


def test_a_second_gateway_is_refused_until_the_first_has_left(settings: Settings) -> None:
    first = Store(settings)
    with told_at_once(), pytest.raises(StoreTakenError, match="another gateway writes to"):
        Store(settings)
    first.write(a_press("h1", 1))
    first.close()
    second = Store(settings)
    second.write(a_press("h1", 2, "e2"))
    assert counts(second)["journal"] == 2
    second.close()


@pytest.mark.usefixtures("another")
def test_run_says_in_one_line_that_the_store_is_taken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUANHU_DATA", str(settings.data))
    monkeypatch.setenv("NUANHU_STORE_URL", settings.store_url)
    monkeypatch.setenv("NUANHU_PORT", "0")
    with told_at_once():
        assert main(["run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nuanhu: another gateway writes to ")


def test_the_seat_of_a_killed_gateway_is_free(another: subprocess.Popen[str], settings: Settings) -> None:
    another.send_signal(signal.SIGKILL)
    store = Store(settings)
    store.write(a_press("h1", 1))
    assert counts(store) == PRESSED
    store.close()


@ONLY_POSTGRESQL
def test_after_a_crash_of_the_server_the_gateway_writes_on(postgres_server: PostgresServer, store: Store) -> None:
    store.write(a_press("h1", 1))
    postgres_server.halt(kill=True)
    batch = a_press("h1", 2, "e2")
    with pytest.raises(StoreError):
        store.write(batch)
    with pytest.raises(StoreError):
        store.write(batch)
    postgres_server.resume()
    store.write(batch)
    assert counts(store)["journal"] == 2
    assert store.reads.last_sequences() != {}


@ONLY_POSTGRESQL
def test_who_lost_the_line_and_then_the_seat_writes_nothing(settings: Settings) -> None:
    first = Store(settings)
    first.write(a_press("h1", 1))
    end_writers(settings.store_url)
    second = Store(settings)
    batch = a_press("h2", 1, "e2")
    for failure in (StoreError, StoreTakenError, StoreTakenError):
        with told_at_once(), pytest.raises(failure):
            first.write(batch)
    assert counts(second) == PRESSED
    second.close()
    first.write(batch)
    assert counts(first)["journal"] == 2
    first.close()


@ONLY_POSTGRESQL
def test_a_broken_line_to_a_server_that_has_not_noticed_costs_no_seat(settings: Settings) -> None:
    """Another host of the same name in the network's eyes: the old session is still there and holds the lock."""
    store = Store(settings)
    with store.seat.engine.connect() as kept:
        kept.detach()  # the pool knows nothing of this session any more, the server does
        store.write(a_press("h1", 1))
        assert counts(store) == PRESSED
    store.close()


@ONLY_POSTGRESQL
def test_who_only_asks_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match="read-only"), store.engine.begin() as c:
        c.execute(insert(schema.meta), {"name": "a", "value": "b"})


@ONLY_POSTGRESQL
def test_a_commit_waits_for_the_disk_whatever_the_address_says(settings: Settings) -> None:
    asked = f"{settings.store_url}&options=-c synchronous_commit=off -c lock_timeout=7s"
    store = Store(Settings(data=settings.data, store_url=asked))
    with store.seat.engine.connect() as c:
        assert c.exec_driver_sql("show synchronous_commit").scalar() == "on"
        assert c.exec_driver_sql("show lock_timeout").scalar() == "7s"
    store.close()


def test_the_message_has_no_password() -> None:
    told = str(StoreTakenError(store_address("postgresql://nuanhu:secret@db/nuanhu")))
    assert "secret" not in told
    assert "db/nuanhu" in told


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://db/nuanhu", "must begin with sqlite:// or postgresql://"),
        ("here", "no address"),
        ("sqlite://", "names no file"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUANHU_STORE_URL", url)
    monkeypatch.setenv("NUANHU_PORT", "0")
    assert main(["run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnusableError, match=r"pip install psycopg\[binary\]"):
        open_engine("postgresql://db/nuanhu")


def end_writers(url: str) -> None:
    """End the sessions of writers, as a network or an administrator does."""
    engine: Engine = create_engine(store_address(url))
    with engine.begin() as c:
        ended = c.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'nuanhu writer%%' AND datname = current_database()"
        ).all()
    assert ended == [(True,)]
    engine.dispose()
