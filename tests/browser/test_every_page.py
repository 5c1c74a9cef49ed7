"""No page is too wide, too faint, half translated, in motion or without a name; each is on the one list of pages.

Every page is gone through in both languages by an administrator, who sees nearly all of them, and in Chinese by
everybody else where they see another one. With axe on each: ``pytest -m slow tests/browser/test_every_page.py``.
"""

import re
from datetime import timedelta

import pytest
from centre import PERSONS
from every_page import LANGUAGES, Stop, every_page, route_of, routes, town
from looks import faults, too_wide
from playwright.async_api import Page
from screens import Screens
from texts import left_in_chinese, of_the_registry

from alerting.duty.drill import StartDrill, drill_key
from alerting.duty.reach import RESPONDER
from gateway.paging.outside import CallNews

OTHERS = ("zuoxi1", "zhuguan", "anzhuang", "chuzhi")
SAID = ("家属来电，说老人不接电话", "区医保局", "钱科长", "住院自付部分请协助报销")
"""What people of the town wrote."""

NOT_REACHED = {"/import/{token}", "/f/{token}"}
"""Pages behind a file that was sent in, and behind the link that a relative was sent: nothing here leads to them."""


async def _an_hour_was_missed(screens: Screens) -> None:
    centre = screens.centre
    await centre.stop_serving()
    await centre.close_gateway()
    centre.clock.advance(timedelta(hours=1))
    await centre.open_gateway()
    screens.address = await centre.serve()


async def _calls_and_a_drill(screens: Screens) -> str:
    """Calls of somebody known and of a stranger, and a drill; returns the path of the link in its message."""
    centre = screens.centre
    phone = centre.plan.registry.households[0].residents[0].phone
    for number, call in ((phone, "c1"), ("13999999999", "c2"), ("", "c3")):
        await centre.gateway.desk.call_told(CallNews(call=call, event="answered", number=number, line="1"))
    file = centre.gateway.directory.households[centre.home().household]
    area, file_of = file.area.rpartition(".")[0], centre.folder / PERSONS
    start = StartDrill(
        key=drill_key(area), by="zhuguan", persons=(f"{RESPONDER}{file.village_responder}",), within_s=900
    )
    assert (await centre.ask(start)).done
    await centre.until(lambda: "/d/" in file_of.read_text(), "the message of the drill")
    found = re.search(r"(/d/[\w.~-]+)", file_of.read_text())
    assert found is not None
    return found[1]


async def _judged(page: Page, path: str, language: str, known: list[str], *, axe: bool) -> list[str]:
    """All that is wrong with the page that is open, a line each."""
    found = await faults(page, path, language, axe=axe)
    if language == "en":
        found += [f"{path}: not in English: {text}" for text in await left_in_chinese(page, known)]
    return found + [f"{path} ({language}): {line}" for line in await too_wide(page)]


async def _walked(screens: Screens, language: str, *, axe: bool) -> None:
    screens.expects("404.*/nowhere")
    await _an_hour_was_missed(screens)
    there = await town(screens)
    drill = await _calls_and_a_drill(screens)
    known = [*SAID, *of_the_registry(screens)]
    found, seen = [], set()
    async for stop in every_page(screens, there):
        await stop.open(language)
        found += await _judged(stop.page, stop.path, language, known, axe=axe)
        seen.add(stop.path)
    phone = await screens.visit(drill, phone=True)
    await Stop(phone, drill).open(language)
    found += await _judged(phone, drill, language, known, axe=axe)
    assert routes() - {route_of(path) for path in (*seen, drill)} == NOT_REACHED
    for login in OTHERS if language == "zh_CN" else ():
        page = await screens.sign_in(login)
        rail = await page.locator("nav.rail a").evaluate_all("links => links.map(link => link.pathname)")
        for path in ["/", *[path for path in rail if path not in seen]]:
            seen.add(path)
            await Stop(page, path).open(language)
            found += await _judged(page, f"{login} {path}", language, known, axe=axe)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_can_be_looked_at_by_everybody(screens: Screens, language: str) -> None:
    await _walked(screens, language, axe=False)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_axe_finds_nothing_on_any_page(screens: Screens, language: str) -> None:
    await _walked(screens, language, axe=True)
