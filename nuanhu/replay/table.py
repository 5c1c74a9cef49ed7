"""The answer of ``nuanhu replay`` for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import msgspec

from nuanhu.replay.command import Report
from nuanhu.replay.what_if import Compared

HOMES = 20
MINUTE_S = 60
BASIS = {
    "journal": "from the journal, event by event",
    "windows": "from the five-minute windows alone: older than the journal; only inactivity, without what people did",
}


def show(report: Report) -> str:
    """A table; moments by the town's own clock."""
    zone = timezone(timedelta(seconds=report.utc_offset_s))
    local = _clock(zone)
    lines = [f"{local(report.since)} to {local(report.until)} ({zone}), {BASIS[report.basis]}"]
    lines.append(f"{report.events} events, {report.events_s} a second")
    if report.same is not msgspec.UNSET:
        lines.append(f"{report.decisions} decisions: {'the same' if report.same else f'{report.changed} differ'}")
    if report.not_judged:
        lines.append(f"{report.not_judged} events that could not be judged then, passed over")
    if report.checkpoint is not None:
        lines.append(f"from the checkpoint of {local(report.checkpoint)}")
    if report.different is not msgspec.UNSET:
        for it in report.different:
            lines += [f"  {local(it.at)} {it.key} {it.event}"]
            lines += [f"    then {bytes(body).decode()}" for body in it.then]
            lines += [f"    now  {bytes(body).decode()}" for body in it.now]
    if report.would is not msgspec.UNSET:
        lines += _would(report.would)
    if report.as_saved:
        lines.append(f"as saved on the screens then, not as in the file: {', '.join(report.as_saved)}")
    if report.mean_limit_s is not msgspec.UNSET:
        hours = {name: limit_s / 3600 for name, limit_s in report.mean_limit_s.items()}
        lines.append(f"{'mean limit, h':<24}{hours['then']:>10.2f}{hours['now']:>10.2f}")
    return "\n".join(lines) + "\n"


def _clock(zone: timezone) -> Callable[[datetime], str]:
    return lambda at: at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _would(would: Compared) -> list[str]:
    lines = [f"{'':<24}{'present':>10}{'new':>10}"]
    lines += [f"{kind:<24}{n['then']:>10}{n['now']:>10}" for kind, n in would.alarms.items()]
    if not would.alarms:
        lines.append("no alarm under either")
    if would.a_day is not msgspec.UNSET:
        lines.append(f"{'alarms a day':<24}{would.a_day['then']:>10.2f}{would.a_day['now']:>10.2f}")
    else:
        lines.append(
            "alarms a day: the span is too short to say (under a day); ask for one day or more, best four weeks"
        )
    it = would.inactivity
    lines.append(
        f"silences that ring under both: {it.both}, {it.earlier} earlier, {it.later} later, "
        f"on average {it.mean_shift_s / MINUTE_S:+.0f} min; only present {it.only_then}, only new {it.only_now}"
    )
    lines += [f"  {home.home:<22}{home.then:>10}{home.now:>10}" for home in would.homes[:HOMES]]
    if len(would.homes) > HOMES:
        lines.append(f"  and {len(would.homes) - HOMES} homes more")
    return lines
