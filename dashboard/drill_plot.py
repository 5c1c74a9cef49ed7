"""A drill as a plot: how many had answered after so many minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dashboard.plots import LABEL_WIDTH, PLOT_WIDTH, Heading, svg

HEIGHT = 150
BASE = HEIGHT - 18
TOP = 8
RIGHT = PLOT_WIDTH - 12
MINUTE_S = 60
MOST_MARKS = 9


def drill_plot(answered_s: Sequence[int], people: int, within_s: int, heading: Heading) -> Markup:
    """A line that rises with each answer, up to everybody.

    Args:
        answered_s: After how many seconds each answer came.
        people: How many were called; at least one.
        within_s: How long there was to answer, seconds.
        heading: Its words.
    """
    last_s = max([within_s, *answered_s])
    per_s, per_one = (RIGHT - LABEL_WIDTH) / last_s, (BASE - TOP) / people
    parts = [*_scale(people, per_one), *_minutes(last_s, per_s)]
    y, line = float(BASE), f"M{LABEL_WIDTH} {BASE}"
    for n, at_s in enumerate(sorted(answered_s), start=1):
        line += f"H{LABEL_WIDTH + at_s * per_s:.1f}"
        y = BASE - n * per_one
        line += f"V{y:.1f}"
    parts.append(f'<path class="plot-answered" d="{line}H{RIGHT}"/>')
    end = LABEL_WIDTH + within_s * per_s
    parts.append(f'<line class="plot-end" x1="{end:.1f}" x2="{end:.1f}" y1="{TOP}" y2="{BASE}"/>')
    return svg(heading, "plot", HEIGHT, parts)


def _scale(people: int, per_one: float) -> Iterator[str]:
    for mark in sorted({0, people // 2, people}):
        y = BASE - mark * per_one
        yield f'<line class="plot-grid" x1="{LABEL_WIDTH}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="plot-label" x="{LABEL_WIDTH - 8}" y="{y + 3:.1f}" text-anchor="end">{mark}</text>'


def _minutes(last_s: int, per_s: float) -> Iterator[str]:
    minutes = last_s // MINUTE_S
    each = next((it for it in (1, 2, 5, 10) if minutes / it <= MOST_MARKS), 30)
    for minute in range(0, minutes + 1, each):
        x = LABEL_WIDTH + minute * MINUTE_S * per_s
        yield f'<text class="plot-label" x="{x:.1f}" y="{BASE + 13}" text-anchor="middle">{minute}</text>'
