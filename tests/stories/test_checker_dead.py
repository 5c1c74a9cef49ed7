"""Who checks the checker: dead, hanging or blind, it is said aloud, and the heartbeat that leaves the machine stops."""

from __future__ import annotations

import asyncio
import threading

import pytest
from audited import kill
from centre import Centre
from on_both_stores import only_sqlite
from trial_presses import Outside, healthz, outside_of, trying

from gateway.store.batch import Batch
from gateway.store.engine import StoreError
from gateway.store.evidence import Evidence, read_evidence

pytestmark = only_sqlite  # the checker's own life is the same on either store
outside = outside_of

OFTEN_S = 1.0


async def said(centre: Centre, word: str) -> None:
    await centre.until(lambda: word in centre.gateway.pulse.health().warnings, word)


async def silent(outside: Outside) -> None:
    """Not one heartbeat more, while ten trial presses a second come through."""
    before = len(outside.paths)
    await asyncio.sleep(0.6)
    assert len(outside.paths) <= before + 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_checker_that_has_died_is_said_aloud_and_the_outside_hears_nothing_more(
    centre: Centre, outside: Outside
) -> None:
    await centre.set_up(audit_every_s=OFTEN_S)
    async with trying(centre, f"http://127.0.0.1:{outside.server_port}/beat") as base:
        await centre.until(lambda: outside.paths, "a heartbeat while it lives")
        auditor = centre.gateway.auditor
        await kill(centre, auditor._thread, auditor, "_round")
        await said(centre, "auditor")
        assert "auditor" in centre.gateway.pulse.health().loud, "on every console"
        await silent(outside)
        status, told = await healthz(base)
        assert status == 200, "presses come through: nothing is gained by a restart in the middle of them"
        assert told["audit"]["missing"] is True  # type: ignore[index]


async def test_a_checker_that_hangs_is_the_same_as_a_dead_one(centre: Centre, outside: Outside) -> None:
    await centre.set_up(audit_every_s=OFTEN_S)
    go_on = threading.Event()

    def hang(now_ms: int) -> Evidence:
        go_on.wait(30)
        return read_evidence(centre.gateway.store.engine, now_ms)

    async with trying(centre, f"http://127.0.0.1:{outside.server_port}/beat"):
        await centre.until(lambda: outside.paths, "a heartbeat while it lives")
        centre.gateway.auditor._read = hang
        await said(centre, "auditor")
        await silent(outside)
        go_on.set()
        await centre.until(lambda: "auditor" not in centre.gateway.pulse.health().warnings, "its next round")


async def test_while_the_store_is_away_it_says_that_it_cannot_audit_and_never_that_all_is_well(centre: Centre) -> None:
    await centre.set_up(audit_every_s=OFTEN_S)
    write = centre.gateway.writer._recorder._write
    rounds = centre.gateway.pulse.health().audit.rounds

    def fails(_batch: Batch) -> None:
        raise StoreError("disk full")

    centre.gateway.writer._recorder._write = fails
    await centre.press(centre.home(), settle=False)
    await said(centre, "cannot_audit")
    seen = centre.gateway.pulse.health()
    assert seen.audit.trouble == "store"
    assert not centre.gateway.auditor.proves
    await said(centre, "auditor")
    centre.gateway.writer._recorder._write = write
    await centre.until(lambda: centre.gateway.auditor.proves, "the next round")
    assert centre.gateway.pulse.health().audit.rounds > rounds
    assert not {"auditor", "cannot_audit"} & set(centre.gateway.pulse.health().warnings)
