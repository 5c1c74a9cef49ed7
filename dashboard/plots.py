"""Plots drawn as SVG text: a home's activity by day and quarter hour, and its inactivity limits by hour.

Colours come from the style sheet by class; nothing here needs a script or an inline style.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec
from markupsafe import Markup, escape

from gateway.desk.contract import ActivityWindow

DAY = timedelta(days=1)
QUARTER_S = 900
QUARTERS = 96
HOURS = 24
LABEL_WIDTH = 46
CELL_WIDTH = 6
ROW_HEIGHT = 12
CELL_HEIGHT = 10
HEAD_HEIGHT = 16
GRID_EVERY_H = 3
PLOT_WIDTH = LABEL_WIDTH + QUARTERS * CELL_WIDTH + 12
LIMITS_HEIGHT = 118
COLUMN_WIDTH = QUARTERS * CELL_WIDTH // HOURS


class Grid(msgspec.Struct, frozen=True):
    """How days and quarter hours are laid out; lengths in units of the drawing.

    Attributes:
        css: Classes of the drawing.
        label_width: Left of the first quarter hour.
        cell_width: Of a quarter hour.
        hours_apart: One hour in so many has its name.
        days_apart: One day in so many has its name, counted back from the last.
        head_height: Above the first day.
    """

    css: str
    label_width: int
    cell_width: float
    hours_apart: int
    days_apart: int
    head_height: int

    @property
    def width(self) -> int:
        """Of the whole drawing."""
        return self.label_width + round(QUARTERS * self.cell_width) + 12

    def x(self, quarter: float) -> float:
        """Where a quarter hour of a day begins."""
        return self.label_width + quarter * self.cell_width

    def y(self, day: int) -> int:
        """Where a day begins."""
        return self.head_height + day * ROW_HEIGHT


WIDE = Grid("plot", LABEL_WIDTH, CELL_WIDTH, GRID_EVERY_H, 1, HEAD_HEIGHT)
NARROW = Grid("plot plot-narrow", 44, 3, 6, 2, 18)
"""For a column: half as wide, so that its words can be read there."""


class Silence(msgspec.Struct, frozen=True):
    """A silence to be marked: when it began, when it passes its limit, and how far it has come. UTC."""

    since: datetime
    limit_at: datetime
    now: datetime


class Heading(msgspec.Struct, frozen=True):
    """What a plot is called and what it shows, in words, for people who do not see it."""

    id: str
    title: str
    text: str


def activity_plot(
    windows: Sequence[ActivityWindow],
    since: datetime,
    until: datetime,
    zone: tzinfo,
    heading: Heading,
    silence: Silence | None = None,
    grid: Grid = WIDE,
) -> Markup:
    """Days downwards, quarter hours across; darker where more five-minute windows of a quarter hour were active.

    Args:
        windows: Active five-minute windows, UTC.
        since: A local midnight, UTC: the first row.
        until: The last row is the local day of this moment, UTC.
        zone: Local time of the service.
        heading: Its words.
        silence: Marked up to its limit, and beyond it, on the days it touches.
        grid: How it is laid out.
    """
    first = since.astimezone(zone)
    days = (until.astimezone(zone).date() - first.date()).days + 1
    height = grid.head_height + days * ROW_HEIGHT + 2
    parts = [*_hour_grid(grid, height), *_day_labels(grid, first, days)]
    parts += _cells(grid, windows, first, days, zone)
    if silence is not None:
        parts += _silence_marks(grid, silence, first, days, zone)
    parts.append(_now_mark(grid, until.astimezone(zone), first))
    return svg(heading, grid.css, height, parts, grid.width)


def svg(heading: Heading, css: str, height: int, parts: Iterable[str], width: int = PLOT_WIDTH) -> Markup:
    """A drawing from its parts, with its words; every text in a part must have been escaped."""
    name = escape(heading.id)
    head = (
        f'<svg class="{css}" role="img" aria-labelledby="{name}-title {name}-text" '
        f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(heading.title)}</title>'
        f'<desc id="{name}-text">{escape(heading.text)}</desc>'
    )
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 - every text in it was escaped above


def _hour_grid(grid: Grid, height: int) -> Iterator[str]:
    for hour in range(0, HOURS + 1, grid.hours_apart):
        x, top = grid.x(hour * QUARTERS / HOURS), grid.head_height
        yield f'<line class="plot-grid" x1="{x:g}" x2="{x:g}" y1="{top - 2}" y2="{height}"/>'
        yield f'<text class="plot-label" x="{x:g}" y="{top - 6}" text-anchor="middle">{hour:02}</text>'


def _day_labels(grid: Grid, first: datetime, days: int) -> Iterator[str]:
    for day in range((days - 1) % grid.days_apart, days, grid.days_apart):
        x, y = grid.label_width - 8, grid.y(day) + CELL_HEIGHT - 1
        css = "plot-label plot-today" if day == days - 1 else "plot-label"
        yield f'<text class="{css}" x="{x}" y="{y}" text-anchor="end">{first + day * DAY:%m-%d}</text>'


def _cells(grid: Grid, windows: Sequence[ActivityWindow], first: datetime, days: int, zone: tzinfo) -> Iterator[str]:
    """Neighbouring quarter hours of the same darkness become one rectangle."""
    counts: Counter[int] = Counter()
    doors: set[int] = set()
    for window in windows:
        local = window.start.astimezone(zone)
        day = (local.date() - first.date()).days
        if 0 <= day < days:
            quarter = day * QUARTERS + (local.hour * 3600 + local.minute * 60) // QUARTER_S
            counts[quarter] += 1
            if window.door:
                doors.add(quarter)
    for quarter, length in _runs(counts):
        day, column = divmod(quarter, QUARTERS)
        yield _rect(grid, f"plot-active-{min(3, counts[quarter])}", column, length, day)
    for quarter in sorted(doors):
        day, column = divmod(quarter, QUARTERS)
        x, y = grid.x(column + 0.5), grid.y(day) + CELL_HEIGHT / 2
        yield f'<circle class="plot-door" cx="{x:g}" cy="{y:g}" r="1.6"/>'


def _runs(counts: Counter[int]) -> Iterator[tuple[int, int]]:
    start = length = 0
    for quarter in sorted(counts):
        follows = length and quarter == start + length and quarter % QUARTERS
        if follows and min(3, counts[quarter]) == min(3, counts[start]):
            length += 1
            continue
        if length:
            yield start, length
        start, length = quarter, 1
    if length:
        yield start, length


def _rect(grid: Grid, css: str, column: float, columns: float, day: int) -> str:
    x, width = grid.x(column), columns * grid.cell_width
    return f'<rect class="{css}" x="{x:g}" y="{grid.y(day)}" width="{width:g}" height="{CELL_HEIGHT}"/>'


def _silence_marks(grid: Grid, silence: Silence, first: datetime, days: int, zone: tzinfo) -> Iterator[str]:
    within = min(silence.limit_at, silence.now)
    for css, start, end in (
        ("plot-quiet", silence.since, within),
        ("plot-over", silence.limit_at, silence.now),
        ("plot-left", silence.now, silence.limit_at),
    ):
        for day, column, columns in _by_day(start, end, first, days, zone):
            yield _rect(grid, css, column, columns, day)


def _by_day(
    start: datetime, end: datetime, first: datetime, days: int, zone: tzinfo
) -> Iterator[tuple[int, float, float]]:
    """Of each day between two moments its number, first quarter hour and how many, fractions kept."""
    for day in range(days):
        midnight = first + day * DAY
        left = max(start.astimezone(zone), midnight)
        right = min(end.astimezone(zone), midnight + DAY)
        if left < right:
            column = (left - midnight).total_seconds() / QUARTER_S
            columns = (right - left).total_seconds() / QUARTER_S
            yield day, round(column, 2), round(columns, 2)


def _now_mark(grid: Grid, now: datetime, first: datetime) -> str:
    y = grid.y((now.date() - first.date()).days)
    x = grid.x((now.hour * 60 + now.minute) / 15)
    return f'<line class="plot-now" x1="{x:g}" x2="{x:g}" y1="{y - 2}" y2="{y + CELL_HEIGHT + 2}"/>'


def limits_plot(limits_s: Sequence[int], usual_s: Sequence[int], hour: int, heading: Heading) -> Markup:
    """A column for each local hour in which a silence may begin: its limit, and inside it the longest usual silence.

    Args:
        limits_s: 24 limits, seconds.
        usual_s: 24 longest usual silences, seconds; 0 where not known yet.
        hour: The hour to be marked as now, 0-23.
        heading: Its words.
    """
    assert len(limits_s) == HOURS
    assert len(usual_s) == HOURS
    base = LIMITS_HEIGHT - 16
    top_h = max(4, -(-max(*limits_s, *usual_s) // 3600))
    top_h += top_h % 2
    per_s = (base - 8) / (top_h * 3600)
    parts: list[str] = []
    for mark_h in (0, top_h // 2, top_h):
        y = round(base - mark_h * 3600 * per_s, 1)
        parts.append(f'<line class="plot-grid" x1="{LABEL_WIDTH}" x2="{PLOT_WIDTH - 12}" y1="{y:g}" y2="{y:g}"/>')
        parts.append(
            f'<text class="plot-label" x="{LABEL_WIDTH - 8}" y="{y + 3:g}" text-anchor="end">{mark_h} h</text>'
        )
    for n in range(HOURS):
        parts += _limit_column(n, limits_s[n] * per_s, usual_s[n] * per_s, base, now=n == hour)
    return svg(heading, "plot plot-limits", LIMITS_HEIGHT, parts)


def _limit_column(hour: int, limit: float, usual: float, base: int, *, now: bool) -> Iterator[str]:
    x = LABEL_WIDTH + hour * COLUMN_WIDTH
    css = "plot-limit plot-limit-now" if now else "plot-limit"
    yield f'<rect class="{css}" x="{x + 2}" y="{base - limit:.1f}" width="{COLUMN_WIDTH - 4}" height="{limit:.1f}"/>'
    if usual:
        width = COLUMN_WIDTH - 12
        yield f'<rect class="plot-usual" x="{x + 6}" y="{base - usual:.1f}" width="{width}" height="{usual:.1f}"/>'
    label = "plot-label plot-today" if now else "plot-label"
    yield f'<text class="{label}" x="{x + COLUMN_WIDTH / 2:g}" y="{base + 13}" text-anchor="middle">{hour:02}</text>'
