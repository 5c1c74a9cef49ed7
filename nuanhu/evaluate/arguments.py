"""The command line of ``nuanhu evaluate``, and its table for people."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from nuanhu.errors import UsageError

if TYPE_CHECKING:
    from nuanhu.evaluate.command import Report

MOST_PER_WEEK = 50.0


def add_evaluate(commands: Any) -> None:
    """Add the command to the parser."""
    log = commands.add_parser("evaluate", help="detection quality on one home's log")
    log.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the log; several are parts of one home's")
    log.add_argument(
        "--target", type=float, default=0.23, help="false alerts per home-week (default 0.23: one a month)"
    )
    log.add_argument("--train-days", type=int, default=0, help="days of learning first (28; 14 for a short log)")
    log.add_argument("--score-from-week", type=int, default=1, metavar="N", help="count from this week of the log on")
    log.add_argument(
        "--leave-out", action="append", default=[], metavar="NAME", help="a home that the prior must not know"
    )
    log.add_argument(
        "--outside-door", action="append", default=[], metavar="SENSOR", help="a sensor that is an outside door"
    )
    log.add_argument(
        "--answers", type=float, metavar="SHARE", help="as if the home's device asked, and so many were answered (0-1)"
    )
    log.add_argument("--compare", action="store_true", help="the reference rules too")
    log.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw limits, silences and delay")
    log.set_defaults(run=_evaluate)


def _evaluate(asked: argparse.Namespace) -> int:
    from gateway.clock import processor_s  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.evaluate.command import Asked, evaluate  # noqa: PLC0415

    if not 0 < asked.target <= MOST_PER_WEEK:
        raise UsageError(f"--target must be more than 0 and at most {MOST_PER_WEEK:g} a week")
    if asked.train_days < 0 or asked.score_from_week < 1:
        raise UsageError("--train-days must be 0 or more, --score-from-week 1 or more")
    if asked.answers is not None and not 0 <= asked.answers <= 1:
        raise UsageError("--answers must be a share from 0 to 1")
    shown = sys.stderr.isatty() and not asked.json
    report = evaluate(
        Asked(
            files=tuple(asked.files),
            target=asked.target,
            train_days=asked.train_days,
            from_week=asked.score_from_week,
            leave_out=tuple(asked.leave_out),
            compare=asked.compare,
            outside_doors=frozenset(asked.outside_door),
            plot=asked.plot,
            answers=asked.answers,
        ),
        processor_s,
        lambda rule: print(f"  {rule} …", file=sys.stderr, flush=True) if shown else None,
    )
    print(msgspec.json.encode(report).decode() if asked.json else table(report), flush=True)
    return 0


def table(report: Report) -> str:
    """The report for people."""
    head = f"{'rule':<22}{'false/week':>11}{'day':>7}{'p90':>6}{'night':>8}{'p90':>6}{'mean':>7}{'as few':>8}   hours"
    what = (
        f"{report.days} days, {report.weeks_scored} weeks scored, target {report.target_per_week:g} false alerts a week"
    )
    size = f"learned state {report.learned_bytes} bytes, hot {report.hot_bytes}"
    speed = f"{report.rows} rows, {report.events_s} a second; {report.refits} refits of {report.refit_ms} ms"
    lines = [f"{report.home}: {what}", "", head, _line("this home's rhythm", report)]
    if report.compared is not msgspec.UNSET:
        lines += [_line(rule.rule, rule) + _as_few(rule.at_our_rate_h) for rule in report.compared]
        lines += ["", "as few: mean delay with the target at which that rule has no more false alerts than this home's"]
    if report.asked is not msgspec.UNSET:
        it = report.asked
        lines += [
            "",
            f"asked by its own device {it.questions_per_week} times a week, {it.answers:.0%} answered: assumed",
        ]
    lines += [
        "",
        f"{report.low_activity_incidents} incidents on low-activity days, apart",
        f"the best fixed timer for as many false alerts, chosen with hindsight: {report.fixed_at_this_rate_h} h",
        f"{speed}; {size}",
    ]
    return "\n".join(lines)


def _as_few(at_our_rate_h: float | None) -> str:
    return f"{'–':>8}" if at_our_rate_h is None else f"{at_our_rate_h:>8.2f}"


def _line(name: str, figures: Any) -> str:
    d = figures.delay_h
    return (
        f"{name:<22}{figures.false_per_week:>11.2f}{d.day_median:>7.1f}{d.day_p90:>6.1f}"
        f"{d.night_median:>8.1f}{d.night_p90:>6.1f}{d.mean:>7.2f}"
    )
