"""Settings are changed and the gateway starts anew: the day before is still decided as it was decided then."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from centre import Centre
from sqlalchemy import select

from alerting.duty.editions import SETTINGS
from gateway.store import schema
from gateway.store.values import when
from nuanhu.replay.command import Report, replay
from nuanhu.replay.table import show

NEW = {
    "check_ins": {"motion": (15, 45), "hub": (5, 20)},
    "equipment": {"stuck_on_h": 4, "steady_times": 3},
    "floods": {"chatter_burst": 3, "flood_incidents": 3},
    "false_per_week": 5.0,
    "cap_day_h": 4.0,
    "cap_night_h": 4.5,
    "p1_steps_s": (10, 20, 40, 80),
    "values": {},
}


def settings_file(centre: Centre, settings: dict[str, object], name: str) -> Path:
    """These settings as an installation's own file."""

    def said(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {said(it)}" for key, it in value.items()) + "}"
        return str(list(value)) if isinstance(value, tuple) else repr(value).replace("'", '"')

    every = {"data": str(centre.folder / "data"), "store_url": centre.store_url, **settings}
    phones = every.pop("duty_phones")
    assert isinstance(phones, dict)
    lines = [f"{key} = {said(value)}" for key, value in every.items()]
    lines += ["[duty_phones]", *(f"{key!r} = {url!r}" for key, url in phones.items())]
    file = centre.folder / name
    file.write_text("\n".join(lines).replace("'", '"'), encoding="utf-8")
    return file


def replayed(centre: Centre, since: datetime, file: Path) -> Report:
    until = centre.clock.now() + timedelta(seconds=1)
    return replay(since.isoformat(), until.isoformat(), None, file, quiet=True)


async def a_day(centre: Centre, hours: int) -> None:
    """A press that climbs, a sensor that chatters, devices that fall silent, a home in which nobody moves."""
    home, quiet, noisy = centre.home(), centre.home(nth=1), centre.home(nth=2)
    await centre.move(quiet)
    await centre.press(home)
    for _ in range(8):
        await centre.event(noisy, "panic", "panic")
        await centre.pass_time(seconds=7)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=100)
    await centre.claim(row)
    await centre.close(row)
    over = centre.clock.now() + timedelta(hours=hours)
    while (now := centre.clock.now()) < over:
        due = [when(due_ms) for due_ms, _, _ in centre.gateway.store.reads.timers()]
        until = min([over, *(at for at in due if at > now)])
        await centre.pass_time(seconds=(until - now).total_seconds())


async def test_the_day_before_a_change_of_settings_is_decided_as_it_was(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    await a_day(centre, hours=15)  # past the cap of a day
    changed = centre.clock.now()
    await centre.set_up(**NEW)
    await a_day(centre, hours=5)  # past the lower one
    both = await asyncio.to_thread(replayed, centre, began, settings_file(centre, centre.settings, "new.toml"))
    assert both.decisions > 100
    assert both.same is True, show(both)
    unlike = {**centre.settings, **NEW, "cap_day_h": 24.0, "check_ins": {}, "floods": {}}
    whichever = await asyncio.to_thread(replayed, centre, began, settings_file(centre, unlike, "third.toml"))
    assert whichever.same is True, "the file of today says nothing about what was in force then"
    e = schema.edition.c
    with centre.gateway.store.engine.connect() as c:
        saved = c.execute(select(e.number, e.at_ms).where(e.kind == SETTINGS).order_by(e.number)).all()
    assert len(saved) == 2
    assert when(saved[1].at_ms) >= changed


async def test_the_same_settings_are_not_saved_again(centre: Centre) -> None:
    await centre.set_up()
    await centre.set_up()
    e = schema.edition.c
    with centre.gateway.store.engine.connect() as c:
        assert len(c.execute(select(e.number).where(e.kind == SETTINGS)).all()) == 1
