"""The live side of the consoles: one stream of changes from the Desk, one frame a language and area, many sockets."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Account, covers
from dashboard.access import Do, may
from dashboard.board import Board
from dashboard.register import Register
from dashboard.rows import ConsoleRow, asked_of, console_row, counters_of, offered_to, queue_order, step_line
from dashboard.speech import Speech
from dashboard.times import epoch_ms
from gateway.desk.contract import Change, ConsoleSeen, Counters, CursorLost, Desk, QueueRow
from gateway.desk.vitals import CanaryState
from gateway.equipment.contract import StepView

MOST_WAITING = 256
"""Frames that may wait for one socket; then it is closed, and comes back for a snapshot."""
MOST_KEPT = 512
"""Changes kept for consoles that come back."""
RETRY_S = 1.0
TEST_SHOWN_FOR = timedelta(minutes=2)
"""So long after its end a test is still on the consoles, with how it ended."""
SILENT_BEATS = 3
"""A console that has said nothing for so many beats is not there, whatever its socket says."""
OWN = "~"
"""Logins that begin so are the gateway's own."""

FrameFor = Callable[["Scope"], str]

_log = logging.getLogger(__name__)


class Scope(msgspec.Struct, frozen=True):
    """What a group of consoles has in common: language, area, and whether they hear devices without a home."""

    language: str
    area: str
    strays: bool

    def sees(self, area: str) -> bool:
        """Whether a row of this area is theirs."""
        return covers(self.area, area) if area else self.strays


def scope_of(account: Account, language: str) -> Scope:
    """The group an account's consoles belong to."""
    return Scope(language, account.area, strays=not account.area or may(account, Do.ACT))


class Console:
    """One console's socket: frames waiting to be sent, and what it reports of itself.

    Attributes:
        scope: Its group.
        account: As it was when the socket was opened.
        until: When its sign-in ends, service time.
        attended: It reports its audio running and its queue shown.
        heard_s: When it last said something, by the event loop's clock, seconds.
        ended: Empty while it may go on, else why not: ``slow`` or ``signed_out``.
    """

    def __init__(self, scope: Scope, account: Account, until: datetime) -> None:
        """Nothing waits yet."""
        self.scope = scope
        self.account = account
        self.until = until
        self.attended = False
        self.heard_s = 0.0
        self.ended = ""
        self._frames: deque[str] = deque()
        self._something = asyncio.Event()

    def put(self, frame: str) -> None:
        """Let a frame wait for the socket; never blocks."""
        if len(self._frames) >= MOST_WAITING:
            self.end("slow")
        else:
            self._frames.append(frame)
            self._something.set()

    def end(self, why: str) -> None:
        """Let nothing more be sent."""
        self.ended = self.ended or why
        self._frames.clear()
        self._something.set()

    async def next(self) -> str | None:
        """The next frame; None when the console has ended."""
        while not self._frames and not self.ended:
            self._something.clear()
            await self._something.wait()
        return None if self.ended else self._frames.popleft()


