"""Another budget on the stored windows: a child process beside everything else, one at a time; its find is kept."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeAlias

import msgspec

from alerting.budget.spending import Budget
from alerting.policy import Policy

log = logging.getLogger(__name__)

NICE = 19
ENDS_IN_S = 1.5
"""So long a child may take to go when it is asked, and when it is killed."""
RUNNING, DONE, ENDED, FAILED = "running", "done", "ended", "failed"


class Job(msgspec.Struct, frozen=True):
    """What is to be tried: the policy in force and another one, from ``since`` up to ``until``, UTC."""

    present: Policy
    other: Policy
    since: datetime
    until: datetime


class TrialDay(msgspec.Struct, frozen=True):
    """One local day: inactivity alarms under the present policy, and under the other one."""

    day: date
    then: int
    now: int


class TrialHome(msgspec.Struct, frozen=True):
    """One home: its inactivity alarms and its mean limit, seconds, as it is and with the other one."""

    home: str
    then: int
    now: int
    limit_then_s: float
    limit_now_s: float


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """Some homes of which windows are stored.

    Attributes:
        key: Tier or area key; empty: all.
        name: Of an area.
        homes: How many.
        then: Inactivity alarms under the present policy.
        now: Under the other one.
        limit_then_s: Mean limit after an active window, seconds: how long somebody would lie at that moment.
        limit_now_s: The same under the other one.
    """

    key: str = ""
    name: str = ""
    homes: int
    then: int
    now: int
    limit_then_s: float
    limit_now_s: float


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What another policy would have done.

    Attributes:
        days: Day by day, the oldest first; days before the first stored window are not there.
        all: All homes.
        tiers: By tier, the highest risk first.
        towns: By town.
        homes: The homes that differ most, the most different first.
        differ: So many homes would have had another number of alarms.
        both: Silences that ring under both.
        only_then: Under the present one alone.
        only_now: Under the other one alone.
        mean_shift_s: So much later on average those of both would ring, seconds; negative is earlier.
        windows: How many active moments were read: a window counts once for each of its rooms.
        learned_days: So many days before the first were there to learn from.
        absent_then: Silences that an absence kept from ringing under the present one.
        absent_now: Under the other one.
    """

    days: tuple[TrialDay, ...]
    all: Sum
    tiers: tuple[Sum, ...]
    towns: tuple[Sum, ...]
    homes: tuple[TrialHome, ...]
    differ: int
    both: int
    only_then: int
    only_now: int
    mean_shift_s: float
    windows: int
    learned_days: int
    absent_then: int
    absent_now: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A trial that runs or was run.

    Attributes:
        state: ``running``, ``done``, ``ended`` by somebody, or ``failed``.
        by: Who asked, their account.
        began_at: When, UTC.
        since: Beginning of the days that are tried, UTC.
        until: Their end.
        budget: What is tried.
        based_on: Number of the edition that was in force.
        part: How much is done, 0 to 1.
        found: When it is done.
    """

    state: str
    by: str
    began_at: datetime
    since: datetime
    until: datetime
    budget: Budget
    based_on: int
    part: float = 0.0
    found: Found | None = None


Work: TypeAlias = Callable[[Connection, str, Job], None]
"""In the child: sends how much is done (0 to 1), now and then, and at the end what was found."""


class _Going:
    """One trial that is under way: its thread, its child once that has started, and whether somebody wants its end."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.child: BaseProcess | None = None
        self.unwanted = False


class Trials:
    """Runs one trial at a time in a process of low priority; a thread listens to it, so that nothing waits.

    Another one can begin only once the child of the last is gone.

    Args:
        work: What the child does; a function that can be imported.
        store_url: Address of the store, which the child only reads.
    """

    def __init__(self, work: Work, store_url: str) -> None:
        """Nothing runs yet."""
        self._work = work
        self._url = store_url
        self._lock = threading.Lock()
        self._trial: Trial | None = None
        self._going: _Going | None = None
        self._closed = False

    def state(self) -> Trial | None:
        """The trial that runs or was run last."""
        with self._lock:
            return self._trial

    def begin(self, job: Job, by: str, now: datetime) -> bool:
        """Begin; False while another one is still there."""
        editions = job.present.editions
        trial = Trial(
            state=RUNNING,
            by=by,
            began_at=now,
            since=job.since,
            until=job.until,
            budget=job.other.budget,
            based_on=editions.budget_number,
        )
        with self._lock:
            if self._going is not None or self._closed:
                return False
            going = self._going = _Going()
            self._trial = trial
            going.thread = threading.Thread(target=self._run, args=(job, going), name="trial", daemon=True)
            going.thread.start()
        return True

    def end(self) -> None:
        """End what runs, and wait until its child is gone: first it is asked, then it is killed."""
        with self._lock:
            going = self._going
            if going is None or going.thread is None:
                return
            going.unwanted = True
        for signalled in (_terminate, _kill):
            with self._lock:
                signalled(going.child)
            going.thread.join(ENDS_IN_S)
            if not going.thread.is_alive():
                return
        log.error("a trial of another budget could not be ended")

    def close(self) -> None:
        """The same, for good."""
        with self._lock:
            self._closed = True
        self.end()

    def _run(self, job: Job, going: _Going) -> None:
        found = None
        try:
            found = self._listen(job, going)
        except Exception:
            log.exception("a trial of another budget could not be run")
        with self._lock:
            assert self._trial is not None, "what runs has begun"
            state = DONE if found is not None else ENDED if going.unwanted else FAILED
            part = 1.0 if found is not None else self._trial.part
            self._trial = msgspec.structs.replace(self._trial, state=state, found=found, part=part)
            self._going = None

    def _listen(self, job: Job, going: _Going) -> Found | None:
        context = get_context("spawn")  # this process has threads
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=self._work, args=(theirs, self._url, job), name="trial", daemon=True)
        with ours:
            with theirs:
                child.start()
            with suppress(ProcessLookupError):  # at once, not when it has imported what it needs
                os.setpriority(os.PRIO_PROCESS, _pid(child), NICE)
            with self._lock:
                going.child = child
                if going.unwanted:
                    child.terminate()
            try:
                found = self._heard(ours, child)
            finally:
                child.join(ENDS_IN_S)  # it has said its last
                _kill(child)
                child.join()
        if found is None and not going.unwanted:
            log.error("the child of a trial of another budget ended with %s before it was done", child.exitcode)
        return found

    def _heard(self, pipe: Connection, child: BaseProcess) -> Found | None:
        """What it found; None: it was gone before."""
        with suppress(EOFError, OSError):
            while pipe in wait((pipe, child.sentinel)):
                said = pipe.recv()
                if isinstance(said, Found):
                    return said
                if isinstance(said, float):
                    self._is_part(said)
        return None

    def _is_part(self, part: float) -> None:
        with self._lock:
            if self._trial is not None:
                self._trial = msgspec.structs.replace(self._trial, part=part)


def _pid(child: BaseProcess) -> int:
    assert child.pid is not None, "it has started"
    return child.pid


def _terminate(child: BaseProcess | None) -> None:
    if child is not None:
        child.terminate()


def _kill(child: BaseProcess | None) -> None:
    if child is not None:
        child.kill()
