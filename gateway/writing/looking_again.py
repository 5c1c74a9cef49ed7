"""What is looked at again once other plans, times or terms are in force: perhaps something is due by now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Flag, auto
from typing import TYPE_CHECKING

from alerting.commands import AnyCommand
from alerting.duty.escalation import is_waiting
from alerting.duty.saving import SaveTerms, SaveValues
from alerting.events import SaidByCalled
from alerting.model import Aggregate

if TYPE_CHECKING:
    from gateway.writing.judge import Judge


class About(Flag):
    """Of what a home is told."""

    FACTS = auto()
    """What is registered of it, and the check-ins of its devices."""
    CARE = auto()
    """What it is owed."""


def look_again(judge: Judge, command: AnyCommand | SaidByCalled, now: datetime) -> None:
    """Whoever climbs, or every incident, or every home that is to be telephoned; other terms count when next asked.

    Of equipment and care each home is told, a few in each batch: a press must not wait until all are.
    """
    if isinstance(command, SaveTerms) and command.group == "follow_up":
        look_at_all([(Aggregate.HOUSEHOLD, key) for key in judge.follow_ups], judge, now)
    elif isinstance(command, SaveTerms) and command.group in {"equipment", "care"}:
        tell_soon(judge, judge.directory.households, About.CARE if command.group == "care" else About.FACTS)
    elif not isinstance(command, SaveTerms) or command.group == "ladder":
        running = [it for it in judge.states.running() if isinstance(command, SaveValues) or is_waiting(it.ladder)]
        look_at_all([(it.aggregate, it.key) for it in running], judge, now)


def tell_soon(judge: Judge, homes: Iterable[str], about: About) -> None:
    """These homes wait to be told; who waits already waits once, for all of it."""
    for home in sorted(homes):
        judge.to_tell[home] = judge.to_tell.get(home, about) | about


def tell_first(judge: Judge, home: str, now: datetime) -> None:
    """A home that waits is told before anything else of it is judged: what it knows and the terms belong together."""
    about = judge.to_tell.get(home)
    if about is None or About.FACTS not in about:
        return
    del judge.to_tell[home]
    if rest := about & ~About.FACTS:
        judge.to_tell[home] = rest
    is_known = home in judge.directory.households
    if is_known and not judge.states.knows(home, judge.directory.enrolment(home)):
        judge.enrol_all(now, only=[home])


def look_at_all(them: Iterable[tuple[Aggregate, str]], judge: Judge, now: datetime) -> None:
    """As if their timers had fired."""
    for aggregate, key in list(them):
        judge.time_passed(aggregate, key, now)
