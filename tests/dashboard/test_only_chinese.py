"""No English is left on a Chinese screen: every page that can be reached, but for names of things and settings."""

from __future__ import annotations

import html
import re

import pytest
from centre import Centre

from alerting.casefile import Role
from gateway.settings import Settings
from tests.dashboard.visitor import Visitor, arrived

WORD = re.compile(r"[A-Za-z][A-Za-z'’]{2,}")
APART = re.compile(r"<(script|style|svg|textarea|code|kbd|datalist|option)\b.*?</\1>|<!--.*?-->", re.DOTALL)
ENGLISH = re.compile(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', re.DOTALL)
LINK = re.compile(r'href="(/[^"#]*)"')
NAMES = re.compile(
    r"(?:admin|zuoxi|zhuguan|anzhuang|chuzhi|nuanhu|test|boss|bench|demo|WX|WGS|PIN|SMS|MQTT|mqtt|JSON|UTF|USB|GPS|PIR"
    r"|LoRa|LoRaWAN|Zigbee|Bluetooth|BTHome|ChirpStack|chirpstack|zigbee|zigbee2mqtt|mosquitto|sqlite|SQLite|PostgreSQL"
    r"|postgresql|InfluxDB|Excel|dBm|GeoJSON|geojson|FeatureCollection)\w*",
    re.ASCII,
)
SETTING = re.compile(
    r"[a-z]+(?:_[a-z0-9]+)+|[A-Za-z_]*\d\w*|(?<![A-Za-z])[A-Z]{2,}(?:-[A-Z0-9]+)*(?![A-Za-z])|[\w-]+(?:\.\w+)+",
    re.ASCII,
)
MOST_OF_A_KIND = 2
LEAST_PAGES = 25


def kind_of(path: str) -> str:
    """Pages that differ only in whose they are."""
    return re.sub(r"[A-Z0-9][\w:.-]{4,}|\d+", "#", path)


def english_on(page: str) -> set[str]:
    """Latin words that a reader sees and that name nothing."""
    body = ENGLISH.sub(" ", APART.sub(" ", page))
    told = html.unescape(re.sub(r"<[^>]+>", " ", body))
    return set(WORD.findall(NAMES.sub(" ", SETTING.sub(" ", told)))) - set(Settings.model_fields)


async def walked(visitor: Visitor) -> dict[str, set[str]]:
    """English words by page, over all links from the first page on."""
    found: dict[str, set[str]] = {}
    often: dict[str, int] = {}
    todo = ["/", "/duty/plans/edit", "/duty/roster/edit", "/duty/try"]
    while todo:
        path = todo.pop(0)
        kind = kind_of(path)
        if path in found or path.startswith("/static") or often.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        often[kind] = often.get(kind, 0) + 1
        answer = await visitor.web.get(path)
        assert answer.status_code < 500, path
        if "text/html" in answer.headers.get("content-type", ""):
            found[path] = english_on(answer.text)
            todo += [html.unescape(it) for it in LINK.findall(answer.text)]
    return found


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR, Role.OPERATOR, Role.INSTALLER])
async def test_a_chinese_reader_meets_no_english(centre: Centre, role: Role) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.row_of(home)
    visitor = arrived(centre, "test", role)
    pages = await walked(visitor)
    english = {path: sorted(words) for path, words in pages.items() if words}
    assert not english
    assert role in {Role.OPERATOR, Role.INSTALLER} or len(pages) >= LEAST_PAGES


def test_an_english_word_is_found() -> None:
    assert english_on("<p>设备 Device</p><code>code</code><small lang='en'>x</small>") == {"Device"}
    assert english_on('<p>不是 JSON <small lang="en">not JSON</small> TS0215A_sos</p>') == set()
