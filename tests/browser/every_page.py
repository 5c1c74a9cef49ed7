"""Every page there is, and a town of twelve invented homes on one scripted morning to show on them.

The one list: pictures are drawn of these pages (``test_pictures.py``), and each is gone through in both languages
(``test_every_page.py``). A new page that is in nobody's rail is named here.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from re import Pattern
from typing import NamedTuple

import sqlalchemy
from fastapi.routing import APIRoute
from PIL import Image, ImageDraw
from playwright.async_api import Page, ViewportSize
from screens import Screens, rail_of
from test_job_link import PIN, Sent
from test_job_link import sent as sent_there

from alerting.commands import OpenManual
from alerting.model import Outcome, Priority
from dashboard import pages
from dashboard.site import LANGUAGE_COOKIE, PAGES
from gateway.care.photos_asked import PhotoOf
from gateway.store import schema
from nuanhu.town.dice import dice_for
from nuanhu.town.homes import Home
from tests.referred import organised, sent

LANGUAGES = {"zh_CN": "zh", "en": "en"}
SHOWN: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1280, "height": 1560}
HELD: ViewportSize = {"width": 390, "height": 780}
WINDOW_S = 300
DAYS = 14

BESIDE = (
    ("/?incident={incident}", "控制台：一条警情", "Console with an incident"),
    ("/households/{home}", "一户一档", "Case file"),
    ("/households/{home}/edit", "修改一户一档", "Case file, changed"),
    ("/households/{home}/assess", "评估", "Assessment"),
    ("/homes/{home}", "一户的设备", "Devices of a home"),
    ("/installs/{home}", "安装一户", "Installing a home"),
    ("/new-incident?q=19900", "新建警情", "New incident"),
    ("/hand-over", "交接班表", "Hand-over sheet"),
    ("/figures", "服务指标", "Service figures"),
    ("/bulletin?of=2026-01", "通报", "Bulletin"),
    ("/upkeep", "档案维护", "Upkeep of case files"),
    ("/assessments", "评估到期", "Assessments due"),
    ("/warnings", "预警", "Early warnings"),
    ("/referrals", "转介", "Referrals"),
    ("/referrals/{home}/1", "一条转介", "A referral"),
    ("/organisations", "部门与组织", "Organisations"),
    ("/responders", "处置人员", "Responders"),
    ("/budget/trial", "试算上月", "Another budget tried"),
    ("/drills", "通信演练", "Drills of communications"),
    ("/areas", "区划", "Areas"),
    ("/channels", "渠道", "Channels"),
    ("/exchange", "数据交换", "Exchange"),
    ("/duty/plans/edit", "修改升级预案", "Plan of escalation, changed"),
    ("/duty/roster/edit", "修改排班", "Roster, changed"),
    ("/new-household", "新建档案", "New case file"),
    ("/export", "导出档案", "Case files as a list"),
    ("/password", "修改密码", "Own password"),
    ("/import", "导入住户", "Homes from a list"),
    ("/wall", "大屏", "Screen for the wall"),
)
"""Pages that are in nobody's rail, with their names."""

ALSO = (
    "/incidents/{incident}",
    "/referrals/new?home={home}",
    "/accounts?change=zuoxi1",
    "/areas?change=990100.01",
    "/figures?by=village",
    "/hand-over?which=now",
    "/upkeep?what=incomplete",
    "/duty/try",
    "/scripts/edit",
    "/accept/{incident}",
    "/calls/c1",
    "/nowhere",
)
"""Pages that are gone through and not drawn. One that a link of another page leads to is found without a line here."""

NO_PAGE = ("/api/", "/healthz", "/jobs/keep.js", "/p/keep.js", "/portraits/", "/scenes/")
FILES = ("/file", "/panel", "/photo", "{kind}", "{what}", ".csv")


def _face() -> bytes:
    """Somebody who does not exist."""
    picture = Image.new("RGB", (400, 400), "#d8dee2")
    drawn = ImageDraw.Draw(picture)
    drawn.ellipse((60, 250, 340, 620), fill="#6b7f8c")
    drawn.ellipse((130, 80, 270, 270), fill="#c9a68b")
    drawn.chord((120, 60, 280, 230), 180, 360, fill="#e9edf0")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def _days(screens: Screens, home: Home) -> None:
    """Two weeks in which somebody lived there, the same in every drawing."""
    chance, now = dice_for(9, "pictures"), screens.centre.clock.now()
    rooms = [fitted.device.room for fitted in home.fitted if fitted.device.room] or ["living"]
    rows = []
    for n in range(1, DAYS * 288):
        at = now - timedelta(seconds=n * WINDOW_S)
        hour = (at.hour + 8) % 24
        if chance.random() < (0.03 if hour < 5 else 0.6 if hour in {6, 7, 11, 12, 17, 18} else 0.28):
            window = int(at.timestamp()) // WINDOW_S
            door = hour in {7, 16} and chance.random() < 0.2
            rows.append({"household": home.household, "window": window, "rooms": chance.choice(rooms), "door": door})
    with screens.centre.gateway.store.engine.begin() as c:
        c.execute(sqlalchemy.insert(schema.activity), rows)


