"""The gateway starts without its store: it rings with name and address all the same, and goes over by itself."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from centre import P1, PASSWORD, Centre
from on_both_stores import only_sqlite
from on_duty import LAST, in_force, name, plan, step, village
from postgres import NoServerError, PostgresServer

from alerting.commands import Claim
from alerting.model import EntryKind
from dashboard.live import Console, scope_of
from gateway.clock import Clock
from gateway.desk.contract import QueueRow
from gateway.ingest import BrokerAddress
from gateway.settings import Settings
from gateway.store.engine import StoreError
from gateway.store.seat import StoreTakenError
from nuanhu.emergency import Standing
from nuanhu.town.homes import ZIGBEE
from nuanhu.wiring import Gateway, Store

PATIENCE_S = 60.0


class Installation:
    """What ``nuanhu run`` runs, on a centre's broker and folder."""

    def __init__(self, centre: Centre, **more: Any) -> None:
        self.settings = Settings(data=centre.folder / "data", store_url=centre.store_url, secure_cookies=False, **more)
        broker = centre.broker
        self.address = BrokerAddress(host=broker.host, port=broker.port, username="gateway", password=PASSWORD)
        self.clock: Clock = centre.clock
        self.standing = Standing(self.settings, self.make)

    def make(self, store: Store, _not_before: datetime | None) -> Gateway:
        return Gateway(self.settings, self.clock, store, self.address)

    async def rows(self) -> list[QueueRow]:
        return list((await self.standing.gateway.desk.snapshot()).rows)

    async def row(self, household: str, *, recorded: bool) -> QueueRow:
        """Wait for the home's one row."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                rows = [row for row in await self.rows() if row.household == household and row.recorded is recorded]
                if rows:
                    assert len(rows) == 1
                    return rows[0]
                await asyncio.sleep(0.05)


def database(centre: Centre) -> Path:
    return centre.folder / "data" / "nuanhu.db"


def moved(centre: Centre) -> Callable[[], None]:
    aside = database(centre).rename(centre.folder / "aside.db")
    return lambda: aside.rename(database(centre)) and None


def spoilt(centre: Centre) -> Callable[[], None]:
    whole = database(centre).read_bytes()
    database(centre).write_bytes(b"not a database at all" * 500)
    return lambda: database(centre).write_bytes(whole) and None


def emptied(centre: Centre) -> Callable[[], None]:
    whole = database(centre).read_bytes()
    database(centre).write_bytes(b"")

    def mend() -> None:
        assert database(centre).read_bytes() == b"", "nothing may be written to a store that is not the right one"
        database(centre).write_bytes(whole)

    return mend


@only_sqlite
@pytest.mark.parametrize("way", [moved, spoilt, emptied], ids=lambda way: way.__name__)
async def test_a_press_rings_without_a_store_and_is_recorded_once_there_is_one(
    centre: Centre, way: Callable[[Centre], Callable[[], None]]
) -> None:
    home = centre.home()
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = way(centre)
    there = Installation(centre)
    try:
        await there.standing.start()
        assert there.standing.emergency
        event = await centre.press(home, settle=False)
        row = await there.row(home.household, recorded=False)
        case = next(case for case in centre.plan.registry.households if case.key == home.household)
        assert (row.priority, row.resident, row.address) == (P1, case.title, case.address)
        desk = there.standing.gateway.desk
        seen = await desk.health()
        assert "store_unopened" in seen.faults
        assert seen.registry_at is not None
        view = await desk.incident(row.incident)
        assert view is not None
        assert view.home is not None
        assert view.home.household.contacts == case.contacts
        assert await desk.account("zuoxi1") is not None
        assert (await desk.submit(Claim(key=row.key, incident=row.incident, by="zuoxi1"))).done
        mend()
        again = await there.row(home.household, recorded=True)
        assert not there.standing.emergency
        assert "store_unopened" not in (await there.standing.gateway.desk.health()).faults
        assert (again.incident, again.alarm_count) == (f"{home.household}-1", 1)
        gateway = there.standing.gateway
        view = await gateway.desk.incident(row.incident)
        assert view is not None
        assert view.incident.id == again.incident, "whoever has it open by its former number sees the recorded one"
        assert gateway.store.reads.recalled(f"{home.bridge.id}/{centre.device(home, 'panic').inner}", event) is not None
        await centre.until(lambda: not gateway.ingest._pending, "the acknowledgement")
        said = [EntryKind.ALARM, EntryKind.SHOWN_UNRECORDED]
        await centre.until(lambda: kinds(gateway, again.incident) == said, "the line about what was shown")
    finally:
        await there.standing.stop()
    await centre.open_gateway()


def kinds(gateway: Gateway, incident: str) -> list[EntryKind]:
    found = gateway.store.reads.incident(incident)
    assert found is not None
    return [entry.kind for entry in found[1]]


async def snapshot_written(centre: Centre) -> None:
    await centre.until((centre.folder / "data" / "registry.snapshot").exists, "the snapshot")


@only_sqlite
async def test_without_a_store_the_same_people_are_called(centre: Centre) -> None:
    home = centre.home()
    await in_force(centre, plan(step(30, "village"), LAST, name="夜间"))
    called = name(centre, village(centre, home))
    await snapshot_written(centre)
    await centre.close_gateway()
    (centre.folder / "data" / "registry.snapshot").unlink()
    await centre.open_gateway()
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre, **centre.settings)
    try:
        await there.standing.start()
        assert there.standing.emergency
        await centre.press(home, settle=False)
        row = await there.row(home.household, recorded=False)
        view = await there.standing.gateway.desk.incident(row.incident)
        assert view is not None
        assert view.climb is not None
        assert (view.climb.plan, view.climb.coming[0].names) == ("夜间", (called,))
        mend()
        await there.row(home.household, recorded=True)
    finally:
        await there.standing.stop()
    await centre.open_gateway()


@only_sqlite
async def test_a_press_that_the_broker_does_not_keep_is_passed_on(centre: Centre) -> None:
    first, second = centre.zigbee_home, centre.home(ZIGBEE, nth=1)
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre)
    try:
        await there.standing.start()
        for home, qos in ((first, 0), (second, 1)):
            topic = f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"
            centre.client(home.bridge.id).publish(topic, msgspec.json.encode({"action": "emergency"}), qos=qos)
            await there.row(home.household, recorded=False)
        mend()
        for home in (first, second):
            row = await there.row(home.household, recorded=True)
            assert row.alarm_count == 1
    finally:
        await there.standing.stop()
    await centre.open_gateway()


@only_sqlite
async def test_what_nobody_takes_reaches_the_duty_telephone_without_the_store(centre: Centre) -> None:
    home = centre.home()
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre, **centre.settings)
    try:
        await there.standing.start()
        await centre.press(home, settle=False)
        await there.row(home.household, recorded=False)
        centre.clock.advance(timedelta(seconds=91))
        case = next(case for case in centre.plan.registry.households if case.key == home.household)
        await centre.until(lambda: any(f"{case.title[0]}某" in text for text in centre.pages()), "the page")
        mend()
        row = await there.row(home.household, recorded=True)
        assert row.alarm_count == 1
    finally:
        await there.standing.stop()
    await centre.open_gateway()


@only_sqlite
async def test_it_says_so_before_anybody_presses_and_writes_nothing_where_the_store_should_be(
    centre: Centre, tmp_path: Path
) -> None:
    kept = {"snapshot_folder": str(tmp_path / "other disk"), "snapshot_key_file": str(tmp_path / "etc" / "key")}
    await centre.set_up(**kept)
    await centre.until((tmp_path / "other disk" / "registry.snapshot").exists, "the snapshot")
    home = centre.home()
    await centre.close_gateway()
    data = centre.folder / "data"
    aside = data.rename(centre.folder / "away")
    there = Installation(centre, **kept)
    try:
        await there.standing.start()
        assert "store_unopened" in (await there.standing.gateway.desk.health()).faults
        assert there.standing.app.state.site is not None
        await centre.press(home, settle=False)
        await there.row(home.household, recorded=False)
        assert not data.exists()
        aside.rename(data)
        await there.row(home.household, recorded=True)
    finally:
        await there.standing.stop()
    await centre.open_gateway()


@only_sqlite
async def test_a_server_that_takes_the_call_and_says_nothing_is_away(centre: Centre) -> None:
    home = centre.home()
    await snapshot_written(centre)
    await centre.close_gateway()
    silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    there = Installation(centre)
    there.settings = there.settings.model_copy(update={"store_url": f"postgresql://somebody@127.0.0.1:{port}/nuanhu"})
    there.standing = Standing(there.settings, there.make)
    try:
        await there.standing.start()
        assert there.standing.emergency
        await centre.press(home, settle=False)
        await there.row(home.household, recorded=False)
    finally:
        await there.standing.stop()
        silent.close()
    await centre.open_gateway()


@only_sqlite
async def test_a_store_that_goes_again_while_it_is_taken_over(centre: Centre) -> None:
    home = centre.home()
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre)
    begun: list[Gateway] = []

    def make(store: Store, not_before: datetime | None) -> Gateway:
        gateway = there.make(store, not_before)
        begun.append(gateway)
        if len(begun) == 2:
            store.engine.dispose()
            database(centre).rename(centre.folder / "again.db")
        return gateway

    there.standing = Standing(there.settings, make)
    try:
        await there.standing.start()
        await centre.press(home, settle=False)
        await there.row(home.household, recorded=False)
        mend()
        async with asyncio.timeout(PATIENCE_S):
            while len(begun) < 3 or there.standing.gateway is not begun[2]:
                await asyncio.sleep(0.05)
        assert there.standing.emergency
        await there.row(home.household, recorded=False)
        (centre.folder / "again.db").rename(database(centre))
        row = await there.row(home.household, recorded=True)
        assert row.alarm_count == 1
        assert not there.standing.emergency
    finally:
        await there.standing.stop()
    await centre.open_gateway()


@only_sqlite
async def test_another_gateway_that_has_the_store_is_left_alone(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.store.seat.FORMER_GONE_WITHIN_S", 0.0)
    monkeypatch.setattr("nuanhu.emergency.AGAIN_S", 0.01)
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre)
    try:
        await there.standing.start()
        with database(centre).with_name("nuanhu.db.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            mend()
            with pytest.raises(StoreTakenError):
                await asyncio.wait_for(there.standing.displaced, PATIENCE_S)
    finally:
        await there.standing.stop()
    await centre.open_gateway()


async def test_a_database_server_that_is_down_at_the_start(tmp_path: Path) -> None:
    server = PostgresServer()
    try:
        server.start()
    except NoServerError as why:
        pytest.skip(f"PostgreSQL does not run here: {why}")
    centre = Centre(tmp_path, server.database())
    try:
        await centre.start()
        home = centre.home()
        await snapshot_written(centre)
        await centre.close_gateway()
        await asyncio.to_thread(server.halt, kill=True)
        await centre.press(home, settle=False)
        there = Installation(centre)
        await there.standing.start()
        assert there.standing.emergency
        await there.row(home.household, recorded=False)
        await asyncio.to_thread(server.resume)
        await there.row(home.household, recorded=True)
        await there.standing.stop()
    finally:
        for client in centre._clients.values():
            client.disconnect()
            client.loop_stop()
        await asyncio.to_thread(centre.broker.stop)
        server.stop()


@only_sqlite
async def test_the_consoles_stay_connected_when_the_store_is_found(centre: Centre) -> None:
    home = centre.home()
    await snapshot_written(centre)
    await centre.close_gateway()
    mend = moved(centre)
    there = Installation(centre)
    try:
        await there.standing.start()
        site = there.standing.app.state.site
        following = asyncio.create_task(site.hub.run())
        account = await site.desk.account("zuoxi1")
        console = Console(scope_of(account, "en"), account, centre.clock.now() + timedelta(hours=1))
        await site.hub.join(console)
        await centre.press(home, settle=False)
        first = await frame_with(console, home.household, recorded=False)
        assert first["rings"]
        mend()
        await frame_with(console, home.household, recorded=True)
        following.cancel()
    finally:
        await there.standing.stop()
    await centre.open_gateway()


async def frame_with(console: Console, household: str, *, recorded: bool) -> dict[str, Any]:
    """The next frame of a console that shows the home's row so."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            text = await console.next()
            assert text is not None
            frame: dict[str, Any] = msgspec.json.decode(text)
            for row in (frame.get("row"), *frame.get("rows", ())):
                if row and row["key"] == household and row["recorded"] is recorded:
                    return frame


@only_sqlite
async def test_without_a_snapshot_there_is_nothing_to_ring_with(centre: Centre, tmp_path: Path) -> None:
    there = Installation(centre)
    there.settings = Settings(data=tmp_path / "elsewhere", store_url=f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    there.standing = Standing(there.settings, there.make)
    with pytest.raises((StoreError, OSError)):
        await there.standing.start()
