"""Positions of the region's maps in WGS-84: GCJ-02 and BD-09 lie some hundred metres beside it."""

from __future__ import annotations

from math import atan2, cos, pi, sin, sqrt

WGS84, GCJ02, BD09 = "WGS-84", "GCJ-02", "BD-09"
AXIS_M, FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943
"""Of the ellipsoid of Krasovsky, by which GCJ-02 is displaced."""
_BD = pi * 3000 / 180
_ROUNDS = 3


def to_wgs84(lat: float, lon: float, datum: str) -> tuple[float, float]:
    """A position in WGS-84 degrees, rounded to a tenth of a metre; of WGS-84 and unknown datums as it is."""
    if datum == BD09:
        lat, lon = _bd_to_gcj(lat, lon)
    if datum in {BD09, GCJ02}:
        lat, lon = _gcj_to_wgs(lat, lon)
    return round(lat, 6), round(lon, 6)


def from_wgs84(lat: float, lon: float, datum: str) -> tuple[float, float]:
    """A position of WGS-84 as the maps of a datum have it, degrees, rounded to a tenth of a metre."""
    if datum in {BD09, GCJ02}:
        d_lat, d_lon = _displaced(lat, lon)
        lat, lon = lat + d_lat, lon + d_lon
    if datum == BD09:
        lat, lon = _gcj_to_bd(lat, lon)
    return round(lat, 6), round(lon, 6)


def _gcj_to_bd(lat: float, lon: float) -> tuple[float, float]:
    z = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * _BD)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * _BD)
    return z * sin(theta) + 0.006, z * cos(theta) + 0.0065


def _bd_to_gcj(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    z = sqrt(x * x + y * y) - 0.00002 * sin(y * _BD)
    theta = atan2(y, x) - 0.000003 * cos(x * _BD)
    return z * sin(theta), z * cos(theta)


def _gcj_to_wgs(lat: float, lon: float) -> tuple[float, float]:
    """The displacement is known of the WGS-84 position only: found by going back, again and again."""
    at_lat, at_lon = lat, lon
    for _ in range(_ROUNDS):
        d_lat, d_lon = _displaced(at_lat, at_lon)
        at_lat, at_lon = lat - d_lat, lon - d_lon
    return at_lat, at_lon


def _displaced(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    phi = lat / 180 * pi
    magic = 1 - FLATNESS * sin(phi) ** 2
    d_lat = north * 180 / (AXIS_M * (1 - FLATNESS) / (magic * sqrt(magic)) * pi)
    d_lon = east * 180 / (AXIS_M / sqrt(magic) * cos(phi) * pi)
    return d_lat, d_lon
