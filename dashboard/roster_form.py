"""A roster as a form: tables of rows that anybody can fill in, and what they have written, right or wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeVar

import msgspec
from starlette.datastructures import FormData

from alerting.duty.roster import Absence, DayKind, Post, Roster, Shift, Swap, Times
from dashboard.form_fields import (
    BETWEEN,
    LONGEST,
    LONGEST_LIST,
    MOST_ROWS,
    chosen,
    clock,
    day,
    listed,
    moment,
    picked_too,
    times_of,
    too_long,
    typed,
    wall,
    whole,
)
from dashboard.labels import Labels, who_is_meant
from dashboard.plan_form import Wrong

STANDING = ("role", "area", "from", "to", "on")
TABLES: dict[str, tuple[str, ...]] = {
    "shift": (*STANDING, "persons"),
    "post": STANDING,
    "absence": ("person", "since", "until", "reason"),
    "swap": ("person", "instead", "since", "until"),
    "deputy": ("person", "deputy"),
    "holiday": ("first", "last", "name"),
}
"""Fields of each table, as they are called in the form: ``shift.role.3``."""
WITH_DAYS = frozenset({"shift", "post"})
LISTS = frozenset({"persons", "workdays", "left"})
LONGEST_HOLIDAY = timedelta(days=60)

Row = dict[str, str]
It = TypeVar("It")


class RosterDraft(msgspec.Struct, kw_only=True):
    """A roster as it was filled in.

    Attributes:
        tables: Rows by table, fields by name; ``days`` are ticked weekdays with blanks between.
        workdays: Dates, as one text.
        left: Names of people who have left, as one text.
    """

    tables: dict[str, list[Row]]
    workdays: str = ""
    left: str = ""


class Vocabulary(msgspec.Struct, frozen=True):
    """What the names in a form mean, and the wall clock's offset, seconds."""

    people: Labels
    areas: Labels
    roles: Labels
    utc_offset_s: int


def draft_of(roster: Roster, known: Vocabulary) -> RosterDraft:
    """A roster as its form shows it."""
    name, offset_s = known.people.name, known.utc_offset_s

    def standing(it: Shift | Post) -> Row:
        return {
            "role": known.roles.name(it.role),
            "area": known.areas.name(it.area) if it.area else "",
            "from": clock(it.times.from_min),
            "to": clock(it.times.to_min),
            "on": it.times.on,
            "days": " ".join(str(weekday) for weekday in it.times.days),
        }

    def spell(it: Absence | Swap) -> Row:
        return {"person": name(it.person), "since": wall(it.since, offset_s), "until": wall(it.until, offset_s)}

    return RosterDraft(
        tables={
            "shift": [standing(s) | {"persons": BETWEEN.join(name(p) for p in s.persons)} for s in roster.shifts],
            "post": [standing(p) for p in roster.posts],
            "absence": [spell(a) | {"reason": a.reason} for a in roster.absences],
            "swap": [spell(s) | {"instead": name(s.instead)} for s in roster.swaps],
            "deputy": [{"person": name(a), "deputy": name(b)} for a, b in roster.deputies.items()],
            "holiday": list(_spans(roster.holidays)),
        },
        workdays=" ".join(roster.workdays),
        left=BETWEEN.join(name(person) for person in roster.left),
    )


def _spans(holidays: dict[str, str]) -> Iterable[Row]:
    """Days of the same name one after the other are one row."""
    spans: list[tuple[date, date, str]] = []
    for text, name in sorted(holidays.items()):
        this = date.fromisoformat(text)
        if spans and spans[-1][2] == name and this - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], this, name)
        else:
            spans.append((this, this, name))
    return ({"first": first.isoformat(), "last": last.isoformat(), "name": name} for first, last, name in spans)


def read_draft(form: FormData) -> RosterDraft:
    """What somebody has filled in, as it was."""
    tables: dict[str, list[Row]] = {}
    for table, fields in TABLES.items():
        count = min(whole(typed(form, table)) or 0, MOST_ROWS)
        rows = [{field: typed(form, f"{table}.{field}.{n}") for field in fields} for n in range(1, count + 1)]
        if table in WITH_DAYS:
            rows = [row | {"days": " ".join(chosen(form, f"{table}.days.{n}"))} for n, row in enumerate(rows, 1)]
        if table == "shift":
            rows = [
                row | {"persons": picked_too(form, f"{table}.persons.{n}", f"{table}.pick.{n}")}
                for n, row in enumerate(rows, 1)
            ]
        tables[table] = rows
    left = picked_too(form, "left", "left.pick")
    return RosterDraft(tables=tables, workdays=typed(form, "workdays"), left=left)


def with_row(draft: RosterDraft, table: str, row: Row | None = None, *, without: int = 0) -> RosterDraft:
    """With one more row at the end of a table, or without its n-th."""
    rows = list(draft.tables[table])
    if without:
        rows = [it for n, it in enumerate(rows, 1) if n != without]
    elif len(rows) < MOST_ROWS:
        empty = dict.fromkeys(TABLES[table], "") | ({"days": "", "on": DayKind.ANY} if table in WITH_DAYS else {})
        rows.append(empty | (row or {}))
    return msgspec.structs.replace(draft, tables=draft.tables | {table: rows})


