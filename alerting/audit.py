"""What the auditor looks for, and what counts as a finding: a pure rule over independent pictures of the same moment.

The store is what counts; memory is compared with it. Every incident has a next step, every timer its turn, every page
a sender, every console its sound, and the consoles are shown what is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.incidents import casework
from alerting.model import Incident
from alerting.policy import Policy

TURN_GRACE_S = 10.0
"""A timer may be so late, real seconds."""
SOUND_GRACE_S = 30
"""A console that was attended may be without sound for so long, seconds."""
SETTLED_S = 5
"""What has just changed may be on its way between store, memory and consoles, seconds."""
AGAIN_S = 600
"""Closed while it still stands: so long after, it rings once more, seconds."""
MOST_TOLD = 20
"""So many findings of a kind are told one by one."""

Owner = tuple[str, str]
"""Aggregate and key."""


class Check(StrEnum):
    """What the auditor proves."""

    NEXT_STEP = "next_step"
    """Every open incident has a next step in the future."""
    TURN = "turn"
    """Every timer has its turn, and the writer knows of it."""
    SENDER = "sender"
    """Every page that is not sent has a sender at work on it."""
    CONSOLE = "console"
    """Every console on shift has its socket, and its sound running."""
    SHOWN = "shown"
    """Every open incident is among those the consoles get, and rings there when it rings."""
    MEMORY = "memory"
    """What is open in the store is open in memory too, and the same."""


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is not as it must be.

    Attributes:
        check: Which proof failed.
        word: How: a word of ``dashboard/audit_words.py``.
        key: Key of the aggregate it is about; empty when it is about none.
        incident: Incident it is about; empty when none is open there.
        about: Recipient of a page, or login of a console.
    """

    check: str
    word: str
    key: str = ""
    incident: str = ""
    about: str = ""

    @property
    def text(self) -> str:
        """As an alarm's detail and a line of the timeline have it."""
        return "|".join((self.check, self.word, self.incident or self.key, self.about))


class Letter(msgspec.Struct, frozen=True):
    """A page or prompt of the outbox that is neither sent nor over; ``at_work``: a sender has it in hand."""

    key: str
    incident: str
    recipient: str
    at_work: bool


