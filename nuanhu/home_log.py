"""Reads logs of real homes: when somebody was active, and where. Four formats, told apart by their first lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

LOOK_AHEAD = 20
SORT_WITHIN = timedelta(hours=26)
SORT_MOST = 200_000

ACTIVE = frozenset({"on", "open", "opened", "motion", "true", "active", "present", "start"})
CLOSING = frozenset({"close", "closed"})
"""Somebody closed it: as much a movement as opening it."""
AT_REST = frozenset(
    {
        "off",
        "false",
        "inactive",
        "absent",
        "still",
        "stop",
        "end",
        "low",
        "ok",
        "unknown",
        "unavailable",
        "none",
        "error",
    }
)
_VALUES = ACTIVE | CLOSING | AT_REST
COMMENTS = ("#", "%", "//", ";")

EXPECTED = (
    "one of: a CSV of five-minute windows (window_start,<Room>…,OutsideDoor); "
    "DATE TIME [AREA] SENSOR ON|OFF|OPEN|CLOSE [LABEL], by blanks or tabs; DATE TIME,SENSOR,ON; "
    "START<TAB>END<TAB>SENSOR<TAB>VALUE"
)

SAID_MOST = 10_000
"""So many sensors with their values are remembered; thermometers say something new each time."""

HEADER_LINES = 3
LEAST_EVENT, LEAST_INTERVAL = 3, 3

_OUTSIDE = re.compile(r"(outside|outer|front|main|entrance|entry|back|house|street).?door", re.IGNORECASE)
_TOTAL = re.compile(r"(total|sensor)?[ _]?(events?|counts?)|total", re.IGNORECASE)
_NO_ROOM = re.compile(
    r"(window_?)?end|hour|minute|day|day_?of_?week|weekday|date|month|is_?weekend|label|activity|resident"
    r"|temperature.*|.*battery.*|light_?level|lux|humidity",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
_GARBLED_ON, _GARBLED_OFF = re.compile(r"on.{1,3}"), re.compile(r"of.{0,4}")


class LogEvent(NamedTuple):
    """Somebody was active: wall-clock time of the home without a zone, the room or sensor as the log names it.

    ``room`` is empty where the log does not say; ``door`` marks an outside door.
    """

    at_local: datetime
    room: str
    door: bool


class LogError(ValueError):
    """A line that cannot be read, with its number and what was expected."""


Parser = Callable[[str], Iterable[LogEvent]]
"""One line -> its active events; raises ``ValueError`` saying what was expected."""


def read_home_log(
    path: Path, *, outside_doors: frozenset[str] = frozenset(), count: Callable[[], None] = lambda: None
) -> Iterator[LogEvent]:
    """The active moments of a log, in order of time, read lazily.

    Lines that are out of order by up to about a day are put in their place. Byte-order marks, CRLF, blank lines and
    comments are skipped.

    Args:
        path: UTF-8 text, or a folder of such files that are parts of one home's log.
        outside_doors: Sensors that are outside doors although their name does not say so.
        count: Called for each line that is read.

    Raises:
        LogError: A line that is not in the file's format (from the line on which the format was recognised), or a
            file in no known format.
        OSError: The file cannot be read.
    """
    files = sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".") if path.is_dir() else [path]
    yield from in_order(event for file in files for event in _read(file, outside_doors, count))


def _read(path: Path, outside_doors: frozenset[str], count: Callable[[], None]) -> Iterator[LogEvent]:
    with path.open(encoding="utf-8-sig", errors="strict", newline=None) as file:
        lines = ((number, line.strip("\r\n ")) for number, line in enumerate(_decoded(file, path), 1))
        wanted = ((number, line) for number, line in lines if line and not line.startswith(COMMENTS))
        head = list(islice(wanted, LOOK_AHEAD))
        if not head:
            raise LogError(f"{path.name}: empty; expected {EXPECTED}")
        found = _recognised(head, outside_doors)
        if found is None:
            number, line = head[0]
            raise LogError(f"{path.name} line {number}: {line[:60]!r} is in no known format; expected {EXPECTED}")
        parse, skip = found
        yield from _parsed(chain(head[skip:], wanted), parse, path.name, count)


def _decoded(file: Iterable[str], path: Path) -> Iterator[str]:
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise LogError(f"{path.name}: not UTF-8 text at byte {error.start}") from None


def _parsed(
    lines: Iterable[tuple[int, str]], parse: Parser, name: str, count: Callable[[], None]
) -> Iterator[LogEvent]:
    newest = datetime.min  # noqa: DTZ901 - local time of a home has no zone
    for number, line in lines:
        count()
        try:
            events = parse(line)
        except ValueError as reason:
            raise LogError(f"{name} line {number}: {line[:60]!r}: expected {reason}") from None
        for event in events:
            if event.at_local > newest:
                newest = event.at_local
            elif newest - event.at_local > SORT_WITHIN:
                raise LogError(f"{name} line {number}: {line[:60]!r} is older by days than the lines before it")
            yield event


def in_order(events: Iterable[LogEvent]) -> Iterator[LogEvent]:
    """Events in order, as long as none comes more than about a day too late."""
    waiting: list[LogEvent] = []
    newest = datetime.min  # noqa: DTZ901 - local time of a home has no zone
    in_order = True
    for event in events:
        in_order = in_order and event.at_local >= newest
        newest = max(newest, event.at_local)
        waiting.append(event)
        if len(waiting) >= SORT_MOST:
            if not in_order:
                waiting.sort(key=_when)
                in_order = True
            settled = newest - SORT_WITHIN
            ready = next((i for i, e in enumerate(waiting) if e.at_local >= settled), len(waiting))
            yield from waiting[: max(ready, 1)]
            del waiting[: max(ready, 1)]
    waiting.sort(key=_when)
    yield from waiting


def _when(event: LogEvent) -> datetime:
    return event.at_local


def _recognised(head: list[tuple[int, str]], outside_doors: frozenset[str]) -> tuple[Parser, int] | None:
    """The parser of the first format that the first line is in, and how many header lines stand before it."""
    first = head[0][1]
    if "," in first and first.split(",")[0].strip().strip('"').lower() in {"window_start", "window", "start", "time"}:
        return _Windows(first, outside_doors), 1
    parsers = (_Intervals(outside_doors), _CommaEvents(outside_doors), _BlankEvents(outside_doors))
    for skip, (_, line) in enumerate(head[: HEADER_LINES + 1]):
        for parser in parsers:
            try:
                list(parser(line))
            except ValueError:
                continue
            return parser, skip
        if line[0].isdigit():
            return None
    return None


def _moment(text: str) -> datetime:
    """``2011-06-15 01:03:39.14962`` or ``2011/06/15T01:03:39``; a zone is dropped: the wall clock counts."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = _unusual_moment(text)
    return at if at.tzinfo is None else at.replace(tzinfo=None)


