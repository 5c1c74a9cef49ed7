"""Bugs planted behind the gateway's back, and what the auditor makes of them."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

from centre import Centre
from sqlalchemy import text

from alerting.model import AlarmKind, EntryKind
from gateway.desk.contract import QueueRow
from gateway.store.engine import postgresql_engine, sqlite_engine, store_address

asked = count()


def behind_its_back(centre: Centre, statement: str, **values: object) -> None:
    """Change the store as a bug would: without the gateway."""
    address = store_address(centre.gateway.store.url)
    is_file = address.get_backend_name() == "sqlite"
    engine = sqlite_engine(address) if is_file else postgresql_engine(address, "")
    with engine.begin() as c:
        assert c.execute(text(statement), values).rowcount, "nothing was there to be broken"
    engine.dispose()


async def kill(centre: Centre, thread: threading.Thread, of: Any, turn: str) -> None:
    """A thread dies at its next turn, of what nothing in it catches."""

    def dies(*_: object) -> None:
        raise SystemExit

    lives = getattr(of, turn)
    setattr(of, turn, dies)
    of._wake()
    await centre.until(lambda: not thread.is_alive(), "its death")
    setattr(of, turn, lives)


def nudge(centre: Centre) -> None:
    """The next round need not wait for its time; asked a hundred times a second, it is so now and then."""
    if next(asked) % 25 == 0:
        centre.gateway.auditor._wake()


async def found(centre: Centre, check: str) -> QueueRow:
    """The incident that the auditor has opened for a check, once it is there."""
    rows: list[QueueRow] = []

    def there() -> bool:
        nudge(centre)
        rows[:] = [row for row in centre.gateway.changes.snapshot(centre.clock.now()).rows if check in row.key]
        return bool(rows)

    await centre.until(there, f"a finding of {check}")
    assert rows[0].alarms[0].kind is AlarmKind.AUDIT
    return rows[0]


async def mended(centre: Centre, row: QueueRow) -> None:
    """The next round finds it as it must be, and says so."""
    await centre.pass_time(seconds=10)
    await looked(centre)
    await centre.told_of(row.incident, EntryKind.MENDED)
    await looked(centre)
    assert not centre.gateway.pulse.health().audit.findings


async def looked(centre: Centre) -> None:
    """One more round has come to an end that began after now."""
    before = centre.gateway.pulse.health().audit.rounds

    def done() -> bool:
        nudge(centre)
        return centre.gateway.pulse.health().audit.rounds > before + 1

    await centre.until(done, "a round")
