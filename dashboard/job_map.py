"""The way to a door as a small drawing: nothing is asked of a map's maker, and it is there without a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import atan2, cos, degrees, hypot, radians

import msgspec
from markupsafe import Markup, escape

from alerting.casefile import Place
from dashboard.plots import Heading, svg
from dashboard.speech import Speech
from dashboard.words import mark

WIDTH, HEIGHT = 320, 200
X0, Y0 = WIDTH / 2, HEIGHT / 2
MARGIN = 22
LEAST_M, MOST_M = 150.0, 5000.0
"""From the middle to the upper edge at least and at most so many metres: who is further off stands at the edge."""
BAR = 90
KM_M = 1000
MOST_POINTS = 60
MOST_OTHERS = 4
M_A_DEGREE = 111_320.0
DIRECTIONS = (
    mark("north"),
    mark("northeast"),
    mark("east"),
    mark("southeast"),
    mark("south"),
    mark("southwest"),
    mark("west"),
    mark("northwest"),
)
Ring = Sequence[tuple[float, float]]


class Spot(msgspec.Struct, frozen=True):
    """Something on the map, in words, and where; ``accuracy_m``: so exact it is, metres, 0 where that is not told."""

    name: str
    place: Place
    accuracy_m: int = 0


class Around(msgspec.Struct, frozen=True):
    """What lies around a door.

    Attributes:
        to: Where to: in the middle.
        home: The home, where that is another place; None: it is the same.
        others: Where others who were sent live or work.
        ring: The village's boundary, (longitude, latitude), WGS-84; empty: none is known.
    """

    to: Spot
    home: Spot | None = None
    others: tuple[Spot, ...] = ()
    ring: tuple[tuple[float, float], ...] = ()


def job_map(around: Around, n: int, say: Speech) -> Markup:
    """North up, with a bar for its scale, and the same in words.

    Args:
        around: What is drawn.
        n: Tells it from others of the page.
        say: The language.
    """
    others = around.others[:MOST_OTHERS]
    spots = [*([around.home] if around.home is not None else []), *others]
    offs = [_metres(around.to.place, it.place) for it in spots]
    far_m = max([hypot(*it) for it in offs] + [around.to.accuracy_m * 1.1], default=0.0)
    half_m = min(MOST_M, max(LEAST_M, far_m * 1.15))
    per_m = (Y0 - MARGIN) / half_m
    parts = [f'<rect class="map-ground" width="{WIDTH}" height="{HEIGHT}"/>', *_ring(around, per_m)]
    if around.to.accuracy_m:
        parts.append(f'<circle class="map-about" cx="{X0}" cy="{Y0}" r="{around.to.accuracy_m * per_m:.0f}"/>')
    if around.home is not None:
        x, y, _ = _at(offs[0], per_m)
        parts.append(f'<path class="map-home" d="M{x - 7} {y}l7-7 7 7v7h-14z"/>')
    for letter, off in zip("ABCD", offs[len(spots) - len(others) :], strict=False):
        x, y, is_there = _at(off, per_m)
        css = "map-other" if is_there else "map-other map-beyond"
        parts.append(f'<circle class="{css}" cx="{x}" cy="{y}" r="9"/>')
        parts.append(f'<text class="map-letter" x="{x}" y="{y + 4}" text-anchor="middle">{letter}</text>')
    parts.append(f'<path class="map-to" d="M{X0} {Y0}c-11-13-11-24 0-24s11 11 0 24z"/>')
    parts += [*_north(say), *_bar(per_m)]
    title = say.gettext(mark("Drawn map, north is up"))
    text = "; ".join([around.to.name, *(_told(it, off, say) for it, off in zip(spots, offs, strict=True))])
    return svg(Heading(f"map-{n}", title, text), "job-map", HEIGHT, parts, WIDTH)


def legend(around: Around, say: Speech) -> list[tuple[str, str]]:
    """(letter, who and where) of each other one on the map."""
    others = around.others[:MOST_OTHERS]
    told = (_told(it, _metres(around.to.place, it.place), say) for it in others)
    return list(zip("ABCD", told, strict=False))


def _metres(middle: Place, place: Place) -> tuple[float, float]:
    """How far to the east and to the north of the middle, metres."""
    east = (place.lon - middle.lon) * M_A_DEGREE * cos(radians(middle.lat))
    return east, (place.lat - middle.lat) * M_A_DEGREE


def _at(off: tuple[float, float], per_m: float) -> tuple[float, float, bool]:
    """Where on the drawing, and whether it is there itself: what lies beyond the edge stands at the edge."""
    x, y = off[0] * per_m, -off[1] * per_m
    over = max(abs(x) / (X0 - MARGIN), abs(y) / (Y0 - MARGIN), 1.0)
    return round(X0 + x / over, 1), round(Y0 + y / over, 1), over == 1.0


def _told(it: Spot, off: tuple[float, float], say: Speech) -> str:
    """Who or what, in which direction, how far from where to go."""
    far_m = round(hypot(*off))
    where = say.gettext(DIRECTIONS[round(degrees(atan2(off[0], off[1])) / 45) % 8])
    return say.gettext(mark("%(what)s: %(far)s to the %(where)s"), what=it.name, far=say.distance(far_m), where=where)


def _ring(around: Around, per_m: float) -> Iterator[str]:
    """The village's boundary, with no more corners than anybody sees."""
    each = max(1, len(around.ring) // MOST_POINTS)
    offs = [_metres(around.to.place, Place(lat=lat, lon=lon)) for lon, lat in around.ring[::each]]
    points = " ".join(f"{X0 + east * per_m:.0f},{Y0 - north * per_m:.0f}" for east, north in offs)
    if points:
        yield f'<polygon class="map-village" points="{points}"/>'


def _north(say: Speech) -> Iterator[str]:
    yield f'<path class="map-north" d="M{WIDTH - 18} 10l6 16-6-4-6 4z"/>'
    text = escape(say.gettext(mark("N")))
    yield f'<text class="map-label" x="{WIDTH - 18}" y="38" text-anchor="middle">{text}</text>'


def _bar(per_m: float) -> Iterator[str]:
    """A bar of a round length, at most ``BAR`` wide."""
    most_m = BAR / per_m
    long_m = max(m for m in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if m <= most_m)
    x, y = 12, HEIGHT - 12
    yield f'<path class="map-bar" d="M{x} {y - 5}v5h{long_m * per_m:.1f}v-5"/>'
    told = f"{long_m} m" if long_m < KM_M else f"{long_m // KM_M} km"
    yield f'<text class="map-label" x="{x}" y="{y - 9}">{told}</text>'
