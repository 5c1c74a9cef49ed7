"""Pages for everybody: names for what can be operated, headings in order, text that can be read, one language."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from screens import Screens, link_of, rail_of
from texts import left_in_english

from alerting.casefile import Role
from alerting.commands import Dispatch, OpenManual
from alerting.model import Priority
from gateway.paging.outside import CallNews
from tests.referred import organised, sent

OPERATED = {"button", "link", "textbox", "searchbox", "combobox", "radio", "checkbox", "DisclosureTriangle", "option"}
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")

OUTLINE = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  mains: document.querySelectorAll("main").length,
  headings: [...document.querySelectorAll("h1, h2, h3, h4")].filter((heading) => heading.checkVisibility())
    .map((heading) => [Number(heading.tagName[1]), heading.textContent.trim()]),
  ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
  pointing: ["for", "aria-labelledby", "aria-describedby"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(" "))),
})"""


async def _unnamed(page: Page) -> list[str]:
    """What the browser's own accessibility tree has without a name, though people operate or look at it."""
    session = await page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
    assert any(role in OPERATED for role, _ in roles)
    return [
        role for role, name in roles if role in OPERATED | {"img", "image", "dialog", "region"} and not name.strip()
    ]


def _out_of_order(headings: Sequence[Sequence[Any]]) -> list[str]:
    """Headings that skip a level on the way down, or a page that does not begin with its one h1."""
    levels = [level for level, _ in headings]
    wrong = [] if levels[:1] == [1] and levels.count(1) == 1 else [f"levels {levels}"]
    steps = pairwise(headings)
    return wrong + [
        f"{before[1]} ({before[0]}) > {after[1]} ({after[0]})" for before, after in steps if after[0] > before[0] + 1
    ]


async def _faults(page: Page, where: str) -> list[str]:
    """Everything on a page that stands in somebody's way, a line each."""
    outline = await page.evaluate(OUTLINE)
    ids, text = outline["ids"], await page.evaluate(CONTRAST)
    assert text["judged"] > 5, where
    found = {
        "language": [] if outline["lang"] == "zh-CN" else [outline["lang"]],
        "title": [] if outline["title"] else ["none"],
        "main": [] if outline["mains"] == 1 else [outline["mains"]],
        "headings": _out_of_order(outline["headings"]),
        "id twice": sorted({id_ for id_ in ids if ids.count(id_) > 1}),
        "points nowhere": sorted(set(outline["pointing"]) - set(ids)),
        "no name": await _unnamed(page),
        "too faint": text["faint"],
        "not in Chinese": await left_in_english(page),
    }
    return [f"{where}: {what}: {line}" for what, lines in found.items() for line in lines]


async def _something_of_everything(screens: Screens) -> str:
    """Incidents of three priorities, one of them claimed; returns the claimed one's id."""
    centre = screens.centre
    for nth, priority in ((2, Priority.P2), (3, Priority.P3)):
        home = centre.home(nth=nth)
        await centre.ask(OpenManual(key=home.household, by="zuoxi2", text="来电", priority=priority))
    await centre.press(centre.home(nth=1))
    row = await screens.pressed(centre.home(nth=0))
    await centre.claim(row)
    return row.incident


async def test_the_console_is_accessible(screens: Screens) -> None:
    incident = await _something_of_everything(screens)
    page = await screens.sign_in("zuoxi1")
    await page.wait_for_selector("#towns button")
    faults = await _faults(page, "console")
    await page.goto(f"/?incident={incident}")
    await page.wait_for_selector("#towns button")
    faults += await _faults(page, "console with an incident")
    await page.keyboard.press("x")
    await page.keyboard.press("1")
    faults += await _faults(page, "console with the closing form")
    await page.locator(".menu summary").click()
    await page.click("#show-keys")
    faults += await _faults(page, "console with its keys")
    assert not faults, "\n" + "\n".join(faults)


OUTSIDE_THE_RAIL = (
    "/incidents/{incident}",
    "/households/{home}",
    "/homes/{home}",
    "/new-incident?q=19900",
    "/import",
    "/export",
    "/organisations",
    "/referrals",
    "/referrals/new?home={home}",
    "/referrals/{home}/1",
    "/password",
    "/accounts?change=zuoxi1",
    "/areas",
    "/areas?change=990100.01",
    "/channels",
)


async def test_the_other_pages_are_accessible(screens: Screens) -> None:
    incident = await _something_of_everything(screens)
    faults = await _faults(await screens.visit("/sign-in"), "sign-in")
    page = await screens.sign_in("admin")
    home = screens.centre.home().household
    await sent(screens.centre, screens.centre.home(), await organised(screens.centre), "admin")
    for path in await rail_of(page) + [path.format(incident=incident, home=home) for path in OUTSIDE_THE_RAIL]:
        await page.goto(path)
        faults += await _faults(page, path)
    assert not faults, "\n" + "\n".join(faults)


async def test_the_responder_s_phone_page_is_accessible(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    account = next(item for item in screens.centre.plan.registry.accounts if item.role is Role.RESPONDER)
    await screens.centre.claim(row)
    await screens.centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=account.responder))
    faults = await _faults(await screens.sign_in("chuzhi", phone=True), "/jobs")
    assert not faults, "\n" + "\n".join(faults)


async def test_the_page_behind_a_link_and_the_calls_are_accessible(screens: Screens) -> None:
    centre = screens.centre
    row = await screens.pressed(centre.home())
    phone = centre.plan.registry.households[0].residents[0].phone
    for number, call in ((phone, "c1"), ("13999999999", "c2"), ("", "c3")):
        await centre.gateway.desk.call_told(CallNews(call=call, event="answered", number=number, line="1"))
    faults = await _faults(await screens.visit("/calls", login="zuoxi1"), "/calls")
    path = await link_of(screens, row)
    page = await screens.visit(path, phone=True, scripts=False)
    faults += await _faults(page, "/p/…")
    assert not faults, "\n" + "\n".join(faults)
