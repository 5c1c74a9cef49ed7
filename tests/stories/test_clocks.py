"""A wrong clock never costs a press: a device's is shown as it is or not at all, the host's own is a fault."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from centre import P1, Centre
from sqlalchemy import select

from alerting.model import AlarmKind, EntryKind
from gateway.clock import BELIEVED_S, SystemClock, host_time
from gateway.desk.contract import QueueRow
from gateway.self_supervision.health import HOST_STEP_FAULT_S
from gateway.store import schema

ABSURD = {
    "the year 1980, never set": "1980-01-06T00:00:17Z",
    "the year 1": "0001-01-01T00:00:00Z",
    "the year 9999": "9999-12-31T23:59:59Z",
    "without an offset": "2026-01-05T08:00:00",
    "no time at all": "yesterday evening",
    "an empty word": "",
    "missing": None,
}


class Host:
    """A host whose clock can be set."""

    def __init__(self) -> None:
        self.off = timedelta()

    def __call__(self) -> datetime:
        return host_time() + self.off


async def press_at(centre: Centre, at: str | None) -> QueueRow:
    """A press whose message carries this time, as text; returns its incident."""
    home = centre.home()
    body = {"id": "p1", "boot": "b", "seq": 1, "at": at, "kind": "panic"}
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/up/{centre.device(home, 'panic').inner}/event", body)
    return await centre.row_of(home)


@pytest.mark.parametrize("clock", ABSURD)
async def test_a_press_with_an_absurd_time_rings_at_once_and_shows_none(centre: Centre, clock: str) -> None:
    row = await press_at(centre, ABSURD[clock])
    alarm = row.alarms[0]
    assert (row.priority, alarm.kind) == (P1, AlarmKind.PANIC)
    assert (alarm.device_time, alarm.late_s) == (None, 0)
    assert centre.rang == [row.incident]
    assert row.opened_at == centre.clock.now()


async def test_local_time_sent_as_utc_is_in_the_future_and_never_late(centre: Centre) -> None:
    ahead = centre.clock.now() + timedelta(hours=8)
    row = await press_at(centre, ahead.isoformat())
    alarm = row.alarms[0]
    assert (row.priority, alarm.kind, alarm.late_s) == (P1, AlarmKind.PANIC, 0)
    assert row.opened_at == centre.clock.now()
    assert centre.rang == [row.incident]


async def test_the_same_clock_eight_hours_behind_rings_with_the_age_it_claims(centre: Centre) -> None:
    row = await press_at(centre, (centre.clock.now() - timedelta(hours=8)).isoformat())
    assert (row.priority, row.alarms[0].late_s) == (P1, 8 * 3600)
    assert centre.rang == [row.incident]


async def test_a_device_keeps_its_own_words_as_evidence(centre: Centre) -> None:
    """What it wrote stands in the journal, though nobody is shown it as a time."""
    await press_at(centre, "1980-01-06T00:00:17Z")
    assert b"1980-01-06T00:00:17Z" in b"".join(journal(centre))


async def test_a_radio_frame_from_1980_rings_too(centre: Centre) -> None:
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    frame = {
        "deduplicationId": "00000000-0000-4000-8000-00000000000a",
        "time": "1980-01-06T00:00:17+00:00",
        "deviceInfo": {"devEui": eui, "deviceProfileName": "WS101"},
        "fCnt": 1,
        "fPort": 85,
        "data": "/y4B",
    }
    await centre.say("chirpstack", f"application/town/device/{eui}/event/up", frame)
    alarm = (await centre.row_of(home)).alarms[0]
    assert (alarm.kind, alarm.device_time, alarm.late_s) == (AlarmKind.PANIC, None, 0)


@pytest.mark.parametrize("off_s", [-7200.0, -3.0, BELIEVED_S + 60, 30 * 365 * 86_400.0])
async def test_a_host_clock_set_back_or_far_ahead_is_a_fault_and_moves_nothing(centre: Centre, off_s: float) -> None:
    host = await on_a_real_clock(centre)
    before = centre.clock.now()
    host.off = timedelta(seconds=off_s)
    await centre.until(lambda: "clock_step" in centre.gateway.pulse.health().warnings, "the fault")
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    assert row.priority is P1
    assert timedelta() <= row.opened_at - before < timedelta(seconds=10)
    host.off = timedelta()
    assert "clock_step" not in centre.gateway.pulse.health().warnings


async def test_a_small_difference_is_no_fault(centre: Centre) -> None:
    host = await on_a_real_clock(centre)
    host.off = timedelta(seconds=HOST_STEP_FAULT_S - 0.5)
    assert "clock_step" not in centre.gateway.pulse.health().warnings


async def test_after_a_pause_of_the_machine_what_fell_due_is_due_and_no_silence_is_blamed(centre: Centre) -> None:
    """Ahead by at most an hour is followed, as after a pause; nobody could be heard in it."""
    host = await on_a_real_clock(centre)
    home = centre.home()
    await centre.move(home)
    before = centre.clock.now()
    host.off = timedelta(seconds=BELIEVED_S - 60)
    centre.gateway.writer.inbox.wake()
    await centre.until(lambda: centre.clock.now() - before > timedelta(seconds=BELIEVED_S - 61), "the clock to follow")
    await centre.barrier()
    assert "clock_step" in centre.gateway.pulse.health().warnings  # told for another hour
    memory = centre.gateway.judge.memory_of(home.household)
    assert BELIEVED_S - 70 <= memory.hot.quiet.blind_s <= BELIEVED_S
    assert await centre.queue() == []
    assert not await centre.gateway.desk.faults()
    await centre.press(home)
    row = await centre.row_of(home)
    assert row.opened_at - before > timedelta(seconds=BELIEVED_S - 61)


async def test_after_a_pause_an_incident_that_nobody_took_climbs_at_once(centre: Centre) -> None:
    host = await on_a_real_clock(centre)
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    host.off = timedelta(minutes=20)
    centre.gateway.writer.inbox.wake()
    for _ in range(100):
        kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
        if EntryKind.ESCALATED in kinds:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody was told: {kinds}")


async def test_a_host_clock_set_back_in_the_middle_of_a_climb_stops_no_timer(centre: Centre) -> None:
    host = await on_a_real_clock(centre, speed=60)
    await centre.press(centre.home())
    host.off = timedelta(hours=-2)
    centre.gateway.writer.inbox.wake()
    await centre.until(centre.pages, "the duty telephone after 90 s, and not after two hours more")
    row = await centre.row_of(centre.home())
    moments = [it.at for it in (await centre.incident(row.incident)).timeline]
    assert moments == sorted(moments), "no line before the one above it"
    assert moments[-1] - row.opened_at < timedelta(hours=1)


async def on_a_real_clock(centre: Centre, speed: float = 1.0) -> Host:
    """The centre goes on with the machine's own clock, of which the host's reading can be set."""
    host = Host()
    await centre.close_gateway()
    centre.clock = SystemClock(speed, host=host)  # type: ignore[assignment]
    await centre.open_gateway()
    return host


def journal(centre: Centre) -> list[bytes]:
    """Bodies of all journalled events."""
    with centre.gateway.store.engine.connect() as connection:
        return [bytes(body) for body in connection.scalars(select(schema.journal.c.event))]


def test_the_clock_never_goes_back() -> None:
    host = Host()
    clock = SystemClock(host=host)
    shown = [clock.now()]
    for off_s in (-86_400, 10, 3000, 0, -50, 200_000):
        host.off = timedelta(seconds=off_s)
        clock.catch_up()
        shown.append(clock.now())
    assert shown == sorted(shown)
    assert all(moment.tzinfo is UTC for moment in shown)


def test_only_a_step_ahead_that_a_pause_explains_is_followed() -> None:
    host = Host()
    clock = SystemClock(host=host)
    assert clock.catch_up() is None
    host.off = timedelta(seconds=600)
    since, until = clock.catch_up() or (None, None)
    assert since is not None
    assert until is not None
    assert abs((until - since).total_seconds() - 600) < 1
    assert clock.catch_up() is None
    assert abs(clock.host_step_s() - 600) < 1
    host.off = timedelta(0)
    assert clock.catch_up() is None
    assert abs(clock.host_step_s() + 600) < 1


def test_a_clock_that_started_ahead_of_the_host_does_not_follow_it_further() -> None:
    """The store's last commit is eight hours ahead of a host that was set right since."""
    host = Host()
    clock = SystemClock(not_before=host_time() + timedelta(hours=8), host=host)
    assert clock.host_step_s() == pytest.approx(0, abs=1)
    host.off = timedelta(minutes=30)
    assert clock.catch_up() is None
    assert clock.host_step_s() == pytest.approx(1800, abs=1)