def _unusual_moment(text: str) -> datetime:
    try:
        date, _, clock = text.strip().strip('"').replace("T", " ").partition(" ")
        whole, _, fraction = clock.strip().partition(".")
        if _YEAR_FIRST.fullmatch(date):
            date = "-".join(f"{int(part):02d}" for part in re.split(r"\D", date))
        if re.match(r"\d:", whole):
            whole = f"0{whole}"
        parsed = datetime.fromisoformat(f"{date} {whole}" if whole else date)
        if fraction:
            digits = re.match(r"\d*", fraction)
            parsed += timedelta(microseconds=int(f"{digits[0] if digits else '':0<6}"[:6]))
    except ValueError:
        raise ValueError("a time such as 2011-06-15 01:03:39") from None
    return parsed


class _Doors:
    """Which sensors are outside doors."""

    def __init__(self, outside_doors: frozenset[str]) -> None:
        self._known = {name.lower() for name in outside_doors}

    def is_outside(self, *names: str) -> bool:
        return any(name.lower() in self._known or _OUTSIDE.search(name) for name in names)


class _Windows(_Doors):
    """``window_start,<Room>…,OutsideDoor``: one count a room; a total stands for an unnamed room."""

    def __init__(self, header: str, outside_doors: frozenset[str]) -> None:
        super().__init__(outside_doors)
        names = [name.strip() for name in next(csv.reader([header]))][1:]
        if not names:
            raise LogError(f"the header {header[:60]!r} names no column beside the time")
        self._names = ["" if _TOTAL.fullmatch(name) else name for name in names]
        self._doors = [self.is_outside(name) for name in names]
        self._counts = [i for i, name in enumerate(names) if not _NO_ROOM.fullmatch(name)]

    def __call__(self, line: str) -> Iterable[LogEvent]:
        fields = line.split(",") if '"' not in line else next(csv.reader(io.StringIO(line)))
        if len(fields) != len(self._names) + 1:
            raise ValueError(f"{len(self._names) + 1} columns as in the header, not {len(fields)}")
        at = _moment(fields[0])
        active = [i for i in self._counts if self._count(fields[i + 1]) > 0]
        named = any(self._names[i] and not self._doors[i] for i in active)
        return [LogEvent(at, self._names[i], self._doors[i]) for i in active if self._names[i] or not named]

    @staticmethod
    def _count(text: str) -> float:
        try:
            return float(text) if text.strip() else 0.0
        except ValueError:
            raise ValueError(f"a count, not {text[:20]!r}") from None