class Hub:
    """Follows the Desk and feeds the consoles.

    Args:
        desk: Where changes come from.
        speeches: The languages.
        beat_s: Real seconds between two beats.
        speed: Service seconds for each real second, told to the consoles for their ages.
    """

    def __init__(self, desk: Desk, speeches: Mapping[str, Speech], beat_s: float, speed: float) -> None:
        """Follow nothing yet: ``run`` does."""
        self._desk = desk
        self._speeches = speeches
        self._beat_s = beat_s
        self._speed = speed
        self._consoles: set[Console] = set()
        self._board = Board()
        self._kept: deque[tuple[str, Change]] = deque(maxlen=MOST_KEPT)
        self._cursor = ""
        self._totals: dict[str, Counters] = {}
        self._stale: set[str] = set()
        self._wrong: tuple[str, ...] = ()
        self._steps: tuple[StepView, ...] = ()
        self._canary = CanaryState()
        self._following = asyncio.Event()
        self._register = Register(beat_s * SILENT_BEATS)

    @property
    def consoles(self) -> int:
        """Consoles connected, without the one by which the gateway tries itself."""
        return sum(not console.account.login.startswith(OWN) for console in self._consoles)

    @property
    def attended(self) -> int:
        """Consoles that report their audio running and their queue shown."""
        return sum(console.attended for console in self._consoles)

    @property
    def operators(self) -> tuple[int, int]:
        """How many people who answer alarms have a console connected, and how many of them attend it."""
        there = [it for it in self._consoles if may(it.account, Do.ACT) and not it.account.login.startswith(OWN)]
        attending = {it.account.login for it in there if it.attended}
        return len({it.account.login for it in there}), len(attending)

    def tests(self, account: Account, language: str) -> list[str]:
        """Devices in test mode as this account's pages show them."""
        return self._tests(scope_of(account, language))

    def asked_of(self, account: Account, language: str) -> list[ConsoleRow]:
        """Where this account may be the second person to a closing."""
        return [console_row(row, self._speeches[language]) for row in asked_of(self._board.rows.values(), account)]

    def offered_to(self, account: Account, language: str) -> list[ConsoleRow]:
        """What others hand over to this account."""
        return [console_row(row, self._speeches[language]) for row in offered_to(self._board.rows.values(), account)]

    async def run(self) -> None:
        """Follow the Desk until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._beat())
            tasks.create_task(self._look_around())

    async def join(self, console: Console, after: str = "") -> None:
        """Let a console take part: from a cursor when its changes are still known, else from a snapshot."""
        async with asyncio.timeout(self._beat_s * 2):
            await self._following.wait()
        if console.scope.area not in self._totals:
            self._totals[console.scope.area] = (await self._desk.snapshot(console.scope.area)).counters
        missed = self._changes_after(after) if after else None
        if missed is None:
            console.put(self._snapshot_frame(console.scope))
        else:
            for change in missed:
                console.put(self._change_frame(change, console.scope))
            console.put(self._beat_frame(console.scope))
        self._consoles.add(console)
        self.hear(console)

    def leave(self, console: Console) -> None:
        """The console's socket has gone."""
        self._consoles.discard(console)

    def hear(self, console: Console) -> None:
        """A console has said something: it is there."""
        console.heard_s = asyncio.get_running_loop().time()

    def polled(self, account: Account, *, attended: bool = False) -> None:
        """A console whose socket cannot be had has asked for a snapshot: it is there."""
        if may(account, Do.ACT):
            self._register.polled(account.login, asyncio.get_running_loop().time(), attended=attended)

    async def tell_attendance(self) -> None:
        """Let the Desk know whose consoles are here; what is no news there costs nothing."""
        heard = [
            (console.account.login, console.heard_s, console.attended)
            for console in self._consoles
            if may(console.account, Do.ACT) and not console.account.login.startswith(OWN)
        ]
        real_s, now = asyncio.get_running_loop().time(), self._desk.now()
        seen = self._register.seen(heard, real_s)
        await self._desk.consoles(
            [
                ConsoleSeen(
                    login=it.login,
                    sockets=it.sockets,
                    attended=it.attended,
                    since=now - timedelta(seconds=(real_s - it.heard_s) * self._speed),
                )
                for it in seen
            ]
        )

    async def _follow(self) -> None:
        while True:
            try:
                await self._take_snapshot()
                async for change in self._desk.changes(self._cursor):
                    self._take(change)
                    await asyncio.sleep(0)  # a wave must not fill the sockets' queues before any of it is sent
            except CursorLost:
                _log.info("the cursor was lost; taking a new snapshot")
            except Exception:  # noqa: BLE001 - whatever it was, the consoles must be fed again
                _log.exception("the stream of changes broke off; trying again")
            self._following.clear()
            await asyncio.sleep(RETRY_S)

    async def _take_snapshot(self) -> None:
        snapshot = await self._desk.snapshot()
        self._wrong = (await self._desk.health()).faults
        self._steps = tuple(await self._desk.announced())
        self._board.begin(snapshot.rows, snapshot.flood)
        self._cursor = snapshot.cursor
        self._kept.clear()
        self._stale.update(self._totals)
        self._totals[""] = snapshot.counters
        self._following.set()
        self._send_all(self._snapshot_frame)

    def _take(self, change: Change) -> None:
        self._kept.append((self._cursor, change))
        self._cursor = change.cursor
        if change.steps is not None:
            self._steps = change.steps
        if change.wrong is not None:
            self._wrong = change.wrong
        if change.counters is not None:
            self._totals[""] = change.counters
            self._stale.update(area for area in self._totals if area)
        if self._folded_otherwise(change):
            self._send_all(self._snapshot_frame)
        self._send_all(lambda scope: self._change_frame(change, scope))

    def _folded_otherwise(self, change: Change) -> bool:
        """Take what changed; whether with it other rows are folded than before: then everybody needs all of them."""
        moved = self._board.put(change.row) if change.row is not None else False
        return (change.flood is not None and self._board.flood(change.flood)) or moved

    def _shown(self, row: QueueRow, say: Speech) -> ConsoleRow:
        return self._board.folds.applied(console_row(row, say), row)

    def _band(self, scope: Scope) -> str:
        return self._board.folds.told(self._board.tally(scope, scope.sees).folded, self._speeches[scope.language])

    def _send_all(self, frame_for: FrameFor) -> None:
        frames: dict[Scope, str] = {}
        for console in self._consoles:
            frame = frames.get(console.scope)
            if frame is None:
                frame = frames[console.scope] = frame_for(console.scope)
            console.put(frame)

    def _changes_after(self, cursor: str) -> list[Change] | None:
        """Changes since a cursor, oldest first; None when they are not known any more."""
        if cursor == self._cursor:
            return []
        kept = list(self._kept)
        place = next((n for n, (before, _) in enumerate(kept) if before == cursor), None)
        return None if place is None else [change for _, change in kept[place:]]

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            self._end_expired()
            if self._following.is_set():
                self._send_all(self._beat_frame)

    def _end_expired(self) -> None:
        now = self._desk.now()
        for console in self._consoles:
            if now >= console.until:
                console.end("signed_out")

    async def _look_around(self) -> None:
        """What need not be at once: areas' totals, the gateway's health, accounts taken away."""
        while True:
            await asyncio.sleep(self._beat_s)
            try:
                await self.tell_attendance()
                await self._refresh_totals()
                await self.check_accounts()
                health = await self._desk.health()
                self._wrong, self._canary = health.loud, health.canary
            except Exception:  # noqa: BLE001 - none of it may end the beats
                _log.exception("looking around failed; trying again")

    async def _refresh_totals(self) -> None:
        self._board.keep_tallies({console.scope for console in self._consoles})
        used = {console.scope.area for console in self._consoles}
        while self._stale:
            area = self._stale.pop()
            if area not in used:
                self._totals.pop(area, None)
                continue
            before, after = self._totals.get(area), (await self._desk.snapshot(area)).counters
            self._totals[area] = after
            if before != after:
                change = Change(cursor=self._cursor, at=self._desk.now())
                for console in self._consoles:
                    if console.scope.area == area:
                        console.put(self._change_frame(change, console.scope))

    async def check_accounts(self) -> None:
        """End the consoles of accounts that are not as they were when they came."""
        for login in {console.account.login for console in self._consoles}:
            account = await self._desk.account(login)
            for console in self._consoles:
                if console.account.login == login and console.account != account:
                    console.end("signed_out")

    def _snapshot_frame(self, scope: Scope) -> str:
        say = self._speeches[scope.language]
        rows = sorted((row for row in self._board.rows.values() if scope.sees(row.area)), key=queue_order)
        return _frame(
            type="snapshot",
            cursor=self._cursor,
            at=epoch_ms(self._desk.now()),
            speed=self._speed,
            rows=[self._shown(row, say) for row in rows],
            flood=self._band(scope),
            counters=self._counters(scope),
            wrong=[say.wrong(word) for word in self._wrong],
            tests=self._tests(scope),
        )

    def _change_frame(self, change: Change, scope: Scope) -> str:
        if change.canary:
            return _frame(type="canary", cursor=change.cursor, at=epoch_ms(self._desk.now()), id=change.canary)
        row = change.row if change.row is not None and scope.sees(change.row.area) else None
        return _frame(
            type="change",
            cursor=change.cursor,
            at=epoch_ms(self._desk.now()),
            row=self._shown(row, self._speeches[scope.language]) if row is not None else None,
            rings=change.rings and row is not None and not self._board.folds.of(row),
            flood=self._band(scope),
            counters=self._counters(scope),
            wrong=[self._speeches[scope.language].wrong(word) for word in self._wrong],
            tests=self._tests(scope),
        )

    def _tests(self, scope: Scope) -> list[str]:
        """Devices in test mode in the group's area."""
        now, say = self._desk.now(), self._speeches[scope.language]
        fresh = [step for step in self._steps if step.ended_at is None or now - step.ended_at <= TEST_SHOWN_FOR]
        return [step_line(step, say) for step in fresh if scope.sees(step.area)]

    def _beat_frame(self, scope: Scope) -> str:
        say = self._speeches[scope.language]
        now = epoch_ms(self._desk.now())
        wrong = [say.wrong(word) for word in self._wrong]
        return _frame(
            type="beat",
            at=now,
            speed=self._speed,
            wrong=wrong,
            tests=self._tests(scope),
            canary=say.canary(self._canary),
        )

    def _counters(self, scope: Scope) -> dict[str, int]:
        """Totals of the group's area; what is open is counted from the very rows they are shown."""
        groups = self._board.tally(scope, scope.sees).groups
        totals = self._totals.get(scope.area)
        counted = counters_of(totals) if totals is not None else {}
        return {**counted, "unclaimed": groups["unclaimed"], "in_progress": groups["progress"]}


def _frame(**fields: object) -> str:
    return msgspec.json.encode(fields).decode()