async def town(screens: Screens) -> Sent:
    """A morning on which something of everything has happened."""
    centre = screens.centre
    _days(screens, centre.home())
    await centre.gateway.desk.keep_home_photo(centre.home().household, PhotoOf.RESIDENT, "zhuguan", _face())
    for outcome in (Outcome.WAS_WELL, Outcome.ACCIDENTAL):
        row = await screens.pressed(centre.home())
        await centre.claim(row)
        await centre.spoke(row)
        await centre.close(row, outcome)
        await centre.pass_time(hours=1)
    await sent(centre, centre.home(), await organised(centre), "zhuguan")
    for nth, priority in ((2, Priority.P2), (3, Priority.P3)):
        home = centre.home(nth=nth)
        await centre.ask(
            OpenManual(key=home.household, by="zuoxi2", text="家属来电，说老人不接电话", priority=priority)
        )
    home = centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/0x00124b00deadbeef", {"action": "emergency"})
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/hall", b'{"occupancy": ')
    there = await sent_there(screens)
    await screens.pressed(centre.home(nth=1))
    await centre.pass_time(seconds=20)
    return there


class Stop(NamedTuple):
    """One page to look at: in which browser it is opened, under which address, and its name in both languages."""

    page: Page
    path: str
    name: str = ""
    titles: tuple[str, str] = ("", "")

    @property
    def is_drawn(self) -> bool:
        """Whether docs/screens.md shows it."""
        return bool(self.name)

    async def open(self, language: str) -> None:
        """In this language, complete, by somebody whose shift has begun."""
        page, root = self.page, self.page.url.split("/", 3)
        await page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": "/".join(root[:3])}])
        await page.goto(self.path)
        if await page.locator("#start-shift").is_visible():
            await page.click("#start-shift")
        if await page.locator("#map").count():
            await page.wait_for_selector("#towns button, .map-area", state="attached")


@cache
def _routes() -> dict[str, Pattern[str]]:
    modules = [importlib.import_module(f"{pages.__name__}.{it.name}") for it in pkgutil.iter_modules(pages.__path__)]
    every = [it for module in modules if hasattr(module, "router") for it in module.router.routes]
    return {it.path: it.path_regex for it in every if isinstance(it, APIRoute) and "GET" in it.methods}


def routes() -> set[str]:
    """Every page that somebody can ask for, by its address as the application writes it."""
    return {path for path in _routes() if not path.startswith(NO_PAGE) and not path.endswith(FILES)}


def route_of(path: str) -> str:
    """Which of them an address is; empty for none."""
    bare = path.partition("#")[0].partition("?")[0]
    found = [name for name, pattern in _routes().items() if pattern.match(bare)]
    return found[0] if found and found[0] in routes() else ""


def _name(path: str) -> str:
    bare = path.partition("?")[0].strip("/").replace("/{home}", "-home").replace("/", "-")
    return (bare or "console") + ("-incident" if "incident=" in path else "")


async def every_page(screens: Screens, there: Sent) -> AsyncIterator[Stop]:
    """All of them in the town of ``town``: at a desk, then on a telephone."""
    say = {code: speech.gettext for code, speech in screens.centre.gateway.app.state.site.speeches.items()}
    titles = {path: (say["zh_CN"](name), say["en"](name)) for path, _, name in PAGES}
    page = await screens.visit("/sign-in")
    await page.set_viewport_size(SHOWN)
    yield Stop(page, "/sign-in", "sign-in", ("登录", "Sign-in"))
    page = await screens.sign_in("admin")
    fields = {"incident": there.row.incident, "home": screens.centre.home().household}
    stops = [Stop(page, path, _name(path), titles[path]) for path in await rail_of(page)]
    stops = [it for it in stops if it.path not in {"/jobs", "/rounds"}]
    stops += [Stop(page, path.format(**fields), _name(path), names) for path, *names in BESIDE]
    stops += [Stop(page, path.format(**fields)) for path in ALSO]
    links: list[str] = []
    for stop in stops:
        await page.set_viewport_size(TALL if stop.name == "console-incident" else SHOWN)
        yield stop
        links += await page.locator("a[href^='/']").evaluate_all("links => links.map(it => it.getAttribute('href'))")
    seen = {route_of(it.path) for it in stops} | {""}
    for path in links:
        if route_of(path) not in seen:
            seen.add(route_of(path))
            yield Stop(page, path)
    async for stop in _on_a_telephone(screens, there):
        yield stop


async def _on_a_telephone(screens: Screens, there: Sent) -> AsyncIterator[Stop]:
    page = await screens.sign_in("chuzhi", "/jobs", phone=True)
    await page.set_viewport_size(HELD)
    yield Stop(page, "/jobs", "jobs", ("我的任务（手机）", "My jobs (phone)"))
    yield Stop(page, "/rounds", "rounds", ("我的走访（手机）", "My visits (phone)"))
    page = await screens.visit(there.path, phone=True)
    await page.set_viewport_size(HELD)
    yield Stop(page, there.path, "job-link-pin", ("短信链接：接单（手机）", "Behind the link: accept (phone)"))
    await page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "zh_CN", "url": screens.address}])
    await page.goto(there.path)
    await page.get_by_label("您的 PIN").fill(PIN)
    await page.get_by_role("button", name="20 分钟").click()
    await page.wait_for_selector(".job-address")
    yield Stop(page, there.path, "job-link", ("短信链接：任务（手机）", "Behind the link: the job (phone)"))
