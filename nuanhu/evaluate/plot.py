"""Two plots as one SVG text: how soon a collapse is found, and the limit by the hour in which a silence begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerting.silence.day import WINDOWS
from nuanhu.evaluate.score import Grid, quantile

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 360, 220, 40, 30, 34
MOST_H = 14
COLOURS = ("#1f5f99", "#777777", "#b5b5b5", "#c98a2b", "#7a4f9a")
DASHES = ("", "6 3", "2 2", "8 2 2 2", "4 4")
_STYLE = "text{font:11px sans-serif;fill:#333}line{stroke:#ddd}polyline{fill:none;stroke-width:1.6}"


def draw(grid: Grid, limits: Mapping[str, Sequence[float]], first_day: int, title: str) -> str:
    """The plots of one home, by rule.

    Args:
        grid: The log.
        limits: Limit in force after each active window, seconds, by the rule's name; ours first.
        first_day: First day of the scored part.
        title: What stands above.
    """
    scored = [at for at, w in enumerate(grid.windows) if w >= first_day * WINDOWS and not grid.low[w // WINDOWS]]
    found, by_hour, legend = [], [], []
    for i, (name, limits_s) in enumerate(limits.items()):
        stroke = f'stroke="{COLOURS[i % 5]}" stroke-dasharray="{DASHES[i % 5]}"'
        hours = sorted(limits_s[at] / 3600 for at in scored)
        found.append(_line(0, [(quantile(hours, share / 50), share * 2) for share in range(51)], (MOST_H, 100), stroke))
        middle = []
        for hour in range(24):
            here = sorted(limits_s[at] / 3600 for at in scored if grid.windows[at] % WINDOWS // 12 == hour)
            middle.append((hour + 0.5, quantile(here, 0.5)))
        by_hour.append(_line(WIDTH, middle, (24, MOST_H), stroke))
        y = TOP + HEIGHT + BOTTOM + 12 * (i + 1)
        legend.append(f'<polyline points="{LEFT},{y} {LEFT + 28},{y}" {stroke}/>')
        legend.append(f'<text x="{LEFT + 36}" y="{y + 4}">{name}</text>')
    height = TOP + HEIGHT + BOTTOM + 12 * (len(limits) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH + LEFT} {height}"><style>{_STYLE}</style>',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{LEFT}" y="14">{title}</text>',
        _axes(0, (MOST_H, 2, " h"), (100, 20, " %"), "collapses found after … hours"),
        _axes(WIDTH, (24, 3, ""), (MOST_H, 2, " h"), "median limit by the hour in which the silence begins"),
        *found,
        *by_hour,
        *legend,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _at(left: int, x: float, y: float, most: tuple[float, float]) -> tuple[float, float]:
    wide = WIDTH - LEFT - 10
    return left + LEFT + min(x / most[0], 1) * wide, TOP + HEIGHT * (1 - min(y / most[1], 1))


def _line(left: int, points: Sequence[tuple[float, float]], most: tuple[float, float], stroke: str) -> str:
    placed = (_at(left, x, y, most) for x, y in points)
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in placed)}" {stroke}/>'


def _axes(left: int, across: tuple[int, int, str], up: tuple[int, int, str], title: str) -> str:
    most = (float(across[0]), float(up[0]))
    parts = [f'<text x="{left + LEFT}" y="{TOP + HEIGHT + BOTTOM - 6}">{title}</text>']
    for x in range(0, across[0] + 1, across[1]):
        px, py = _at(left, x, 0, most)
        parts.append(f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{TOP}" y2="{py:.1f}"/>')
        unit = across[2] if x == across[0] else ""
        parts.append(f'<text x="{px - 6:.1f}" y="{py + 13:.1f}">{x}{unit}</text>')
    for y in range(0, up[0] + 1, up[1]):
        px, py = _at(left, 0, y, most)
        end, _ = _at(left, across[0], y, most)
        parts.append(f'<line x1="{px:.1f}" x2="{end:.1f}" y1="{py:.1f}" y2="{py:.1f}"/>')
        parts.append(f'<text x="{px - 34:.1f}" y="{py + 4:.1f}">{y}{up[2] if y == up[0] else ""}</text>')
    return "".join(parts)