class Watch(msgspec.Struct, frozen=True):
    """Somebody's consoles.

    Attributes:
        login: Whose.
        sockets: How many are connected.
        silent_since: Since when none of them reports its sound running although one did before; None while one does,
            or when none ever has.
    """

    login: str
    sockets: int
    silent_since: datetime | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One look at everything.

    Attributes:
        now: Service time, aware UTC.
        stored: Open incidents as the store has them.
        timers: Due moment by owner as the store has it, epoch milliseconds.
        running: Open incidents by id as memory has them.
        armed: Due moment by owner as memory has it.
        queued: (due, aggregate, key) of what the writer will wake for.
        letters: What has to leave the house.
        is_sending: The thread that sends lives.
        consoles: Whose consoles are here.
        here: Logins whose console the rules take to be here.
        shown: By incident id, whether the consoles are shown that it rings.
        speed: Service seconds for each real second.
    """

    now: datetime
    stored: tuple[Incident, ...]
    timers: dict[Owner, int]
    running: dict[str, Incident]
    armed: dict[Owner, int]
    queued: frozenset[tuple[int, str, str]]
    letters: tuple[Letter, ...] = ()
    is_sending: bool = True
    consoles: tuple[Watch, ...] = ()
    here: tuple[str, ...] = ()
    shown: dict[str, bool] = {}
    speed: float = 1.0


def findings(picture: Picture, policy: Policy) -> list[Finding]:
    """Everything that is not as it must be at this look; what is only on its way is for the caller to look at again."""
    found = [*_next_steps(picture, policy)]
    settled = {finding.key for finding in found}
    found += [finding for finding in _turns(picture) if finding.key not in settled]
    found += [] if picture.is_sending else [Finding(Check.SENDER, "sender_dead")]
    found += [
        Finding(Check.SENDER, "no_sender", it.key, it.incident, it.recipient)
        for it in picture.letters
        if not it.at_work
    ]
    return [*found, *_consoles(picture), *_shown(picture), *_memory(picture)]


def _next_steps(picture: Picture, policy: Policy) -> Iterator[Finding]:
    for it in picture.stored:
        due_s, timer = casework.due_s(it, policy), picture.timers.get((it.aggregate.value, it.key))
        if due_s and timer is None:
            yield Finding(Check.NEXT_STEP, "no_timer", it.key, it.id)
        elif due_s and timer is not None and timer > due_s * 1000 + 1000:
            yield Finding(Check.NEXT_STEP, "timer_too_late", it.key, it.id)
        elif not due_s and not it.claimed_by and policy.plan_for(it.priority, it.key, it.rang_at) is not None:
            yield Finding(Check.NEXT_STEP, "nothing_due", it.key, it.id)


def _turns(picture: Picture) -> Iterator[Finding]:
    late_ms = picture.now.timestamp() * 1000 - TURN_GRACE_S * 1000 * picture.speed
    open_at = {(it.aggregate.value, it.key): it.id for it in picture.stored}
    for owner, due_ms in picture.timers.items():
        incident = open_at.get(owner, "")
        if due_ms < late_ms:
            yield Finding(Check.TURN, "overdue", owner[1], incident)
        elif picture.armed.get(owner) != due_ms or (due_ms, *owner) not in picture.queued:
            yield Finding(Check.TURN, "not_queued", owner[1], incident)
    for owner in picture.armed.keys() - picture.timers.keys():
        yield Finding(Check.TURN, "not_stored", owner[1], open_at.get(owner, ""))


def _consoles(picture: Picture) -> Iterator[Finding]:
    silent_from = picture.now - timedelta(seconds=SOUND_GRACE_S)
    here = {it.login for it in picture.consoles if it.sockets}
    for it in picture.consoles:
        if it.sockets and it.silent_since is not None and it.silent_since <= silent_from:
            yield Finding(Check.CONSOLE, "no_sound", about=it.login)
    for login in picture.here:
        if login not in here:
            yield Finding(Check.CONSOLE, "no_socket", about=login)


def _settled(picture: Picture, it: Incident) -> bool:
    return it.changed_at <= picture.now - timedelta(seconds=SETTLED_S * picture.speed)


def _shown(picture: Picture) -> Iterator[Finding]:
    for it in picture.stored:
        if it.id not in picture.running or not _settled(picture, it):
            continue
        if it.id not in picture.shown:
            yield Finding(Check.SHOWN, "not_shown", it.key, it.id)
        elif it.rings and not picture.shown[it.id]:
            yield Finding(Check.SHOWN, "not_ringing", it.key, it.id)


def _memory(picture: Picture) -> Iterator[Finding]:
    stored = {it.id: it for it in picture.stored}
    for it in picture.stored:
        mine = picture.running.get(it.id)
        if not _settled(picture, it):
            continue
        if mine is None:
            yield Finding(Check.MEMORY, "not_in_memory", it.key, it.id)
        elif _settled(picture, mine) and _standing(mine) != _standing(it):
            yield Finding(Check.MEMORY, "differs", it.key, it.id)
    for it in picture.running.values():
        if it.id not in stored and _settled(picture, it):
            yield Finding(Check.MEMORY, "not_in_store", it.key, it.id)


def _standing(it: Incident) -> object:
    return it.state, it.priority, it.claimed_by, it.unacknowledged, it.ladder.round, it.ladder.step


def told_first(standing: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that are told where there are more than can be: what belongs to an incident first."""
    return tuple(sorted(standing, key=lambda it: not it.incident))[:MOST_TOLD]


def news(
    known: dict[Finding, int], standing: tuple[Finding, ...], now_s: int, *, is_open: bool
) -> tuple[list[Finding], list[Finding]]:
    """What of the findings that stand now has to ring, and which are mended.

    Args:
        known: Findings that have rung, and when, epoch seconds.
        standing: All that stand now.
        now_s: Now.
        is_open: Their incident is open still; one that was closed while its cause stands rings again after a while.
    """
    again = [it for it, at_s in known.items() if not is_open and at_s + AGAIN_S <= now_s]
    return [it for it in standing if it not in known or it in again], [it for it in known if it not in standing]
