"""Lists of homes on their way in: read, columns chosen, checked row by row, registered. Kept in memory for an hour."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.casefile import Account, Household
from alerting.enrolment.commands import ImportHouseholds
from alerting.intake.cells import narrow
from alerting.intake.check import Check
from alerting.intake.columns import IGNORED, heading_row, recognised
from alerting.intake.datum import WGS84
from alerting.intake.doubt import doubtful
from alerting.intake.ground import Ground
from dashboard.sheet import Sheet
from gateway.desk.contract import Answer, Desk

KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 12
LOOKED_FOR_S = 120
AT_ONCE = 25
"""So many rows are checked before everybody else has their turn."""


class Step(StrEnum):
    """How far a list has come."""

    COLUMNS = "columns"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"


class HomeList:
    """One file.

    Args:
        token: Its address.
        login: Whose it is; nobody else sees it.
        file: What it was called.
        sheet: What stands in it.
        now: When it came.

    Attributes:
        fields: The field that each column fills.
        doubtful: Columns that a person should choose the field of.
        datum: Of the positions in rows that do not say theirs; empty where nobody has said.
        updates: Whether homes that are there are changed.
        read: How many rows are checked already.
        check: What came of them.
        refused: Why it was not registered, as a word; empty otherwise.
    """

    def __init__(self, token: str, login: str, file: str, sheet: Sheet, now: datetime) -> None:
        """Columns that are recognised are chosen."""
        self.token, self.login, self.file, self.sheet, self.at = token, login, file, sheet, now
        texts = [cells for _, cells in sheet.rows]
        at = heading_row(texts)
        self.headings, self.rows = texts[at], sheet.rows[at + 1 :]
        self.fields = recognised(self.headings)
        self.doubtful = doubtful(self.headings, self.fields, [cells for _, cells in self.rows])
        self.datum = WGS84 if "datum" in self.fields else ""
        self.updates = True
        self.step = Step.COLUMNS
        self.read = 0
        self.check: Check | None = None
        self.refused = ""
        self.running: asyncio.Task[None] | None = None

    @property
    def needs_datum(self) -> bool:
        """Whether somebody has to say from which map its positions were copied: nothing in it does."""
        return not self.datum and "lat" in self.fields and "datum" not in self.fields

    def samples(self, column: int) -> str:
        """What stands in the first rows of a column."""
        found = [cells[column] for _, cells in self.rows[:20] if column < len(cells) and cells[column].strip()]
        return "；".join(found[:2])

    async def _checked(self, desk: Desk, within: str) -> Check:
        areas = {it.key: it for it in await desk.areas()}
        people = {it.id: it for it in await desk.responders()}
        rows = [(number, dict(self._named(cells))) for number, cells in self.rows]
        homes = await desk.case_files({narrow(row.get("key", "")) for _, row in rows})
        check = Check(
            Ground(
                areas=areas,
                responders=people,
                households=homes,
                within=within,
                year=desk.now().year,
                updates=self.updates,
                datum=self.datum or WGS84,
                seal=desk.seal_id,
            )
        )
        for n, (number, row) in enumerate(rows, 1):
            check.read(number, row, self.sheet.merged.get(number, ""))
            self.read = n
            if n % AT_ONCE == 0:
                await asyncio.sleep(0)
        return check

    def _named(self, cells: list[str]) -> list[tuple[str, str]]:
        return [(field, text) for field, text in zip(self.fields, cells, strict=False) if field != IGNORED]

    def look(self, desk: Desk, account: Account) -> None:
        """Begin the dry run."""
        self.step, self.read, self.refused = Step.CHECKING, 0, ""
        self.running = asyncio.create_task(self._look(desk, account))

    async def _look(self, desk: Desk, account: Account) -> None:
        try:
            self.check = await self._checked(desk, account.area)
            self.step = Step.CHECKED
        except Exception:
            self.step, self.refused = Step.COLUMNS, "not_judged"
            raise

    def carry_out(self, desk: Desk, account: Account) -> None:
        """Begin to register it: checked once more against the registry as it is now, then all of it or nothing."""
        self.step, self.read, self.refused = Step.WRITING, 0, ""
        self.running = asyncio.create_task(self._carry_out(desk, account))

    async def _carry_out(self, desk: Desk, account: Account) -> None:
        answer = Answer(refused="not_judged")
        try:
            shown = self.check
            self.check = check = await self._checked(desk, account.area)
            if shown is None or check.rejections or not _is_as_shown(check, shown):
                answer = Answer(refused="edited_meanwhile")
            elif not check.homes:
                answer = Answer()
            else:
                command = ImportHouseholds(homes=tuple(check.homes), by=account.login, note=self.file)
                answer = await desk.submit(command, once=f"list-{self.token}-{_told(command)}")
                if answer.refused == "busy" or not answer.recorded:
                    answer = await _in_force(desk, check)
        finally:
            self.refused = answer.refused
            self.step = Step.DONE if answer.done else Step.CHECKED


def _is_as_shown(check: Check, shown: Check) -> bool:
    return (check.counts, check.changed, check.looked) == (shown.counts, shown.changed, shown.looked)


def _told(command: ImportHouseholds) -> str:
    """What tells one content of a list from another: what was refused once may be right after a change."""
    return hashlib.sha256(msgspec.json.encode(command)).hexdigest()


async def _in_force(desk: Desk, check: Check) -> Answer:
    """The store is slow: nobody is told that a list is registered before it is."""
    wanted = {it.household.key: _as_listed(it.household) for it in check.homes}
    for _ in range(LOOKED_FOR_S):
        there = await desk.case_files(wanted)
        if {key: _as_listed(home) for key, home in there.items()} == wanted:
            return Answer()
        await asyncio.sleep(1)
    return Answer(refused="store_away")


def _as_listed(home: Household) -> Household:
    """Without what the rules themselves put into a case file when it is saved."""
    return msgspec.structs.replace(home, assessment=None, review=None)


class HomeLists:
    """All lists on their way."""

    def __init__(self) -> None:
        """There is none."""
        self._lists: dict[str, HomeList] = {}

    def take(self, login: str, file: str, sheet: Sheet, now: datetime) -> HomeList:
        """A file has come."""
        fresh = {token: it for token, it in self._lists.items() if now - it.at < KEPT_FOR}
        self._lists = dict(list(fresh.items())[-MOST_KEPT + 1 :])
        it = HomeList(secrets.token_urlsafe(12), login, file, sheet, now)
        self._lists[it.token] = it
        return it

    def of(self, token: str, login: str) -> HomeList | None:
        """One of them, for whoever brought it."""
        found = self._lists.get(token)
        return found if found is not None and found.login == login else None

    def drop(self, it: HomeList) -> None:
        """It is not wanted any more."""
        self._lists.pop(it.token, None)
