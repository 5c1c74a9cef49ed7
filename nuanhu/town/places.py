"""The invented district: twelve towns of villages that fill a piece of map without gap or overlap.

Villages are the Voronoi cells of their centres; a town is the union of its villages. Corners that cells share are
the same numbers in each of them, and a border wiggles in the same way on both sides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from alerting.casefile import Area, AreaLevel, Place
from nuanhu.town.dice import Dice, dice_for
from nuanhu.town.names import CITY, DISTRICT, QUARTERS, TOWNS, VILLAGE_HEADS, VILLAGE_TAILS

CENTRE = (124.0, 30.2)
"""Longitude and latitude in the open sea, so that no dot falls on anybody's home."""

HALF_WIDTH_KM = 17.0
HALF_HEIGHT_KM = 13.0
STREETS = 4
RIM_CORNERS = 15
WIGGLE = 0.075
CITY_KEY = "990100"

Point = tuple[float, float]
Ring = tuple[Point, ...]
CornerName = frozenset[int]


class Village(msgspec.Struct, frozen=True):
    """One village or community: its area, centre in km east and north of the district's, ring in km."""

    area: Area
    town: int
    centre: Point
    ring: Ring
    urban: bool


class District(msgspec.Struct, frozen=True):
    """The whole invented district."""

    areas: tuple[Area, ...]
    villages: tuple[Village, ...]


def degrees(point: Point) -> Point:
    """(longitude, latitude), WGS-84, of a point in km east and north of the centre; six decimals, 0.1 m."""
    lat = CENTRE[1] + point[1] / 110.57
    lon = CENTRE[0] + point[0] / (111.32 * math.cos(math.radians(CENTRE[1])))
    return round(lon, 6), round(lat, 6)


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a simple ring (even-odd rule)."""
    x, y = point
    odd = False
    last = ring[-1]
    for corner in ring:
        if (corner[1] > y) != (last[1] > y):
            crossing = last[0] + (y - last[1]) * (corner[0] - last[0]) / (corner[1] - last[1])
            odd ^= x < crossing
        last = corner
    return odd


def plan_district(seed: int) -> District:
    """The district of this seed: city, district, 12 towns, 60-90 villages, parents before children."""
    for attempt in range(50):
        dice = dice_for(seed, "places", attempt)
        rim = _rim(dice)
        centres, town_of = _centres(dice, rim)
        cells = _cells(centres, rim, dice)
        rings = [_union([cells[i] for i, t in enumerate(town_of) if t == town]) for town in range(len(TOWNS))]
        outline = _union(cells)
        if outline is not None and all(ring is not None for ring in rings):
            return _named(dice, centres, town_of, cells, [r for r in rings if r is not None], outline)
    raise AssertionError("no connected towns in fifty attempts")


def place_in(village: Village, dice: Dice) -> Place:
    """A place for a home: near the village's centre, always inside its boundary."""
    spread_km = math.sqrt(_size_km2(village.ring)) * (0.22 if village.urban else 0.3)
    for _ in range(200):
        point = village.centre[0] + dice.gauss(0, spread_km), village.centre[1] + dice.gauss(0, spread_km)
        lon, lat = degrees(point)
        if inside((lon, lat), village.area.boundary):
            return Place(lat=lat, lon=lon)
    lon, lat = degrees(village.centre)
    return Place(lat=lat, lon=lon)


def _size_km2(ring: Ring) -> float:
    return 0.5 * abs(
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)),
    )


def _rim(dice: Dice) -> Ring:
    """A convex outline, counter-clockwise: the hull of points at uneven angles and distances."""
    points = []
    for i in range(RIM_CORNERS):
        angle = (i + dice.uniform(-0.35, 0.35)) * math.tau / RIM_CORNERS
        radius = dice.uniform(0.86, 1.1)
        points.append((HALF_WIDTH_KM * radius * math.cos(angle), HALF_HEIGHT_KM * radius * math.sin(angle)))
    convex = False
    while not convex:
        kept = [
            point for i, point in enumerate(points) if _turns_left(points[i - 1], point, points[(i + 1) % len(points)])
        ]
        convex, points = len(kept) == len(points), kept
    return tuple(points)


def _turns_left(before: Point, corner: Point, after: Point) -> bool:
    ahead = (corner[0] - before[0]) * (after[1] - corner[1]) - (corner[1] - before[1]) * (after[0] - corner[0])
    return ahead > 0


def _centres(dice: Dice, rim: Ring) -> tuple[list[Point], list[int]]:
    """Centres of all villages in km, and the town (0-11) of each. Streets lie in the middle and are dense."""
    towns: list[Point] = []
    for ring_radius, count in ((0.27, STREETS), (0.72, len(TOWNS) - STREETS)):
        turn = dice.uniform(0, math.tau)
        for i in range(count):
            angle = turn + (i + dice.uniform(-0.18, 0.18)) * math.tau / count
            radius = ring_radius * dice.uniform(0.93, 1.07)
            towns.append((HALF_WIDTH_KM * radius * math.cos(angle), HALF_HEIGHT_KM * radius * math.sin(angle)))
    centres: list[Point] = []
    town_of: list[int] = []
    for town in range(len(TOWNS)):
        for _ in range(dice.randint(5, 8)):
            centres.append(_apart(dice, rim, towns, town, centres))
            town_of.append(town)
    return centres, town_of


