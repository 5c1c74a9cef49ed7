"""Whatever waits for nobody is found, rings, says what is wrong, and is mended where that is safe."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from audited import behind_its_back, found, kill, looked, mended
from centre import P1, Centre
from on_both_stores import only_sqlite

from alerting.casefile import Role
from alerting.commands import Close
from alerting.model import EntryKind, Outcome
from gateway.desk.contract import ConsoleSeen
from tests.dashboard.visitor import arrived

LOST = "DELETE FROM due_timers WHERE key = :key"


async def test_an_incident_whose_timer_was_lost_rings_is_named_and_climbs_in_time(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    behind_its_back(centre, LOST, key=home.household)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "next_step")
    assert rung.priority is P1
    assert rung.incident in centre.rang
    assert rung.alarms[0].detail == f"next_step|no_timer|{row.incident}|"
    await centre.close_gateway()  # what is in memory alone is gone
    await centre.open_gateway()
    await centre.pass_time(seconds=80)
    await centre.until(lambda: any(row.incident in page for page in centre.pages()), "the page at 90 s")


async def test_the_same_finding_rings_once_says_when_it_is_mended_and_stays_for_an_operator(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    behind_its_back(centre, LOST, key=home.household)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "next_step")
    await mended(centre, rung)
    for _ in range(3):
        await centre.pass_time(seconds=5)
        await looked(centre)
    assert [row.incident for row in await centre.queue() if "audit" in row.key] == [rung.incident]
    entries = [entry.kind for entry in (await centre.incident(rung.incident)).timeline]
    assert entries.count(EntryKind.ALARM) == entries.count(EntryKind.MENDED) == 1
    assert (await centre.claim(rung)).done
    closed = Close(key=rung.key, incident=rung.incident, by="zuoxi1", outcome=Outcome.EQUIPMENT)
    assert (await centre.ask(closed)).done, "alone at night: nobody else has to agree"


async def test_a_finding_that_nobody_takes_climbs_like_any_p1(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.claim(await centre.row_of(home))
    behind_its_back(centre, LOST, key=home.household)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "next_step")
    await centre.pass_time(seconds=90)
    await centre.until(lambda: any(rung.incident in page for page in centre.pages()), "the page")
    page = next(page for page in centre.pages() if rung.incident in page)
    assert "P1 紧急 · 系统自检发现问题" in page
    assert "本系统（非住户求助）" in page


async def test_a_timer_that_the_writer_has_forgotten_is_found_and_set_again(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    centre.gateway.writer.timers._heap.clear()
    await centre.pass_time(seconds=10)
    rung = await found(centre, "turn")
    details = {entry.alarm.detail for entry in (await centre.incident(rung.incident)).timeline if entry.alarm}
    assert f"turn|not_queued|{row.incident}|" in details
    await mended(centre, rung)
    await centre.pass_time(seconds=70)
    await centre.until(lambda: any(row.incident in page for page in centre.pages()), "the page at 90 s")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_sender_that_has_died_is_found_before_anybody_has_to_be_called_and_is_replaced(centre: Centre) -> None:
    await looked(centre)
    outbox = centre.gateway.outbox
    await kill(centre, outbox._thread, outbox, "_tend")
    rung = await found(centre, "sender")
    assert rung.alarms[0].detail == "sender|sender_dead||"
    await mended(centre, rung)
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=90)
    await centre.until(lambda: any(row.incident in page for page in centre.pages()), "the page")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_page_of_a_dead_sender_is_sent_all_the_same(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await looked(centre)
    outbox = centre.gateway.outbox
    centre.clock.advance(timedelta(seconds=89))
    await kill(centre, outbox._thread, outbox, "_tend")
    await centre.pass_time(seconds=1)
    rung = await found(centre, "sender")
    await centre.until(lambda: any(row.incident in page for page in centre.pages()), "the page all the same")
    await mended(centre, rung)


async def test_a_page_that_nobody_has_in_hand_is_found_and_sent(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    centre.gateway.writer.send = lambda _rows, _recorded: None  # handed over to nobody
    await centre.pass_time(seconds=90)
    rung = await found(centre, "sender")
    assert row.incident in rung.alarms[0].detail
    await centre.until(lambda: any(row.incident in page for page in centre.pages()), "the page all the same")
    assert "〔可能重复〕" in centre.pages()[0]


async def test_a_console_whose_sound_has_stopped_is_found(centre: Centre) -> None:
    desk, now = centre.gateway.desk, centre.clock.now
    for attended in (1, 0):
        await desk.consoles([ConsoleSeen(login="zuoxi1", sockets=1, attended=attended, since=now())])
    await centre.pass_time(seconds=30)
    rung = await found(centre, "console")
    assert rung.alarms[0].detail == "console|no_sound||zuoxi1"
    await desk.consoles([ConsoleSeen(login="zuoxi1", sockets=1, attended=1, since=now())])
    await mended(centre, rung)


async def test_a_console_that_never_was_attended_rings_nobody(centre: Centre) -> None:
    now = centre.clock.now
    await centre.gateway.desk.consoles([ConsoleSeen(login="zuoxi1", sockets=1, attended=0, since=now())])
    for _ in range(6):
        await centre.pass_time(seconds=10)
    await looked(centre)
    assert await centre.queue() == []


async def test_an_incident_that_the_consoles_are_not_shown_is_found_and_shown(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    del centre.gateway.changes._open[row.incident]
    await centre.pass_time(seconds=10)
    rung = await found(centre, "shown")
    assert rung.alarms[0].detail == f"shown|not_shown|{row.incident}|"
    assert (await centre.row_of(home)).incident == row.incident


async def test_an_incident_that_memory_has_lost_is_found(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    del centre.gateway.judge.states.homes[home.household]
    await centre.pass_time(seconds=10)
    rung = await found(centre, "memory")
    assert rung.alarms[0].detail == f"memory|not_in_memory|{row.incident}|"
    await mended(centre, rung)
    await centre.told_of(row.incident, EntryKind.MENDED)
    await centre.press(home)
    assert (await centre.row_of(home)).alarm_count == 2, "the same incident, in the same home"
    assert centre.gateway.judge.states.homes[home.household].hot.devices


async def test_what_is_open_in_memory_alone_is_written_again(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    behind_its_back(centre, "DELETE FROM incident WHERE id = :id", id=row.incident)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "memory")
    assert rung.alarms[0].detail == f"memory|not_in_store|{row.incident}|"
    await mended(centre, rung)
    await centre.close_gateway()
    await centre.open_gateway()
    assert (await centre.row_of(home)).incident == row.incident


@pytest.mark.parametrize("newer", ["memory", "store"])
async def test_where_both_differ_the_newer_one_counts(centre: Centre, newer: str) -> None:
    home = centre.home()
    await centre.press(home)
    assert (await centre.claim(await centre.row_of(home))).done
    states = centre.gateway.judge.states
    running = states.running_as((await centre.row_of(home)).incident)
    assert running is not None
    ahead = timedelta(seconds=1 if newer == "store" else -1)
    other = msgspec.structs.replace(running, claimed_by="zuoxi2", changed_at=running.changed_at + ahead)
    body = msgspec.json.encode(other)
    behind_its_back(centre, "UPDATE incident SET body = :body WHERE id = :id", id=running.id, body=body)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "memory")
    assert rung.alarms[0].detail == f"memory|differs|{running.id}|"
    await mended(centre, rung)
    assert (await centre.row_of(home)).claimed_by == ("zuoxi2" if newer == "store" else "zuoxi1")
    assert (await centre.incident(running.id)).incident.claimed_by == (await centre.row_of(home)).claimed_by


async def test_two_open_at_once_in_a_home_are_for_people_to_look_at(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    running = centre.gateway.judge.states.open_of(home.household)
    assert running is not None
    body = msgspec.json.encode(msgspec.structs.replace(running, id=f"{home.household}-7"))
    behind_its_back(
        centre,
        "INSERT INTO incident (id, partition, aggregate, key, state, priority, opened_ms, body)"
        " SELECT :id, partition, aggregate, key, state, priority, opened_ms, :body FROM incident WHERE id = :old",
        id=f"{home.household}-7",
        old=running.id,
        body=body,
    )
    await centre.pass_time(seconds=10)
    rung = await found(centre, "memory")
    await centre.pass_time(seconds=10)
    await looked(centre)
    assert centre.gateway.pulse.health().audit.findings, "it stands, and rings until somebody has looked"
    assert (await centre.row_of(home)).incident == running.id
    assert rung.alarms[0].detail == f"memory|not_in_memory|{home.household}-7|"


async def test_a_round_that_finds_nothing_says_what_it_has_looked_at(centre: Centre) -> None:
    await centre.press(centre.home())
    await centre.pass_time(seconds=10)
    await looked(centre)
    seen = centre.gateway.pulse.health()
    assert seen.audit.findings == ()
    assert seen.audit.incidents == 1
    assert seen.audit.timers >= 1
    assert not {"auditor", "audit_found", "cannot_audit"} & set(seen.warnings)


async def test_a_backlog_in_front_of_the_writer_holds_up_no_round(centre: Centre) -> None:
    centre.gateway.writer.inbox._limit = 0  # full, however much is taken out of it
    await looked(centre)
    await centre.pass_time(seconds=10)
    await looked(centre)
    assert not {"auditor", "cannot_audit"} & set(centre.gateway.pulse.health().warnings)


@only_sqlite
async def test_it_is_said_in_plain_words(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    behind_its_back(centre, LOST, key=home.household)
    await centre.pass_time(seconds=10)
    rung = await found(centre, "next_step")
    await centre.serve()
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    page = await operator.go(f"/incidents/{rung.incident}")
    assert f"警情 {row.incident} 没有定时：到时不会有人被呼叫。" in page
    assert "请立即打开该警情并受理" in page
    assert "本系统" in page
    assert "未登记设备" not in page
    assert "本系统" in await operator.go("/")
    health = await arrived(centre, "guanli9", Role.ADMINISTRATOR).go("/health")
    assert "自检发现本系统有问题" in health
