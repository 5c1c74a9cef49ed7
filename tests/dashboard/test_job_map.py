"""The drawn map of a job: where things stand on it, what it says in words, and how little it weighs."""

from __future__ import annotations

import re
from math import cos, radians

import pytest

from alerting.casefile import Place
from dashboard.i18n import load_languages
from dashboard.job_map import HEIGHT, WIDTH, X0, Y0, Around, Spot, job_map, legend
from dashboard.speech import Speech
from dashboard.times import LocalTime

ZH = Speech(load_languages()["zh_CN"], LocalTime(8))
HOME = Place(lat=31.5, lon=120.3)
M_A_DEGREE = 111_320.0
MOST_BYTES = 6000


def off(east_m: float, north_m: float) -> Place:
    """So many metres from home."""
    lat = HOME.lat + north_m / M_A_DEGREE
    return Place(lat=lat, lon=HOME.lon + east_m / M_A_DEGREE / cos(radians(HOME.lat)))


def drawn(**more: object) -> str:
    return str(job_map(Around(to=Spot("目的地：住户家", HOME), **more), 1, ZH))  # type: ignore[arg-type]


def circles(svg: str, css: str) -> list[tuple[float, float, float]]:
    found = re.findall(rf'<circle class="{css}" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)
    return [(float(x), float(y), float(r)) for x, y, r in found]


def metres_per_unit(svg: str) -> float:
    """By the bar of its scale."""
    long = re.search(r'class="map-bar" d="M12 \d+v5h([\d.]+)', svg)
    told = re.search(r'y="179">([\d.]+) (k?m)</text>', svg)
    assert long is not None
    assert told is not None
    return float(told[1]) * (1000 if told[2] == "km" else 1) / float(long[1])


@pytest.mark.parametrize(
    ("east", "north", "word"),
    [
        (0, 600, "正北"),
        (500, 500, "东北"),
        (600, 0, "正东"),
        (0, -600, "正南"),
        (-500, -500, "西南"),
        (-600, 0, "正西"),
    ],
)
def test_who_comes_stands_where_they_come_from_and_is_told_so(east: int, north: int, word: str) -> None:
    others = (Spot("王建国", off(east, north)),)
    svg = drawn(others=others)
    ((x, y, _),) = circles(svg, "map-other")
    per = metres_per_unit(svg)
    assert (x - X0) * per == pytest.approx(east, abs=8)
    assert (Y0 - y) * per == pytest.approx(north, abs=8)
    ((letter, text),) = legend(Around(to=Spot("", HOME), others=others), ZH)
    assert letter == "A"
    assert f"王建国：{word}方向" in text
    assert text in svg, "the same for who does not see it"


def test_who_is_further_off_than_the_map_stands_at_its_edge_and_is_marked() -> None:
    svg = drawn(others=(Spot("张三", off(30_000, 0)),))
    ((x, y, _),) = circles(svg, "map-other map-beyond")
    assert (x, y) == (WIDTH - 22, Y0)
    assert "30 km" in svg


def test_a_last_position_has_its_circle_and_the_home_beside_it() -> None:
    around = Around(to=Spot("目的地：最后定位", off(0, 900), accuracy_m=120), home=Spot("住户家", HOME))
    svg = str(job_map(around, 1, ZH))
    ((x, y, r),) = circles(svg, "map-about")
    assert (x, y) == (X0, Y0)
    assert r * metres_per_unit(svg) == pytest.approx(120, abs=8)
    assert "住户家：正南方向 900 m" in svg
    assert 'class="map-home"' in svg


def test_the_village_is_drawn_with_few_corners_and_all_of_it_is_light() -> None:
    ring = tuple((HOME.lon + n / 1e5, HOME.lat + (n % 7) / 1e4) for n in range(1999))
    svg = drawn(ring=ring, others=tuple(Spot(f"王建国{n}", off(100 * n, 50)) for n in range(9)))
    points = re.search(r'class="map-village" points="([^"]+)"', svg)
    assert points is not None
    assert len(points[1].split()) <= 70
    assert len(svg.encode()) < MOST_BYTES


def test_what_people_wrote_is_text_and_there_is_no_style_in_it() -> None:
    svg = drawn(others=(Spot('<script>alert("x")</script>', off(10, 10)),))
    assert "<script>" not in svg
    assert "style" not in svg
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in svg
    assert 'role="img"' in svg
