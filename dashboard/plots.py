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
) -> Markup:
    """Days downwards, quarter hours across; darker where more five-minute windows of a quarter hour were active.

    Args:
        windows: Active five-minute windows, UTC.
        since: A local midnight, UTC: the first row.
        until: The last row is the local day of this moment, UTC.
        zone: Local time of the service.
        heading: Its words.
        silence: Marked up to its limit, and beyond it, on the days it touches.
    """
    first = since.astimezone(zone)
    days = (until.astimezone(zone).date() - first.date()).days + 1
    height = HEAD_HEIGHT + days * ROW_HEIGHT + 2
    parts = [*_hour_grid(height), *_day_labels(first, days)]
    parts += _cells(windows, first, days, zone)
    if silence is not None:
        parts += _silence_marks(silence, first, days, zone)
    parts.append(_now_mark(until.astimezone(zone), first))
    return svg(heading, "plot", height, parts)


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


def _hour_grid(height: int) -> Iterator[str]:
    for hour in range(0, HOURS + 1, GRID_EVERY_H):
        x = LABEL_WIDTH + hour * COLUMN_WIDTH
        yield f'<line class="plot-grid" x1="{x}" x2="{x}" y1="{HEAD_HEIGHT - 2}" y2="{height}"/>'
        yield f'<text class="plot-label" x="{x}" y="{HEAD_HEIGHT - 6}" text-anchor="middle">{hour:02}</text>'


def _day_labels(first: datetime, days: int) -> Iterator[str]:
    for day in range(days):
        y = HEAD_HEIGHT + day * ROW_HEIGHT + CELL_HEIGHT - 1
        css = "plot-label plot-today" if day == days - 1 else "plot-label"
        yield f'<text class="{css}" x="{LABEL_WIDTH - 8}" y="{y}" text-anchor="end">{first + day * DAY:%m-%d}</text>'


def _cells(windows: Sequence[ActivityWindow], first: datetime, days: int, zone: tzinfo) -> Iterator[str]:
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
        yield _rect(f"plot-active-{min(3, counts[quarter])}", column, length, day)
    for quarter in sorted(doors):
        day, column = divmod(quarter, QUARTERS)
        x, y = LABEL_WIDTH + column * CELL_WIDTH + CELL_WIDTH / 2, HEAD_HEIGHT + day * ROW_HEIGHT + CELL_HEIGHT / 2
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


def _rect(css: str, column: float, columns: float, day: int) -> str:
    x, width = LABEL_WIDTH + column * CELL_WIDTH, columns * CELL_WIDTH
    y = HEAD_HEIGHT + day * ROW_HEIGHT
    return f'<rect class="{css}" x="{x:g}" y="{y}" width="{width:g}" height="{CELL_HEIGHT}"/>'


def _silence_marks(silence: Silence, first: datetime, days: int, zone: tzinfo) -> Iterator[str]:
    within = min(silence.limit_at, silence.now)
    yield from _span("plot-quiet", silence.since, within, first, days, zone)
    yield from _span("plot-over", silence.limit_at, silence.now, first, days, zone)
    yield from _span("plot-left", silence.now, silence.limit_at, first, days, zone)


def _span(css: str, start: datetime, end: datetime, first: datetime, days: int, zone: tzinfo) -> Iterator[str]:
    """One rectangle a day between two moments, fractions of a quarter hour kept."""
    for day in range(days):
        midnight = first + day * DAY
        left = max(start.astimezone(zone), midnight)
        right = min(end.astimezone(zone), midnight + DAY)
        if left < right:
            column = (left - midnight).total_seconds() / QUARTER_S
            columns = (right - left).total_seconds() / QUARTER_S
            yield _rect(css, round(column, 2), round(columns, 2), day)


def _now_mark(now: datetime, first: datetime) -> str:
    day = (now.date() - first.date()).days
    minutes = now.hour * 60 + now.minute
    x = LABEL_WIDTH + minutes * CELL_WIDTH / 15
    y = HEAD_HEIGHT + day * ROW_HEIGHT
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