class _Events(_Doors):
    """A line says the same of its sensor each time; what it says is worked out once."""

    def __init__(self, outside_doors: frozenset[str]) -> None:
        super().__init__(outside_doors)
        self._said: dict[tuple[str, ...], tuple[str, bool] | None] = {}

    def _event(self, at: datetime, said: tuple[str, ...]) -> Iterable[LogEvent]:
        try:
            found = self._said[said]
        except KeyError:
            found = self._where(said)
            if len(self._said) < SAID_MOST:
                self._said[said] = found
        return (LogEvent(at, *found),) if found is not None else ()

    def _where(self, said: tuple[str, ...]) -> tuple[str, bool] | None:
        """Area, sensor and value, or sensor and value -> the room and whether an outside door, where somebody moved."""
        *area, sensor, value = said
        word = value.strip().lower()
        if _is_number(word) or word in AT_REST or _GARBLED_OFF.fullmatch(word):
            return None
        if word in ACTIVE or word in CLOSING or _GARBLED_ON.fullmatch(word):
            return area[0] if area else sensor, self.is_outside(sensor, *area)
        raise ValueError(f"ON, OFF, OPEN or CLOSE, not {value[:20]!r}")


class _BlankEvents(_Events):
    """``DATE TIME [AREA] SENSOR VALUE [LABEL]``, by blanks or tabs."""

    def __call__(self, line: str) -> Iterable[LogEvent]:
        fields = line.split()
        if len(fields) < LEAST_EVENT + 1:
            raise ValueError("DATE TIME [AREA] SENSOR ON|OFF|OPEN|CLOSE [LABEL]")
        at = _moment(f"{fields[0]} {fields[1]}")
        if len(fields) > LEAST_EVENT + 1 and not _is_value(fields[3]) and _is_value(fields[4]):
            return self._event(at, (fields[2], fields[3], fields[4]))
        return self._event(at, (fields[2], fields[3]))


class _CommaEvents(_Events):
    """``DATE TIME,SENSOR,VALUE``, or the date and the time apart; more columns may follow."""

    def __call__(self, line: str) -> Iterable[LogEvent]:
        fields = [field.strip().strip('"') for field in line.split(",")]
        if len(fields) > LEAST_EVENT and _YEAR_FIRST.fullmatch(fields[0]):
            fields[:2] = [f"{fields[0]} {fields[1]}"]
        if len(fields) < LEAST_EVENT:
            raise ValueError("DATE TIME,SENSOR,ON|OFF|OPEN|CLOSE")
        return self._event(_moment(fields[0]), (fields[1], fields[2]))


class _Intervals(_Doors):
    """``START END SENSOR VALUE`` by tabs, times as ``25-Feb-2008 00:20:14``; a sensor is active from its start on."""

    def __call__(self, line: str) -> Iterable[LogEvent]:
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) < LEAST_INTERVAL:
            raise ValueError("START<TAB>END<TAB>SENSOR<TAB>VALUE")
        at = self._time(fields[0])
        if self._time(fields[1]) < at:
            raise ValueError("an end that is not before the start")
        return (LogEvent(at, fields[2], self.is_outside(fields[2])),)

    @staticmethod
    def _time(text: str) -> datetime:
        try:
            day, month, rest = text.split("-", 2)
            return datetime.fromisoformat(
                f"{rest[:4]}-{_MONTHS.index(month.lower()) + 1:02d}-{int(day):02d} {rest[5:]}"
            )
        except ValueError:
            raise ValueError("a time such as 25-Feb-2008 00:20:14") from None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@lru_cache(maxsize=1024)
def _is_value(text: str) -> bool:
    word = text.lower()
    return word in _VALUES or _is_number(word)


def _is_number(word: str) -> bool:
    """Readings of thermometers and batteries stand between the events of some logs."""
    try:
        float(word)
    except ValueError:
        return False
    return True
