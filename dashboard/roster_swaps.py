"""Turns that were ticked in the week, given to each other or to somebody else: as rows of the table of swaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from alerting.duty.week import Standing, Turn
from dashboard.form_fields import wall
from dashboard.roster_form import RosterDraft, Row, Vocabulary, with_row

BAR = "|"
PAIR = 2


class Picked(msgspec.Struct, frozen=True):
    """One person's turn: whose shift it is, who has it now, and from when to when."""

    person: str
    taken_by: str
    since: datetime
    until: datetime


def tick_of(turn: Turn, standing: Standing) -> str:
    """A turn of somebody as the value of a box to tick."""
    return BAR.join((standing.person, standing.taken_by, turn.since.isoformat(), turn.until.isoformat()))


def picked(ticks: Iterable[str]) -> list[Picked]:
    """The turns that were ticked; what is none is left out."""
    found: list[Picked] = []
    for tick in ticks:
        person, taken_by, since, until = (*tick.split(BAR), "", "", "", "")[:4]
        try:
            found.append(Picked(person, taken_by, datetime.fromisoformat(since), datetime.fromisoformat(until)))
        except ValueError:
            continue
    return found


def swapped(draft: RosterDraft, turns: Sequence[Picked], known: Vocabulary) -> tuple[RosterDraft, str]:
    """Two turns change hands; the flaw when they cannot."""
    if len(turns) != PAIR or turns[0].taken_by == turns[1].taken_by:
        return draft, "pick_two|"
    one, other = turns
    return _given(_given(draft, one, other.taken_by, known), other, one.taken_by, known), ""


def handed(
    draft: RosterDraft, turns: Sequence[Picked], instead: str | None, known: Vocabulary
) -> tuple[RosterDraft, str]:
    """The ticked turns go to one person; the flaw when they cannot."""
    if not turns or instead is None:
        return draft, "pick_and_name|"
    for turn in turns:
        draft = _given(draft, turn, instead, known)
    return draft, ""


def _given(draft: RosterDraft, turn: Picked, to: str, known: Vocabulary) -> RosterDraft:
    """One turn has a new owner; given back to whose shift it is, no swap is left."""
    name = known.people.name
    edges = {"since": wall(turn.since, known.utc_offset_s), "until": wall(turn.until, known.utc_offset_s)}
    row: Row = {"person": name(turn.person), "instead": name(to), **edges}
    earlier = [
        n
        for n, it in enumerate(draft.tables["swap"], 1)
        if it["person"] == row["person"] and {edge: it[edge] for edge in edges} == edges
    ]
    for n in reversed(earlier):
        draft = with_row(draft, "swap", without=n)
    return draft if to == turn.person else with_row(draft, "swap", row)