def _apart(dice: Dice, rim: Ring, towns: list[Point], town: int, taken: list[Point]) -> Point:
    """The one of 24 random points of a town that is farthest from all centres so far."""
    best, best_km = towns[town], -1.0
    found = 0
    while found < 24:
        point = HALF_WIDTH_KM * dice.uniform(-1.1, 1.1), HALF_HEIGHT_KM * dice.uniform(-1.1, 1.1)
        if not inside((point[0] * 1.06, point[1] * 1.06), rim):
            continue
        if min(range(len(towns)), key=lambda t: math.dist(point, towns[t])) != town:
            continue
        found += 1
        near_km = min((math.dist(point, other) for other in taken), default=1e9)
        if near_km > best_km:
            best, best_km = point, near_km
    return best


def _cells(centres: list[Point], rim: Ring, dice: Dice) -> list[Ring]:
    """One ring a centre. Shared corners and shared wiggles are the same objects' numbers in both cells."""
    corners: dict[CornerName, Point] = {}
    borders: dict[frozenset[CornerName], tuple[Point, ...]] = {}
    cells = []
    for own in range(len(centres)):
        edges = _cut(centres, rim, own)
        names = [frozenset((own, edges[i - 1][1], edges[i][1])) for i in range(len(edges))]
        for name, (point, _) in zip(names, edges, strict=True):
            corners.setdefault(name, (round(point[0], 6), round(point[1], 6)))
        ring: list[Point] = []
        for name, following in zip(names, (*names[1:], names[0]), strict=True):
            ring.append(corners[name])
            ring.extend(_border(corners, borders, name, following, dice))
        cells.append(tuple(ring))
    return cells


def _cut(centres: list[Point], rim: Ring, own: int) -> list[tuple[Point, int]]:
    """A cell as (corner, what lies beyond the edge that starts there): a centre, or -1, -2 … for the rim."""
    cell = [(corner, -1 - i) for i, corner in enumerate(rim)]
    here = centres[own]
    for other, there in enumerate(centres):
        if other == own:
            continue
        dx, dy = there[0] - here[0], there[1] - here[1]
        limit = (there[0] ** 2 + there[1] ** 2 - here[0] ** 2 - here[1] ** 2) / 2
        beyond = [dx * p[0] + dy * p[1] - limit for p, _ in cell]
        if max(beyond) <= 0:
            continue
        kept: list[tuple[Point, int]] = []
        for i, (point, edge) in enumerate(cell):
            after = (i + 1) % len(cell)
            if beyond[i] <= 0:
                kept.append((point, edge))
            if (beyond[i] <= 0) != (beyond[after] <= 0):
                share = beyond[i] / (beyond[i] - beyond[after])
                end = cell[after][0]
                cross = point[0] + share * (end[0] - point[0]), point[1] + share * (end[1] - point[1])
                kept.append((cross, other if beyond[i] <= 0 else edge))
        cell = kept
    return cell


def _border(
    corners: dict[CornerName, Point],
    borders: dict[frozenset[CornerName], tuple[Point, ...]],
    start: CornerName,
    end: CornerName,
    dice: Dice,
) -> tuple[Point, ...]:
    """Two extra points between two corners, a little off the straight line; the same from either side."""
    name = frozenset((start, end))
    if name not in borders:
        a, b = corners[start], corners[end]
        dx, dy = b[0] - a[0], b[1] - a[1]
        points = []
        for share in (1 / 3, 2 / 3):
            off = dice.uniform(-WIGGLE, WIGGLE)
            points.append((round(a[0] + share * dx - off * dy, 6), round(a[1] + share * dy + off * dx, 6)))
        borders[name] = tuple(points)
        return borders[name]
    return borders[name][::-1]


def _union(rings: Iterable[Ring]) -> Ring | None:
    """The outline of cells that touch: edges that belong to one cell alone, as one ring; None if not one ring."""
    following: dict[Point, Point] = {}
    edges = {(a, b) for ring in rings for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)}
    for a, b in edges:
        if (b, a) not in edges:
            if a in following:
                return None
            following[a] = b
    start = min(following)
    outline = [start]
    while (after := following.pop(outline[-1])) != start:
        outline.append(after)
    return None if following else tuple(outline)


def _closed(ring: Ring) -> Ring:
    points = tuple(degrees(p) for p in ring)
    return (*points, points[0])


def _named(
    dice: Dice,
    centres: list[Point],
    town_of: list[int],
    cells: list[Ring],
    towns: list[Ring],
    outline: Ring,
) -> District:
    rural = [head + tail + "村" for head in VILLAGE_HEADS for tail in VILLAGE_TAILS]
    urban = [name + "社区" for name in QUARTERS]
    dice.shuffle(rural)
    dice.shuffle(urban)
    district_key = f"{CITY_KEY}.01"
    areas = [
        Area(key=CITY_KEY, level=AreaLevel.CITY, name=CITY),
        Area(key=district_key, level=AreaLevel.DISTRICT, name=DISTRICT, parent=CITY_KEY, boundary=_closed(outline)),
    ]
    for town, ring in enumerate(towns):
        key = f"{district_key}.{town + 1:02d}"
        areas.append(
            Area(key=key, level=AreaLevel.TOWN, name=TOWNS[town], parent=district_key, boundary=_closed(ring)),
        )
    villages = []
    counted = [0] * len(TOWNS)
    for centre, town, ring in zip(centres, town_of, cells, strict=True):
        counted[town] += 1
        is_urban = town < STREETS or counted[town] == 1
        area = Area(
            key=f"{district_key}.{town + 1:02d}.{counted[town]:02d}",
            level=AreaLevel.VILLAGE,
            name=urban.pop() if is_urban and urban else rural.pop(),
            parent=f"{district_key}.{town + 1:02d}",
            boundary=_closed(ring),
        )
        villages.append(Village(area, town, centre, ring, is_urban))
    return District((*areas, *(v.area for v in villages)), tuple(villages))
