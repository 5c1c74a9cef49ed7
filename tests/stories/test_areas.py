"""The tree of areas is kept on a page: a village renamed there is called so at the desk at once; its people stay."""

import html
import json
import re

from centre import Centre

from alerting.casefile import Role
from alerting.intake.datum import GCJ02, WGS84, from_wgs84
from tests.dashboard.visitor import Visitor, arrived


def area_of_home(centre: Centre) -> str:
    return centre.gateway.directory.households[centre.home().household].area


def far(ring: object, other: object) -> float:
    """The greatest difference between two rings, degrees."""
    both = zip(ring, other, strict=False)  # type: ignore[call-overload]
    return max(abs(a - b) for one, another in both for a, b in zip(one, another, strict=True))


async def keeper(centre: Centre, area: str = "") -> Visitor:
    visitor = arrived(centre, "guanli", Role.ADMINISTRATOR, area=area)
    await visitor.go("/areas")
    return visitor


async def test_a_renamed_village_is_called_so_on_the_next_row_and_after_a_restart(centre: Centre) -> None:
    visitor, home = await keeper(centre), centre.home()
    area = centre.gateway.directory.households[home.household].area
    before = centre.gateway.directory.responders_for(area)
    await visitor.go(f"/areas?change={area}")
    await visitor.send("/areas/save", name="新柳村", note="行政区划调整")
    assert visitor.path == "/areas"
    await centre.press(home)
    assert (await centre.row_of(home)).village == "新柳村"
    assert centre.gateway.directory.responders_for(area) == before
    await centre.close_gateway()
    await centre.open_gateway()
    assert centre.gateway.directory.areas[area].name == "新柳村"
    (line,) = await centre.gateway.desk.registrations("area", area)
    assert (line.by, line.what, line.note) == ("guanli", "save_areas", "行政区划调整")


async def test_a_grid_cell_is_added_and_removed_and_an_area_with_homes_is_not(centre: Centre) -> None:
    visitor = await keeper(centre)
    area = area_of_home(centre)
    cell = {"change": "", "parent": area, "part": "G1", "level": "grid", "name": "第一网格", "note": ""}
    await visitor.send("/areas/save", **cell)
    assert "第一网格" in visitor.page
    assert f"{area}.G1" in centre.gateway.directory.areas
    await visitor.send("/areas/save", **cell)
    assert "已有此编码的片区" in visitor.page
    await visitor.go("/areas")
    await visitor.send("/areas/remove", key=f"{area}.G1")
    assert f"{area}.G1" not in centre.gateway.directory.areas
    await visitor.go("/areas")
    token = visitor.form("/areas/save")["csrf"]
    answer = await visitor.post("/areas/remove", csrf=token, once="x", key=area)
    assert answer.status_code == 409
    assert "请先移出" in html.unescape(answer.text)
    assert area in centre.gateway.directory.areas


def collection(*features: dict[str, object]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def feature(key: str, ring: list[list[float]], **more: object) -> dict[str, object]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": key, **more}, "geometry": geometry}


async def give(visitor: Visitor, content: bytes, datum: str = WGS84, **more: str) -> str:
    await visitor.go("/areas")
    fields = {**visitor.form("/areas/boundaries"), "datum": datum, **more}
    answer = await visitor.web.post("/areas/boundaries", data=fields, files={"file": ("镇村.geojson", content)})
    visitor.status = answer.status_code
    return html.unescape(answer.text)


async def test_boundaries_of_a_file_are_tried_first_and_then_drawn_on_the_map(centre: Centre) -> None:
    visitor = await keeper(centre)
    area = area_of_home(centre)
    former = centre.gateway.directory.areas[area].boundary
    square = [[119.9, 31.7], [119.95, 31.7], [119.95, 31.75], [119.9, 31.75]]
    displaced = [list(reversed(from_wgs84(lat, lon, GCJ02))) for lon, lat in square]
    page = await give(visitor, collection(feature(area, displaced)), GCJ02)
    assert "将更改 1 个片区" in page
    assert centre.gateway.directory.areas[area].boundary == former, "nothing is changed by trying"
    page = await give(visitor, collection(feature(area, displaced)), GCJ02, now="1")
    assert "边界已生效：1 个片区" in page
    drawn = centre.gateway.directory.areas[area].boundary
    assert (
        max(abs(a - b) for point, it in zip(drawn, square, strict=False) for a, b in zip(point, it, strict=True)) < 1e-5
    )
    shown = (await visitor.web.get("/api/areas.geojson")).json()["features"]
    (of_the_map,) = [it for it in shown if it["id"] == area]
    assert of_the_map["geometry"]["coordinates"][0] == [list(point) for point in drawn]


async def test_each_wrong_feature_says_what_is_wrong_and_nothing_of_the_file_is_taken(centre: Centre) -> None:
    visitor = await keeper(centre)
    village, town = (centre.gateway.directory.areas_above(area_of_home(centre))[-1 - n].key for n in (0, 1))
    square = [[119.9, 31.7], [119.95, 31.7], [119.95, 31.75], [119.9, 31.75]]
    wrong = [
        feature(village, square),
        feature(village, square),
        feature("", square),
        feature("77.1", square),
        feature(town, [[1, 2], [3, 4]]),
        feature(f"{village}.8", [[500, 2], [3, 4], [5, 6]], name="八", level="grid"),
        {
            "type": "Feature",
            "properties": {"code": f"{village}.9"},
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        },
        feature(f"{village}.7", square, name="第七网格", level="grid"),
    ]
    page = await give(visitor, collection(*wrong), now="1")
    assert "8 个要素中有 6 个有误" in page
    assert len(re.findall(r'<strong class="bad">', page.split('id="features"')[1].split("</section>")[0])) == 6
    assert f"{village}.7" not in centre.gateway.directory.areas
    for content, word in ((b"no", "不是 GeoJSON"), (collection(), "没有内容"), (b"[" * 100_000, "不是 GeoJSON")):
        assert word in await give(visitor, content)
        assert visitor.status == 409
    assert "1 个有误" in await give(visitor, collection(feature(village, [[10**400, 2], *square])))
    page = await give(visitor, collection(wrong[-1]), now="1")
    assert centre.gateway.directory.areas[f"{village}.7"].name == "第七网格"


async def test_a_town_sees_and_changes_its_own_tree_alone(centre: Centre) -> None:
    directory = centre.gateway.directory
    own = directory.areas_above(area_of_home(centre))[-2].key
    other = next(it for it in directory.areas.values() if it.level == "town" and it.key != own)
    visitor = await keeper(centre, own)
    assert other.key not in visitor.page
    square = [[119.9, 31.7], [119.95, 31.7], [119.95, 31.75], [119.9, 31.75]]
    page = await give(visitor, collection(feature(other.key, square)), now="1")
    assert "1 个要素中有 1 个有误" in page
    assert directory.areas[other.key] == other
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    await operator.go("/areas")
    assert operator.status == 403
