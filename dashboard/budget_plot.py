"""The last 28 days as a plot: false alarms that came, real ones, what was expected and what may be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dashboard.plots import LABEL_WIDTH, PLOT_WIDTH, Heading, svg
from gateway.budget.asked import BudgetDay
from gateway.budget.trying import TrialDay

HEIGHT = 170
BASE = HEIGHT - 18
TOP = 8
LABEL_EVERY = 7


def budget_plot(days: Sequence[BudgetDay], heading: Heading) -> Markup:
    """A column a day, real ones below, false ones upon them, undecided ones on top; lines of budget and expectation.

    Args:
        days: The oldest first; at least one.
        heading: Its words.
    """
    width = (PLOT_WIDTH - LABEL_WIDTH - 12) / len(days)
    most = max(max(day.false + day.real + day.open, day.budget or 0, day.expected or 0) for day in days)
    top = _round_up(most)
    per_one = (BASE - TOP) / top
    parts = [*_scale(top, per_one)]
    for n, day in enumerate(days):
        x = LABEL_WIDTH + n * width
        parts += _column(x + 1.5, width - 3, day, per_one)
        if (len(days) - 1 - n) % LABEL_EVERY == 0:
            css = "plot-label plot-today" if n == len(days) - 1 else "plot-label"
            parts.append(
                f'<text class="{css}" x="{x + width / 2:.1f}" y="{BASE + 13}" text-anchor="middle">'
                f"{day.day:%m-%d}</text>"
            )
    parts += _line("plot-budget", [day.budget for day in days], width, per_one)
    parts += _line("plot-expected", [day.expected for day in days], width, per_one)
    return svg(heading, "plot", HEIGHT, parts)


def trial_plot(days: Sequence[TrialDay], heading: Heading) -> Markup:
    """Two lines of steps: alarms a day as it is, and as they would have been.

    Args:
        days: The oldest first; at least one.
        heading: Its words.
    """
    width = (PLOT_WIDTH - LABEL_WIDTH - 12) / len(days)
    top = _round_up(max(max(day.then, day.now) for day in days))
    per_one = (BASE - TOP) / top
    parts = [*_scale(top, per_one)]
    for n, day in enumerate(days):
        if (len(days) - 1 - n) % LABEL_EVERY == 0:
            x = LABEL_WIDTH + (n + 0.5) * width
            text = f"{day.day:%m-%d}"
            parts.append(f'<text class="plot-label" x="{x:.1f}" y="{BASE + 13}" text-anchor="middle">{text}</text>')
    parts += _line("plot-budget", [day.then for day in days], width, per_one)
    parts += _line("plot-expected", [day.now for day in days], width, per_one)
    return svg(heading, "plot", HEIGHT, parts)


def _round_up(most: float) -> int:
    for top in (2, 4, 6, 10, 20, 40, 60, 100, 200, 400, 600):
        if most <= top * 0.95:
            return top
    return int(most * 1.1) + 1


def _scale(top: int, per_one: float) -> Iterator[str]:
    for mark in (0, top // 2, top):
        y = BASE - mark * per_one
        yield f'<line class="plot-grid" x1="{LABEL_WIDTH}" x2="{PLOT_WIDTH - 12}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="plot-label" x="{LABEL_WIDTH - 8}" y="{y + 3:.1f}" text-anchor="end">{mark}</text>'


def _column(x: float, width: float, day: BudgetDay, per_one: float) -> Iterator[str]:
    y = float(BASE)
    for css, n in (("plot-real", day.real), ("plot-false", day.false), ("plot-undecided", day.open)):
        if n:
            height = n * per_one
            y -= height
            yield f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(css: str, values: Sequence[float | None], width: float, per_one: float) -> Iterator[str]:
    """A step a day; a day that nobody counted is a gap."""
    points: list[str] = []
    for n, value in enumerate((*values, None)):
        if value is None:
            if points:
                yield f'<polyline class="{css}" points="{" ".join(points)}"/>'
            points = []
            continue
        y = BASE - value * per_one
        points += [f"{LABEL_WIDTH + n * width:.1f},{y:.1f}", f"{LABEL_WIDTH + (n + 1) * width:.1f},{y:.1f}"]
