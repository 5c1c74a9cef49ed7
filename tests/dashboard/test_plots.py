"""Plots: what is drawn where, and that it can be read without seeing it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from dashboard.plots import (
    CELL_WIDTH,
    HEAD_HEIGHT,
    LABEL_WIDTH,
    NARROW,
    ROW_HEIGHT,
    Heading,
    Silence,
    activity_plot,
    limits_plot,
)
from gateway.desk.contract import ActivityWindow

ZONE = timezone(timedelta(hours=8))
MIDNIGHT = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)  # 00:00 of the 6th in the town
NOW = MIDNIGHT + timedelta(days=1, hours=15)
HEADING = Heading("plot", "近 2 天 <活动>", "last movement & more")

RECT = re.compile(r'<rect class="([\w -]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"')


def rects(svg: str, css: str) -> list[tuple[float, int, float]]:
    """(quarter hour of the day, day, quarter hours wide) of each rectangle of a class."""
    found = [(float(x), float(y), float(w)) for name, x, y, w in RECT.findall(svg) if name == css]
    return [
        ((x - LABEL_WIDTH) / CELL_WIDTH, round((y - HEAD_HEIGHT) / ROW_HEIGHT), w / CELL_WIDTH) for x, y, w in found
    ]


def window(minutes: int, *, door: bool = False) -> ActivityWindow:
    return ActivityWindow(MIDNIGHT + timedelta(minutes=minutes), ("living",), door)


def drawn(windows: list[ActivityWindow], silence: Silence | None = None) -> str:
    return str(activity_plot(windows, MIDNIGHT, NOW, ZONE, HEADING, silence))


def test_a_quarter_hour_is_as_dark_as_it_was_busy() -> None:
    svg = drawn([window(0), window(60), window(65), window(120), window(125), window(130)])
    assert rects(svg, "plot-active-1") == [(0, 0, 1)]
    assert rects(svg, "plot-active-2") == [(4, 0, 1)]
    assert rects(svg, "plot-active-3") == [(8, 0, 1)]


def test_neighbours_are_drawn_as_one_but_never_across_midnight() -> None:
    last, first = 24 * 60 - 15, 24 * 60
    svg = drawn([window(600), window(615), window(630), window(last), window(first)])
    assert rects(svg, "plot-active-1") == [(40, 0, 3), (95, 0, 1), (0, 1, 1)]


def test_windows_outside_of_the_plot_are_left_out() -> None:
    assert rects(drawn([window(-5), window(48 * 60)]), "plot-active-1") == []


def test_the_front_door_is_marked() -> None:
    assert drawn([window(30, door=True)]).count('class="plot-door"') == 1


def test_for_a_column_it_is_half_as_wide_and_says_fewer_hours_and_days_but_always_today() -> None:
    until = NOW + timedelta(days=12)
    svg = str(activity_plot([window(60)], MIDNIGHT, until, ZONE, HEADING, grid=NARROW))
    assert re.findall(r"<text[^>]*>([^<]+)<", svg)[:5] == ["00", "06", "12", "18", "24"]
    days = re.findall(r">(\d\d-\d\d)<", svg)
    assert days == ["01-07", "01-09", "01-11", "01-13", "01-15", "01-17", "01-19"]
    assert 'plot-today" x="36"' in svg
    (left, top, width) = next((float(x), float(y), float(w)) for _, x, y, w in RECT.findall(svg))
    assert (left, top, width) == (NARROW.x(4), NARROW.head_height, NARROW.cell_width)
    assert f'viewBox="0 0 {NARROW.width} ' in svg


def test_a_silence_is_marked_up_to_its_limit_and_beyond_over_midnight() -> None:
    since = MIDNIGHT + timedelta(hours=20)
    svg = drawn([], Silence(since, since + timedelta(hours=6), NOW))
    assert rects(svg, "plot-quiet") == [(80, 0, 16), (0, 1, 8)]
    assert rects(svg, "plot-over") == [(8, 1, 52)]
    assert rects(svg, "plot-left") == []


def test_what_is_left_until_the_limit_is_marked_too() -> None:
    since = NOW - timedelta(hours=1)
    svg = drawn([], Silence(since, NOW + timedelta(hours=2), NOW))
    assert rects(svg, "plot-quiet") == [(56, 1, 4)]
    assert rects(svg, "plot-left") == [(60, 1, 8)]
    assert rects(svg, "plot-over") == []


def test_days_are_labelled_in_local_time_and_the_last_is_today() -> None:
    svg = drawn([])
    assert re.findall(r">(\d\d-\d\d)<", svg) == ["01-06", "01-07"]
    assert svg.count("plot-today") == 1


def test_a_plot_says_what_it_shows_and_needs_no_inline_style() -> None:
    svg = drawn([window(0)])
    assert 'role="img"' in svg
    assert "近 2 天 &lt;活动&gt;" in svg
    assert "last movement &amp; more" in svg
    assert "style=" not in svg


def test_limits_have_a_column_an_hour_as_high_as_long() -> None:
    limits = [hour * 1800 for hour in range(24)]
    svg = str(limits_plot(limits, [0] * 12 + [1800] * 12, 8, HEADING))
    heights = [float(h) for h in re.findall(r'class="plot-limit[\w -]*"[^>]*height="([\d.]+)"', svg)]
    assert len(heights) == 24
    assert heights == sorted(heights)
    assert svg.count("plot-limit-now") == 1
    assert svg.count('class="plot-usual"') == 12


def test_limits_fit_when_a_usual_silence_is_longer_than_any_limit() -> None:
    svg = str(limits_plot([3600] * 24, [50_000] * 24, 0, HEADING))
    assert all(float(y) >= 0 for y in re.findall(r'<rect[^>]* y="(-?[\d.]+)"', svg))
