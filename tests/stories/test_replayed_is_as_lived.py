"""What a replay says of another policy is what happens in a centre that lives through the same day under it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from centre import Centre

from alerting.commands import Claim, Close
from alerting.model import AlarmKind, Outcome
from gateway.store.past import Past
from gateway.store.values import when
from gateway.writing.directory import Directory
from nuanhu.replay.what_if import HANDLED, Raised, WhatIf, compared

STRICT = {"cap_day_h": 4.0, "cap_night_h": 5.0, "prompts_a_day": 0}
MOVES = {0: (0, 0.5, 5.25, 13, 13.5), 1: (0, 2, 3.5, 9.75), 2: (0, 3, 6, 9, 12, 15)}
"""Hours after the beginning at which somebody moves, by home."""
HOURS = 17


async def lived(centre: Centre) -> list[Raised]:
    """The day: whatever rings is answered with "was well" half an hour later. The inactivity alarms that came."""
    began, came = centre.clock.now(), dict[tuple[str, datetime], Raised]()
    moves = sorted((hour, nth) for nth, hours in MOVES.items() for hour in hours)
    alive = [began + timedelta(hours=hour, minutes=1) for hour in range(HOURS)]
    over = began + timedelta(hours=HOURS)
    while (now := centre.clock.now()) < over:
        while moves and began + timedelta(hours=moves[0][0]) <= now:
            await centre.move(centre.home(nth=moves.pop(0)[1]))
        if alive and alive[0] <= now:
            alive.pop(0)
            for nth in MOVES:
                for fitted in centre.home(nth=nth).fitted:
                    await centre.alive(centre.home(nth=nth), fitted.device)
            await centre.settled()
        rows = [row for row in await centre.queue() if row.alarms[0].kind is AlarmKind.INACTIVITY]
        for row in rows:
            alarm = row.alarms[0]
            came[row.key, alarm.at] = Raised(row.key, alarm.kind, alarm.at, alarm.quiet_since)
            if alarm.at + HANDLED <= now:
                who = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
                await centre.ask(Claim(**who))
                await centre.ask(Close(**who, outcome=Outcome.WAS_WELL))
        next_ones = [when(due_ms) for due_ms, _, _ in centre.gateway.store.reads.timers()]
        next_ones += [began + timedelta(hours=hour) for hour, _ in moves[:1]]
        next_ones += [row.alarms[0].at + HANDLED for row in rows] + alive[:1]
        until = min([over, *(at for at in next_ones if at > now)])
        await centre.pass_time(seconds=(until - now).total_seconds())
    return sorted(came.values(), key=lambda it: (it.key, it.at))


async def test_a_replayed_day_is_as_it_is_lived_under_that_policy(centre: Centre, tmp_path: Path) -> None:
    began = centre.clock.now()
    before = await lived(centre)
    strict = centre.gateway.store.engine
    second = Centre(tmp_path / "second")
    second.settings |= STRICT
    await second.start()
    try:
        after = await lived(second)
        other = second.gateway.policy
    finally:
        await second.stop()
    what = WhatIf(
        Past(strict), centre.gateway.policy, other, Directory(centre.gateway.store.registry(), {}), lambda _: None
    )
    what.run(began - timedelta(minutes=1), centre.clock.now() + timedelta(seconds=1))
    told = sorted((it for it in what.now if it.kind is AlarmKind.INACTIVITY), key=lambda it: (it.key, it.at))
    then = sorted((it for it in what.then if it.kind is AlarmKind.INACTIVITY), key=lambda it: (it.key, it.at))
    assert then == before
    assert told == after
    assert len(after) > len(before) >= 1
    would = compared(what.then, what.now, 1.0)
    assert would.alarms["inactivity"] == {"then": len(before), "now": len(after)}
    assert would.inactivity.earlier >= 1
