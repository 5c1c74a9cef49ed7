"""The English words of areas: levels, what is left out of a boundary, why one is not changed; for the catalogues."""

from __future__ import annotations

from alerting.casefile import AreaLevel
from dashboard.words import mark

AREA_LEVELS: dict[AreaLevel, str] = {
    AreaLevel.CITY: mark("City"),
    AreaLevel.DISTRICT: mark("District"),
    AreaLevel.TOWN: mark("Town"),
    AreaLevel.VILLAGE: mark("Village"),
    AreaLevel.GRID: mark("Grid cell"),
}

ACTS: dict[str, str] = {"save_areas": mark("added, renamed or drawn anew"), "remove_area": mark("removed")}

NOTES: dict[str, str] = {
    "parts_left_out": mark("only its biggest part is drawn"),
    "holes_left_out": mark("holes in it are not drawn"),
}

OF_THE_REGISTER: dict[str, str] = {
    "too_many_areas": mark("These are no areas, or too many at once: at most 3,000, with 200,000 points."),
    "area_taken": mark("There is an area with this code already."),
    "area_twice": mark("This area is there twice."),
    "bad_area_name": mark("An area needs a name of at most 40 characters."),
    "area_name_taken": mark("Another area of the same place has this name."),
    "bad_area_key": mark("The code is that of the area above, a dot, and 1 to 12 letters or digits."),
    "bad_area_level": mark("It cannot be of this level: it must be lower than the area above."),
    "area_without_parent": mark("There is no area above it."),
    "area_stays": mark("Level and place of an area stay as they are."),
    "bad_ring": mark("This boundary cannot be drawn: it needs at least three corners that enclose something."),
    "area_in_use": mark("Homes, people, accounts or other areas belong to it: they are moved first."),
}

REFUSALS: dict[str, str] = OF_THE_REGISTER | {
    "bad_areas": mark("Some of these areas are not right, and none is changed."),
    "not_geojson": mark("This is no GeoJSON FeatureCollection."),
    "no_features": mark("There is nothing in this file."),
    "area_file_too_big": mark("The file is too big: at most 8 MB. Fewer points will do: 10 m is exact enough."),
    "no_area_code": mark("It does not say the code of its area (properties.key, code or adcode)."),
    "area_not_known": mark("There is no area with this code; a new one needs name, level and an area above it."),
    "not_a_polygon": mark("It is no polygon."),
    "ring_too_long": mark("Its boundary has more than 2,000 points: simplify it."),
}
