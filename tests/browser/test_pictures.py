"""Draws every page in both languages into docs/screens/: ``pytest -m slow tests/browser/test_pictures.py``.

A town of twelve invented homes on one scripted morning; what is drawn is what a browser shows, made small.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from PIL import Image, ImageDraw
from playwright.async_api import Page, ViewportSize
from screens import Screens, rail_of
from test_job_link import PIN, Sent
from test_job_link import sent as sent_there

from alerting.commands import OpenManual
from alerting.model import Outcome, Priority
from dashboard.site import LANGUAGE_COOKIE, PAGES
from gateway.care.photos_asked import PhotoOf
from gateway.store import schema
from nuanhu.town.dice import dice_for
from nuanhu.town.homes import Home
from tests.referred import organised, sent

DOCS = Path(__file__).resolve().parents[2] / "docs"
SHOWN: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1280, "height": 1560}
HELD: ViewportSize = {"width": 390, "height": 780}
QUALITY, MOST_BYTES = 42, 4_000_000
LANGUAGES = {"zh_CN": "zh", "en": "en"}
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


async def _town(screens: Screens) -> Sent:
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


class Album:
    """Pictures as they are taken, and the page that shows them."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.folder = DOCS / "screens"
        self.names: dict[str, tuple[str, str]] = {}
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.glob("*.webp"):
            old.unlink()

    async def take(self, page: Page, name: str, title: tuple[str, str], path: str = "") -> None:
        """One page in both languages."""
        self.names[name] = title
        for code, short in LANGUAGES.items():
            cookie = {"name": LANGUAGE_COOKIE, "value": code, "url": self.screens.address}
            await page.context.add_cookies([cookie])
            await page.goto(path) if path else await page.reload()
            if await page.locator("#start-shift").is_visible():
                await page.click("#start-shift")
            if await page.locator("#map").count():
                await page.wait_for_selector("#towns button, .map-area", state="attached")
            elif not path:
                await page.wait_for_load_state()
            shot = Image.open(io.BytesIO(await page.screenshot()))
            shot.convert("RGB").save(self.folder / f"{name}.{short}.webp", "WEBP", quality=QUALITY, method=6)

    def write(self) -> None:
        """The table of all of them."""
        lines = [
            "# Screens",
            "",
            "Every page in both languages: a town of twelve invented homes on one scripted morning. Drawn anew by",
            "`.venv/bin/python -m pytest -m slow tests/browser/test_pictures.py`; Chromium is needed.",
            "",
            "| page | 中文 | English |",
            "|---|---|---|",
        ]
        for name, (chinese, english) in self.names.items():
            pictures = [f"[![{it}](screens/{name}.{it}.webp)](screens/{name}.{it}.webp)" for it in ("zh", "en")]
            lines.append(f"| {english}<br>{chinese} | {' | '.join(pictures)} |")
        (DOCS / "screens.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _name(path: str) -> str:
    bare = path.partition("?")[0].strip("/").replace("/{home}", "-home").replace("/", "-")
    return (bare or "console") + ("-incident" if "incident=" in path else "")


async def _desk(album: Album, there: Sent) -> None:
    say = {code: speech.gettext for code, speech in album.screens.centre.gateway.app.state.site.speeches.items()}
    titles = {path: (say["zh_CN"](name), say["en"](name)) for path, _, name in PAGES}
    page = await album.screens.visit("/sign-in")
    await page.set_viewport_size(SHOWN)
    await album.take(page, "sign-in", ("登录", "Sign-in"), "/sign-in")
    page = await album.screens.sign_in("admin")
    await page.click("#start-shift")
    await page.set_viewport_size(SHOWN)
    for path in await rail_of(page):
        if path not in {"/jobs", "/rounds"}:
            await album.take(page, _name(path), titles[path], path)
    home = album.screens.centre.home().household
    for path, chinese, english in BESIDE:
        await page.set_viewport_size(TALL if "{incident}" in path else SHOWN)
        await album.take(page, _name(path), (chinese, english), path.format(incident=there.row.incident, home=home))
    await page.emulate_media(color_scheme="dark")
    await album.take(page, "night", ("夜班：深色", "Night shift: dark colours"), f"/?incident={there.row.incident}")


async def _phones(album: Album, there: Sent) -> None:
    page = await album.screens.sign_in("chuzhi", "/jobs", phone=True)
    await page.set_viewport_size(HELD)
    await album.take(page, "jobs", ("我的任务（手机）", "My jobs (phone)"), "/jobs")
    await album.take(page, "rounds", ("我的走访（手机）", "My visits (phone)"), "/rounds")
    page = await album.screens.visit(there.path, phone=True)
    await page.set_viewport_size(HELD)
    await album.take(page, "job-link-pin", ("短信链接：接单（手机）", "Behind the link: accept (phone)"), there.path)
    await page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "zh_CN", "url": album.screens.address}])
    await page.goto(there.path)
    await page.get_by_label("您的 PIN").fill(PIN)
    await page.get_by_role("button", name="20 分钟").click()
    await page.wait_for_selector(".job-address")
    await album.take(page, "job-link", ("短信链接：任务（手机）", "Behind the link: the job (phone)"))


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_every_page_is_drawn(screens: Screens) -> None:
    there, album = await _town(screens), Album(screens)
    await _desk(album, there)
    await _phones(album, there)
    album.write()
    drawn = [it.stat().st_size for it in album.folder.glob("*.webp")]
    assert len(drawn) == 2 * len(album.names)
    assert sum(drawn) < MOST_BYTES, sum(drawn)
