"""What the screen on the wall shows: numbers by town and priority. No address, no name, nobody's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup, escape

from alerting.casefile import Account, Area, covers
from alerting.figures.measures import Measure
from alerting.model import Priority
from dashboard.access import sees
from dashboard.area_parts import parts_of
from dashboard.rows import group_of, waits_since
from dashboard.site import Site
from gateway.desk.contract import QueueRow

WIDTH, HEIGHT, EDGE = 1000.0, 900.0, 16.0


class Stood(msgspec.Struct, frozen=True):
    """What is open in one place.

    Attributes:
        unclaimed: How many nobody has taken.
        in_progress: How many somebody works on.
        most_urgent: The gravest priority among them; 0: nothing is open.
    """

    unclaimed: int
    in_progress: int
    most_urgent: int

    @property
    def open(self) -> int:
        """Both together."""
        return self.unclaimed + self.in_progress


class WallTown(msgspec.Struct, frozen=True):
    """One town (or village, for an account of one town) on the wall."""

    key: str
    name: str
    stands: Stood


class Wall(msgspec.Struct, frozen=True):
    """All numbers of the wall.

    Attributes:
        whole: Of the whole area, calls without a place included.
        by_priority: The same for each priority.
        waits_since: When the oldest that nobody has taken began to wait, UTC; None: nobody waits.
        waits_priority: Its priority; 0 for none.
        towns: Its parts, in the order of their keys.
        answered: Share of today's calls taken within 60 s, 0 to 1; None: there was none yet, or it is not known.
    """

    whole: Stood
    by_priority: dict[Priority, Stood]
    waits_since: datetime | None
    waits_priority: int
    towns: tuple[WallTown, ...]
    answered: float | None


def stood(rows: Iterable[QueueRow]) -> Stood:
    """Open incidents, counted."""
    rows = list(rows)
    groups = Counter(group_of(row) for row in rows)
    return Stood(groups["unclaimed"], groups["progress"], min((int(row.priority) for row in rows), default=0))


def wall_of(rows: Sequence[QueueRow], parts: Sequence[Area], answered: float | None) -> Wall:
    """The numbers of these open incidents."""
    free = [row for row in rows if group_of(row) == "unclaimed"]
    oldest = min(free, key=waits_since, default=None)
    return Wall(
        whole=stood(rows),
        by_priority={it: stood(row for row in rows if row.priority is it) for it in Priority},
        waits_since=waits_since(oldest) if oldest is not None else None,
        waits_priority=int(oldest.priority) if oldest is not None else 0,
        towns=tuple(WallTown(it.key, it.name, stood(r for r in rows if covers(it.key, r.area))) for it in parts),
        answered=answered,
    )


async def wall_now(site: Site, account: Account) -> tuple[Wall, Markup]:
    """The numbers and the map of an account's area."""
    parts = parts_of(await site.desk.areas(), account.area)
    rows = [row for row in (await site.desk.snapshot()).rows if sees(account, row.area)]
    today = await site.today.figures(account.area)
    wall = wall_of(rows, parts, today[Measure.ANSWERED_60].share)
    return wall, wall_map(parts, {it.key: it.stands for it in wall.towns})


def wall_map(parts: Sequence[Area], stands: dict[str, Stood]) -> Markup:
    """The parts of an area with the number of what is open in each; empty where no boundary is known."""
    drawn = [it for it in parts if it.boundary]
    points = [point for it in drawn for point in it.boundary]
    if not points:
        return Markup()
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    west, north = min(lons), max(lats)
    wide = (max(lons) - west) or 1e-6
    high = (north - min(lats)) or 1e-6
    shrink = 0.85  # a degree of longitude is shorter than one of latitude where we are
    scale = min((WIDTH - 2 * EDGE) / (wide * shrink), (HEIGHT - 2 * EDGE) / high)
    left = (WIDTH - wide * shrink * scale) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * shrink * scale, EDGE + (north - lat) * scale

    shapes, labels = [], []
    for it in drawn:
        here = stands[it.key]
        ring = [at(*point) for point in it.boundary]
        css = f"wall-area p{here.most_urgent}" if here.open else "wall-area"
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring)
        shapes.append(f'<polygon class="{css}{" is-waiting" if here.unclaimed else ""}" points="{path}"/>')
        x, y = _middle(ring)
        labels.append(f'<text class="wall-name" x="{x:.1f}" y="{y - 8:.1f}">{escape(it.name)}</text>')
        if here.open:
            labels.append(f'<text class="wall-count" x="{x:.1f}" y="{y + 36:.1f}">{here.open}</text>')
    body = "".join([*shapes, *labels])
    return Markup(f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true">{body}</svg>')  # noqa: S704 - escaped


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
