"""Lists of invented homes, as an office would keep them, and somebody who brings them in through the pages."""

from __future__ import annotations

import asyncio
import re

from centre import Centre

from alerting.casefile import AreaLevel, Household
from alerting.intake.columns import COLUMNS
from dashboard.sheet import as_csv
from tests.dashboard.visitor import Visitor

HEADINGS = [column.words[0] for column in COLUMNS]
Row = dict[str, str]


def rows(centre: Centre, count: int) -> list[Row]:
    """Homes of the city's villages in turn, by field."""
    areas = centre.gateway.directory.areas
    villages = [it for it in areas.values() if it.level is AreaLevel.VILLAGE]
    made: list[Row] = []
    for n in range(count):
        village = villages[n % len(villages)]
        made.append(
            {
                "key": f"MD{n:05}",
                "town": areas[village.parent].name,
                "village": village.name,
                "address": f"{village.name}{n}号",
                "tier": "需要关爱",
                "residents.1.name": f"王{'甲乙丙丁'[n % 4]}{n}",
                "residents.1.birth_year": f"19{30 + n % 30}-03-0{1 + n % 9}",
                "residents.1.phone": f"1990{n:07}",
                "contacts.1.name": f"李{n}",
                "contacts.1.relation": "女儿",
                "contacts.1.phone": f"1991{n:07}",
                "contacts.1.key_holder": "是" if n % 2 else "否",
            }
        )
    return made


def table(homes: list[Row]) -> list[list[str]]:
    """With the headings of the template."""
    return [HEADINGS, *([row.get(column.field, "") for column in COLUMNS] for row in homes)]


def gbk(homes: list[Row]) -> bytes:
    """As CSV of an office's computer."""
    return as_csv(table(homes)).decode("utf-8-sig").encode("gb18030")


async def give_in(browser: Visitor, content: bytes, name: str = "名单.csv", **chosen: str) -> str:
    """Upload a file and have it checked; returns the page with what came of it."""
    await browser.go("/import")
    sent = {**browser.form("/import"), "button": "read"}
    await browser._show(await browser.web.post("/import", data=sent, files={"file": (name, content)}))
    if browser.path == "/import":
        return browser.page
    fields = dict(re.findall(r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', browser.page))
    columns = dict.fromkeys(re.findall(r'<select name="([^"]+)"', browser.page), "")
    return await go_on(browser, "check", **(columns | fields | {"existing": "update"} | chosen))


async def go_on(browser: Visitor, button: str, **chosen: str) -> str:
    """Press a button on the list's page, and look until it is no longer busy."""
    await browser.send(browser.path.partition("?")[0], button=button, **chosen)
    while 'id="progress"' in browser.page:
        await asyncio.sleep(0.05)
        await browser.go(browser.path)
    return browser.page


def refused_rows(page: str) -> dict[int, str]:
    """Text of each refused row by its number."""
    found: dict[int, str] = {}
    for number, body in re.findall(r'<tr data-row="(\d+)">(.*?)</tr>', page, re.DOTALL):
        found[int(number)] = found.get(int(number), "") + re.sub(r"<[^>]+>", " ", body)
    return found


def counts(page: str) -> list[int]:
    """New, changed, unchanged, refused."""
    part = page.partition('id="counts"')[2].partition("</dl>")[0]
    return [int(n) for n in re.findall(r'<dd class="num">(?:<strong class="bad">)?(\d+)', part)]


def homes_of(centre: Centre) -> dict[str, Household]:
    """What is registered now."""
    return dict(centre.gateway.directory.households)
