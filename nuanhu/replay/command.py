"""``nuanhu replay``: reads the store, never writes to it, also while the gateway runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import msgspec
from pydantic import ValidationError

from alerting.policy import Policy
from gateway.clock import SystemClock
from gateway.settings import Settings, read_settings
from gateway.store.engine import StoreError, StoreUnusableError, open_engine
from gateway.store.look import store_file
from gateway.store.past import Past
from gateway.store.reads import Reads
from gateway.store.registry import load_registry
from gateway.store.values import ms
from gateway.writing.directory import Directory
from nuanhu.errors import UsageError
from nuanhu.replay.arguments import moment
from nuanhu.replay.exact import BeyondJournalError, Different, Replay
from nuanhu.replay.what_if import Compared, WhatIf, compared
from nuanhu.replay.windows import both_over
from nuanhu.run import settings_from
from nuanhu.wiring import store_url

DAY_S = 86_400
BAR = 30
CLOCK = SystemClock()


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer. ``same`` is there with the same policy, ``would`` with another one; ``basis`` says from what.

    ``as_saved``: of what the other policy says, this counted as saved on the screens, by kind of edition.
    """

    since: datetime = msgspec.field(name="from")
    until: datetime = msgspec.field(name="to")
    utc_offset_s: int
    basis: str
    events: int
    events_s: int
    decisions: int | msgspec.UnsetType = msgspec.UNSET
    same: bool | msgspec.UnsetType = msgspec.UNSET
    changed: int = 0
    different: list[Different] | msgspec.UnsetType = msgspec.UNSET
    not_judged: int = 0
    checkpoint: datetime | None = None
    would: Compared | msgspec.UnsetType = msgspec.UNSET
    mean_limit_s: dict[str, float] | msgspec.UnsetType = msgspec.UNSET
    as_saved: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong: with the same policy the decisions must be the same."""
        return self.same is not False


def replay(since: str, until: str, policy_file: Path | None, settings_file: Path | None, *, quiet: bool) -> Report:
    """Replay a span of an installation's journal.

    Raises:
        UsageError: The span, a file or the store cannot be used.
    """
    settings = settings_from(settings_file)
    present = settings.policy()
    first, last = moment(since, "--from", present.utc_offset_s), moment(until, "--to", present.utc_offset_s)
    if last <= first:
        raise UsageError("--to must come after --from")
    other = _policy_of(policy_file, settings) if policy_file is not None else None
    url = store_url(settings)
    file = store_file(url)
    if file is not None and not file.is_file():
        raise UsageError(f"there is no store at {file}")
    try:
        engine = open_engine(url)
        try:
            going = _Going(Past(engine), Reads(engine), Directory(load_registry(engine), {}), quiet=quiet)
            return going.exact(present, first, last) if other is None else going.what_if(present, other, first, last)
        finally:
            engine.dispose()
    except (StoreError, StoreUnusableError) as failure:
        raise UsageError(f"the store cannot be read: {str(failure).partition(chr(10))[0]}") from failure


def _policy_of(file: Path, settings: Settings) -> Policy:
    """The policy in another settings file; what it does not say of the store is the installation's."""
    try:
        return read_settings(file, data=settings.data, store_url=settings.store_url).policy()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise UsageError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from wrong


class _Going:
    """A replay with its progress for people."""

    def __init__(self, past: Past, reads: Reads, directory: Directory, *, quiet: bool) -> None:
        self._past, self._reads, self._directory = past, reads, directory
        self._shows = not quiet and sys.stderr.isatty()
        self._began_s = CLOCK.monotonic_s()
        self._total = 0

    def _tell(self, done: int) -> None:
        if self._shows:
            part = min(1.0, done / max(1, self._total))
            print(f"\r[{'#' * int(BAR * part):<{BAR}}] {part:4.0%}", end="", file=sys.stderr, flush=True)

    def _rate(self, events: int) -> int:
        if self._shows:
            print(file=sys.stderr)
        return round(events / max(CLOCK.monotonic_s() - self._began_s, 1e-9))

    def exact(self, policy: Policy, since: datetime, until: datetime) -> Report:
        """The same policy: the decisions must be the same."""
        self._total = self._past.total(ms(until))
        try:
            found = Replay(self._past, policy, self._directory, self._tell).run(since, until)
        except BeyondJournalError as beyond:
            known = f"the first checkpoint is of {beyond.since}" if beyond.since else "there is no checkpoint yet"
            raise UsageError(
                f"--from is older than what the journal can prove: {known}; with --policy the windows serve"
            ) from beyond
        return Report(
            since=since,
            until=until,
            utc_offset_s=policy.utc_offset_s,
            basis="journal",
            events=found.events,
            events_s=self._rate(found.events + found.before),
            decisions=found.decisions,
            same=not found.changed,
            changed=found.changed,
            different=found.different,
            not_judged=found.not_judged,
            checkpoint=found.checkpoint,
        )

    def what_if(self, present: Policy, other: Policy, since: datetime, until: datetime) -> Report:
        """Another policy: from the journal where it reaches, else from the windows."""
        self._total = self._past.total(ms(until))
        asked = WhatIf(self._past, present, other, self._directory, self._tell)
        days = (until - since).total_seconds() / DAY_S
        try:
            asked.run(since, until)
        except BeyondJournalError:
            return self._windows(present, other, since, until)
        would = compared(asked.then, asked.now, days)
        rate = self._rate(asked.events)
        return Report(
            since=since,
            until=until,
            utc_offset_s=present.utc_offset_s,
            basis="journal",
            events=asked.events,
            events_s=rate,
            would=would,
            as_saved=tuple(sorted(asked.as_saved)),
        )

    def _windows(self, present: Policy, other: Policy, since: datetime, until: datetime) -> Report:
        homes = [self._directory.households[key] for key in sorted(self._directory.households)]
        self._total = len(homes)
        both = both_over(homes, self._reads, (present, other), since, until, self._tell)
        return Report(
            since=since,
            until=until,
            utc_offset_s=present.utc_offset_s,
            basis="windows",
            events=both.read,
            events_s=self._rate(both.read),
            would=both.would,
            mean_limit_s={"then": both.then.mean_limit_s, "now": both.now.mean_limit_s},
        )
