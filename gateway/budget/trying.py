"""Another budget on the stored windows: a child process beside everything else, one at a time; its find is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeAlias

import msgspec

from alerting.budget.spending import Budget
from alerting.policy import Policy

log = logging.getLogger(__name__)

ENDS_IN_S = 5.0
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
    """One home whose number of inactivity alarms differs."""

    home: str
    then: int
    now: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What another policy would have done.

    Attributes:
        days: Day by day, the oldest first.
        homes: Homes that would have had another number, the most different first.
        both: Silences that ring under both.
        only_then: Under the present one alone.
        only_now: Under the other one alone.
        mean_shift_s: So much later on average those of both would ring, seconds; negative is earlier.
        limit_then_s: Mean limit after an active window, seconds: how long somebody would lie at that moment.
        limit_now_s: The same under the other one.
        windows: How many windows were read.
    """

    days: tuple[TrialDay, ...]
    homes: tuple[TrialHome, ...]
    both: int
    only_then: int
    only_now: int
    mean_shift_s: float
    limit_then_s: float
    limit_now_s: float
    windows: int


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


class Trials:
    """Runs one trial at a time in a process of low priority; a thread listens to it, so that nothing waits.

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
        self._child: BaseProcess | None = None
        self._listening: threading.Thread | None = None

    def state(self) -> Trial | None:
        """The trial that runs or was run last."""
        with self._lock:
            return self._trial

    def begin(self, job: Job, by: str, now: datetime) -> bool:
        """Begin; False while another one runs."""
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
            if self._trial is not None and self._trial.state == RUNNING:
                return False
            self._trial = trial
            self._listening = threading.Thread(target=self._run, args=(job,), name="trial", daemon=True)
            self._listening.start()
        return True

    def end(self) -> None:
        """End what runs, and wait for it."""
        with self._lock:
            if self._trial is None or self._trial.state != RUNNING:
                return
            self._trial = msgspec.structs.replace(self._trial, state=ENDED)
            child, listening = self._child, self._listening
        if child is not None:
            child.terminate()
        if listening is not None:
            listening.join(ENDS_IN_S)

    def _run(self, job: Job) -> None:
        try:
            self._listen(job)
        except Exception:
            log.exception("a trial of another budget could not be run")
        finally:
            self._note(FAILED)

    def _listen(self, job: Job) -> None:
        context = get_context("spawn")  # this process has threads
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=self._work, args=(theirs, self._url, job), name="trial", daemon=True)
        with ours:
            child.start()
            theirs.close()
            with self._lock:
                self._child = child
                ended = self._trial is None or self._trial.state != RUNNING
            if ended:
                child.terminate()
            with suppress(EOFError):
                while True:
                    self._take(ours.recv())
        child.join()
        with self._lock:
            self._child = None

    def _take(self, said: object) -> None:
        if isinstance(said, Found):
            self._note(DONE, part=1.0, found=said)
        elif isinstance(said, float):
            self._note(RUNNING, part=said)

    def _note(self, state: str, **more: object) -> None:
        with self._lock:
            if self._trial is not None and self._trial.state == RUNNING:
                self._trial = msgspec.structs.replace(self._trial, state=state, **more)