class _Reading:
    """Reads one draft: rows that cannot be read are left out, and told."""

    def __init__(self, draft: RosterDraft, known: Vocabulary) -> None:
        self.draft = draft
        self.known = known
        self.wrong: Wrong = {}

    def say(self, field: str, flaw: str) -> None:
        self.wrong.setdefault(field, []).append(flaw)

    def fits(self, field: str, text: str, name: str) -> bool:
        flaws = too_long(text, LONGEST_LIST if name in LISTS else LONGEST)
        for flaw in flaws:
            self.say(field, flaw)
        return not flaws

    def person(self, field: str, typed_name: str) -> str | None:
        found, flaw = who_is_meant(self.known.people, typed_name)
        if flaw:
            self.say(field, flaw)
        return found

    def people(self, field: str, names: str) -> tuple[str, ...]:
        found = [self.person(field, name) for name in listed(names)]
        return tuple(person for person in found if person is not None)

    def rows(self, table: str, read: Callable[[Row, str], It | None]) -> tuple[It, ...]:
        found: list[It] = []
        for n, row in enumerate(self.draft.tables[table], 1):
            before, field = len(self.wrong), f"{table}.%s.{n}"
            fit = [self.fits(field % name, row[name], name) for name in TABLES[table]]
            it = read(row, field) if all(fit) else None
            if it is not None and len(self.wrong) == before:
                found.append(it)
        return tuple(found)

    def place(self, row: Row, field: str) -> tuple[str, str, Times] | None:
        role = self.known.roles.word(row["role"]) or row["role"]
        area = self.known.areas.word(row["area"]) if row["area"] else ""
        times = times_of(row["from"], row["to"], row["days"].split(), row["on"])
        if not role:
            self.say(field % "role", "empty_role|")
        if area is None:
            self.say(field % "area", f"unknown_area|{row['area']}")
        if times is None:
            self.say(field % "from", "bad_hours|")
        return (role, area, times) if area is not None and times is not None else None

    def shift(self, row: Row, field: str) -> Shift | None:
        place, persons = self.place(row, field), self.people(field % "persons", row["persons"])
        if not listed(row["persons"]):
            self.say(field % "persons", f"empty_shift|{row['role']}")
        return Shift(role=place[0], area=place[1], times=place[2], persons=persons) if place is not None else None

    def post(self, row: Row, field: str) -> Post | None:
        place = self.place(row, field)
        return Post(role=place[0], area=place[1], times=place[2]) if place is not None else None

    def absence(self, row: Row, field: str) -> Absence | None:
        person = self.person(field % "person", row["person"])
        since, until = (moment(row[edge], self.known.utc_offset_s) for edge in ("since", "until"))
        if since is None or until is None or until <= since:
            self.say(field % "until", f"ends_before|{row['person']}")
            return None
        return Absence(person=person or "", since=since, until=until, reason=row.get("reason", ""))

    def swap(self, row: Row, field: str) -> Swap | None:
        spell, instead = self.absence(row, field), self.person(field % "instead", row["instead"])
        if spell is None or instead is None:
            return None
        return Swap(person=spell.person, instead=instead, since=spell.since, until=spell.until)

    def deputy(self, row: Row, field: str) -> tuple[str, str] | None:
        a, b = self.person(field % "person", row["person"]), self.person(field % "deputy", row["deputy"])
        if a is not None and a == b:
            self.say(field % "deputy", f"own_deputy|{row['person']}")
        return (a, b) if a is not None and b is not None else None

    def holiday(self, row: Row, field: str) -> tuple[date, date, str] | None:
        first, last = day(row["first"]), day(row["last"] or row["first"])
        if first is None or last is None or not timedelta() <= last - first <= LONGEST_HOLIDAY:
            self.say(field % "first", f"bad_date|{row['first']} – {row['last']}")
            return None
        return first, last, row["name"]


def roster_of(draft: RosterDraft, known: Vocabulary) -> tuple[Roster, Wrong]:
    """The roster that was filled in, without the rows that cannot be read; and what is wrong, by field."""
    read = _Reading(draft, known)
    fits_workdays, fits_left = (read.fits(it, getattr(draft, it), it) for it in ("workdays", "left"))
    workdays = draft.workdays.replace(BETWEEN, " ").replace(",", " ").split() if fits_workdays else []
    for text in workdays:
        if day(text) is None:
            read.say("workdays", f"bad_date|{text}")
    holidays = {
        (first + timedelta(days=n)).isoformat(): name
        for first, last, name in read.rows("holiday", read.holiday)
        for n in range((last - first).days + 1)
    }
    roster = Roster(
        shifts=read.rows("shift", read.shift),
        posts=read.rows("post", read.post),
        absences=read.rows("absence", read.absence),
        swaps=read.rows("swap", read.swap),
        deputies=dict(read.rows("deputy", read.deputy)),
        holidays=holidays,
        workdays=tuple(text for text in workdays if day(text) is not None),
        left=read.people("left", draft.left) if fits_left else (),
        utc_offset_s=known.utc_offset_s,
    )
    return roster, read.wrong
