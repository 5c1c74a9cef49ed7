"""A plot of bars, one below the other, drawn as SVG: parts of a town, days of a month."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from markupsafe import Markup, escape

from dashboard.plots import PLOT_WIDTH, Heading, svg

NAME_WIDTH = 120
ROW = 18
BAR = 11
RIGHT = PLOT_WIDTH - 60


class Bar(msgspec.Struct, frozen=True):
    """One bar.

    Attributes:
        name: What it stands for.
        value: How long it is; None: nothing was counted.
        told: The same as it is written beside it.
    """

    name: str
    value: float | None
    told: str


class Bars(msgspec.Struct, frozen=True):
    """A plot.

    Attributes:
        title: What it shows.
        bars: From above.
        most: The length of the whole width; 0: that of the longest.
        target: A line that each should reach; None: there is none.
    """

    title: str
    bars: tuple[Bar, ...]
    most: float = 0
    target: float | None = None

    @property
    def width(self) -> float:
        """What the whole width stands for; never nothing."""
        return self.most or max((it.value or 0 for it in self.bars), default=0) or 1


def drawn(plot: Bars, id_: str) -> Markup:
    """The plot as it stands on a page.

    Args:
        plot: What.
        id_: Of its words on the page, once there.
    """
    per_one = (RIGHT - NAME_WIDTH) / plot.width
    height = len(plot.bars) * ROW + 4
    parts = [part for n, it in enumerate(plot.bars) for part in _bar(it, n * ROW, per_one, plot.target)]
    if plot.target is not None:
        x = NAME_WIDTH + plot.target * per_one
        parts.append(f'<line class="plot-end" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
    text = "; ".join(f"{it.name} {it.told}" for it in plot.bars)
    return svg(Heading(id_, plot.title, text), "plot plot-bars", height, parts)


def _bar(it: Bar, y: float, per_one: float, target: float | None) -> Iterator[str]:
    base = y + BAR
    yield f'<text class="plot-label" x="{NAME_WIDTH - 8}" y="{base}" text-anchor="end">{escape(it.name)}</text>'
    width = (it.value or 0) * per_one
    css = "plot-bar plot-below" if is_below(it, target) else "plot-bar"
    yield f'<rect class="{css}" x="{NAME_WIDTH}" y="{y + 2}" width="{width:.1f}" height="{BAR}"/>'
    yield f'<text class="plot-label" x="{NAME_WIDTH + width + 6:.1f}" y="{base}">{escape(it.told)}</text>'


def is_below(it: Bar, target: float | None) -> bool:
    """Whether a bar does not reach the line."""
    return target is not None and it.value is not None and it.value < target
