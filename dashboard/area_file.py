"""Boundaries as others draw them: a GeoJSON file read into areas, with what is wrong with each of its features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from alerting.casefile import Area, AreaLevel
from alerting.enrolment.grounds import FEWEST_POINTS, MOST_AREAS, MOST_POINTS
from alerting.intake.datum import to_wgs84

MOST_BYTES = 8_000_000
MOST_DEGREES = 180
CODES = ("key", "code", "adcode", "area", "id")
NAMES = ("name", "NAME", "名称")
Ring = tuple[tuple[float, float], ...]


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One feature of the file.

    Attributes:
        number: Its place in the file, from 1.
        key: The area it says it is; empty when it says none.
        name: As the file has it, else as the area is called.
        area: What it would become; None when it cannot.
        is_new: There is no such area yet.
        flaw: Why it cannot be taken; empty when it can.
        notes: What is left out of it.
    """

    number: int
    key: str
    name: str = ""
    area: Area | None = None
    is_new: bool = False
    flaw: str = ""
    notes: tuple[str, ...] = ()


class AreaFileError(ValueError):
    """The file is none; the message is the word."""


def read_areas(content: bytes, known: Mapping[str, Area], datum: str) -> list[Feature]:
    """The features of a file, each as what would become of it.

    Args:
        content: The file: a GeoJSON FeatureCollection whose features have the code of their area.
        known: The areas there are, by key.
        datum: Of its positions.

    Raises:
        AreaFileError: ``not_geojson``, ``no_features``, ``too_many_areas`` or ``area_file_too_big``.
    """
    if len(content) > MOST_BYTES:
        raise AreaFileError("area_file_too_big")
    try:
        whole = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise AreaFileError("not_geojson") from wrong
    if not isinstance(whole, dict) or whole.get("type") != "FeatureCollection":
        raise AreaFileError("not_geojson")
    features = whole.get("features")
    if not isinstance(features, list) or not features:
        raise AreaFileError("no_features")
    if len(features) > MOST_AREAS:
        raise AreaFileError("too_many_areas")
    return list(_features(features, known, datum))


def _features(features: Sequence[object], known: Mapping[str, Area], datum: str) -> Iterator[Feature]:
    coming: dict[str, Area] = dict(known)
    seen: set[str] = set()
    numbered = [(n, it if isinstance(it, dict) else {}) for n, it in enumerate(features, 1)]
    for n, it in sorted(numbered, key=lambda of: _key(of[1]).count(".")):
        read = _one(n, it, coming, datum)
        if read.key and read.key in seen:
            read = msgspec.structs.replace(read, area=None, flaw="area_twice")
        seen.add(read.key)
        if read.area is not None:
            coming[read.key] = read.area
        yield read


def _properties(it: Mapping[str, Any]) -> Mapping[str, Any]:
    found = it.get("properties")
    return found if isinstance(found, dict) else {}


def _key(it: Mapping[str, Any]) -> str:
    properties = _properties(it)
    found = next((properties[name] for name in CODES if isinstance(properties.get(name), str | int)), it.get("id"))
    return str(found).strip() if isinstance(found, str | int) else ""


def _one(n: int, it: Mapping[str, Any], known: Mapping[str, Area], datum: str) -> Feature:
    key, properties = _key(it), _properties(it)
    said = next((str(properties[name]).strip() for name in NAMES if isinstance(properties.get(name), str)), "")
    before = known.get(key)
    feature = Feature(number=n, key=key, name=said or (before.name if before else ""), is_new=before is None)
    if not key:
        return msgspec.structs.replace(feature, flaw="no_area_code")
    ring, flaw, notes = _ring(it.get("geometry"), datum)
    if flaw:
        return msgspec.structs.replace(feature, flaw=flaw)
    if before is not None:
        area: Area | None = msgspec.structs.replace(before, name=said or before.name, boundary=ring)
    else:
        area = _fresh(key, said, str(properties.get("level", "")), known, ring)
    if area is None:
        return msgspec.structs.replace(feature, flaw="area_not_known")
    return msgspec.structs.replace(feature, area=area, notes=notes)


def _fresh(key: str, name: str, level: str, known: Mapping[str, Area], ring: Ring) -> Area | None:
    """An area that is not there yet, where the file says enough of it: name, level, and a parent that is there."""
    parent = key.rpartition(".")[0]
    if not name or level not in set(AreaLevel) or (parent not in known and bool(known)):
        return None
    return Area(key=key, level=AreaLevel(level), name=name, parent=parent, boundary=ring)


def _ring(geometry: object, datum: str) -> tuple[Ring, str, tuple[str, ...]]:
    """The outline of a geometry, what is wrong with it, and what was left out of it."""
    shape = geometry if isinstance(geometry, dict) else {}
    drawn = shape.get("coordinates")
    parts = {"Polygon": [drawn], "MultiPolygon": drawn}.get(str(shape.get("type")))
    if not isinstance(parts, list) or not parts:
        return (), "not_a_polygon", ()
    rings = [_points(part[0], datum) for part in parts if isinstance(part, list) and part]
    if not rings or any(it is None for it in rings) or len(rings) != len(parts):
        return (), "bad_ring", ()
    biggest = max((it for it in rings if it), key=_size, default=())
    if len(biggest) > MOST_POINTS:
        return (), "ring_too_long", ()
    if len(biggest) < FEWEST_POINTS or not _size(biggest):
        return (), "bad_ring", ()
    notes = ("parts_left_out",) if len(rings) > 1 else ()
    holes = any(len(part) > 1 for part in parts)
    return biggest, "", (*notes, "holes_left_out") if holes else notes


def _points(ring: object, datum: str) -> Ring | None:
    if not isinstance(ring, list):
        return None
    points: list[tuple[float, float]] = []
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(it) for it in point[:2]):  # noqa: PLR2004
            return None
        lon, lat = float(point[0]), float(point[1])
        if abs(lat) > MOST_DEGREES / 2:
            return None
        lat, lon = to_wgs84(lat, lon, datum)
        if not points or points[-1] != (lon, lat):
            points.append((lon, lat))
    if points and points[0] != points[-1]:
        points.append(points[0])
    return tuple(points)


def _is_number(it: object) -> bool:
    return isinstance(it, int | float) and not isinstance(it, bool) and abs(it) <= MOST_DEGREES


def _size(ring: Ring) -> float:
    """Of a closed ring, in square degrees."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2
