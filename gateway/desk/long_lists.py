"""A long list of homes on its way to the writer: in parts, so that a press never waits for more than one of them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence

from alerting.casefile import Household
from alerting.enrolment.commands import BringHomes, ImportedHome, ImportHouseholds
from gateway.desk.contract import Answer
from gateway.store.home_rows import forget_rows, home_rows

HOMES_A_PART = 100

Ask = Callable[[BringHomes | ImportHouseholds, str], Awaitable[Answer]]
"""Has a command carried out, with its idempotency key."""


AsSaved = Callable[[Household, str], Household]
"""A case file of a list as the rules will save it, given who brings it."""


async def bring_and_register(ask: Ask, command: ImportHouseholds, once: str, as_saved: AsSaved) -> Answer:
    """Bring the homes of a list in parts, then have all of them registered in one short transaction.

    The answer is that of the whole list: whatever happens on the way, all of it is registered or nothing.
    """
    name = secrets.token_hex(8)
    try:
        for first in range(0, len(command.homes), HOMES_A_PART):
            part = command.homes[first : first + HOMES_A_PART]
            await asyncio.to_thread(_make_rows, part, command.by, as_saved)
            answer = await ask(BringHomes(list_id=name, homes=part, by=command.by, note=command.note), "")
            if not answer.done:
                return answer
            if not answer.recorded:  # nothing is registered: the list waits in memory alone
                return Answer(refused="store_away")
        whole = ImportHouseholds(brought=name, count=len(command.homes), by=command.by, note=command.note)
        return await ask(whole, once)
    finally:
        forget_rows()


def _make_rows(homes: Sequence[ImportedHome], by: str, as_saved: AsSaved) -> None:
    for it in homes:
        home_rows(as_saved(it.household, by))
