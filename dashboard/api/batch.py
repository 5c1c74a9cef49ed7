"""Many case files at once: all of them are registered, or none, each that is refused by its number and reason."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerting.casefile import Household, version_of
from alerting.enrolment.commands import ImportedHome, ImportHouseholds
from alerting.enrolment.importing import MOST_HOMES
from alerting.intake.ground import Ground
from dashboard.api.callers import Writer, by
from dashboard.api.case_reading import HomeReader
from dashboard.api.homes import AWAY, as_json, decoded, errors_of, ground_for, version_said
from dashboard.api.problems import Problem, store_away
from dashboard.inflow import bounded_body
from dashboard.site import Site, site_of

router = APIRouter()

LONGEST_BATCH = 24_000_000
AT_ONCE = 25
"""So many homes are read before everybody else has their turn."""
MOST_ERRORS = 1000


class Batch:
    """The homes of one call, read against the registry.

    Attributes:
        errors: Every reason, with the number of the home in the call, counted from 1.
        looks: What lowers safety or changes who answers.
        homes: What would be registered, with the version that each takes the place of.
        changed: Fields that differ, by case number.
        counts: How many are new, changed and unchanged.
    """

    def __init__(self, site: Site, ground: Ground) -> None:
        """Nothing is read yet."""
        self._site = site
        self._ground = ground
        self._numbers: dict[str, int] = {}
        self.errors: list[dict[str, object]] = []
        self.looks: list[dict[str, object]] = []
        self.homes: list[ImportedHome] = []
        self.changed: list[dict[str, object]] = []
        self.counts: Counter[str] = Counter()

    def read(self, number: int, given: object) -> None:
        """One home."""
        read = HomeReader(given, self._ground)
        flaws = list(read.flaws)
        if read.key and self._numbers.setdefault(read.key, number) != number:
            flaws.append(("key", "twice_in_batch"))
        home, before = read.home, read.before
        if home is not None and home != before:
            said = version_said("", given)
            if before is not None and not said:
                flaws.append(("version", "missing"))
            elif said and said != version_of(before):
                flaws.append(("version", "edited_meanwhile"))
        if flaws or home is None:
            self.counts["refused"] += 1
            self.errors += errors_of(self._site, flaws, number=number, key=read.key)
            return
        if home == before:
            self.counts["unchanged"] += 1
            return
        self.counts["changed" if before is not None else "new"] += 1
        self.homes.append(ImportedHome(home, version_of(before)))
        self.looks += errors_of(self._site, read.looks, number=number, key=home.key)
        if before is not None:
            names = [it for it in Household.__struct_fields__ if getattr(before, it) != getattr(home, it)]
            self.changed.append({"key": home.key, "fields": names})

    def told(self, *, dry_run: bool) -> dict[str, Any]:
        """What came of it."""
        counts = {name: self.counts[name] for name in ("new", "changed", "unchanged", "refused")}
        return {"dry_run": dry_run, **counts, "changes": self.changed, "looks": self.looks[:MOST_ERRORS]}


@router.post("/households:batch")
async def batch(request: Request, peer: Writer, *, dry_run: bool = False, confirm: bool = False) -> Response:
    """Register many homes or change their case files; with ``dry_run`` only say what would come of it."""
    site = site_of(request)
    async with _one_at_a_time(request):
        given = await asyncio.to_thread(decoded, await bounded_body(request, LONGEST_BATCH))
        homes = given.get("households") if isinstance(given, dict) else None
        if not isinstance(homes, list) or set(given) - {"households"}:
            raise Problem(400, "malformed")
        if len(homes) > MOST_HOMES:
            raise Problem(413, "too_large")
        keys = {it["key"] for it in homes if isinstance(it, dict) and isinstance(it.get("key"), str)}
        read = Batch(site, await ground_for(site, peer, keys))
        for n, it in enumerate(homes, 1):
            read.read(n, it)
            if n % AT_ONCE == 0:
                await asyncio.sleep(0)
        if read.errors:
            raise Problem(422, "bad_batch", errors=read.errors[:MOST_ERRORS], **read.told(dry_run=dry_run))
        if dry_run or not read.homes:
            return as_json(read.told(dry_run=dry_run))
        if read.looks and not confirm:
            raise Problem(409, "needs_confirmation", errors=read.looks[:MOST_ERRORS])
        command = ImportHouseholds(homes=tuple(read.homes), by=by(peer), note="POST /api/v1/households:batch")
        answer = await site.desk.submit(command)
        if answer.refused in AWAY or not answer.recorded:
            raise store_away()
        if not answer.done:
            errors = [_reason(site, read, it) for it in answer.reasons]
            raise Problem(409 if answer.refused == "edited_meanwhile" else 422, "bad_batch", errors=errors)
        return as_json(read.told(dry_run=False))


def _reason(site: Site, read: Batch, reason: str) -> dict[str, object]:
    """A reason of the rules, as ours."""
    key, field, word = (*reason.split("|", 2), "", "")[:3]
    numbers = {it.household.key: n for n, it in enumerate(read.homes, 1)}
    return errors_of(site, [(field, word)], number=numbers.get(key, 0), key=key)[0]


def _one_at_a_time(request: Request) -> asyncio.Lock:
    """A batch may be many megabytes: they wait for each other."""
    lock: asyncio.Lock = request.app.state.batches
    return lock
