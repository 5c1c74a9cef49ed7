"""Links to the maps on somebody's own telephone. Nothing is asked of a map's maker before a link is pressed."""

from __future__ import annotations

import msgspec

from alerting.casefile import Place
from alerting.intake.datum import BD09, GCJ02, from_wgs84
from dashboard.words import mark

US = "nuanhu"
HERE = "%E7%9B%AE%E7%9A%84%E5%9C%B0"
"""目的地: a map that wants a title gets this one."""

MAPS: dict[str, str] = {
    "amap": mark("Amap"),
    "baidu": mark("Baidu Maps"),
    "tencent": mark("Tencent Maps"),
    "geo": mark("Other map"),
}
"""The maps, the most usual one first."""


class WayThere(msgspec.Struct, frozen=True):
    """One map: its word of ``MAPS``, and the address that shows a place in it."""

    map: str
    address: str


def ways_to(place: Place) -> tuple[WayThere, ...]:
    """A place, kept as WGS-84, in each map by the datum of that map; no name of anybody goes with it."""
    gcj_lat, gcj_lon = from_wgs84(place.lat, place.lon, GCJ02)
    bd_lat, bd_lon = from_wgs84(place.lat, place.lon, BD09)
    amap = f"https://uri.amap.com/marker?position={gcj_lon:.6f},{gcj_lat:.6f}&coordinate=gaode&src={US}&callnative=1"
    baidu = f"https://api.map.baidu.com/marker?location={bd_lat:.6f},{bd_lon:.6f}&title={HERE}"
    baidu += f"&content={HERE}&coord_type=bd09ll&output=html&src={US}"
    tencent = f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{gcj_lat:.6f},{gcj_lon:.6f}"
    tencent += f"%3Btitle:{HERE}%3Baddr:{HERE}&referer={US}"
    at = f"{place.lat:.6f},{place.lon:.6f}"
    return (
        WayThere("amap", amap),
        WayThere("baidu", baidu),
        WayThere("tencent", tencent),
        WayThere("geo", f"geo:{at}?q={at}"),
    )
