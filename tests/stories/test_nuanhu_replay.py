"""``nuanhu replay``: a night with presses, claims and escalation is decided bit for bit as it was; and what if."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from centre import Centre
from on_duty import LAST, in_force, plan, save_roster, shift, step, village
from sqlalchemy import delete, select, update

from alerting.commands import HoldUntil
from alerting.duty.roster import Roster
from alerting.duty.saving import SaveTerms
from alerting.equipment_terms import EquipmentTerms
from alerting.incidents.values import with_changes
from alerting.model import AlarmKind, Outcome
from alerting.term_groups import GROUPS
from alerting.terms import Goals
from gateway.store import schema
from gateway.store.checkpoints import checkpoints, old_checkpoints
from gateway.store.past import Past
from gateway.store.reads import Reads
from gateway.store.values import ms, when
from gateway.writing.directory import Directory
from nuanhu.cli import main
from nuanhu.errors import UsageError
from nuanhu.replay.command import Report, replay
from nuanhu.replay.exact import Replay, begun
from nuanhu.replay.table import show
from nuanhu.replay.what_if import Raised, WhatIf, compared, otherwise, without


async def night(centre: Centre) -> None:
    """A press nobody takes at first, editions that change meanwhile, a hold, a restart, a home that falls silent."""
    home, quiet = centre.home(), centre.home(nth=1)
    first, second = village(centre, home), "zhuguan"
    await in_force(
        centre, plan(step(30, "on_duty:grid"), LAST, accept_s=120), roster=Roster(shifts=(shift("grid", first),))
    )
    await centre.move(quiet)
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await centre.gateway.desk.accept(row.incident, first, "link")
    assert (await save_roster(centre, Roster(shifts=(shift("grid", second),)))).done
    await centre.pass_time(seconds=130.25)
    await centre.claim(row)
    await centre.ask(HoldUntil(key=row.key, incident=row.incident, by="zuoxi1", for_s=300, reason="等女儿"))
    await centre.press(home)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.claim(await centre.row_of(home))
    await centre.spoke(row)
    await centre.close(row)
    for _ in range(16):
        await keep_alive(centre)
        await an_hour(centre)


async def an_hour(centre: Centre) -> None:
    """An hour passes, and every timer fires on time."""
    over = centre.clock.now() + timedelta(hours=1)
    while (now := centre.clock.now()) < over:
        due = [when(due_ms) for due_ms, _, _ in centre.gateway.store.reads.timers()]
        until = min([over, *(at for at in due if at > now)])
        await centre.pass_time(seconds=(until - now).total_seconds())


async def keep_alive(centre: Centre) -> None:
    """Every device of the two homes says that it is there, but nobody moves."""
    for nth in (0, 1):
        home = centre.home(nth=nth)
        for device in [it for it in centre.plan.registry.devices if it.household == home.household]:
            await centre.alive(home, device)
    await centre.settled()


def settings_file(centre: Centre, name: str = "nuanhu.toml", **more: object) -> Path:
    file = centre.folder / name
    lines = [f"data = {str(centre.folder / 'data')!r}", f"store_url = {centre.store_url!r}"]
    lines += [f"{key} = {value}" for key, value in more.items()]
    phones = [f"{name!r} = {url!r}" for name, url in centre.settings["duty_phones"].items()]
    file.write_text("\n".join([*lines, "[duty_phones]", *phones]).replace("'", '"'), encoding="utf-8")
    return file


def asked(centre: Centre, since: datetime, policy: Path | None = None) -> Report:
    until = (centre.clock.now() + timedelta(seconds=1)).isoformat()
    return replay(since.isoformat(), until, policy, settings_file(centre), quiet=True)


async def test_a_night_is_decided_bit_for_bit_as_it_was_also_while_the_gateway_runs(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    await night(centre)
    report = await asyncio.to_thread(asked, centre, began)
    assert report.same is True, show(report)
    assert report.decisions > 30
    assert report.events > 100
    assert report.basis == "journal"
    engine = centre.gateway.store.engine
    past = Past(engine)
    again = Replay(past, centre.gateway.policy, centre.gateway.directory, lambda _: None)
    states, h = {}, schema.hot_state.c
    with engine.connect() as c:
        stored = {(a, k): msgspec.json.decode(body) for a, k, body in c.execute(select(h.aggregate, h.key, h.body))}
    for partition in range(256):
        mine = begun([], centre.gateway.policy, centre.gateway.directory)
        for row in past.rows(partition, 0, 2**60):
            if (row.aggregate, row.key) in stored and row.judged:
                _, states[row.aggregate, row.key] = again.step(mine, row)
    assert {it: msgspec.json.decode(msgspec.json.encode(state)) for it, state in states.items()} == stored


async def test_what_was_changed_in_the_journal_is_found(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    await centre.press(centre.home())
    await centre.close_gateway()
    d = schema.decision.c
    with centre.gateway.store.seat.engine.begin() as c:
        where = d.key == centre.home().household
        body = c.execute(select(d.body).where(where).order_by(d.seq, d.n)).scalars().first()
        c.execute(update(schema.decision).where(where, d.body == body).values(body=b'{"decision":"slept"}'))
    report = asked(centre, began)
    assert report.same is False
    assert report.different[0].key == centre.home().household
    assert not report.good
    assert "then" in show(report)


async def test_from_a_checkpoint_the_rest_is_the_same_and_older_signals_may_be_gone(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    await centre.pass_time(minutes=3)
    began = centre.clock.now()
    batch = centre.gateway.judge.batch.__class__()
    batch.checkpoints = [row for it in checkpoints(centre.gateway.store.engine, ms(began)) for row in it.rows]
    await centre.pass_time(minutes=1)
    await centre.claim(row)
    await centre.close(row, Outcome.TEST)
    await centre.close_gateway()
    writing = centre.gateway.store.seat.engine
    batch.commit(writing)
    j = schema.journal.c
    with writing.begin() as c:
        c.execute(delete(schema.journal).where(j.at_ms < ms(began), j.key == centre.home().household))
    report = asked(centre, began)
    assert report.same is True, show(report)
    assert report.checkpoint == began
    with pytest.raises(UsageError, match="first checkpoint is of"):
        asked(centre, began - timedelta(minutes=2))
    gone = list(old_checkpoints(centre.gateway.store.engine, ms(began)))
    assert sum(len(piece.keys) for piece in gone) == 256


async def test_retention_writes_checkpoints_every_day(centre: Centre) -> None:
    await centre.press(centre.home())
    await centre.pass_time(hours=20)
    await centre.until(lambda: centre.gateway.retention.rounds >= 1, "the night's round")
    assert Past(centre.gateway.store.engine).earliest_ms() is not None


async def test_the_same_policy_as_another_one_changes_nothing(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    await night(centre)
    report = asked(centre, began, settings_file(centre, "same.toml"))
    would = report.would
    assert would.alarms["panic"] == {"then": 2, "now": 2}
    assert would.alarms["inactivity"]["then"] == would.alarms["inactivity"]["now"] >= 1
    assert (would.inactivity.only_then, would.inactivity.only_now) == (0, 0)
    assert (would.inactivity.earlier, would.inactivity.later) == (0, 0)
    assert would.homes == []


async def test_lower_limits_ring_earlier_and_it_says_by_how_much(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    await night(centre)
    engine, usual = centre.gateway.store.engine, centre.gateway.policy
    lower = msgspec.structs.replace(usual, city_limits_s=tuple(it // 2 for it in usual.city_limits_s))
    what = WhatIf(
        Past(engine), centre.gateway.policy, lower, Directory(centre.gateway.store.registry(), {}), lambda _: None
    )
    until = centre.clock.now() + timedelta(seconds=1)
    what.run(began, until)
    would = compared(what.then, what.now, 1.0)
    assert would.alarms["inactivity"]["then"] >= 1
    assert would.inactivity.earlier == would.inactivity.both >= 1
    assert would.inactivity.mean_shift_s < -3600
    assert {it.kind for it in what.now} >= {AlarmKind.PANIC, AlarmKind.INACTIVITY}
    assert would.alarms["panic"] == {"then": 2, "now": 2}


async def test_of_terms_saved_on_the_screens_the_file_says_otherwise_or_it_is_told_that_they_counted(
    centre: Centre,
) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    floods = msgspec.structs.replace(centre.gateway.policy.floods, flood_incidents=4)
    for group, terms in (("floods", floods), ("goals", Goals(test_every_days=7))):
        answer = await centre.gateway.desk.submit(
            SaveTerms(key="", by="admin", group=group, numbers=GROUPS[group].numbers(terms), note="试行")
        )
        assert answer.done
    await centre.press(centre.home())
    same = asked(centre, began, settings_file(centre, "same.toml"))
    assert same.as_saved == ("floods", "goals")
    assert "as saved on the screens then, not as in the file: floods, goals" in show(same)
    other = asked(centre, began, settings_file(centre, "other.toml", floods="{flood_incidents = 3}"))
    assert other.as_saved == ("goals",)
    present = centre.gateway.policy
    file = msgspec.structs.replace(present, own_floods=msgspec.structs.replace(floods, flood_incidents=3))
    saved = centre.gateway.judge.policy.editions
    assert msgspec.structs.replace(file, editions=saved).floods.flood_incidents == 4
    left = without(saved, otherwise(present, file))
    now = msgspec.structs.replace(file, editions=left)
    assert (now.floods.flood_incidents, now.test_every_s) == (3, 7 * 24 * 3600)
    goal = msgspec.structs.replace(present, own_equipment=EquipmentTerms(goal=0.9))
    assert otherwise(present, goal) == {"goals"}, "not the whole of equipment with it"
    slower = msgspec.structs.replace(present, own_values=with_changes({"p1_step_s": 40}))
    assert otherwise(present, slower) == {"values"}


async def test_older_than_the_journal_the_windows_serve_and_it_says_so(centre: Centre) -> None:
    home = centre.home()
    rows = []
    since = centre.clock.now() - timedelta(days=120)
    for day in range(90):
        for hour in (0, 2, 4, 6, 9, 12) if day % 20 != 19 else (0,):
            at = since + timedelta(days=day, hours=hour)
            window = int(at.timestamp()) // 300
            rows.append({"household": home.household, "window": window, "rooms": "living", "door": False})
    await centre.press(home)
    await centre.close_gateway()
    with centre.gateway.store.seat.engine.begin() as c:
        c.execute(schema.activity.insert(), rows)
        c.execute(delete(schema.journal).where(schema.journal.c.seq == 1))
    assert Reads(centre.gateway.store.engine).activity(home.household, since, centre.clock.now())
    strict = settings_file(centre, "strict.toml", false_per_week=0.02)
    until = (since + timedelta(days=90)).isoformat()
    report = replay(since.isoformat(), until, strict, settings_file(centre), quiet=True)
    assert report.basis == "windows"
    assert report.would.alarms["inactivity"]["then"] >= 1
    assert report.mean_limit_s["then"] < report.mean_limit_s["now"]
    assert "five-minute windows alone" in show(report)
    with pytest.raises(UsageError, match="no checkpoint yet"):
        replay(since.isoformat(), until, None, settings_file(centre), quiet=True)


async def test_wrong_arguments_are_told_in_one_line(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--settings", str(settings_file(centre))]
    for wrong in (["--from", "x", "--to", "y"], ["--from", "2026-01-02", "--to", "2026-01-01"]):
        assert await asyncio.to_thread(main, ["replay", *wrong, *where]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    span = ["--from", "2026-01-05", "--to", "2026-01-06", "--json"]
    assert await asyncio.to_thread(main, ["replay", *span, *where]) == 0
    told = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])
    assert told["same"] is True
    assert {"from", "to", "events", "decisions", "different", "events_s"} <= told.keys()


def test_a_span_of_minutes_is_not_made_into_alarms_a_day(centre: Centre) -> None:
    now = centre.clock.now()
    ringing = [Raised("h", AlarmKind.PANIC, now, None)]
    short, long = compared(ringing, [], 5 / 1440), compared(ringing, [], 2.0)
    report = Report(
        since=now, until=now + timedelta(minutes=5), utc_offset_s=8 * 3600, basis="journal", events=1, events_s=1
    )
    told = show(msgspec.structs.replace(report, would=short))
    assert "too short to say" in told
    assert "a_day" not in msgspec.json.decode(msgspec.json.encode(short), type=dict[str, object])
    assert "0.50" in show(msgspec.structs.replace(report, would=long))
    assert f"{(now + timedelta(hours=8)):%Y-%m-%d %H:%M:%S}" in told, "the town's own clock"


def test_one_command_finds_the_settings_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUANHU_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "var" / "demo" / "60-1"
    folder.mkdir(parents=True)
    span = ["--from", "2026-01-01", "--to", "2026-01-02"]
    assert main(["replay", "--data", str(folder), *span]) == 2
    assert "nuanhu.toml" in capsys.readouterr().err
    (folder / "nuanhu.toml").write_text(f'data = "{folder}"\n')
    for words in (["--data", str(folder)], []):
        assert main(["replay", *words, *span]) == 2
        assert f"there is no store at {folder}" in capsys.readouterr().err, "the folder's own settings were read"
    other = tmp_path / "var" / "demo" / "90-1"
    other.mkdir()
    (other / "nuanhu.toml").write_text("")
    assert main(["replay", *span]) == 2
    assert "which town?" in capsys.readouterr().err
